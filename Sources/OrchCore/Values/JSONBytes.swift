/// The bytes that JSON texts are made of.
enum JSONBytes {
  /// White space between tokens (RFC 8259, section 2).
  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  /// The index of the first byte at or after `start` that a string cannot hold as it is (`"`, `\`
  /// or a control character) or, where asked, that is not ASCII; else the count of `bytes`.
  static func endOfPlainRun(
    in bytes: UnsafeBufferPointer<UInt8>, from start: Int, stopsAtNonASCII: Bool
  ) -> Int {
    var index = start
    let raw = UnsafeRawBufferPointer(bytes)
    let nonASCII: UInt64 = stopsAtNonASCII ? highBits : 0
    // Eight bytes at a time; the loop after this one finds the place.
    while index + 8 <= bytes.count {
      let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let quotes = word ^ (lowBits &* UInt64(UInt8(ascii: "\"")))
      let backslashes = word ^ (lowBits &* UInt64(UInt8(ascii: "\\")))
      // A byte below n borrows into its high bit when n is subtracted from each.
      let special =
        ((word &- lowBits &* 0x20) & ~word)
        | ((quotes &- lowBits) & ~quotes)
        | ((backslashes &- lowBits) & ~backslashes)
      guard special & highBits == 0, word & nonASCII == 0 else { break }
      index += 8
    }
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
      if stopsAtNonASCII, byte >= 0x80 { break }
      index += 1
    }
    return index
  }

  private static let lowBits: UInt64 = 0x0101_0101_0101_0101
  private static let highBits: UInt64 = 0x8080_8080_8080_8080

  /// The 1 to 4 bytes of the UTF-8 scalar that begins at `start`, which is within `bytes`; `nil`
  /// when they are not well formed (The Unicode Standard, table 3-7): cut off, overlong, a
  /// surrogate, or above U+10FFFF.
  static func scalarLength(in bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch bytes[start] {
    case 0x00...0x7F: return 1
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return nil
    }
    guard start + length <= bytes.count, second.contains(bytes[start + 1]) else { return nil }
    for index in (start + 2)..<(start + length) where bytes[index] & 0xC0 != 0x80 {
      return nil
    }
    return length
  }
}
