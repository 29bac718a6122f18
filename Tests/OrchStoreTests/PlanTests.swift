import OrchCore
import CSQLite
import OrchPostgres
import OrchTestSupport
import Testing

@testable import OrchSQLite

/// How the statements of the frequent operations find their rows.
///
/// The statements are those that the use cases send, so a new one is covered as soon as an operation sends it.
@Suite("Query plans")
struct PlanTests {
  @Test func `SQLite reads no table of the frequent operations from end to end`() throws {
    let database = try EngineUnderTest.sqlite.makeDatabase()
    try PlanWorkload(try database.connect()).fill()
    var lines: [String] = []
    for operation in PlanWorkload.operations {
      // Each on a connection of its own, which has nothing in its cache.
      let store = try #require(try database.connect() as? SQLiteStore)
      let recorder = SQLiteRecorder(store.connection.core.handle)
      try operation.run(PlanWorkload(store))
      #expect(recorder.statements.count > 2, "\(operation.name)")
      let uses = try recorder.uses()
      #expect(uses.scanned == [], "\(operation.name)")
      lines += [operation.name] + uses.lines
    }
    expect(lines, Self.sqlite)
  }

  @Test(.needsPostgres) func `PostgreSQL reads no table of the frequent operations from end to end`() throws {
    let database = try PostgresServer.shared.temporaryDatabase()
    _ = try PostgresEngine().initialize(database.url)
    try PlanWorkload(try PostgresEngine().open(database.url)).fill()
    // Nothing changes the statistics while plans are compared.
    try database.sql(
      """
      ANALYZE;
      SELECT format('ALTER TABLE orch.%I SET (autovacuum_enabled = off)', relname) FROM pg_class
      WHERE relnamespace = 'orch'::regnamespace AND relkind = 'r' \\gexec
      """)
    let proxy = try PostgresProxy(to: database.server)
    var lines: [String] = []
    for operation in PlanWorkload.operations {
      let store = try PostgresEngine().open(database.url(port: proxy.port))
      proxy.reset()
      try operation.run(PlanWorkload(store))
      let statements = proxy.statements
      #expect(statements.count > 2, "\(operation.name)")
      let uses = try Self.uses(of: statements, on: database, writing: operation.writes)
      #expect(uses.scanned == [], "\(operation.name)")
      lines += [operation.name] + uses.lines
    }
    expect(lines, Self.postgres)
  }

  private func expect(_ lines: [String], _ expected: String) {
    let found = lines.joined(separator: "\n")
    #expect(found == expected, "where the new plans are right, they are:\n\(found)")
  }

  // MARK: PostgreSQL

