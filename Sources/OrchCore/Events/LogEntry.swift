/// An event in its place: numbered in its session and chained to the one before it.
///
/// `canonicalBytes` is the RFC 8785 (JCS) encoding of the envelope; its SHA-256 is the event's name.
package struct LogEntry: Hashable, Sendable {
  /// The version of the envelope that this program writes.
  package static let schema = 1

  /// The identity of the database that the session was born in: 26 characters of Crockford's base 32.
  package var logID: String
  package var session: String
  /// From 1, without gaps in a session.
  package var seq: Int
  /// The name of the entry `seq - 1`; nil for the first.
  package var parent: EventID?
  package var event: Event

  package init(logID: String, session: String, seq: Int, parent: EventID?, event: Event) {
    self.logID = logID
    self.session = session
    self.seq = seq
    self.parent = parent
    self.event = event
  }

  /// The envelope as canonical JSON. Its keys are written in their sorted order.
  package var canonicalBytes: [UInt8] {
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
  package struct Malformed: Error, Equatable, CustomStringConvertible {
    package let description: String
  }

  /// Reads an envelope, canonical or not.
  ///
  /// - Throws: `Malformed` for anything but an object with exactly the keys of the envelope and a known type.
  package init(json bytes: [UInt8]) throws(Malformed) {
    let json: JSON
    do { json = try JSON.parse(bytes) } catch { throw Malformed(description: "not JSON: \(error)") }
    try self.init(json)
  }

  /// Reads an envelope that was parsed.
  ///
  /// - Throws: `Malformed` for anything but an object with exactly the keys of the envelope and a known type.
  package init(_ json: JSON) throws(Malformed) {
    guard case .object(let members) = json else { throw Malformed(description: "not a JSON object") }
    var fields = Fields()
    // No key stands twice in an object that was read, so fifteen known ones are all of them.
    guard members.count == 15 else { throw Malformed(description: "the keys are not those of an event") }
    for member in members { try fields.take(member) }
    guard fields.schema.intValue == Int64(Self.schema) else { throw Malformed(description: "an unknown schema") }
    self.init(
      logID: try fields.logID.required("log"), session: try fields.session.required("session"),
      seq: Int(try (fields.seq.intValue).required("seq")), parent: try fields.parent(),
      event: Event(
        try fields.type.flatMap { EventType(rawValue: $0) }.required("type"),
        at: try fields.at.flatMap { Instant(iso8601: $0) }.required("at"), task: fields.task,
        roles: Roles(actor: fields.actor, author: fields.author, reviewer: fields.reviewer, source: fields.source),
        fence: try fields.fence.isNull ? nil : Int(fields.fence.intValue.required("fence")),
        commit: try fields.commit.isNull ? nil : CommitPosition(json: fields.commit).required("commit"),
        data: try fields.data()))
  }

  /// The members of an envelope as they are read.
  private struct Fields {
    var actor, at, author, logID, parentText, reviewer, session, source, task, type: String?
    var commit = JSON.null
    var dataValue = JSON.null
    var fence = JSON.null
    var schema = JSON.null
    var seq = JSON.null

    mutating func take(_ member: JSONMember) throws(Malformed) {
      switch member.key {
      case "actor": actor = try member.text()
      case "at": at = try member.text()
      case "author": author = try member.text()
      case "commit": commit = member.value
      case "data": dataValue = member.value
      case "fence": fence = member.value
      case "log": logID = try member.text()
      case "parent": parentText = try member.text()
      case "reviewer": reviewer = try member.text()
      case "schema": schema = member.value
      case "seq": seq = member.value
      case "session": session = try member.text()
      case "source": source = try member.text()
      case "task": task = try member.text()
      case "type": type = try member.text()
      default: throw Malformed(description: "the keys are not those of an event")
      }
    }

    func parent() throws(Malformed) -> EventID? {
      guard let parentText else { return nil }
      guard let parent = Digest(hex: parentText) else { throw Malformed(description: "parent is not an event id") }
      return parent
    }

    func data() throws(Malformed) -> EventData {
      guard case .object(let members) = dataValue else { throw Malformed(description: "data is not an object") }
      var data = EventData()
      for member in members {
        data[try EventKey(rawValue: member.key).required("data.\(member.key)")] = member.value
      }
      return data
    }
  }
}

extension JSONMember {
  /// The text of a string, nil of null.
  fileprivate func text() throws(LogEntry.Malformed) -> String? {
    switch value {
    case .string(let text): return text
    case .null: return nil
    default: throw LogEntry.Malformed(description: "\(key) is not a string")
    }
  }
}

extension Optional {
  fileprivate func required(_ key: @autoclosure () -> String) throws(LogEntry.Malformed) -> Wrapped {
    guard let self else { throw LogEntry.Malformed(description: "\(key()) is missing or not of its type") }
    return self
  }
}
