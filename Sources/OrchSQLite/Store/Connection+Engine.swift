internal import CSQLite

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

extension SQLiteFailure {
  /// Whether a unique index, or the guard of the log, refused a row: other constraints fail by our own mistake.
  var isTakenName: Bool {
    guard category == .constraint else { return false }
    // UNIQUE, PRIMARYKEY, ROWID, TRIGGER: macros with operators, which are not imported.
    return [8, 6, 10, 7].contains(code >> 8)
  }
}
