import CSQLite

/// One connection to one database file.
///
/// Belongs to one thread at a time: SQLite's own locks are switched off. Open it with `Connection.open`.
final class Connection {
  let core: ConnectionCore
  /// The file as it was before it was opened.
  let file: DatabaseFile
  let mode: Mode
  private var statements = StatementCache()
  /// The last statement that `prepareAgain` prepared.
  private var last: (text: String, statement: Statement)?
  /// Whether a transaction of this connection was committed to the write-ahead log.
  var hasWritten = false
  /// How long the log was after the last commit, in pages; 0 once it was emptied.
  var leftPages: Int32 = 0
  private var isClosed = false
  /// Where to stand in line for the write lock.
  private(set) lazy var queue = WriteQueue(of: file.path)

  /// What a connection is for.
  enum Mode: Sendable {
    /// Reading. Creates and changes no database.
    case readOnly
    /// Reading and writing an existing database.
    case readWrite
    /// Filling an empty file that `DatabaseFile.create` made.
    case create
  }

  init(core: ConnectionCore, file: DatabaseFile, mode: Mode) {
    self.core = core
    self.file = file
    self.mode = mode
  }

  /// The version of SQLite's header.
  static var headerVersion: String { SQLITE_VERSION }

  /// The version of the SQLite library.
  static var libraryVersion: String { String(cString: sqlite3_libversion()) }

  /// Whether a transaction is open.
  var isInTransaction: Bool { sqlite3_get_autocommit(core.handle) == 0 }

  /// Rows changed by the last INSERT, UPDATE or DELETE.
  var changes: Int { Int(sqlite3_changes(core.handle)) }

  /// The row id of the last INSERT.
  var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(core.handle) }

  /// The prepared statement of a text of the program, prepared at the first call and kept.
  func statement(_ sql: SQL) throws(SQLiteFailure) -> Statement {
    if let statement = statements.find(sql) { return statement }
    let statement = try Statement(sql.utf8, core: core, persistent: true)
    statements.insert(statement, for: sql)
    return statement
  }

  /// A statement put together at run time. It is not kept. Values belong in parameters.
  func prepare(_ text: String) throws(SQLiteFailure) -> Statement {
    var text = text
    let result = text.withUTF8 { bytes in
      Result { () throws(SQLiteFailure) in try Statement(bytes, core: core, persistent: false) }
    }
    return try result.get()
  }

  /// A statement put together at run time that may be wanted again, as for the next page: the last one is kept.
  func prepareAgain(_ text: String) throws(SQLiteFailure) -> Statement {
    if let last, last.text == text, !last.statement.isActive { return last.statement }
    let statement = try prepare(text)
    last = (text, statement)
    return statement
  }

  /// Runs a statement without parameters, ignoring rows.
  func run(_ sql: SQL) throws(SQLiteFailure) { try statement(sql).run() }

  /// Runs the statements of a script one after the other and stops at the first that fails.
  func execute(script: String) throws(SQLiteFailure) {
    let code = sqlite3_exec(core.handle, script, nil, nil, nil)
    guard code == SQLITE_OK else { throw core.failure(code, statement: script) }
  }

  /// Closes the connection; it cannot be used again.
  ///
  /// The write-ahead log stays, for the next process to read: emptying it at each exit would cost three more syncs.
  ///
  /// - Parameter checkpoint: puts the log's content into the database first, when nobody else has it open.
  func close(checkpoint: Bool = false) {
    guard !isClosed else { return }
    isClosed = true
    // A process that wrote much leaves no long log to those that only read.
    if leftPages >= Self.checkpointPages, !isInTransaction { self.checkpoint() }
    statements.removeAll()
    last = nil
    if checkpoint { orch_sqlite3_db_config(core.handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nil) }
    core.close()
  }
}
