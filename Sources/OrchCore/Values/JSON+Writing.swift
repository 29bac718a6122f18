extension JSON {
  /// Appends this value as compact JSON: members in their order, no white space, and in strings
  /// no escape but those of `"`, `\` and the control characters.
  package func write(into bytes: inout [UInt8]) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
    case .int(let value): bytes.append(contentsOf: String(value).utf8)
    case .number(let text), .raw(let text): bytes.append(contentsOf: text.utf8)
    case .string(let text): Self.write(text, into: &bytes)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      var isFirst = true
      for element in elements {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        element.write(into: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      var isFirst = true
      for member in members {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        Self.write(member.key, into: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.write(into: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// What ``write(into:)`` writes, as a text.
  package func text() -> String {
    var bytes: [UInt8] = []
    write(into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the canonical form of this value (JCS, RFC 8785): as ``write(into:)``, but with the
  /// members of every object in the order of their keys' UTF-16 code units. Nothing is
  /// normalised.
  ///
  /// Preconditions: no ``number(_:)`` and no ``raw(_:)`` anywhere, integers within
  /// ``safeIntegers``, no key twice in an object.
  package func writeCanonical(into bytes: inout [UInt8]) {
    switch self {
    case .null, .bool, .string: write(into: &bytes)
    case .int(let value):
      precondition(Self.safeIntegers.contains(value), "an integer has no canonical form")
      write(into: &bytes)
    case .number: preconditionFailure("a number that is no integer has no canonical form")
    case .raw: preconditionFailure("raw JSON has no canonical form")
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      var isFirst = true
      for element in elements {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        element.writeCanonical(into: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      var isFirst = true
      for member in Self.sortedByKey(members) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        Self.write(member.key, into: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.writeCanonical(into: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// Appends a string in quotation marks, with the escapes of RFC 8785, section 3.2.2.2.
  static func write(_ text: String, into bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    text.withUTF8Bytes { source in
      var runStart = 0
      while true {
        let runEnd = JSONBytes.endOfPlainRun(in: source, from: runStart, stopsAtNonASCII: false)
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: source[runStart..<runEnd]))
        guard runEnd < source.count else { break }
        writeEscape(of: source[runEnd], into: &bytes)
        runStart = runEnd + 1
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func writeEscape(of byte: UInt8, into bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    case 0..<0x20:
      bytes.append(contentsOf: "u00".utf8)
      bytes.append(Hex.digit(byte >> 4))
      bytes.append(Hex.digit(byte & 0x0F))
    default: bytes.append(byte)
    }
  }

  // MARK: The order of keys

  private static func sortedByKey(_ members: [JSONMember]) -> [JSONMember] {
    if isAscending(members) { return members }
    let sorted = members.sorted { compareUTF16($0.key, $1.key) < 0 }
    precondition(isAscending(sorted), "an object with the same key twice has no canonical form")
    return sorted
  }

  private static func isAscending(_ members: [JSONMember]) -> Bool {
    guard members.count > 1 else { return true }
    for index in 1..<members.count
    where compareUTF16(members[index - 1].key, members[index].key) >= 0 {
      return false
    }
    return true
  }

  /// Negative, 0 or positive as `left` stands before, at or after `right` by UTF-16 code units.
  ///
  /// That is the order of the UTF-8 bytes, except that scalars above U+FFFF (a lead byte of F0 or
  /// more) are surrogates in UTF-16, and so stand before U+E000 to U+FFFF (lead bytes EE and EF).
  static func compareUTF16(_ left: String, _ right: String) -> Int {
    left.withUTF8Bytes { left in
      right.withUTF8Bytes { right in
        for index in 0..<min(left.count, right.count) {
          let (leftByte, rightByte) = (left[index], right[index])
          if leftByte == rightByte { continue }
          let isLess = leftByte < rightByte
          let isSwapped =
            min(leftByte, rightByte) >= 0xEE && (leftByte >= 0xF0) != (rightByte >= 0xF0)
          return isLess != isSwapped ? -1 : 1
        }
        return left.count - right.count
      }
    }
  }
}
