/// A JSON value that keeps what a `Double` or a dictionary would lose: the order of members and
/// the digits of numbers.
///
/// Two values are equal when they are of the same case and their texts are the same bytes, their
/// members in the same order. A tree made by hand may not nest deeper than ``deepest``.
package enum JSON: Sendable {
  case null
  case bool(Bool)
  /// An integer within ±(2^53 − 1), ``safeIntegers``.
  case int(Int64)
  /// Any other number (a fraction, an exponent, a large integer, `-0`): its digits as written.
  /// They must be a JSON number; they are written as they are.
  case number(String)
  case string(String)
  case array([JSON])
  /// Members in the order written; no two of them have the same key.
  case object([JSONMember])
  /// Text that is valid JSON already, written as it is.
  case raw(String)

  /// The integers that every JSON reader takes exactly: ±(2^53 − 1), see RFC 8259, section 6.
  package static let safeIntegers: ClosedRange<Int64> =
    -9_007_199_254_740_991...9_007_199_254_740_991

  /// The deepest nesting that can be read, whatever a caller allows, so that no text makes the
  /// walks through a tree overflow the stack.
  package static let deepest = 512
}

/// A key and its value in a JSON object.
package struct JSONMember: Hashable, Sendable {
  package var key: String
  package var value: JSON

  package init(key: String, value: JSON) {
    self.key = key
    self.value = value
  }

  package static func == (left: JSONMember, right: JSONMember) -> Bool {
    ByteExactString(left.key) == ByteExactString(right.key) && left.value == right.value
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(ByteExactString(key))
    hasher.combine(value)
  }
}

extension JSON: Hashable {
  package static func == (left: JSON, right: JSON) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.int(let left), .int(let right)): left == right
    case (.number(let left), .number(let right)), (.string(let left), .string(let right)),
      (.raw(let left), .raw(let right)):
      ByteExactString(left) == ByteExactString(right)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .null:
      hasher.combine(0)
    case .bool(let value):
      hasher.combine(1)
      hasher.combine(value)
    case .int(let value):
      hasher.combine(2)
      hasher.combine(value)
    case .number(let digits):
      hasher.combine(3)
      hasher.combine(ByteExactString(digits))
    case .string(let text):
      hasher.combine(4)
      hasher.combine(ByteExactString(text))
    case .array(let elements):
      hasher.combine(5)
      hasher.combine(elements)
    case .object(let members):
      hasher.combine(6)
      hasher.combine(members)
    case .raw(let text):
      hasher.combine(7)
      hasher.combine(ByteExactString(text))
    }
  }
}

// MARK: - Reading a tree

extension JSON {
  /// The value of the member with that key, compared by bytes; `nil` when there is none or this
  /// is no object.
  package subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    let wanted = ByteExactString(key)
    return members.first { ByteExactString($0.key) == wanted }?.value
  }

  /// The text of a string, else `nil`.
  package var stringValue: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// An integer within ``safeIntegers``, else `nil`.
  package var intValue: Int64? {
    guard case .int(let value) = self else { return nil }
    return value
  }

  /// The value of `true` or `false`, else `nil`.
  package var boolValue: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  /// The elements of an array, else `nil`.
  package var arrayValue: [JSON]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }

  /// The members of an object in their order, else `nil`.
  package var objectValue: [JSONMember]? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  /// Whether this is `null`.
  package var isNull: Bool {
    if case .null = self { true } else { false }
  }
}

// MARK: - Making a tree

extension JSON {
  /// A string, or `null`.
  package init(_ text: String?) {
    self = text.map(JSON.string) ?? .null
  }

  /// A Boolean, or `null`.
  package init(_ value: Bool?) {
    self = value.map(JSON.bool) ?? .null
  }

  /// An integer, or `null`. One outside ``safeIntegers`` becomes a ``number(_:)``.
  package init<Integer: BinaryInteger>(_ value: Integer?) {
    guard let value else {
      self = .null
      return
    }
    if let integer = Int64(exactly: value), Self.safeIntegers.contains(integer) {
      self = .int(integer)
    } else {
      self = .number(String(value))
    }
  }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  package init(nilLiteral: ()) {
    self = .null
  }

  package init(booleanLiteral value: Bool) {
    self = .bool(value)
  }

  package init(integerLiteral value: Int64) {
    self.init(Optional(value))
  }

  package init(stringLiteral value: String) {
    self = .string(value)
  }

  package init(arrayLiteral elements: JSON...) {
    self = .array(elements)
  }

  /// The members in the order of the literal. Its keys must differ.
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { JSONMember(key: $0.0, value: $0.1) })
  }
}
