package import OrchCore
package import OrchStore

/// Databases in one file. Serves every address that no other engine takes: a path, or `sqlite:PATH`.
package struct SQLiteEngine: Engine {
  package let name = "sqlite"
  package let title = "SQLite"
  package let options = [EngineOption("journal", values: Journal.allCases.map(\.rawValue))]
  package var library: Library {
    Library("libsqlite3", built: Connection.headerVersion) { Connection.libraryVersion }
  }

  private let clock: @Sendable () -> Instant

  /// - Parameter clock: the engine's time; nil is the system's.
  package init(clock: (@Sendable () -> Instant)? = nil) {
    self.clock = clock ?? SQLiteStore.systemTime
  }

  /// How a new database keeps its journal.
  enum Journal: String, CaseIterable {
    /// A write-ahead log: quick, and readers do not wait.
    case wal
    /// A rollback journal, where the file system cannot do WAL.
    case delete
  }

  /// Serves every path. What is written like an address of another kind is none: `mysql://HOST/NAME`.
  package func serves(_ address: String) -> Bool {
    guard let colon = address.utf8.firstIndex(of: UInt8(ascii: ":")) else { return true }
    return !address[colon...].hasPrefix("://") || address[..<colon].contains("/")
  }

  package func normalized(_ address: String, in directory: String) throws(StoreError) -> String {
    let path = address.hasPrefix("sqlite:") ? String(address.dropFirst("sqlite:".count)) : address
    guard !path.isEmpty else { throw .configuration(.sqliteEmptyPath, hint: .run("init", "--help")) }
    return path.hasPrefix("/") ? path : directory + "/" + path
  }

  package func shown(_ address: String) -> ShownAddress { ShownAddress(address) }

  package func open(_ path: String, _ options: OpenOptions = OpenOptions()) throws -> any Store {
    let timeout = options.timeoutMilliseconds
    let deadline = { Deadline(after: .milliseconds(timeout)) }
    return try SQLiteStore.translating {
      try Self.refuseForeign(DatabaseFile.look(at: path))
      let connection = try Connection.open(
        path, mode: options.isReadOnly ? .readOnly : .readWrite, deadline: deadline())
      let use: SchemaNumbers.Use = options.isReadOnly ? .reading : .writing
      if let obstacle = try Schema.numbers(of: connection).obstacle(to: use, of: path) { throw obstacle }
      connection.tell(options.diagnostics)
      return SQLiteStore(
        connection, logID: try Self.identity(connection), deadline: deadline, clock: clock,
        diagnostics: options.diagnostics)
    }
  }

  /// Refuses what is at the path unless it is a database of this program.
  static func refuseForeign(_ file: DatabaseFile) throws {
    if case .absent = file.content { throw StoreError.absent(file.path) }
    if let obstacle = file.obstacle { throw obstacle }
    guard try !isOurs(file) else { return }
    throw StoreError.configuration(
      .sqliteNotOrch(path: file.path),
      hint: .text(.hintInitUpgrades))
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
    guard let logID, logID.utf8.count == 26 else { throw StoreError.corrupt(.damageNoIdentity) }
    return logID
  }
}
