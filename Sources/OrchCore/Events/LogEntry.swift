/// An event in its place: numbered in its session and chained to the one before it.
///
/// `canonicalBytes` is the RFC 8785 (JCS) encoding of the envelope; its SHA-256 is the event's id.
///
/// What a newer program wrote is read as far as it can be. An unknown type, or a known type of a higher schema number,
/// gives an event of the type `.unknown`; unknown keys are passed over. `canonicalBytes` has all of it.
package struct LogEntry: Hashable, Sendable {
  /// The schema number that this program writes.
  package static let schema = 1

  /// The identity of the database that the session was born in: 26 characters of Crockford's base 32.
  package var logID: String
  package var session: String
  /// From 1, without gaps in a session.
  package var seq: Int
  /// The id of the entry `seq - 1`; nil for the first.
  package var parent: EventID?
  package var event: Event
  /// The schema number that it was written with.
  package let schema: Int
  package let understanding: Understanding
  /// The envelope as it was read, where this program would not write it so: of another schema number, or not all
  /// understood. Else nil.
  private let original: JSON?

  /// How much of an entry this program understands.
  package enum Understanding: Hashable, Sendable {
    case all
    /// Its type and schema are known; some of its keys are not, and may be ignored.
    case butKeys
    /// Neither what it means nor what followed from it.
    case nothing
  }

  /// An entry of this program.
  package init(logID: String, session: String, seq: Int, parent: EventID?, event: Event) {
    self.logID = logID
    self.session = session
    self.seq = seq
    self.parent = parent
    self.event = event
    schema = Self.schema
    understanding = .all
    original = nil
  }

  /// The envelope as canonical JSON. Its keys are written in their sorted order.
  package var canonicalBytes: [UInt8] {
    var out = [UInt8]()
    out.reserveCapacity(768)
    if let original {
      original.writeCanonical(into: &out)
      return out
    }
    func put(_ literal: StaticString) {
      out.append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }
    // Not another `put`: a string literal would take it for its own.
    func quote(_ text: String?) {
      guard let text else { return put("null") }
      JSON.string(text).writeCanonical(into: &out)
    }
    put("{\"actor\":")
    quote(event.roles.actor)
    put(",\"at\":")
    quote(event.at.iso8601)
    put(",\"author\":")
    quote(event.roles.author)
    put(",\"commit\":")
    (event.commit?.json ?? .null).writeCanonical(into: &out)
    put(",\"data\":{")
    for (index, member) in event.data.members.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      quote(member.key.rawValue)
      out.append(UInt8(ascii: ":"))
      member.value.writeCanonical(into: &out)
    }
    put("},\"fence\":")
    (event.fence.json ?? .null).writeCanonical(into: &out)
    put(",\"log\":")
    quote(logID)
    put(",\"parent\":")
    if let parent {
      out.append(UInt8(ascii: "\""))
      parent.appendHex(to: &out)
      out.append(UInt8(ascii: "\""))
    } else {
      put("null")
    }
    put(",\"reviewer\":")
    quote(event.roles.reviewer)
    put(",\"schema\":1,\"seq\":")
    JSON.int(seq).writeCanonical(into: &out)
    put(",\"session\":")
    quote(session)
    put(",\"source\":")
    quote(event.roles.source)
    put(",\"task\":")
    quote(event.task)
    put(",\"type\":")
    quote(event.type.rawValue)
    out.append(UInt8(ascii: "}"))
    return out
  }

  /// Why bytes are not an entry.
  package struct Malformed: Error, Equatable {
    package let message: Message

    package init(_ message: Message) { self.message = message }
  }

  /// Reads an envelope, canonical or not.
  ///
  /// - Throws: `Malformed`, as `init(_:upcasters:)`.
  package init(json bytes: [UInt8], upcasters: [Upcaster] = Upcaster.all) throws(Malformed) {
    let json: JSON
    do { json = try JSON.parse(bytes) } catch { throw Malformed(.entryNotJson(problem: error.message)) }
    try self.init(json, upcasters: upcasters)
  }

  /// Reads an envelope that was parsed.
  ///
  /// - Parameter upcasters: the steps by which older schema numbers are read.
  /// - Throws: `Malformed` for what is not an event of any program: an object that lacks a key of its schema, a value of
  ///   another kind, a number with a fraction. Of a higher schema number only what gives an event its place is required:
  ///   `log`, `session`, `seq`, `parent`, `type`, `at`.
  package init(_ json: JSON, upcasters: [Upcaster] = Upcaster.all) throws(Malformed) {
    guard case .object(var members) = json else { throw Malformed(.entryNotObject) }
    guard json.hasIntegersOnly else { throw Malformed(.entryNumber) }
    let schema = try Int((json["schema"]?.intValue).required("schema"))
    for number in schema..<max(schema, Self.schema) {
      guard let step = upcasters.first(where: { $0.schema == number }) else {
        throw Malformed(.entryUnknownSchema(number: number))
      }
      try step.upcast(&members)
    }
    let isNewer = schema > Self.schema
    var fields = Fields(isNewer: isNewer)
    for member in members { try fields.take(member) }
    guard isNewer || fields.count == Fields.keyCount else { throw Malformed(.entryKeyMissing) }
    let name = try fields.type.required("type")
    let type = (isNewer ? nil : EventType(rawValue: name)) ?? .unknown(name)
    let data = try fields.data()
    logID = try fields.logID.required("log")
    session = try fields.session.required("session")
    seq = Int(try fields.seq.intValue.required("seq"))
    parent = try fields.parent()
    event = Event(
      type, at: try fields.at.flatMap { Instant(iso8601: $0) }.required("at"), task: fields.task,
      roles: Roles(actor: fields.actor, author: fields.author, reviewer: fields.reviewer, source: fields.source),
      fence: try fields.fence(), commit: try fields.commit(), data: data)
    self.schema = schema
    let hasUnknownKeys =
      fields.hasUnknown || !data.unknown.isEmpty || data[.submission]?.hasKeys(beside: Submission.keys) ?? false
    understanding = type.isUnknown ? .nothing : hasUnknownKeys ? .butKeys : .all
    let isPresent = schema == Self.schema && understanding == .all
    original = isPresent ? JSON?.none : json
  }

  /// The members of an envelope as they are read.
  private struct Fields {
    /// How many keys an envelope of schema 1 has.
    static let keyCount = 15

    /// Whether only what gives an event its place must be what it is today.
    let isNewer: Bool
    var actor, at, author, logID, parentText, reviewer, session, source, task, type: String?
    var commitValue = JSON.null
    var dataValue = JSON.null
    var fenceValue = JSON.null
    var seq = JSON.null
    /// How many keys were known.
    var count = 0
    /// Whether there are keys that this program does not know.
    var hasUnknown = false

    init(isNewer: Bool) { self.isNewer = isNewer }

    mutating func take(_ member: JSONMember) throws(Malformed) {
      count += 1
      switch member.key {
      case "actor": actor = try text(member)
      case "at": at = try member.text()
      case "author": author = try text(member)
      case "commit":
        commitValue = member.value
        hasUnknown = hasUnknown || member.value.hasKeys(beside: CommitPosition.keys)
      case "data": dataValue = member.value
      case "fence": fenceValue = member.value
      case "log": logID = try member.text()
      case "parent": parentText = try member.text()
      case "reviewer": reviewer = try text(member)
      case "schema": break
      case "seq": seq = member.value
      case "session": session = try member.text()
      case "source": source = try text(member)
      case "task": task = try text(member)
      case "type": type = try member.text()
      default:
        count -= 1
        hasUnknown = true
      }
    }

    /// A text that a newer schema may have made something else.
    private func text(_ member: JSONMember) throws(Malformed) -> String? {
      isNewer ? member.value.stringValue : try member.text()
    }

    func parent() throws(Malformed) -> EventID? {
      guard let parentText else { return nil }
      guard let parent = Digest(hex: parentText) else { throw Malformed(.entryParent) }
      return parent
    }

    func fence() throws(Malformed) -> Int? {
      guard let fence = fenceValue.intValue else {
        guard isNewer || fenceValue.isNull else { throw Malformed(.entryFence) }
        return nil
      }
      return Int(fence)
    }

    func commit() throws(Malformed) -> CommitPosition? {
      guard let commit = CommitPosition(json: commitValue) else {
        guard isNewer || commitValue.isNull else { throw Malformed(.entryCommit) }
        return nil
      }
      return commit
    }

    func data() throws(Malformed) -> EventData {
      guard case .object(let members) = dataValue else {
        guard isNewer else { throw Malformed(.entryData) }
        return EventData()
      }
      return EventData(members)
    }
  }
}

extension JSONMember {
  /// The text of a string, nil of null.
  fileprivate func text() throws(LogEntry.Malformed) -> String? {
    switch value {
    case .string(let text): return text
    case .null: return nil
    default: throw LogEntry.Malformed(.entryNotString(key: key))
    }
  }
}

extension JSON {
  /// Whether it has only the numbers that a canonical form has.
  fileprivate var hasIntegersOnly: Bool {
    switch self {
    case .null, .bool, .int, .string: true
    case .number, .raw: false
    case .array(let elements): elements.allSatisfy(\.hasIntegersOnly)
    case .object(let members): members.allSatisfy(\.value.hasIntegersOnly)
    }
  }
}

extension JSON {
  /// Whether it is an object with other keys than these.
  fileprivate func hasKeys(beside keys: Set<String>) -> Bool {
    guard case .object(let members) = self else { return false }
    return !members.allSatisfy { keys.contains($0.key) }
  }
}

extension Optional {
  fileprivate func required(_ key: @autoclosure () -> String) throws(LogEntry.Malformed) -> Wrapped {
    guard let self else { throw LogEntry.Malformed(.entryMissing(key: key())) }
    return self
  }
}