  /// What statements use, planned as the engine has the server plan them: without values, and in a writing transaction
  /// by indexes.
  private static func uses(of statements: [String], on database: PostgresDatabase, writing: Bool) throws -> PlanUses {
    var script = "SET plan_cache_mode = force_generic_plan;\nSET enable_seqscan = \(writing ? "off" : "on");\n"
    for (index, text) in Set(statements).sorted().enumerated() where isPlanned(text) {
      let parameters = (1...200).filter { text.contains("$\($0)") }.max() ?? 0
      let values = Array(repeating: "NULL", count: parameters).joined(separator: ", ")
      script += "PREPARE p\(index) AS \(text);\nEXPLAIN (COSTS OFF) EXECUTE p\(index)"
      script += parameters == 0 ? ";\n" : "(\(values));\n"
    }
    var uses = PlanUses()
    var table = ""
    for line in try database.sql(script).split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      if let at = words.firstIndex(of: "using"), at + 3 < words.count, words[at + 2] == "on" {
        uses.add(words[at + 3], by: words[at + 1])
      } else if let at = words.firstIndex(of: "Seq"), at + 3 < words.count, words[at + 1] == "Scan" {
        uses.add(scan: words[at + 3])
      } else if let at = words.firstIndex(of: "Bitmap"), at + 4 < words.count {
        // The table's line comes first, then the index it is read by.
        if words[at + 1] == "Heap" { table = words[at + 4] }
        if words[at + 1] == "Index" { uses.add(table, by: words[at + 4]) }
      }
    }
    return uses
  }

  private static func isPlanned(_ text: String) -> Bool {
    ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE"].contains { text.hasPrefix($0) }
      && !text.hasPrefix("SELECT set_config")
  }

  // MARK: Expected

  private static let sqlite = """
    claim
      event: its key
      grant_token: its key
      session: its key, session_lease, session_offer, session_partial
      task: along task_due, its key, task_name, task_top, task_waiting
    claim of a session
      event: its key
      grant_token: its key
      session: its key, session_lease, session_offer, session_partial, sqlite_autoindex_session_1
      task: along task_due, its key, task_blocked_session, task_waiting
    claim of a task
      event: its key
      grant_token: its key
      session: its key, sqlite_autoindex_session_1
      task: its key, task_name, task_waiting
    claim of a kind
      event: its key
      grant_token: its key
      session: its key, session_lease, session_offer, session_partial
      task: along task_due, its key, task_top, task_waiting
    heartbeat
      grant_token: its key
      session: its key, sqlite_autoindex_session_1
      task: its key
    release
      event: its key
      grant_token: its key
      session: its key, sqlite_autoindex_session_1
      task: its key, task_name
    failed release
      event: its key
      grant_token: its key
      session: its key, sqlite_autoindex_session_1
      task: its key, task_name, task_waiting
    log page
      event: its key
      session: its key
      task: its key
    log page of a session
      event: event_anchor, its key
      session: sqlite_autoindex_session_1
    log page of a task
      event: its key
      session: its key
      task: task_name
    log page of an actor
      event: its key
      session: its key
      task: its key
    """

  private static let postgres = """
    claim
      grant_token: grant_token_pkey
      lease: lease_expiry, lease_pkey
      ready: ready_due, ready_order, ready_pkey
      session: session_offer, session_pkey
      task: task_name, task_pkey, task_session, task_waiting
    claim of a session
      event: event_task
      grant_token: grant_token_pkey
      ready: ready_pkey
      session: session_name, session_offer, session_pkey
      task: task_blocked, task_name, task_pkey, task_waiting
    claim of a task
      grant_token: grant_token_pkey
      ready: ready_pkey
      session: session_pkey
      task: task_name, task_pkey
    claim of a kind
      event: event_task
      grant_token: grant_token_pkey
      ready: ready_due, ready_order, ready_pkey
      session: session_offer, session_pkey
      task: task_name, task_pkey
    heartbeat
      grant_token: grant_token_pkey
      lease: lease_pkey
      session: session_pkey
    release
      grant_token: grant_token_pkey
      lease: lease_pkey
      ready: ready_pkey
      session: session_pkey
      task: task_pkey, task_waiting
    failed release
      grant_token: grant_token_pkey
      lease: lease_pkey
      session: session_pkey
      task: task_pkey, task_waiting
    log page
      event: event_pkey
    log page of a session
      event: event_number
      session: session_name, session_pkey
    log page of a task
      event: event_task
      session: session_pkey
      task: task_name, task_pkey
    log page of an actor
      event: event_pkey
    """
}

/// Notes the statements that a connection to SQLite runs.
private final class SQLiteRecorder {
  var statements: Set<String> = []
  private let handle: OpaquePointer

  init(_ handle: OpaquePointer) {
    self.handle = handle
    sqlite3_trace_v2(
      handle, UInt32(SQLITE_TRACE_STMT),
      { _, context, statement, _ in
        guard let context, let statement, let text = sqlite3_sql(OpaquePointer(statement)) else { return 0 }
        let recorder = Unmanaged<SQLiteRecorder>.fromOpaque(context).takeUnretainedValue()
        recorder.statements.insert(String(cString: text))
        return 0
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit { sqlite3_trace_v2(handle, 0, nil, nil) }

  /// What the plans of the statements say.
  func uses() throws -> PlanUses {
    let recorded = statements
    var uses = PlanUses()
    for text in recorded.sorted() {
      for line in try plan(of: text) { add(line, to: &uses) }
    }
    statements = recorded
    return uses
  }

  private func plan(of text: String) throws -> [String] {
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    guard sqlite3_prepare_v2(handle, "EXPLAIN QUERY PLAN \(text)", -1, &statement, nil) == SQLITE_OK else {
      throw SQLiteFailure(.misuse, Message(verbatim: "\(String(cString: sqlite3_errmsg(handle))): \(text)"))
    }
    var lines: [String] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      lines.append(sqlite3_column_text(statement, 3).map { String(cString: $0) } ?? "")
    }
    return lines
  }

  /// Reads `SEARCH task USING INDEX task_name (id=? AND origin=?)`, `SCAN event` and the like.
  private func add(_ line: String, to uses: inout PlanUses) {
    let words = line.split(separator: " ").map(String.init)
    guard words.count > 1, ["SEARCH", "SCAN"].contains(words[0]), words[1] != "CONSTANT" else { return }
    if let at = words.firstIndex(of: "INDEX"), at + 1 < words.count {
      uses.add(words[1], by: words[at + 1], along: words[0] == "SCAN")
    } else if words[0] == "SEARCH" {
      uses.add(words[1], by: "its key")
    } else {
      uses.add(scan: words[1])
    }
  }
}
