import OrchCore
import OrchStore
import OrchSystem
import SystemPackage

/// Upgrades a first-generation database in place: a copy first, then one exclusive transaction.
struct SeedUpgrade {
  let path: String
  let deadline: Deadline

  func run() throws -> Initialization {
    while true {
      guard try isSeed() else {
        // Somebody may have upgraded it since it was looked at.
        if try SQLiteEngine.isOurs(DatabaseFile.look(at: path)) {
          return try SQLiteEngine.initialize(path, .wal, until: deadline)
        }
        throw StoreError.configuration(
          .sqliteForeign(path: path),
          hint: .text(.hintOtherFile))
      }
      let before = fingerprint()
      let backup = try copy()
      do {
        if let result = try convert(ifStill: before, backup: backup) { return result }
      } catch {
        discard(backup)
        throw error
      }
      // Somebody wrote between the copy and the transaction, or upgraded it before us: look again.
      discard(backup)
      guard !deadline.hasPassed else { throw StoreError.unavailable(.seedChanging(path: path)) }
      if try SQLiteEngine.isOurs(DatabaseFile.look(at: path)) {
        return try SQLiteEngine.initialize(path, .wal, until: deadline)
      }
    }
  }

  /// Looks for the tables of the first generation, changing nothing.
  private func isSeed() throws -> Bool {
    let connection = try Connection.open(path, mode: .readOnly, deadline: deadline)
    defer { connection.close() }
    return try connection.read(deadline: deadline) { try Self.hasSeedTables(connection) }
  }

  private static func hasSeedTables(_ connection: Connection) throws(SQLiteFailure) -> Bool {
    var found: Set<String> = []
    try connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").query { row in
      found.insert(row.text(0))
    }
    return SeedContents.tables.allSatisfy(found.contains)
  }

  private static let companions = ["", "-wal", "-journal"]

  /// Sizes and times of the files, which change when anybody writes.
  private func fingerprint() -> [Int64] {
    Self.companions.flatMap { suffix -> [Int64] in
      guard let status = try? FileStatus(of: path + suffix) else { return [-1] }
      return [status.size, status.modified]
    }
  }

  /// Copies the file, with what stands beside it, for its owner alone.
  private func copy() throws -> String {
    let backup = try reserveBackup()
    do {
      for suffix in Self.companions where DatabaseFile.size(of: path + suffix) != nil {
        if !suffix.isEmpty {
          // What a killed process left: the name is ours.
          FileIO.removeIfThere(backup + suffix)
          try DatabaseFile.createEmpty(backup + suffix)
        }
        try Self.copy(path + suffix, to: backup + suffix)
      }
    } catch {
      discard(backup)
      throw error
    }
    FileIO.syncDirectory(FileIO.split(backup).directory)
    return backup
  }

  /// Creates an empty backup under a name that nobody else has. Who creates it owns the names of its companions, too.
  private func reserveBackup() throws -> String {
    let stamp = Instant(milliseconds: Clock.realMilliseconds() / 1000 * 1000).iso8601.filter { $0.isNumber }.prefix(14)
    var number = 1
    while true {
      let backup = "\(path).phase1-\(stamp)\(number == 1 ? "" : "-\(number)").bak"
      do throws(SQLiteFailure) {
        try DatabaseFile.createEmpty(backup)
        return backup
      } catch {
        guard error.systemError == Errno.fileExists.rawValue else { throw error }
      }
      number += 1
    }
  }

  /// Removes a backup, its own file last: until then nobody else takes the name.
  private func discard(_ backup: String) {
    for suffix in Self.companions.reversed() { FileIO.removeIfThere(backup + suffix) }
  }

  /// Copies a file into one that is there and empty.
  private static func copy(_ source: String, to target: String) throws {
    var isReading = true
    do throws(Errno) {
      let input = try FileIO.open(source, .readOnly)
      defer { FileIO.close(input) }
      isReading = false
      let output = try FileIO.open(target, .writeOnly)
      defer { FileIO.close(output) }
      var buffer = [UInt8](repeating: 0, count: 1 << 20)
      while true {
        isReading = true
        let count = try FileIO.readSome(input, &buffer)
        isReading = false
        guard count > 0 else { break }
        try FileIO.write(Array(buffer[..<count]), to: output)
      }
      try FileIO.sync(output)
    } catch {
      throw StoreError.io(
        isReading
          ? .seedCannotRead(path: source, detail: error.description)
          : .seedCannotWrite(path: target, detail: error.description))
    }
  }

  /// - Returns: nil when the file is not as it was copied.
  private func convert(ifStill before: [Int64], backup: String) throws -> Initialization? {
    try? FileIO.setPermissions(path, 0o600)
    let connection = try Connection.open(path, mode: .readWrite, deadline: deadline)
    var warnings: [Message] = []
    let logID: String? = try connection.transaction(.exclusive, deadline: deadline, failure: { $0 as any Error }) {
      warnings = []
      guard try Self.hasSeedTables(connection), fingerprint() == before else { return nil }
      let contents = try SeedContents(connection)
      try Self.dropEverything(connection)
      try Schema.migrate(connection)
      let logID = try SQLiteEngine.identity(connection)
      let store = SQLiteStore(connection, logID: logID, owned: false, deadline: { deadline })
      try store.writing { writer in
        var conversion = SeedConversion(contents, host: CurrentProcess.hostName, now: writer.now)
        for change in try conversion.changes(logID: logID) { try writer.append(change) }
        warnings = conversion.warnings
      }
      return logID
    }
    guard let logID else {
      connection.close()
      return nil
    }
    // Nobody of ours has it open yet; should somebody, it stays in rollback mode, which is as safe.
    try? connection.useWriteAheadLog()
    connection.close(checkpoint: true)
    return Initialization(
      database: path, engine: "sqlite", logID: logID, created: false, schemaVersion: SchemaNumbers.current.number,
      upgradedFrom: "first-generation", backup: backup, warnings: warnings)
  }

  private static func dropEverything(_ connection: Connection) throws(SQLiteFailure) {
    var statements: [String] = []
    try connection.prepare(
      "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND type IN ('view', 'trigger', 'table') ORDER BY type = 'table'"
    ).query { row in
      statements.append(
        "DROP \(row.text(0)) IF EXISTS \"\(row.text(1).split(separator: "\"").joined(separator: "\"\""))\"")
    }
    // Foreign keys among the old tables must not stop their going, nor what the old program wrote as its version
    // the migrations.
    try connection.execute(script: "PRAGMA defer_foreign_keys = ON; PRAGMA user_version = 0")
    for statement in statements { try connection.execute(script: statement) }
  }
}
