#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif
internal import OrchCore
internal import OrchStore

/// One transaction. Remembers the rows' numbers of what it has read, so that writing finds them again.
final class SQLiteTransaction: StoreWriter {
  let store: SQLiteStore
  let now: Instant
  var sessions: [String: SessionRow] = [:]
  var tasks: [String: TaskRow] = [:]

  /// Begins to use the transaction that is open; reads the clock once.
  init(_ store: SQLiteStore) {
    self.store = store
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    now = Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  var log: String { store.log }
  var connection: Connection { store.connection }

  func statement(_ sql: SQL) throws(SQLiteFailure) -> Statement { try connection.statement(sql) }

  /// A list of names as a column holds it: nothing for an empty one.
  static func list(_ names: [String]) -> String? { names.isEmpty ? nil : JSON.strings(names).text() }

  static func list(_ text: String?) -> [String] {
    text.flatMap { try? JSON.parse($0) }?.arrayValue?.compactMap(\.stringValue) ?? []
  }

  static func instant(_ milliseconds: Int64?) -> Instant? { milliseconds.map { Instant(milliseconds: $0) } }

  static func digest(_ bytes: [UInt8]?) -> Digest? { bytes.flatMap { Digest(bytes: $0) } }

  /// The first eight bytes of a digest, by which it is indexed.
  static func name(_ digest: Digest) -> Int64 {
    digest.bytes.prefix(8).reduce(0) { $0 << 8 | Int64($1) }
  }
}
