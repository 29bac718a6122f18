/// An event in its place: numbered in its session and chained to the one before it.
///
/// `canonicalBytes` is the RFC 8785 (JCS) encoding of the envelope; its SHA-256 is the event's name.
public struct LogEntry: Hashable, Sendable {
  /// The version of the envelope that this program writes.
  public static let schema = 1

  /// The identity of the database that the session was born in: 26 characters of Crockford's base 32.
  public var log: String
  public var session: String
  /// From 1, without gaps in a session.
  public var seq: Int
  /// The name of the entry `seq - 1`; nil for the first.
  public var parent: EventID?
  public var event: Event

  public init(log: String, session: String, seq: Int, parent: EventID?, event: Event) {
    self.log = log
    self.session = session
    self.seq = seq
    self.parent = parent
    self.event = event
  }

  /// The envelope as canonical JSON. Its keys are written in their sorted order.
  public var canonicalBytes: [UInt8] {
    var out = [UInt8]()
    out.reserveCapacity(768)
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
    quote(log)
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
  public struct Malformed: Error, Equatable, CustomStringConvertible {
    public let description: String
  }

  private static let keys: Set<String> = [
    "actor", "at", "author", "commit", "data", "fence", "log", "parent", "reviewer", "schema", "seq", "session",
    "source", "task", "type",
  ]

  /// Reads an envelope, canonical or not.
  ///
  /// - Throws: `Malformed` for anything but an object with exactly the keys of the envelope and a known type.
  public init(json bytes: [UInt8]) throws(Malformed) {
    let json: JSON
    do { json = try JSON.parse(bytes) } catch { throw Malformed(description: "not JSON: \(error)") }
    guard case .object(let members) = json else { throw Malformed(description: "not a JSON object") }
    var fields: [String: JSON] = [:]
    for member in members { fields[member.key] = member.value }
    guard fields.count == Self.keys.count, fields.keys.allSatisfy(Self.keys.contains) else {
      throw Malformed(description: "the keys are not those of an event")
    }
    func string(_ key: String) throws(Malformed) -> String? {
      switch fields[key] {
      case .string(let text): return text
      case .null: return nil
      default: throw Malformed(description: "\(key) is not a string")
      }
    }
    func required<T>(_ value: T?, _ key: String) throws(Malformed) -> T {
      guard let value else { throw Malformed(description: "\(key) is missing or not of its type") }
      return value
    }
    guard fields["schema"]?.intValue == Int64(Self.schema) else {
      throw Malformed(description: "an unknown schema")
    }
    let parent = try string("parent")
    let position = parent.flatMap { Digest(hex: $0) }
    if parent != nil, position == nil { throw Malformed(description: "parent is not an event id") }
    let fence: Int? = fields["fence"] == .null ? nil : Int(try required(fields["fence"]?.intValue, "fence"))
    let commit: CommitPosition? =
      fields["commit"] == .null ? nil : try required(fields["commit"].flatMap { CommitPosition(json: $0) }, "commit")
    guard case .object(let dataMembers) = fields["data"] else { throw Malformed(description: "data is not an object") }
    var data = EventData()
    for member in dataMembers {
      data[try required(EventKey(rawValue: member.key), "data.\(member.key)")] = member.value
    }
    self.init(
      log: try required(try string("log"), "log"), session: try required(try string("session"), "session"),
      seq: Int(try required(fields["seq"]?.intValue, "seq")), parent: position,
      event: Event(
        try required(try string("type").flatMap { EventType(rawValue: $0) }, "type"),
        at: try required(try string("at").flatMap { Instant(iso8601: $0) }, "at"), task: try string("task"),
        roles: Roles(
          actor: try string("actor"), author: try string("author"), reviewer: try string("reviewer"),
          source: try string("source")),
        fence: fence, commit: commit, data: data))
  }
}
