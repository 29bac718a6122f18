/// A recursive-descent reader of one JSON document (RFC 8259), bounded by `maxDepth`.
struct JSONParser {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let maxDepth: Int
  private var position = 0
  /// Where strings with escapes are put together.
  private var scratch: [UInt8] = []

  init(bytes: UnsafeBufferPointer<UInt8>, maxDepth: Int) {
    self.bytes = bytes
    self.maxDepth = maxDepth
  }

  /// The whole text as one value.
  mutating func document() throws(JSONError) -> JSON {
    skipSpace()
    let value = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw error(.textAfterValue) }
    return value
  }

  // MARK: Values

  private mutating func value(depth: Int) throws(JSONError) -> JSON {
    switch current {
    case UInt8(ascii: "{"): return try object(depth: depth + 1)
    case UInt8(ascii: "["): return try array(depth: depth + 1)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    default: throw expected(.value)
    }
  }

  private mutating func literal(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
    for index in 0..<word.utf8CodeUnitCount {
      guard byte(at: position + index) == word.utf8Start[index] else {
        throw expected(.value)
      }
    }
    position += word.utf8CodeUnitCount
    return value
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSON {
    try checkDepth(depth)
    position += 1
    var elements: [JSON] = []
    skipSpace()
    if take("]") { return .array(elements) }
    while true {
      elements.append(try value(depth: depth))
      skipSpace()
      if take("]") { return .array(elements) }
      guard take(",") else { throw expected(.commaOrBracket) }
      skipSpace()
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSON {
    try checkDepth(depth)
    position += 1
    var members: [JSONMember] = []
    var keys: Set<ByteExactString> = []
    var isAscending = true
    skipSpace()
    if take("}") { return .object(members) }
    while true {
      let start = position
      guard current == UInt8(ascii: "\"") else { throw expected(.key) }
      let key = try string()
      // Keys in their order, as canonical JSON has them, need no looking back.
      if isAscending, let last = members.last { isAscending = JSON.compareUTF16(last.key, key) < 0 }
      guard isAscending || isNew(key, among: members, and: &keys) else {
        throw JSONError(.doubleKey, offset: start)
      }
      skipSpace()
      guard take(":") else { throw expected(.colon) }
      skipSpace()
      members.append(JSONMember(key: key, value: try value(depth: depth)))
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { throw expected(.commaOrBrace) }
      skipSpace()
    }
  }

  /// Few keys are compared one by one; for many a set is kept, so that the time stays linear.
  private func isNew(
    _ key: String, among members: [JSONMember], and keys: inout Set<ByteExactString>
  ) -> Bool {
    if members.count < 24 {
      return !members.contains { ByteExactString($0.key) == ByteExactString(key) }
    }
    if keys.isEmpty { keys = Set(members.map { ByteExactString($0.key) }) }
    return keys.insert(ByteExactString(key)).inserted
  }

  private func checkDepth(_ depth: Int) throws(JSONError) {
    guard depth <= maxDepth else {
      throw error(.tooDeep(limit: maxDepth))
    }
  }

  // MARK: Numbers

  private mutating func number() throws(JSONError) -> JSON {
    let start = position
    let isNegative = take("-")
    let firstDigit = position
    guard digits() > 0 else { throw expected(.digit) }
    guard bytes[firstDigit] != UInt8(ascii: "0") || position == firstDigit + 1 else {
      throw JSONError(.leadingZero, offset: firstDigit)
    }
    let integerEnd = position
    if take(".") {
      guard digits() > 0 else { throw expected(.digit) }
    }
    if take("e") || take("E") {
      _ = take("+") || take("-")
      guard digits() > 0 else { throw expected(.digit) }
    }
    // 2^53 - 1 has 16 digits.
    if position == integerEnd, integerEnd - firstDigit <= 16 {
      var magnitude: Int64 = 0
      for index in firstDigit..<integerEnd {
        magnitude = magnitude * 10 + Int64(bytes[index] - UInt8(ascii: "0"))
      }
      let isNegativeZero = isNegative && magnitude == 0
      if magnitude <= JSON.safeIntegers.upperBound, !isNegativeZero {
        return .int(isNegative ? -magnitude : magnitude)
      }
    }
    return .number(text(start..<position))
  }

  private mutating func digits() -> Int {
    let start = position
    while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(current) { position += 1 }
    return position - start
  }

  // MARK: Strings

  private mutating func string() throws(JSONError) -> String {
    position += 1
    var runStart = position
    var hasEscapes = false
    while true {
      position = JSONBytes.endOfPlainRun(in: bytes, from: position, stopsAtNonASCII: true)
      switch current {
      case UInt8(ascii: "\""):
        let run = runStart..<position
        position += 1
        guard hasEscapes else { return text(run) }
        scratch.append(contentsOf: bytes[run])
        return String(decoding: scratch, as: UTF8.self)
      case UInt8(ascii: "\\"):
        if !hasEscapes { scratch.removeAll(keepingCapacity: true) }
        hasEscapes = true
        scratch.append(contentsOf: bytes[runStart..<position])
        try escape()
        runStart = position
      case 0..<0x20:
        guard position < bytes.count else { throw expected(.quotationMark) }
        throw error(.unescapedControl)
      default:
        guard let length = JSONBytes.scalarLength(in: bytes, at: position) else {
          throw error(.notUTF8)
        }
        position += length
      }
    }
  }

  /// Reads one escape, of which the backslash is the current byte, into `scratch`.
  private mutating func escape() throws(JSONError) {
    let start = position
    position += 2
    switch byte(at: start + 1) {
    case UInt8(ascii: "\""): scratch.append(UInt8(ascii: "\""))
    case UInt8(ascii: "\\"): scratch.append(UInt8(ascii: "\\"))
    case UInt8(ascii: "/"): scratch.append(UInt8(ascii: "/"))
    case UInt8(ascii: "b"): scratch.append(0x08)
    case UInt8(ascii: "f"): scratch.append(0x0C)
    case UInt8(ascii: "n"): scratch.append(0x0A)
    case UInt8(ascii: "r"): scratch.append(0x0D)
    case UInt8(ascii: "t"): scratch.append(0x09)
    case UInt8(ascii: "u"):
      let scalar = try escapedScalar(from: start)
      scratch.append(contentsOf: UTF8.encode(scalar)!)
    default:
      throw JSONError(.unknownEscape, offset: start)
    }
  }

  /// The scalar of `\uXXXX`, or of two of them that are a surrogate pair. The current byte is the
  /// first digit.
  private mutating func escapedScalar(from start: Int) throws(JSONError) -> Unicode.Scalar {
    let high = try hexDigits()
    guard high != 0 else {
      throw JSONError(.nul, offset: start)
    }
    if let scalar = Unicode.Scalar(high) { return scalar }
    guard
      high < 0xDC00, byte(at: position) == UInt8(ascii: "\\"),
      byte(at: position + 1) == UInt8(ascii: "u")
    else { throw JSONError(.halfSurrogatePair, offset: start) }
    position += 2
    let low = try hexDigits()
    guard
      (0xDC00...0xDFFF).contains(low),
      let scalar = Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    else { throw JSONError(.halfSurrogatePair, offset: start) }
    return scalar
  }

  private mutating func hexDigits() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let digit: UInt8
      switch current {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = current - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = current - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = current - UInt8(ascii: "A") + 10
      default: throw expected(.hexDigit)
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  // MARK: Bytes

  /// The byte there, or 0 after the end: no JSON text holds a 0 byte outside an error.
  private func byte(at index: Int) -> UInt8 {
    index < bytes.count ? bytes[index] : 0
  }

  private var current: UInt8 { byte(at: position) }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard current == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while JSONBytes.isSpace(current) { position += 1 }
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
  }

  private func error(_ problem: JSONError.Problem) -> JSONError { JSONError(problem, offset: position) }

  private func expected(_ what: JSONError.Expected) -> JSONError {
    error(position < bytes.count ? .expected(what) : .endsBefore(what))
  }
}
