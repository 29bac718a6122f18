import OrchCore
import OrchStore
import OrchTestSupport
import Testing

@testable import OrchSQLite

/// What the embedded engine's promises rest on, seen through its own connection.
@Suite("The guards of the SQLite engine")
struct SQLiteGuardTests {
  let first: SQLiteStore
  let second: SQLiteStore

  init() throws {
    let database = try EngineUnderTest.sqlite.makeDatabase()
    first = try #require(try database.connect() as? SQLiteStore)
    second = try #require(try database.connect() as? SQLiteStore)
    try first.write { writer in
      var change = SessionChange(Session(id: "s", logID: writer.logID))
      let state = State(session: change.after, task: nil)
      try change.apply(try decide(.add(.titled("t-1")), by: .named("jq", at: writer.now), on: state), to: nil)
      try writer.append(change)
    }
  }

  private func pragma(_ name: String) throws -> String? {
    try first.connection.prepare("PRAGMA \(name)").first { $0.text(0) }
  }

  /// WAL with synchronous=NORMAL loses acknowledged commits at a power cut.
  @Test func `a commit is on the disk before it is acknowledged`() throws {
    #expect(["2", "3"].contains(try pragma("synchronous")))
    #expect(try pragma("journal_mode") == "wal")
  }

  @Test func `foreign keys are kept`() throws {
    #expect(try pragma("foreign_keys") == "1")
  }

  /// A transaction that read first and takes the lock when it writes fails when somebody wrote in between.
  @Test func `a write transaction has the lock from its beginning`() throws {
    second.connection.core.deadline = .passed
    try first.write { writer throws in
      _ = try writer.task("t-1")
      #expect(throws: SQLiteFailure.self) { try second.connection.run("BEGIN IMMEDIATE") }
    }
    // And its own lock keeps nobody from reading.
    try first.write { _ throws in
      #expect(try second.read { try $0.eventCount() } == 1)
    }
  }

  @Test func `no body runs twice for having waited`() throws {
    let runs = Collected<Bool>()
    let connections = [first, second].map(Handed.init)
    try onThreads(2) { thread in
      let store = connections[thread].store
      for _ in 0..<50 {
        try store.write { writer throws in
          runs.add(true)
          let (task, session) = (try writer.task("t-1"), try writer.session("s"))
          guard let task, let session else { throw StoreError.internal("t-1 is not there") }
          var change = SessionChange(session)
          let state = State(session: session, task: task)
          try change.apply(try decide(.note("x"), by: .named("jq", at: writer.now), on: state), to: task)
          try writer.append(change)
        }
      }
    }
    #expect(runs.all.count == 100)
    #expect(try first.read { try $0.session("s")?.seq } == 101)
  }

  @Test(arguments: [
    "UPDATE event SET body = '{}' WHERE pos = 1", "DELETE FROM event", "UPDATE event SET pos = 2",
    "INSERT OR REPLACE INTO event SELECT * FROM event WHERE pos = 1", "REPLACE INTO event SELECT * FROM event",
    "UPDATE OR REPLACE event SET pos = 1"
  ])
  func `the logID refuses to be changed`(sql: String) throws {
    let before = try first.read { try $0.events(EventQuery(.oldestFirst), beyond: nil, limit: 9) }
    #expect(throws: (any Error).self) { try first.connection.execute(script: sql) }
    #expect(try second.read { try $0.events(EventQuery(.oldestFirst), beyond: nil, limit: 9) } == before)
  }

  /// Each guard alone: an entry that is new but for one thing.
  @Test(arguments: [
    ("pos", "4"), ("pos", "0"), ("pos", "2"), ("seq", "2"), ("seq", "1"), ("id", "(SELECT id FROM event WHERE pos = 2)")
  ])
  func `the logID takes the next entry only`(column: String, value: String) throws {
    try first.write { writer throws in
      guard let task = try writer.task("t-1"), let session = try writer.session("s") else { throw StoreError.conflict }
      var change = SessionChange(session)
      let state = State(session: session, task: task)
      try change.apply(try decide(.note("x"), by: .named("jq", at: writer.now), on: state), to: task)
      try writer.append(change)
    }
    func insert(_ verb: String, _ columns: [String: String] = [:]) throws {
      var values = ["pos": "3", "seq": "3", "id": "zeroblob(32)"]
      var names: [String] = []
      try first.connection.prepare("SELECT name FROM pragma_table_info('event')").query { names.append($0.text(0)) }
      for (name, value) in columns { values[name] = value }
      let list = names.map { values[$0] ?? $0 }.joined(separator: ", ")
      try first.connection.execute(
        script: "\(verb) INTO event(\(names.joined(separator: ", "))) SELECT \(list) FROM event WHERE pos = 2")
    }
    for verb in ["INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE"] {
      #expect(throws: SQLiteFailure.self) { try insert(verb, [column: value]) }
    }
    #expect(try second.read { try $0.events(EventQuery(.oldestFirst), beyond: nil, limit: 9).count } == 2)
    try first.connection.execute(script: "BEGIN IMMEDIATE")
    try insert("INSERT")
    #expect(try first.connection.prepare("SELECT count(*) FROM event").first { $0.int(0) } == 3)
    try? first.connection.execute(script: "ROLLBACK")
  }

  @Test func `a guard that is missing is found`() throws {
    #expect(try first.integrityProblems() == [])
    let names = try triggers()
    #expect(names.count >= 3)
    for (count, name) in names.enumerated() {
      try first.connection.execute(script: "DROP TRIGGER \(name)")
      #expect(try first.integrityProblems().count == count + 1)
    }
  }

  private func triggers() throws -> [String] {
    var names: [String] = []
    try first.connection.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'")
      .query { row in names.append(row.text(0)) }
    return names
  }
}

/// A connection that is handed to one other thread.
private struct Handed: @unchecked Sendable {
  let store: SQLiteStore
}
