/// The text of a statement that is part of the program: a literal, or composed once of the names of columns.
///
/// Its address is its identity, so finding the prepared statement of a text hashes one word and compares one word. Two
/// literals of equal text may share an address; they then share the statement too. A first line `-- name` becomes the
/// name that failures mention.
///
///     static let read: SQL = "SELECT fence FROM session WHERE id = ?1"
struct SQL: ExpressibleByStringLiteral, @unchecked Sendable {
  /// The text, which stays where it is and as it is until the process ends.
  let utf8: UnsafeBufferPointer<UInt8>

  init(stringLiteral text: StaticString) {
    precondition(text.hasPointerRepresentation, "a statement is longer than one character")
    utf8 = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
  }

  /// A text put together at run time, which is kept until the process ends: only for constants.
  init(composed text: String) {
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
    _ = copy.initialize(from: text.utf8)
    utf8 = UnsafeBufferPointer(copy)
  }

  /// The identity.
  var address: UInt { UInt(bitPattern: utf8.baseAddress) }

  /// The first line of a statement's text, at most 60 characters of it: enough to find it, no values.
  static func summary(_ text: String) -> String {
    let line = text.drop { $0 == " " || $0 == "\n" }.prefix { $0 != "\n" }
    return line.count > 60 ? line.prefix(59) + "…" : String(line)
  }
}

/// The prepared statements of a connection: an open-addressed table from a text's address to its statement.
struct StatementCache {
  private var keys: [UInt]
  private var statements: [Statement?]
  private var count = 0

  init(capacity: Int = 64) {
    keys = Array(repeating: 0, count: capacity)
    statements = Array(repeating: nil, count: capacity)
  }

  /// The statement kept for a text.
  func find(_ sql: SQL) -> Statement? { statements[slot(of: sql.address)] }

  /// Keeps a statement until `removeAll`.
  mutating func insert(_ statement: Statement, for sql: SQL) {
    if count * 2 >= keys.count { grow() }
    let slot = slot(of: sql.address)
    if keys[slot] == 0 { count += 1 }
    keys[slot] = sql.address
    statements[slot] = statement
  }

  /// Lets every statement go; those that nobody else holds are finalised.
  mutating func removeAll() { self = StatementCache() }

  /// Where the address is, or where it belongs. The capacity is a power of two and never full.
  @inline(__always)
  private func slot(of address: UInt) -> Int {
    let mask = keys.count &- 1
    var slot = Int(truncatingIfNeeded: (address &* 0x9E37_79B9_7F4A_7C15) >> 40) & mask
    while keys[slot] != 0, keys[slot] != address { slot = (slot &+ 1) & mask }
    return slot
  }

  private mutating func grow() {
    var larger = StatementCache(capacity: keys.count * 2)
    for (key, statement) in zip(keys, statements) where key != 0 {
      let slot = larger.slot(of: key)
      larger.keys[slot] = key
      larger.statements[slot] = statement
      larger.count += 1
    }
    self = larger
  }
}
