import OrchCore
import OrchStore

/// Appends events that were decided elsewhere, as they are, in one transaction.
///
/// What is there already is passed over. Since each event names the one before it, the last that both have says that all
/// before are the same.
struct EventImporter {
  private let writer: any StoreWriter
  /// The last event of each stream that is to be loaded.
  private let ends: [Stream: StreamPosition]
  /// The streams met so far, with what was appended.
  private var sessions: [Stream: Session] = [:]
  /// Consecutive events of one stream, not stored yet.
  private var change: SessionChange?
  private(set) var result = Loaded()

  init(_ writer: any StoreWriter, ends: [Stream: StreamPosition]) {
    self.writer = writer
    self.ends = ends
  }

  /// What was loaded.
  struct Loaded {
    var events = 0
    var skipped = 0
    var sessions: Set<Stream> = []
    /// Of those, the ones that were not there.
    var created: Set<Stream> = []
  }

  /// So many events are stored together: they are looked through for each other's tasks.
  private static let limit = 64

  /// Appends an event, unless it is there.
  ///
  /// - Throws: `refused` for a fork and for a gap; `invalid-input` for what no program writes.
  mutating func load(_ recorded: StoredEvent, _ entry: LogEntry) throws {
    let stream = Stream(logID: entry.logID, session: entry.session)
    if let change,
      change.after.id != entry.session || change.after.logID != entry.logID || change.entries.count >= Self.limit
    {
      try store()
    }
    let session = try change?.after ?? present(stream)
    if entry.seq <= session.seq {
      if entry.seq == session.seq, let head = session.head, recorded.id != head {
        throw OrchError.fork(stream, entry.seq, here: head, there: recorded.id)
      }
      result.skipped += 1
      return
    }
    guard entry.seq == session.seq + 1 else { throw OrchError.gap(stream, from: session.seq, to: entry.seq) }
    guard entry.parent == session.head else {
      guard let head = session.head, let parent = entry.parent else {
        throw OrchError.invalid(.errorNoBeginning(stream: stream.text))
      }
      throw OrchError.fork(stream, session.seq, here: head, there: parent)
    }
    try append(recorded, entry, to: session)
    result.events += 1
    result.sessions.insert(stream)
    if entry.seq == 1 { result.created.insert(stream) }
  }

  /// Stores what is left.
  mutating func finish() throws { try store() }

  private mutating func store() throws {
    guard let change else { return }
    try writer.append(change)
    sessions[Stream(logID: change.after.logID, session: change.after.id)] = change.after
    self.change = nil
  }

  /// The session as it is in the database.
  private mutating func present(_ stream: Stream) throws -> Session {
    if let known = sessions[stream] { return known }
    let stored = try writer.session(stream.session, logID: stream.logID)
    let session = stored ?? Session(id: stream.session, logID: stream.logID)
    // What ends before has no event to be compared with the last one here.
    if let end = ends[stream], end.seq < session.seq,
      let here = try writer.event(session: writer.reference(to: session), seq: end.seq), here.id != end.id
    {
      throw OrchError.fork(stream, end.seq, here: here.id, there: end.id)
    }
    // Its next events follow from what a program that understood less passed over.
    let current = stored == nil ? session : try writer.catchUp(session)
    sessions[stream] = current
    return current
  }

  private mutating func append(_ recorded: StoredEvent, _ entry: LogEntry, to session: Session) throws {
    let event = entry.event
    var change = change ?? SessionChange(session)
    let task = try event.task.flatMap { id in
      try change.tasks.first { $0.after.id == id }?.after ?? writer.task(id, logID: entry.logID)
    }
    func fault(_ what: Message) -> OrchError {
      .invalid(.importEvent(seq: entry.seq, session: entry.session, id: recorded.id.hex.prefix(10), problem: what))
    }
    if let task, task.session != entry.session {
      throw fault(.importOtherTask(task: task.id))
    }
    guard event.at >= session.at else { throw fault(.importBeforeParent) }
    do {
      let after = try change.apply(recorded, entry, to: task)
      if let wrong = after?.fault ?? change.after.fault ?? event.data.fault { throw fault(wrong) }
    } catch let error as MalformedEvent {
      throw fault(.importMalformed(problem: error.message))
    }
    self.change = change
  }
}

extension Task {
  /// What no command makes of a task.
  fileprivate var fault: Message? {
    guard (0...9).contains(priority) else { return .importPriority(priority: priority) }
    guard maxAttempts >= 1, [maxAttempts, failures, attempt].allSatisfy(Session.counts.contains) else {
      return .importCount
    }
    guard Set(after).count == after.count, !after.contains(id) else { return .importAfter }
    if let ttlSeconds, !(1...30 * 86400).contains(ttlSeconds) { return .importTtl(seconds: ttlSeconds) }
    let names = [kind] + [project, assignee, key].compactMap { $0 } + after + reviewers + requiredChecks
    for name in names where (try? Identifier.check(name)) == nil { return .importBadName }
    guard (try? TextRules.title(title)) != nil else { return .importBadTitle }
    return nil
  }
}

extension Session {
  /// What counts up may be: far below the largest integer of the log, so that there is always a next one.
  fileprivate static let counts = 0...Int(Int32.max)

  /// What no command makes of a session.
  fileprivate var fault: Message? {
    guard Self.counts.contains(fence) else { return .importCount }
    if let lease, !(1...30 * 86400).contains(lease.ttlSeconds) { return .importTtl(seconds: lease.ttlSeconds) }
    return nil
  }
}

extension EventData {
  /// Texts that are printed as the JSON that they are, and are none.
  fileprivate var fault: Message? {
    for key in [EventKey.payload, .result, .data] {
      guard let text = string(key), (try? JSON.parse(text)) == nil else { continue }
      return .importNotJson(key: key.rawValue)
    }
    return nil
  }
}

extension OrchError {
  /// Two events of one number: both places went on after they parted.
  static func fork(_ stream: Stream, _ seq: Int, here: EventID, there: EventID) -> OrchError {
    OrchError(
      .refused,
      .errorFork(seq: seq, stream: stream.text, here: here.hex.prefix(10), there: there.hex.prefix(10)),
      hint:
        .text(.hintFork),
      details: stream.details(seq) + [
        JSONMember(key: "here", value: .string(here.hex)), JSONMember(key: "there", value: .string(there.hex))
      ])
  }

  /// Events between those here and those there.
  static func gap(_ stream: Stream, from last: Int, to first: Int) -> OrchError {
    OrchError(
      .refused, .errorGap(stream: stream.text, last: last, first: first),
      hint: .text(.hintExportAll), details: stream.details(last + 1))
  }
}

extension Stream {
  fileprivate func details(_ seq: Int) -> [JSONMember] {
    [
      JSONMember(key: "log", value: .string(logID)), JSONMember(key: "session", value: .string(session)),
      JSONMember(key: "seq", value: .int(seq))
    ]
  }
}
