internal import OrchApp
internal import OrchSQLite
internal import OrchStore

/// Which engine serves an address. The one place that knows them all.
enum Engines {
  static func open(_ address: String, readOnly: Bool, timeoutMilliseconds: Int) throws -> any Store {
    try SQLiteStore.open(address, readOnly: readOnly, timeoutMilliseconds: timeoutMilliseconds)
  }

  /// Creates the database, or brings its schema up to date.
  static func initialize(
    _ address: String, journal: SQLiteStore.Journal, timeoutMilliseconds: Int
  ) throws -> Initialization {
    try SQLiteStore.initialize(address, journal: journal, timeoutMilliseconds: timeoutMilliseconds)
  }

  /// The absolute path that an address names.
  ///
  /// - Throws: `configuration` for an address of an engine that is not here; it never names a password.
  static func normalized(_ address: String, _ environment: Environment) throws -> String {
    for scheme in ["postgres://", "postgresql://", "service="] where address.hasPrefix(scheme) {
      throw OrchError(
        .configuration, "this program has no engine for \(scheme)…", hint: "give a path, or sqlite:PATH")
    }
    let path = address.hasPrefix("sqlite:") ? String(address.dropFirst("sqlite:".count)) : address
    guard !path.isEmpty else { throw OrchError(.configuration, "the database's path is empty", hint: "orch init --help") }
    return environment.absolute(path)
  }
}

extension Engines {
  /// What an engine's own look at its database and its library finds.
  static func examine(_ address: String) -> [Finding] { SQLiteStore.examine(address) }
}
