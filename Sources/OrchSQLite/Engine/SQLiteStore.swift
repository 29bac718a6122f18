public import OrchCore
public import OrchStore

/// The embedded engine: one file, one writer at a time, WAL with full synchronisation.
///
/// Belongs to one thread at a time. What it promises is `Store`'s contract.
public final class SQLiteStore: Store {
  public let engine = "sqlite"
  let connection: Connection
  /// The identity of the database.
  let log: String
  private let isOwner: Bool
  private let deadline: () -> Deadline
  /// The classes of tasks, as far as they have been read.
  var classes = TaskClasses()
  /// Which values the present block of events is known to hold.
  var blocks = EventBlocks()

  /// The version of the SQLite library.
  public static var libraryVersion: String { Connection.libraryVersion }

  /// How a new database keeps its journal.
  public enum Journal: String, CaseIterable, Sendable {
    /// A write-ahead log: quick, and readers do not wait.
    case wal
    /// A rollback journal, where the file system cannot do WAL.
    case delete
  }

  /// - Parameter owned: whether the connection ends with the store.
  init(_ connection: Connection, log: String, owned: Bool = true, deadline: @escaping () -> Deadline) {
    self.connection = connection
    isOwner = owned
    self.log = log
    self.deadline = deadline
  }

  deinit {
    if isOwner { connection.close() }
  }

  /// Opens a database that exists and is up to date.
  ///
  /// - Parameter timeoutMilliseconds: for each transaction, waiting for locks included.
  /// - Throws: `StoreError.absent`, `.configuration` for a file that is none of ours or has another schema, and what
  ///   opening a file can fail with.
  public static func open(
    _ path: String, readOnly: Bool = false, timeoutMilliseconds: Int = 10_000
  ) throws -> SQLiteStore {
    let deadline = { Deadline(after: .milliseconds(timeoutMilliseconds)) }
    return try translating {
      try refuseForeign(DatabaseFile.look(at: path))
      let connection = try Connection.open(path, mode: readOnly ? .readOnly : .readWrite, deadline: deadline())
      let version = try schemaVersion(connection)
      guard version == Schema.version else { throw wrong(version, path) }
      return SQLiteStore(connection, log: try identity(connection), deadline: deadline)
    }
  }

  public func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result {
    try Self.translating {
      try connection.read(deadline: deadline()) {
        try body(SQLiteTransaction(self))
      }
    }
  }

  public func write<Result>(_ body: (any StoreWriter) throws -> Result) throws -> Result {
    let deadline = deadline()
    return try Self.translating {
      // Nobody else writes meanwhile, so a conflict that comes back is the decision's own.
      var attempts = 0
      while true {
        do {
          return try connection.write(deadline: deadline) {
            try body(SQLiteTransaction(self))
          }
        } catch StoreError.conflict where attempts < 3 {
          attempts += 1
          forgetWritten()
        } catch {
          forgetWritten()
          throw error
        }
      }
    }
  }

  /// What was remembered of a transaction that was undone.
  private func forgetWritten() {
    blocks = EventBlocks()
    classes = TaskClasses()
  }

  /// Runs `body` in the transaction that is open: for conversions that need one transaction for everything.
  func writing<Result>(_ body: (any StoreWriter) throws -> Result) throws -> Result {
    try body(SQLiteTransaction(self))
  }
}

// MARK: Looking and failing

extension SQLiteStore {
  /// Runs `body`; failures of SQLite become failures of the store.
  static func translating<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let failure as SQLiteFailure {
      throw StoreError(failure)
    }
  }

  /// Refuses what is at the path unless it is a database of this program.
  static func refuseForeign(_ file: DatabaseFile) throws {
    if case .absent = file.content { throw StoreError.absent(file.path) }
    if let obstacle = file.obstacle { throw obstacle }
    guard file.header?.applicationID != Schema.applicationID else { return }
    // A write-ahead log may hold the header's newer version; ours never does, since creating ends with a checkpoint.
    throw StoreError.configuration(
      "\(file.path) is not an orch database", hint: "orch init upgrades a first-generation database; else give another --database")
  }

  static func schemaVersion(_ connection: Connection) throws -> Int {
    Int(try connection.statement("PRAGMA user_version").first { $0.int(0) } ?? 0)
  }

  static func identity(_ connection: Connection) throws -> String {
    guard let log = try connection.statement("SELECT value FROM meta WHERE key = 'log'").first({ $0.text(0) }) else {
      throw StoreError.corrupt("the database has no identity")
    }
    return log
  }

  static func wrong(_ version: Int, _ path: String) -> StoreError {
    version > Schema.version
      ? .configuration(
        "\(path) has schema \(version); this program knows up to \(Schema.version)", hint: "use a newer orch")
      : .configuration("\(path) has schema \(version), an older one", hint: "orch init")
  }
}

extension StoreError {
  init(_ failure: SQLiteFailure) {
    let message = failure.message
    switch failure.kind {
    case .unavailable:
      self = failure.category == .absent ? .absent(message) : .unavailable("the database is not available: \(message)")
    case .io: self = .io("the database could not be written or read: \(message)")
    case .permission: self = .permission(message)
    case .configuration: self = .configuration(message, hint: failure.category == .unsafeFileSystem ? "orch init --journal delete --database PATH, or keep it on a local disk" : "give another --database, or move that file away")
    case .corrupt: self = .corrupt("the database is damaged: \(message)")
    case .internal: self = .internal("\(failure)")
    }
  }
}
