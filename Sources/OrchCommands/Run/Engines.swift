import OrchApp
import OrchPostgres
import OrchSQLite
import OrchStore

/// Which engine serves an address. The one place that knows them all.
enum Engines {
  static func open(_ address: String, readOnly: Bool, timeoutMilliseconds: Int) throws -> any Store {
    guard !PostgresStore.serves(address) else {
      return try PostgresStore.open(address, readOnly: readOnly, timeoutMilliseconds: timeoutMilliseconds)
    }
    return try SQLiteStore.open(address, readOnly: readOnly, timeoutMilliseconds: timeoutMilliseconds)
  }

  /// Creates the database, or brings its schema up to date.
  static func initialize(
    _ address: String, journal: SQLiteStore.Journal?, roles: Bool = false, timeoutMilliseconds: Int
  ) throws -> Initialization {
    guard !PostgresStore.serves(address) else {
      guard journal == nil else { throw OrchError.usage("--journal is for SQLite databases") }
      return try PostgresStore.initialize(address, roles: roles, timeoutMilliseconds: timeoutMilliseconds)
    }
    guard !roles else { throw OrchError.usage("--roles is for PostgreSQL databases", hint: "orch init --help") }
    return try SQLiteStore.initialize(address, journal: journal ?? .wal, timeoutMilliseconds: timeoutMilliseconds)
  }

  /// Opens a database, which is created when there is none.
  static func openOrCreate(_ address: String, timeoutMilliseconds: Int) throws -> any Store {
    do {
      let store = try open(address, readOnly: false, timeoutMilliseconds: timeoutMilliseconds)
      // A server is asked at the first question.
      _ = try store.logID
      return store
    } catch StoreError.absent {
      _ = try initialize(address, journal: nil, timeoutMilliseconds: timeoutMilliseconds)
      return try open(address, readOnly: false, timeoutMilliseconds: timeoutMilliseconds)
    }
  }

  /// What an address names: an absolute path, or a server's address as it was given.
  static func normalized(_ address: String, _ environment: Environment) throws -> String {
    guard !PostgresStore.serves(address) else { return address }
    let path = address.hasPrefix("sqlite:") ? String(address.dropFirst("sqlite:".count)) : address
    guard !path.isEmpty else {
      throw OrchError(.configuration, "the database's path is empty", hint: "orch init --help")
    }
    return environment.absolute(path)
  }

  /// An address as it may be shown and kept: without a password.
  static func shown(_ address: String) throws -> String {
    PostgresStore.serves(address) ? try PostgresStore.shown(address).text : address
  }

  /// Whether an address holds a password.
  static func hasPassword(_ address: String) -> Bool {
    PostgresStore.serves(address) && (try? PostgresStore.shown(address).hadPassword) == true
  }

  /// What an engine's own look at its database and its library finds.
  static func examine(_ address: String, timeoutMilliseconds: Int) throws -> [Finding] {
    guard !PostgresStore.serves(address) else {
      return try PostgresStore.examine(address, timeoutMilliseconds: timeoutMilliseconds)
    }
    return SQLiteStore.examine(address)
  }
}
