#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif
internal import OrchCore
public import OrchStore

extension SQLiteStore {
  /// Creates the database at a path, or brings what is there up to date. Any number of processes may do so at once.
  public static func initialize(
    _ path: String, journal: Journal = .wal, timeoutMilliseconds: Int = 10_000
  ) throws -> Initialization {
    let deadline = Deadline(after: .milliseconds(timeoutMilliseconds))
    return try translating {
      var file = DatabaseFile.look(at: path)
      var created = false
      if case .absent = file.content {
        created = try create(file.path, journal, deadline)
        file = DatabaseFile.look(at: path)
      }
      if let obstacle = file.obstacle { throw obstacle }
      if file.header?.applicationID != Schema.applicationID {
        return try SeedUpgrade(path: file.path, deadline: deadline).run()
      }
      let connection = try Connection.open(path, mode: .readWrite, deadline: deadline)
      defer { connection.close() }
      let version = try schemaVersion(connection)
      guard version <= Schema.version else { throw wrong(version, path) }
      let upgraded = version < Schema.version && !created
      if upgraded { try connection.write(deadline: deadline) { try migrate(connection) } }
      return Initialization(
        database: path, engine: "sqlite", log: try identity(connection), created: created,
        schemaVersion: Schema.version, upgradedFrom: upgraded ? String(version) : nil)
    }
  }

  private static func create(_ path: String, _ journal: Journal, _ deadline: Deadline) throws -> Bool {
    if journal == .wal, let hazard = FileSystem(of: POSIX.existingDirectory(above: path))?.hazard {
      throw StoreError.configuration(
        "\(path) is on \(hazard), where a write-ahead log would be damaged", hint: "orch init --journal delete, or a local disk")
    }
    return try DatabaseFile.create(at: path) { temporary in
      let connection = try Connection.open(temporary, mode: .create, deadline: deadline)
      if journal == .wal { try connection.useWriteAheadLog() }
      try connection.write(deadline: deadline) { try migrate(connection) }
      connection.close(checkpoint: true)
    }
  }

  /// Applies what is missing of the schema, in the transaction that is open.
  static func migrate(_ connection: Connection) throws {
    let version = try schemaVersion(connection)
    for next in (version + 1)..<(Schema.version + 1) {
      guard let script = Schema.migration(to: next) else { throw StoreError.internal("no migration to schema \(next)") }
      try connection.execute(script: script)
    }
    if version == 0 {
      var generator = SystemRandomNumberGenerator()
      let bytes = [generator.next(), generator.next(), generator.next()].flatMap { word in
        withUnsafeBytes(of: word) { Array($0) }
      }
      let insert = try connection.prepare("INSERT INTO meta(key, value) VALUES('log', ?1)")
      insert.bind(1, CrockfordBase32.uppercase(bytes, count: 26))
      try insert.run()
    }
    try connection.execute(script: "PRAGMA user_version = \(Schema.version)")
  }
}

extension POSIX {
  /// The nearest directory above a path that exists.
  static func existingDirectory(above path: String) -> String {
    var directory = split(path).directory
    while directory != "/", directory != ".", access(directory, F_OK) != 0 { directory = split(directory).directory }
    return directory
  }
}
