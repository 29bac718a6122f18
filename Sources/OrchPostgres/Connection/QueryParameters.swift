import OrchCore
import OrchStore

extension ColumnRecord {
  /// The values of the columns of some kinds, as a statement's parameters.
  func parameters(_ kinds: ColumnKind = .all) -> [String?] {
    let parameters = QueryParameters()
    write(kinds, to: parameters)
    return parameters.values
  }
}

/// The values of parameters, one after the other.
private final class QueryParameters: ColumnWriter {
  private(set) var values: [String?] = []

  init() { values.reserveCapacity(64) }

  func writeNull(at index: Int) { values.append(nil) }
  func write(_ value: Int64, at index: Int) { values.append(value.queryText) }
  func write(_ value: Bool, at index: Int) { values.append(value.queryText) }
  func write(_ value: String, at index: Int) { values.append(value) }
  func write(_ value: Digest, at index: Int) { values.append(value.queryText) }
}

/// A row's columns.
private final class RowColumns: ColumnReader {
  private let row: Row

  init(_ row: Row) { self.row = row }

  func isNull(_ index: Int) -> Bool { row.isNull(index) }

  func integer(_ index: Int) -> Int64 { Int64(row.int(index)) }

  func boolean(_ index: Int) -> Bool { row.bool(index) }

  func text(_ index: Int) -> String { row.text(index) }

  func digest(_ index: Int) -> Digest? { row.digest(index) }
}

extension Row {
  /// Reads the text form of 32 bytes, `\x…`.
  func digest(_ index: Int) -> Digest? { Digest(hex: text(index).dropFirst(2)) }
}

/// Reads a row from left to right.
struct RowCursor {
  private let row: Row
  private var index = 0

  init(_ row: Row) { self.row = row }

  /// Reads a record of which the row has the columns.
  ///
  /// - Parameter what: names it, should it not read.
  mutating func record<Record: ColumnRecord>(_ what: String) throws(PostgresFailure) -> Record {
    var pass = ColumnPass(reading: RowColumns(row), from: index)
    defer { index = pass.index }
    do throws(UnreadableColumn) {
      return try Record(&pass)
    } catch {
      throw .corrupt(.damageColumn(column: error.name, row: what))
    }
  }

  /// Whether the next column is NULL.
  var isNull: Bool { row.isNull(index) }

  mutating func skip(_ count: Int) { index += count }

  mutating func int() -> Int { row.int(next()) }
  mutating func bool() -> Bool { row.bool(next()) }
  mutating func optionalText() -> String? { row.optionalText(next()) }
  /// Nil for what is not a digest.
  mutating func digest() -> Digest? { row.digest(next()) }

  private mutating func next() -> Int {
    index += 1
    return index - 1
  }
}

extension Row {
  /// Reads a record of which the row has the columns, first of all.
  ///
  /// - Parameter what: names it, should it not read.
  func record<Record: ColumnRecord>(_ what: String) throws(PostgresFailure) -> Record {
    var cursor = RowCursor(self)
    return try cursor.record(what)
  }

  /// Reads a list of texts, stored as JSON; NULL is an empty one.
  func list(_ column: Int) throws(PostgresFailure) -> [String] {
    guard let list = TextList.list(stored: optionalText(column)) else { throw .corrupt(.damageList) }
    return list
  }
}
