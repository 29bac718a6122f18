package import OrchCore
import OrchStore

extension SQLiteStore {
  /// How a new database keeps its journal.
  package enum Journal: String, CaseIterable, Sendable {
    /// A write-ahead log: quick, and readers do not wait.
    case wal
    /// A rollback journal, where the file system cannot do WAL.
    case delete
  }

  /// Opens a database that exists and is up to date. Creates and changes nothing.
  ///
  /// - Parameters:
  ///   - readOnly: for reading; nothing will be changed through it.
  ///   - timeoutMilliseconds: for each transaction, waiting for locks included.
  ///   - clock: the engine's time, where it is not to be the system's.
  /// - Throws: `StoreError.absent`, `.configuration` for a file that is none of ours or has another schema, and what
  ///   opening a file can fail with.
  package static func open(
    _ path: String, readOnly: Bool = false, timeoutMilliseconds: Int = 10_000, clock: (() -> Instant)? = nil
  ) throws -> SQLiteStore {
    let deadline = { Deadline(after: .milliseconds(timeoutMilliseconds)) }
    return try translating {
      try refuseForeign(DatabaseFile.look(at: path))
      let connection = try Connection.open(path, mode: readOnly ? .readOnly : .readWrite, deadline: deadline())
      let version = try Schema.version(of: connection)
      guard version == Schema.version else { throw wrong(version, path) }
      return SQLiteStore(connection, logID: try identity(connection), deadline: deadline, clock: clock ?? systemTime)
    }
  }

  /// Refuses what is at the path unless it is a database of this program.
  static func refuseForeign(_ file: DatabaseFile) throws {
    if case .absent = file.content { throw StoreError.absent(file.path) }
    if let obstacle = file.obstacle { throw obstacle }
    guard try !isOurs(file) else { return }
    throw StoreError.configuration(
      "\(file.path) is not an orch database",
      hint: "orch init upgrades a first-generation database; else give another --database")
  }

  /// Whether a database is one of this program's.
  ///
  /// After an upgrade that somebody watched with the old file open, the write-ahead log may hold the newer header.
  static func isOurs(_ file: DatabaseFile) throws -> Bool {
    guard let header = file.header else { return false }
    if header.applicationID == Schema.applicationID { return true }
    guard header.usesWriteAheadLog, (DatabaseFile.size(of: file.path + "-wal") ?? 0) > 0 else { return false }
    let connection = try Connection.open(file.path, mode: .readOnly)
    defer { connection.close() }
    return try connection.prepare("PRAGMA application_id").first { $0.int(0) } == Int64(Schema.applicationID)
  }

  static func identity(_ connection: Connection) throws -> String {
    let logID = try connection.prepare("SELECT value FROM meta WHERE key = 'log'").first { $0.text(0) }
    guard let logID, logID.utf8.count == 26 else { throw StoreError.corrupt("the database has no identity") }
    return logID
  }

  static func wrong(_ version: Int, _ path: String) -> StoreError {
    version > Schema.version
      ? .configuration(
        "\(path) has the schema \(version); this program knows up to \(Schema.version)", hint: "use a newer orch")
      : .configuration("\(path) has the schema \(version), an older one", hint: "orch init")
  }
}
