import OrchApp
import OrchCore
import OrchStore

extension FuzzTarget {
  /// A document comes back as it was written, and its canonical form is that of itself.
  static func json(_ bytes: [UInt8]) throws {
    guard let value = try? JSON.parse(bytes) else { return }
    let text = value.text()
    try require((try? JSON.parse(text)) == value, "the text of a document is another one: \(text)")
    guard value.hasCanonicalForm else { return }
    var canonical: [UInt8] = []
    value.writeCanonical(into: &canonical)
    guard let again = try? JSON.parse(canonical) else { throw FuzzFailure(description: "no JSON in canonical form") }
    var same: [UInt8] = []
    again.writeCanonical(into: &same)
    try require(same == canonical, "the canonical form has another one")
  }

  /// An event that is read is written alike; lines of an export are taken or refused with an error of the program's.
  static func events(_ bytes: [UInt8]) throws {
    var reader = StreamReader()
    for line in bytes.split(separator: UInt8(ascii: "\n")).map(Array.init) {
      if let entry = try? LogEntry(json: line) {
        let again = try? LogEntry(json: entry.canonicalBytes)
        // What is not understood keeps the order of its keys, which says nothing.
        let isSame = again?.event == entry.event || entry.understanding != .all
        try require(
          isSame && again?.canonicalBytes == entry.canonicalBytes, "an event is read otherwise than it is written")
      }
      do {
        let taken = try reader.take(line, at: Message(verbatim: "line"))
        try require(try taken.recorded.entry() == taken.entry, "a stored event is another one")
      } catch is OrchError {}
    }
  }

  /// A lease file that is read has a whole token.
  static func lease(_ bytes: [UInt8]) throws {
    guard let file = LeaseFile(bytes, writtenAt: 0) else { return }
    try require(file.token.text.utf8.count == 64 && Token(file.token.text) == file.token, "a token that is none")
  }

  /// A time that is read can be written, and is read again as itself.
  static func time(_ bytes: [UInt8]) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    let now = Instant(milliseconds: 1_795_420_800_000)
    for offset in [0, 32400, -43200] {
      guard let time = TimeExpression.parse(text, now: now, utcOffset: { _ in offset }) else { continue }
      try require(Instant.writable.contains(time), "a time that cannot be written")
      try require(Instant(iso8601: time.iso8601) == time, "\(time.iso8601) is read as another time")
    }
    if let seconds = DurationFormat.parseSeconds(text) {
      try require(DurationFormat.parseSeconds(DurationFormat.format(seconds: seconds)) == seconds, "\(seconds) s")
    }
  }
}

extension JSON {
  /// Whether `writeCanonical` takes it: all of its numbers are integers that every reader of JSON can hold.
  fileprivate var hasCanonicalForm: Bool {
    switch self {
    case .null, .bool, .string: true
    case .int(let value): Self.safeIntegers.contains(value)
    case .number, .raw: false
    case .array(let elements): elements.allSatisfy(\.hasCanonicalForm)
    case .object(let members): members.allSatisfy(\.value.hasCanonicalForm)
    }
  }
}
