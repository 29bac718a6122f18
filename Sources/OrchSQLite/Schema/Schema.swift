import OrchCore
import OrchStore

/// The tables, number by number, and what a file says of itself.
enum Schema {
  /// `ORCH`, in the header of every database of this program.
  static let applicationID: Int32 = 0x4F52_4348
  /// The number of the last migration: what `user_version` says when a database is up to date.
  static let version = 2

  /// The script that takes the schema from the number before to `version`.
  private static func migration(to version: Int) -> String? {
    switch version {
    case 1: initial + guards.map { $0.sql + ";\n" }.joined() + "PRAGMA application_id = \(applicationID);"
    case 2: logs
    default: nil
    }
  }

  /// The number that a database says it is at; 0 of one without our tables.
  static func version(of connection: Connection) throws(SQLiteFailure) -> Int {
    Int(try connection.prepare("PRAGMA user_version").first { $0.int(0) } ?? 0)
  }

  /// Applies what is missing, in the transaction that is open. A database without our tables gets its identity.
  ///
  /// Whatever else is in the file stays; the names must be free.
  static func migrate(_ connection: Connection) throws {
    let present = try version(of: connection)
    guard present < version else { return }
    for next in (present + 1)...version {
      guard let script = migration(to: next) else { throw StoreError.internal("no migration to the schema \(next)") }
      try connection.execute(script: script)
    }
    if present == 0 {
      let insert = try connection.prepare("INSERT INTO meta(key, value) VALUES ('log', ?1), ('created', ?2)")
      insert.bind(1, newLog())
      insert.bind(2, SQLiteStore.systemTime().iso8601)
      try insert.run()
    }
    try connection.execute(script: "PRAGMA user_version = \(version)")
  }

  /// A new identity: 26 random characters of Crockford's base 32.
  private static func newLog() -> String {
    CrockfordBase32.uppercase((0..<17).map { _ in UInt8.random(in: 0...255) }, count: 26)
  }
}
