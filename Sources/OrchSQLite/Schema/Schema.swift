import OrchCore
import OrchStore

/// What a database file says of its schema, and how it is brought up to date.
enum Schema {
  /// `ORCH`, in the header of every database of this program.
  static let applicationID: Int32 = 0x4F52_4348

  /// The number of a database's schema, which is also in the file's header; 0 of one without our tables.
  static func number(of connection: Connection) throws(SQLiteFailure) -> Int {
    Int(try connection.prepare("PRAGMA user_version").first { $0.int(0) } ?? 0)
  }

  /// What a database of this program says of its schema.
  static func numbers(of connection: Connection) throws(SQLiteFailure) -> SchemaNumbers {
    let number = try number(of: connection)
    // What this program has made itself need not be asked.
    guard number != SchemaNumbers.current.number else { return .current }
    var values: [String: String] = [:]
    if number > 0 {
      try connection.prepare("SELECT key, value FROM meta").query { row in values[row.text(0)] = row.text(1) }
    }
    return SchemaNumbers(number: number) { values[$0] }
  }

  /// Applies what is missing, in the transaction that is open. A database without our tables gets its identity.
  ///
  /// Whatever else is in the file stays; the names must be free.
  static func migrate(_ connection: Connection) throws {
    let present = try number(of: connection)
    for script in Migration.statements(from: present, .sqlite) { try connection.execute(script: script) }
    if present == 0 {
      let insert = try connection.prepare("INSERT INTO meta(key, value) VALUES ('log', ?1), ('created', ?2)")
      insert.bind(1, DatabaseIdentity.random())
      insert.bind(2, SQLiteStore.systemTime().iso8601)
      try insert.run()
      try connection.execute(script: "PRAGMA application_id = \(applicationID)")
    }
    if present < SchemaNumbers.current.number {
      try connection.execute(script: "PRAGMA user_version = \(SchemaNumbers.current.number)")
    }
  }
}
