import OrchCore
import OrchPostgres
import OrchStore
import OrchTestSupport
import Testing

@testable import OrchPostgres
@testable import OrchSQLite

/// The one description of what is persisted, against the model above it and the databases below.
@Suite("Columns")
struct ColumnTests {
  // MARK: The model

  @Test func `every property of a task is in a column, or is named as kept elsewhere`() throws {
    let kept = try kept(Task.self)
    #expect(kept.isDisjoint(with: Task.elsewhere))
    #expect(kept.union(Task.elsewhere) == properties(Task.self))
    try isWhole(ClaimFilterKey.self)
    try isWhole(TaskContent.self)
    try isWhole(TaskError.self)
    try isWhole(Offer.self)
  }

  @Test func `every property of a session is in a column, or is named as kept elsewhere`() throws {
    let kept = try kept(Session.self)
    #expect(kept.isDisjoint(with: Session.elsewhere))
    #expect(kept.union(Session.elsewhere) == properties(Session.self))
    try isWhole(Lease.self)
    try isWhole(Session.Reservation.self)
    try isWhole(StateCounts.self)
  }

  @Test func `what the engines keep beside them is in a column too`() throws {
    try isWhole(OrchSQLite.SessionRow.self)
    try isWhole(OrchSQLite.TaskRow.self)
    try isWhole(OrchPostgres.SessionEntry.self)
    // Whether anything waits for the task is asked of another table.
    #expect(
      try kept(OrchPostgres.TaskEntry.self) == properties(OrchPostgres.TaskEntry.self).subtracting(["hasDependents"]))
    // What is kept elsewhere of a task is kept there, but for the names of its session.
    let apart: Set = ["alias", "session", "logID", "ordinal"]
    #expect(try kept(OrchPostgres.TaskEntry.self, \.task).union(apart) == properties(Task.self))
    let inOtherTables: Set = ["kind", "project", "assignee", "reviewers", "content"]
    #expect(
      try kept(OrchSQLite.TaskRow.self, \.task).union(apart).union(inOtherTables) == properties(Task.self))
  }

  /// The properties of a type.
  private func properties<Record: ColumnRecord>(_ type: Record.Type) -> Set<String> {
    Set(Mirror(reflecting: type.blank).children.compactMap(\.label))
  }

  private func kept<Record: ColumnRecord>(_ type: Record.Type) throws -> Set<String> { try kept(type, \.self) }

  /// The properties, of a part of a record, that two rows of different values give different values.
  private func kept<Record: ColumnRecord, Part>(
    _ type: Record.Type, _ part: KeyPath<Record, Part>
  ) throws -> Set<String> {
    let first = try ProbeRow.first.read(type)[keyPath: part]
    let second = try ProbeRow.second.read(type)[keyPath: part]
    var kept: Set<String> = []
    for (left, right) in zip(Mirror(reflecting: first).children, Mirror(reflecting: second).children) {
      if let label = left.label, String(describing: left.value) != String(describing: right.value) {
        kept.insert(label)
      }
    }
    return kept
  }

  private func isWhole<Record: ColumnRecord>(
    _ type: Record.Type, at location: SourceLocation = #_sourceLocation
  ) throws {
    #expect(try kept(type) == properties(type), sourceLocation: location)
  }

  // MARK: Rows

  @Test func `a row reads as it was written`() throws {
    for probe in [ProbeRow.first, .second] {
      try readsBack(try probe.read(Task.self))
      try readsBack(try probe.read(Session.self))
      try readsBack(try probe.read(ClaimFilterKey.self))
      try readsBack(try probe.read(TaskContent.self))
    }
    // Without any of the parts that may be absent.
    try readsBack(Task.blank)
    try readsBack(Session.blank)
  }

  private func readsBack<Record: ColumnRecord & Equatable>(
    _ record: Record, at location: SourceLocation = #_sourceLocation
  ) throws {
    let row = StoredRow(skipping: Record.columns().enumerated().filter { $1.isDerived }.map(\.offset))
    record.write(to: row, from: 0)
    for (index, column) in Record.selected.enumerated() where row.isNull(index) {
      #expect(column.isNullable, "\(column.name)", sourceLocation: location)
    }
    var pass = ColumnPass(reading: row)
    #expect(try Record(&pass) == record, sourceLocation: location)
    #expect(pass.index == Record.selected.count, sourceLocation: location)
  }

  @Test func `columns are written by their kinds`() throws {
    let lease = try ProbeRow.first.read(Lease.self)
    let row = StoredRow()
    lease.write(.renewal, to: row, from: 4)
    #expect(row.count == 4 && row.integer(4) == lease.expiresAt.milliseconds)
    #expect(
      Lease.columns(.renewal).names == ["lease_expires_at", "lease_heartbeat_at", "lease_ttl", "lease_noticed_seq"])
    #expect(
      Lease.columns(.renewal).assignments("?", from: 4).hasPrefix("lease_expires_at = ?4, lease_heartbeat_at = ?5"))
    #expect(Task.columns(.fixed).list(of: "t") == "t.id" && Task.columns(.fixed).parameters("$", from: 7) == "$7")
    #expect(Task.columns(.hot).count + Task.columns(.cold).count + 1 == Task.columns().count)
    // Those that are written and not read.
    #expect(Task.columns().filter(\.isDerived).names == ["open_key"])
    #expect(Task.selected.count == Task.columns().count - 1)
  }

  @Test func `what does not read is named`() {
    var pass = ColumnPass(reading: ProbeRow.first)
    let failure = #expect(throws: UnreadableColumn.self) { try Task(&pass) }
    #expect(failure?.name == "state")
  }

  @Test func `a row that differs from the log names its columns`() {
    var (row, told) = (Task.blank, Task.blank)
    #expect(row.differences(fromReplay: told) == [])
    row.title = "Other"
    row.holders = ["a"]
    row.lastError = TaskError(code: "x", message: nil)
    row.content.body = "Other"
    row.kind = "review"
    // Counted and numbered by the engine.
    row.openBlockers = 3
    row.ordinal = 9
    #expect(Set(row.differences(fromReplay: told)) == ["title", "holders", "has_error", "error_code", "body", "kind"])
    told.lastError = TaskError(code: nil, message: "y")
    #expect(row.differences(fromReplay: told).contains("error_message"))
    #expect(!row.differences(fromReplay: told).contains("has_error"))
  }

  @Test func `what a heartbeat sets is not compared with the log`() {
    var (row, told) = (Session.blank, Session.blank)
    told.lease = Lease.blank
    #expect(row.differences(fromReplay: told).contains("lease_task"))
    row.lease = Lease.blank.renewed(at: at(60), ttlSeconds: 5)
    row.lease?.noticedSeq = 4
    #expect(row.differences(fromReplay: told) == [])
    row.lease?.agent = "eve"
    row.fence = 9
    #expect(row.differences(fromReplay: told) == ["fence", "lease_agent"])
  }

  // MARK: Databases

  @Test func `a new SQLite database has the declared columns`() throws {
    let scratch = ScratchDirectory()
    let path = scratch.path + "/orchestrator.db"
    _ = try SQLiteEngine().initialize(path)
    let file = try SQLFile(path)
    func declared(_ columns: [Column]) -> Set<String> {
      Set(
        columns.map {
          let type =
            switch $0.type {
            case .integer, .boolean: "INTEGER"
            case .text: "TEXT"
            case .bytes: "BLOB"
            }
          return "\($0.name) \(type)\($0.isNullable ? "" : " NOT NULL")"
        })
    }
    func stored(_ table: String) throws -> Set<String> {
      let rows = try file.rows(
        "SELECT name || ' ' || type || iif(\"notnull\" OR pk, ' NOT NULL', '') FROM pragma_table_info('\(table)')")
      return Set(rows.compactMap { $0[0] })
    }
    #expect(try stored("session") == declared(OrchSQLite.SessionRow.all))
    #expect(try stored("task") == declared(OrchSQLite.TaskRow.all))
    #expect(
      try stored("task_content")
        == declared(TaskContent.columns()).union(["task INTEGER NOT NULL"]))
    // No hot column is in an index: its change costs one page.
    let hot = OrchSQLite.TaskRow.hot.names
    for row in try file.rows("SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'task'") {
      let words = Set(try #require(row[0]).split { !($0.isLetter || $0 == "_") }.map(String.init))
      #expect(words.isDisjoint(with: hot), "\(words)")
    }
  }

  @Test(.needsPostgres) func `a new PostgreSQL database has the declared columns`() throws {
    let database = try PostgresServer.shared.temporaryDatabase()
    _ = try PostgresEngine().initialize(database.url)
    func declared(_ columns: [Column]) -> Set<String> {
      Set(
        columns.map {
          let type =
            switch $0.type {
            case .integer: "bigint"
            case .boolean: "boolean"
            case .text: "text"
            case .bytes: "bytea"
            }
          return "\($0.name) \(type)\($0.isNullable ? "" : " NOT NULL")"
        })
    }
    func stored(_ table: String) throws -> Set<String> {
      let rows = try database.sql(
        """
        SELECT a.attname || ' ' || format_type(a.atttypid, NULL) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
        FROM pg_attribute a WHERE a.attrelid = 'orch.\(table)'::regclass AND a.attnum > 0 AND NOT a.attisdropped
        """)
      return Set(rows.split(separator: "\n").map(String.init))
    }
    #expect(try stored("session") == declared(OrchPostgres.SessionEntry.all))
    #expect(try stored("task") == declared(OrchPostgres.TaskEntry.all))
  }
}

