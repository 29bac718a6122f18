/// A line of a string table, read and checked.
struct StringTableLine {
  let key: String
  /// The text as it is written.
  let text: String
  /// The names of its places.
  let places: Set<String>
  /// From 1.
  let number: Int

  /// The lines of a table that have a key, in order.
  ///
  /// - Throws: for a line that cannot be read.
  static func all(_ table: [UInt8], file: String) throws(TemplateError) -> [StringTableLine] {
    var lines: [StringTableLine] = []
    var number = 1
    var start = 0
    while start < table.count {
      let (line, next) = try table.withUnsafeBufferPointer { bytes throws(TemplateError) in
        let end = end(bytes, start)
        return (try read(bytes, start, end, file, number), end + 1)
      }
      if let line { lines.append(line) }
      number += table[start..<min(next, table.count)].count { $0 == UInt8(ascii: "\n") }
      start = next
    }
    return lines
  }

  /// Nil for a line without a key.
  private static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, _ file: String, _ number: Int
  ) throws(TemplateError) -> StringTableLine? {
    let content = trimmed(bytes, start..<end)
    guard let first = content.first, bytes[first] != UInt8(ascii: "#"), bytes[first] != UInt8(ascii: "[") else {
      return nil
    }
    guard let equals = content.first(where: { bytes[$0] == UInt8(ascii: "=") }) else {
      throw TemplateError(file: file, line: number, .tableNoEquals)
    }
    func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    let text = trimmed(bytes, (equals + 1)..<end)
    var parts = TextParts(bytes, text)
    var places: Set<String> = []
    while let part = parts.next() {
      guard case .place(let name, let particle) = part else { continue }
      if let particle, KoreanParticle(string(particle)) == nil { parts.isMalformed = true }
      places.insert(string(name))
    }
    guard !parts.isMalformed else {
      throw TemplateError(file: file, line: number, .tableMalformedPlace(tag: "{", end: "}"))
    }
    return StringTableLine(
      key: string(trimmed(bytes, content.lowerBound..<equals)), text: string(text), places: places, number: number)
  }

  // MARK: Bytes

  /// Where a line ends, without its line feed; a backslash before it continues the line.
  static func end(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var index = start
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "\n"), index == start || bytes[index - 1] != UInt8(ascii: "\\") { break }
      index += 1
    }
    return index
  }

  /// Where the key ends that begins here.
  static func keyEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var index = start
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "="), UInt8(ascii: "\n"): return index
      default: index += 1
      }
    }
    return index
  }

  /// The text of a line with a key.
  static func text(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Range<Int> {
    var index = start
    while index < end, bytes[index] != UInt8(ascii: "=") { index += 1 }
    return trimmed(bytes, min(index + 1, end)..<end)
  }

  /// Without the blanks at both ends.
  private static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, isBlank(bytes[start]) { start += 1 }
    while end > start, isBlank(bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }
}

/// The parts of a text of a table, in order.
struct TextParts {
  enum Part {
    /// Bytes that stand as they are.
    case literal(Range<Int>)
    /// Where a line is continued.
    case space
    /// `{name}` or `{name|이/가}`.
    case place(Range<Int>, particle: Range<Int>?)
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private let end: Int
  private var index: Int
  /// Whether a place was met that is not closed or has no name.
  var isMalformed = false

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ text: Range<Int>) {
    self.bytes = bytes
    index = text.lowerBound
    end = text.upperBound
  }

  mutating func next() -> Part? {
    guard index < end else { return nil }
    let start = index
    while index < end {
      switch bytes[index] {
      case UInt8(ascii: "{"): return index > start ? .literal(start..<index) : place()
      case UInt8(ascii: "\\") where index + 1 < end && bytes[index + 1] == UInt8(ascii: "\n"):
        var last = index
        while last > start, StringTableLine.isBlank(bytes[last - 1]) { last -= 1 }
        if last > start {
          index = last
          return .literal(start..<last)
        }
        return space()
      default: index += 1
      }
    }
    return .literal(start..<end)
  }

  /// From the backslash, or the blanks before it, to the beginning of the continued text.
  private mutating func space() -> Part {
    while index < end, StringTableLine.isBlank(bytes[index]) { index += 1 }
    index += 2
    while index < end, StringTableLine.isBlank(bytes[index]) { index += 1 }
    return .space
  }

  private mutating func place() -> Part? {
    let name = index + 1
    var bar: Int?
    index = name
    while index < end, bytes[index] != UInt8(ascii: "}") {
      if bytes[index] == UInt8(ascii: "|"), bar == nil { bar = index }
      index += 1
    }
    guard index < end, (bar ?? index) > name else {
      isMalformed = true
      index = end
      return nil
    }
    let particle = bar.map { ($0 + 1)..<index }
    index += 1
    return .place(name..<(bar ?? index - 1), particle: particle)
  }
}
