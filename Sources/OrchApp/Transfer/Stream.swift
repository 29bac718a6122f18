package import OrchCore
package import OrchStore

/// The events of a session of a log.
struct Stream: Hashable {
  var logID: String
  var session: String

  /// How it is called in errors.
  var text: Message { .streamName(session: session, log: logID) }
}

/// What a reader of a file knows of a stream so far.
struct StreamPosition {
  var first: Int
  var seq: Int
  var id: EventID
  var at: Instant
}

/// Reads events that come from elsewhere, and checks all that can be seen without a database: each line by itself, and
/// the chain of each stream.
package struct StreamReader {
  package init() {}

  private(set) var streams: [Stream: StreamPosition] = [:]
  private(set) var count = 0

  /// Reads the next line.
  ///
  /// - Throws: `OrchError` with `invalid-input`, naming the line.
  package mutating func take(_ line: [UInt8], at place: Message) throws -> (recorded: StoredEvent, entry: LogEntry) {
    do {
      let (recorded, entry) = try Self.read(line)
      try follow(recorded, entry)
      count += 1
      return (recorded, entry)
    } catch let error as Fault {
      throw OrchError.invalid(.importAt(place: place, problem: error.what), hint: error.hint)
    } catch let error as LogEntry.Malformed {
      throw OrchError.invalid(.errorNotEvent(place: place, problem: error.message))
    } catch let error as JSONError {
      throw OrchError.invalid(.errorNotEvent(place: place, problem: error.message))
    } catch let error as TextError {
      throw OrchError.invalid(.importAt(place: place, problem: error.message))
    }
  }

  /// What is wrong with a line.
  struct Fault: Error {
    var what: Message
    var hint: NextAction?
  }

  /// An event by itself: its form, its names, its hash.
  static func read(_ line: [UInt8]) throws -> (recorded: StoredEvent, entry: LogEntry) {
    guard case .object(var members) = try JSON.parse(line) else { throw Fault(what: .entryNotObject) }
    guard let place = members.firstIndex(where: { $0.key == "id" }) else {
      throw Fault(what: .importNoId)
    }
    let id = members.remove(at: place).value.stringValue.flatMap { Digest(hex: $0) }
    guard let id else { throw Fault(what: .importBadId) }
    let json = JSON.object(members)
    let entry = try LogEntry(json)
    let recorded = StoredEvent(entry)
    guard recorded.id == id else {
      throw Fault(
        what: .importContent(id: id.hex.prefix(10)), hint: .text(.hintExportAgain))
    }
    guard entry.logID.utf8.count == 26, entry.logID.utf8.allSatisfy(isCrockford) else {
      throw Fault(what: .importBadLog)
    }
    try check(entry.session, .importSession)
    if let task = entry.event.task { try check(task, .importTask) }
    try check(entry.event.type.rawValue, .importType)
    guard entry.seq >= 1, (entry.seq == 1) == (entry.parent == nil) else {
      throw Fault(what: .importParentNumber)
    }
    let roles = entry.event.roles
    for text in [roles.actor, roles.author, roles.reviewer, roles.source] {
      if let text { try TextRules.line(text, name: .importRole) }
    }
    return (recorded, entry)
  }

  private static func check(_ name: String, _ what: Message) throws {
    guard try Identifier.check(name).utf8.elementsEqual(name.utf8) else {
      throw Fault(what: .importNotNfc(what: what))
    }
  }

  private static func isCrockford(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): !"ILOU".utf8.contains(byte)
    default: false
    }
  }

  /// The event after those of its stream that came before it.
  private mutating func follow(_ recorded: StoredEvent, _ entry: LogEntry) throws {
    let stream = Stream(logID: entry.logID, session: entry.session)
    guard let last = streams[stream] else {
      streams[stream] = StreamPosition(first: entry.seq, seq: entry.seq, id: recorded.id, at: entry.event.at)
      return
    }
    guard entry.seq == last.seq + 1 else {
      throw Fault(
        what: .importOrder(seq: entry.seq, stream: stream.text, last: last.seq),
        hint: .text(.hintWholeFile))
    }
    guard entry.parent == last.id else { throw Fault(what: .importParent(seq: last.seq, stream: stream.text)) }
    guard entry.event.at >= last.at else { throw Fault(what: .importBeforeParent) }
    streams[stream] = StreamPosition(first: last.first, seq: entry.seq, id: recorded.id, at: entry.event.at)
  }
}
