import CSQLite
import OrchCore
import OrchStore

extension Statement: ColumnWriter {
  func writeNull(at index: Int) { bindNull(Int32(truncatingIfNeeded: index)) }
  func write(_ value: Int64, at index: Int) { bind(Int32(truncatingIfNeeded: index), value) }
  func write(_ value: Bool, at index: Int) { bind(Int32(truncatingIfNeeded: index), value) }
  func write(_ value: String, at index: Int) { bind(Int32(truncatingIfNeeded: index), value) }
  func write(_ value: Digest, at index: Int) { bind(Int32(truncatingIfNeeded: index), value) }

  func bind(_ index: Int32, _ digest: Digest) {
    withUnsafeBytes(of: digest.memory) { bind(index, $0) }
  }
}

/// A row's columns, for as long as the row is the current one.
final class RowColumns: ColumnReader {
  private let handle: OpaquePointer

  init(_ handle: OpaquePointer) { self.handle = handle }

  func isNull(_ index: Int) -> Bool { sqlite3_column_type(handle, Int32(truncatingIfNeeded: index)) == SQLITE_NULL }

  func integer(_ index: Int) -> Int64 { sqlite3_column_int64(handle, Int32(truncatingIfNeeded: index)) }

  func boolean(_ index: Int) -> Bool { integer(index) != 0 }

  func text(_ index: Int) -> String { Row(handle).text(Int32(truncatingIfNeeded: index)) }

  func digest(_ index: Int) -> Digest? {
    Row(handle).withBlob(Int32(truncatingIfNeeded: index)) { Digest(raw: $0) }
  }
}

extension Row {
  /// Reads a record of which the row has the columns, first of all.
  ///
  /// - Parameter what: names it, should it not read.
  func record<Record: ColumnRecord>(_ what: String) throws(SQLiteFailure) -> Record {
    var pass = ColumnPass(reading: RowColumns(handle))
    do throws(UnreadableColumn) {
      return try Record(&pass)
    } catch {
      throw .corrupt(.damageColumn(column: error.name, row: what))
    }
  }

  func instant(_ column: Int32) -> Instant { Instant(milliseconds: int(column)) }

  /// An integer of ours, which all fit in 63 bits.
  func count(_ column: Int32) -> Int { Int(truncatingIfNeeded: int(column)) }

  func digest(_ column: Int32) throws(SQLiteFailure) -> Digest {
    guard let digest = withBlob(column, { Digest(raw: $0) }) else { throw .corrupt(.damageDigest) }
    return digest
  }
}

extension SQLiteFailure {
  /// What is stored contradicts itself.
  static func corrupt(_ message: Message) -> SQLiteFailure { SQLiteFailure(.corrupt, message) }
}
