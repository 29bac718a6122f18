import CSQLite

extension Connection {
  /// A number that changes with every commit, whoever commits: equal numbers mean the same data.
  ///
  /// Up to date from the first row that a transaction reads, or from `BEGIN IMMEDIATE`.
  var dataVersion: UInt32 {
    var version: UInt32 = 0
    sqlite3_file_control(core.handle, "main", SQLITE_FCNTL_DATA_VERSION, &version)
    return version
  }
}

/// Settings of the library as a whole, which can be made once, before its first use.
enum SQLiteLibrary {
  /// Nobody asks how much memory the library uses, and counting it takes a lock at each allocation: 7% of a transaction.
  static let configured: Void = {
    _ = orch_sqlite3_config_memory_status(0)
  }()
}

extension SQLiteFailure {
  /// Whether a unique index, or the guard of the log, refused a row: other constraints fail by our own mistake.
  var isTakenName: Bool {
    guard category == .constraint else { return false }
    // UNIQUE, PRIMARYKEY, ROWID, TRIGGER: macros with operators, which are not imported.
    return [8, 6, 10, 7].contains(code >> 8)
  }
}
