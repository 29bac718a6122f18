/// Writes text into Markdown, byte by byte: nothing that is special there is more than one byte long.
struct MarkdownWriter {
  let source: [UInt8]
  private var bytes: [UInt8] = []

  init(_ text: String) {
    source = Array(text.utf8)
    bytes.reserveCapacity(source.count + source.count / 8 + 16)
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  mutating func put(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Writes a part of the source as text that may stand at the beginning of a line.
  mutating func write(_ range: Range<Int>) {
    var index = range.lowerBound
    while index < range.upperBound, source[index] == UInt8(ascii: " ") { index += 1 }
    let start = index
    var numberEnd = start
    while numberEnd < range.upperBound, isDigit(numberEnd) { numberEnd += 1 }
    while index < range.upperBound {
      let byte = source[index]
      if Self.isSpecial(byte) || (index == start && isSpecialFirst(index, range))
        || (index == numberEnd && (byte == UInt8(ascii: ".") || byte == UInt8(ascii: ")"))
          && isLastOrBefore(index, range) { $0 == UInt8(ascii: " ") })
        || (byte == UInt8(ascii: "_") && !isInsideWord(index, range))
        || (byte == UInt8(ascii: "!") && isLastOrBefore(index, range) { $0 == UInt8(ascii: "[") })
      {
        bytes.append(UInt8(ascii: "\\"))
      }
      bytes.append(byte)
      index += 1
      if let length = breakAfter(index - 1, range) {
        bytes += source[index..<index + length]
        index += length
        put("\u{2060}")
      }
    }
  }

  /// Where a word joiner has to follow: so many bytes after the one at `index`; nil where none has to.
  private func breakAfter(_ index: Int, _ range: Range<Int>) -> Int? {
    switch source[index] {
    case UInt8(ascii: "@"): isLastOrBefore(index, range) { Self.isWord($0) } ? 0 : nil
    case UInt8(ascii: "#"): isLastOrBefore(index, range) { Self.isDigit($0) } ? 0 : nil
    case UInt8(ascii: ":"): holds("//", at: index + 1, range) || isEmojiName(index + 1, range) ? 0 : nil
    case UInt8(ascii: "w"), UInt8(ascii: "W"): holds("ww.", at: index + 1, range) ? 2 : nil
    case UInt8(ascii: "g"), UInt8(ascii: "G"):
      holds("h-", at: index + 1, range) && isLastOrBefore(index + 2, range) { Self.isDigit($0) } ? 2 : nil
    default: nil
    }
  }

  // MARK: What stands where

  /// Special wherever it stands. Of a link, a bracket is enough.
  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\\"), UInt8(ascii: "`"), UInt8(ascii: "*"), UInt8(ascii: "["), UInt8(ascii: "]"),
      UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "~"),
      UInt8(ascii: "$"):
      true
    default: false
    }
  }

  /// Special at the beginning of a line: of a heading, a list, a rule, the underline of a heading, a table's second row.
  private func isSpecialFirst(_ index: Int, _ range: Range<Int>) -> Bool {
    switch source[index] {
    case UInt8(ascii: "#"), UInt8(ascii: "="), UInt8(ascii: ":"): true
    // `-1` and `+1` begin no list.
    case UInt8(ascii: "+"), UInt8(ascii: "-"): isLastOrBefore(index, range) { !Self.isLetterOrDigit($0) }
    default: false
    }
  }

  private func isInsideWord(_ index: Int, _ range: Range<Int>) -> Bool {
    index > range.lowerBound && index + 1 < range.upperBound && Self.isLetterOrDigit(source[index - 1])
      && Self.isLetterOrDigit(source[index + 1])
  }

  /// Whether the next byte meets a condition. At the end of the value the byte is the template's and not known: then true.
  private func isLastOrBefore(_ index: Int, _ range: Range<Int>, _ next: (UInt8) -> Bool) -> Bool {
    index + 1 >= range.upperBound || next(source[index + 1])
  }

  /// `text`, in small letters, in whatever letters.
  private func holds(_ text: StaticString, at index: Int, _ range: Range<Int>) -> Bool {
    let count = text.utf8CodeUnitCount
    guard index + count <= range.upperBound else { return false }
    return (0..<count).allSatisfy { offset in
      let byte = source[index + offset]
      let small = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
      return small == text.utf8Start[offset]
    }
  }

  /// `name:`, as in `:tada:`. No emoji has a longer name.
  private func isEmojiName(_ start: Int, _ range: Range<Int>) -> Bool {
    for index in start..<max(start, min(range.upperBound, start + 64)) {
      if source[index] == UInt8(ascii: ":") { return index > start }
      guard Self.isWord(source[index]) || source[index] == UInt8(ascii: "+") || source[index] == UInt8(ascii: "-")
      else {
        return false
      }
    }
    return false
  }

  private func isDigit(_ index: Int) -> Bool { Self.isDigit(source[index]) }
  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func isWord(_ byte: UInt8) -> Bool { isLetterOrDigit(byte) || byte == UInt8(ascii: "_") }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
