import OrchCore
import OrchSystem
package import OrchStore

extension SQLiteEngine {
  package func initialize(
    _ path: String, _ options: EngineOptions = [:], timeoutMilliseconds: Int = 10_000
  ) throws -> Initialization {
    let journal = options["journal"].flatMap(Journal.init) ?? .wal
    return try Self.initialize(path, journal, until: Deadline(after: .milliseconds(timeoutMilliseconds)))
  }

  static func initialize(_ path: String, _ journal: Journal, until deadline: Deadline) throws -> Initialization {
    try SQLiteStore.translating {
      var file = DatabaseFile.look(at: path)
      var created = false
      if case .absent = file.content {
        created = try create(file.path, journal, deadline)
        file = DatabaseFile.look(at: path)
      }
      if let obstacle = file.obstacle { throw obstacle }
      guard try isOurs(file) else {
        return try SeedUpgrade(path: file.path, deadline: deadline).run()
      }
      let connection = try Connection.open(path, mode: .readWrite, deadline: deadline)
      defer { connection.close() }
      // The header was that of a conversion cut short; the connection has undone it, and the file is the old one again.
      guard try connection.prepare("PRAGMA application_id").first({ $0.int(0) }) == Int64(Schema.applicationID) else {
        connection.close()
        return try SeedUpgrade(path: file.path, deadline: deadline).run()
      }
      let found = try Schema.numbers(of: connection)
      let upgraded = found.number < SchemaNumbers.current.number && !created
      if upgraded {
        try connection.write(deadline: deadline) { try Schema.migrate(connection) }
      } else if let obstacle = found.obstacle(to: .writing, of: path) {
        throw obstacle
      }
      return Initialization(
        database: path, engine: "sqlite", logID: try identity(connection), created: created,
        schemaVersion: max(found.number, SchemaNumbers.current.number),
        upgradedFrom: upgraded ? String(found.number) : nil)
    }
  }

  private static func create(_ path: String, _ journal: Journal, _ deadline: Deadline) throws -> Bool {
    if journal == .wal, let hazard = FileSystem(of: existingDirectory(above: path))?.hazard {
      throw StoreError.configuration(
        .sqliteCreateOnHazard(path: path, hazard: hazard),
        hint: .text(.hintJournalDelete))
    }
    return try DatabaseFile.create(at: path) { temporary in
      let connection = try Connection.open(temporary, mode: .create, deadline: deadline)
      if journal == .wal { try connection.useWriteAheadLog() }
      try connection.write(deadline: deadline) { try Schema.migrate(connection) }
      connection.close(checkpoint: true)
    }
  }

  /// The nearest directory above a path that exists.
  private static func existingDirectory(above path: String) -> String {
    var directory = FileIO.split(path).directory
    while directory != "/", directory != ".", !FileIO.exists(directory) {
      directory = FileIO.split(directory).directory
    }
    return directory
  }
}
