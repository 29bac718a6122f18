import OrchCore

/// A row of a first-generation table: each column's bytes as they are stored, whatever its declared type.
struct SeedRow {
  var values: [String: [UInt8]]

  subscript(column: String) -> [UInt8]? { values[column] }

  /// The column as text that may be stored: what is not UTF-8 is replaced, NUL becomes its symbol.
  func text(_ column: String) -> String? {
    values[column].map { String(decoding: $0, as: UTF8.self).replacingNUL }
  }

  /// The column as a whole number; nil when it is none.
  func int(_ column: String) -> Int? { text(column).flatMap { Int($0) } }

  /// The column as a time in UTC; nil when it does not read.
  func instant(_ column: String) -> Instant? {
    guard let text = text(column) else { return nil }
    return Instant(iso8601: text) ?? Instant(iso8601: text + "Z")
  }

  /// The whole row as a JSON object with every value as text, in the order of the columns' names.
  var original: JSON {
    .string(
      JSON.object(values.keys.sorted().map { JSONMember(key: $0, value: text($0).map { .string($0) } ?? .null) })
        .text())
  }
}

extension String {
  /// The text without NUL, which no database of ours stores.
  var replacingNUL: String {
    utf8.contains(0) ? String(map { $0 == "\0" ? "\u{2400}" : $0 }) : self
  }
}

/// Everything a first-generation database holds.
struct SeedContents {
  var sessions: [SeedRow] = []
  var tasks: [SeedRow] = []
  var events: [SeedRow] = []
  var deadLetters: [SeedRow] = []
  var lockEvents: [SeedRow] = []
  /// Alerts were computed from the rest; they are counted, not carried over.
  var alerts = 0

  static let tables = ["session_state", "task_queue", "event_log"]

  /// Nothing at all.
  init() {}

  /// Reads the tables that are there.
  init(_ connection: Connection) throws(SQLiteFailure) {
    let present = try Self.names(connection, "SELECT name FROM sqlite_master WHERE type = 'table'")
    func rows(_ table: String, order: String) throws(SQLiteFailure) -> [SeedRow] {
      guard present.contains(table) else { return [] }
      let columns = try Self.names(connection, "SELECT name FROM pragma_table_info('\(table)')")
      let list = columns.map { "CAST(\"\($0)\" AS BLOB)" }.joined(separator: ", ")
      var rows: [SeedRow] = []
      try connection.prepare("SELECT \(list) FROM \(table) ORDER BY \(order)").query { row in
        var values: [String: [UInt8]] = [:]
        for (index, column) in columns.enumerated() {
          if let bytes = row.optionalBlob(Int32(index)) { values[column] = bytes }
        }
        rows.append(SeedRow(values: values))
      }
      return rows
    }
    sessions = try rows("session_state", order: "created_at, session_id")
    tasks = try rows("task_queue", order: "created_at, rowid")
    events = try rows("event_log", order: "event_id")
    deadLetters = try rows("dead_letters", order: "dead_letter_id")
    lockEvents = try rows("lock_events", order: "lock_event_id")
    alerts = try rows("alerts", order: "alert_id").count
  }

  private static func names(_ connection: Connection, _ sql: String) throws(SQLiteFailure) -> [String] {
    var names: [String] = []
    try connection.prepare(sql).query { row in names.append(row.text(0)) }
    return names
  }
}