/// A row of made-up values, which no record has by default.
private final class ProbeRow: ColumnReader {
  private let number: Int64
  private let flag: Bool
  /// What a text column may hold, one after the other until one reads.
  private let texts: [String]
  /// How many of them a column has refused.
  private var refused: [Int: Int] = [:]

  private init(number: Int64, flag: Bool, texts: [String]) {
    self.number = number
    self.flag = flag
    self.texts = texts
  }

  static var first: ProbeRow {
    ProbeRow(
      number: 7_777, flag: true, texts: ["a", "done", #"["a"]"#, #"[["a",null]]"#, #"{"owners":["a"]}"#, "1,2,3,4"])
  }
  static var second: ProbeRow {
    ProbeRow(
      number: 8_888, flag: false, texts: ["b", "dead", #"["b"]"#, #"[["b",null]]"#, #"{"owners":["b"]}"#, "1,2,3,5"])
  }

  /// Reads a record; a text that a column refuses gives way to another.
  func read<Record: ColumnRecord>(_ type: Record.Type) throws -> Record {
    while true {
      var pass = ColumnPass(reading: self)
      do {
        return try Record(&pass)
      } catch {
        let index = try #require(type.selected.names.firstIndex(of: error.name))
        refused[index, default: 0] += 1
        try #require(refused[index, default: 0] < texts.count, "no text reads in \(error.name)")
      }
    }
  }

  func isNull(_ index: Int) -> Bool { false }
  func integer(_ index: Int) -> Int64 { number }
  func boolean(_ index: Int) -> Bool { flag }
  func text(_ index: Int) -> String { texts[refused[index] ?? 0] }
  func digest(_ index: Int) -> Digest? { .numbered(Int(number)) }
}

/// A row in memory.
private final class StoredRow: ColumnWriter, ColumnReader {
  private var values: [Int: StoredValue] = [:]
  private let skipped: [Int]

  /// - Parameter skipped: columns that are written and not read.
  init(skipping skipped: [Int] = []) { self.skipped = skipped }

  var count: Int { values.count }

  private func set(_ value: StoredValue?, _ index: Int) {
    guard !skipped.contains(index) else { return }
    values[index - skipped.count { $0 < index }] = value
  }

  func writeNull(at index: Int) { set(nil, index) }
  func write(_ value: Int64, at index: Int) { set(.integer(value), index) }
  func write(_ value: Bool, at index: Int) { set(.boolean(value), index) }
  func write(_ value: String, at index: Int) { set(.text(value), index) }
  func write(_ value: Digest, at index: Int) { set(.bytes(value), index) }

  func isNull(_ index: Int) -> Bool { values[index] == nil }
  func integer(_ index: Int) -> Int64 { if case .integer(let value) = values[index] { value } else { 0 } }
  func boolean(_ index: Int) -> Bool { if case .boolean(let value) = values[index] { value } else { false } }
  func text(_ index: Int) -> String { if case .text(let value) = values[index] { value } else { "" } }
  func digest(_ index: Int) -> Digest? { if case .bytes(let value) = values[index] { value } else { nil } }
}
