import OrchCore

/// What a message's trailers say about its lineage: the roles, and the tasks with what bears them out.
///
/// Everything here is a claim, which anybody can type: whether an event is one of its task's session
/// is the caller's to find out.
package struct LineageTrailers: Hashable, Sendable {
  /// A task that a message names.
  package struct Task: Hashable, Sendable {
    package var task: String
    package var lease: Lease?
    package var event: Event?

    package init(task: String, lease: Lease? = nil, event: Event? = nil) {
      (self.task, self.lease, self.event) = (task, lease, event)
    }
  }

  /// The lease under which a commit was made: `SESSION#FENCE`.
  package struct Lease: Hashable, Sendable, CustomStringConvertible {
    package var session: String
    package var fence: Int

    package init(session: String, fence: Int) { (self.session, self.fence) = (session, fence) }

    /// Nil unless it reads `SESSION#FENCE`, the fence being a positive number without a leading zero.
    package init?(_ text: String) {
      guard let hash = text.utf8.lastIndex(of: UInt8(ascii: "#")) else { return nil }
      let digits = text[text.utf8.index(after: hash)...]
      guard
        let session = identifier(String(text[..<hash])),
        let first = digits.utf8.first, 49...57 ~= first, let fence = Int(digits)
      else { return nil }
      self.init(session: session, fence: fence)
    }

    package var description: String { "\(session)#\(fence)" }
  }

  /// The head of the session's log when the message was made: `LOG/EVENT`.
  package struct Event: Hashable, Sendable, CustomStringConvertible {
    /// 26 digits of Crockford's base 32, in lower case.
    package var logID: String
    /// 10 to 64 hexadecimal digits: the event's name or its beginning.
    package var id: String

    package init(logID: String, id: String) { (self.logID, self.id) = (logID, id) }

    /// Nil unless it reads `LOG/EVENT`. The log may be in either case, and is kept in lower case.
    package init?(_ text: String) {
      let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      guard parts.count == 2 else { return nil }
      let (logID, id) = (String(Substring(parts[0])), String(Substring(parts[1])))
      guard
        logID.utf8.count == 26, CrockfordBase32.isValid(logID) || CrockfordBase32.isValid(logID, uppercase: true),
        10...64 ~= id.utf8.count, id.utf8.allSatisfy({ 48...57 ~= $0 || 97...102 ~= $0 })
      else { return nil }
      self.init(logID: logID.lowercased(), id: id)
    }

    package var description: String { "\(logID)/\(id)" }
  }

  /// The values of each role that are not empty, as they are written, each once.
  package private(set) var authors: [String] = []
  package private(set) var reviewers: [String] = []
  package private(set) var sources: [String] = []
  /// The tasks of inner paragraphs, then those of the last one. A task may stand in several.
  package private(set) var tasks: [Task] = []
  /// What cannot be what its key says, what contradicts a trailer before it, and what belongs to no task.
  package private(set) var malformed: [Trailer] = []

  package var author: String? { authors.first }
  package var reviewer: String? { reviewers.first }
  package var source: String? { sources.first }

  package var isEmpty: Bool {
    authors.isEmpty && reviewers.isEmpty && sources.isEmpty && tasks.isEmpty && malformed.isEmpty
  }

  /// What a message says, in its last paragraph and as ``Trailers/inner(_:keys:comment:)`` finds it.
  ///
  /// The roles of the last paragraph come first: they are those of the commit, the inner ones those
  /// of the commits that it was made of.
  package init(
    _ message: UnsafeBufferPointer<UInt8>, configured: [String] = [], comment: UInt8 = UInt8(ascii: "#")
  ) {
    let last = Trailers.read(message, keys: LineageKey.names, configured: configured, comment: comment)
    let inner = Trailers.inner(message, comment: comment)
    if last.isEmpty, inner.isEmpty { return }
    readRoles(last)
    for group in inner {
      readRoles(group)
      readTasks(group)
    }
    readTasks(last)
  }

  package init(_ message: [UInt8], configured: [String] = [], comment: UInt8 = UInt8(ascii: "#")) {
    self = message.withUnsafeBufferPointer { Self($0, configured: configured, comment: comment) }
  }

  /// What groups of trailers say; of each, a lease and an event belong to the task above them.
  package init(groups: [[Trailer]]) {
    for group in groups {
      readRoles(group)
      readTasks(group)
    }
  }

  private mutating func readRoles(_ group: [Trailer]) {
    for trailer in group where !trailer.value.isEmpty {
      switch LineageKey(trailer.key) {
      case .author: Self.add(trailer.value, to: &authors)
      case .reviewer: Self.add(trailer.value, to: &reviewers)
      case .source: Self.add(trailer.value, to: &sources)
      case .task, .lease, .event, nil: break
      }
    }
  }

  private static func add(_ value: String, to values: inout [String]) {
    if !values.contains(where: { $0.utf8.elementsEqual(value.utf8) }) { values.append(value) }
  }

  private mutating func readTasks(_ group: [Trailer]) {
    var current: Task?
    // Where there is but one task, what stands above it is its own, too.
    var isAwaited = group.count { LineageKey($0.key) == .task } == 1
    var above: [Trailer] = []
    for trailer in group {
      switch LineageKey(trailer.key) {
      case .task:
        if let current { tasks.append(current) }
        current = identifier(trailer.value).map { Task(task: $0) }
        if current == nil { malformed.append(trailer) }
        isAwaited = false
        for trailer in above { attach(trailer, to: &current) }
      case .lease, .event:
        if isAwaited { above.append(trailer) } else { attach(trailer, to: &current) }
      case .author, .reviewer, .source, nil: break
      }
    }
    if let current { tasks.append(current) }
  }

  /// Adds a lease or an event to the task; the first of each counts.
  private mutating func attach(_ trailer: Trailer, to task: inout Task?) {
    if task != nil {
      if LineageKey(trailer.key) == .lease, let lease = Lease(trailer.value), lease == task?.lease ?? lease {
        task?.lease = lease
        return
      }
      if LineageKey(trailer.key) == .event, let event = Event(trailer.value), event == task?.event ?? event {
        task?.event = event
        return
      }
    }
    malformed.append(trailer)
  }
}

/// The identifier that a value is; nil when it is none.
func identifier(_ text: String) -> String? { try? Identifier.check(text) }
