import OrchCore
import OrchTestSupport
import Testing

@testable import OrchSQLite

@Suite struct SQLiteStatementTests {
  @Test func `values come back as they were bound`() throws {
    let scratch = SQLiteScratch()
    try scratch.create()
    let connection = try scratch.open()
    let insert = try connection.statement("INSERT INTO t VALUES(?1, ?2, ?3, ?4)")
    let rows: [(Int, String?, [UInt8]?)] = [(2, "회사재규 é", [1, 0, 255]), (3, "", []), (4, nil, nil)]
    for (id, text, bytes) in rows {
      insert.bind(1, id)
      insert.bind(2, Int64.min)
      insert.bind(3, text)
      insert.bind(4, bytes)
      try insert.run()
      let select = try connection.statement("SELECT n, s, b FROM t WHERE id = ?1")
      select.bind(1, id)
      let row = try select.first { ($0.int(0), $0.optionalText(1), $0.optionalBlob(2)) }
      #expect(row?.0 == Int64.min)
      #expect(row?.1 == text)
      #expect(row?.2 == bytes)
    }
    let same: SQL = "SELECT n, s, b FROM t WHERE id = ?1"
    #expect(try connection.statement(same) === connection.statement(same))
  }

  @Test func `a missing parameter is a failure and not the value of before`() throws {
    let scratch = SQLiteScratch()
    try scratch.create()
    let connection = try scratch.open()
    let update = try connection.statement("UPDATE t SET n = ?2 WHERE id = ?1")
    update.bind(1, 1)
    update.bind(2, 5)
    try update.run()
    update.bind(1, 1)
    #expect(sqliteFailure { try update.run() }?.category == .misuse)
    update.bind(3, 1)
    #expect(sqliteFailure { try update.run() }?.category == .misuse)
    #expect(try connection.number() == 5)
  }

  @Test func `failures name the statement and no value`() throws {
    let scratch = SQLiteScratch()
    try scratch.create()
    let connection = try scratch.open()
    let insert = try connection.statement(
      """
      -- add
      INSERT INTO t VALUES(1, 0, ?1, NULL)
      """)
    insert.bind(1, "secret")
    let caught = sqliteFailure { try insert.run() }
    #expect(caught?.category == .constraint)
    #expect(caught?.code == 1555)
    #expect(caught?.description == "UNIQUE constraint failed: t.id (SQLite 1555) in: -- add")
  }

  @Test func `a statement left early holds nothing open`() throws {
    struct Enough: Error {}
    let scratch = SQLiteScratch()
    try scratch.create()
    let connection = try scratch.open()
    try connection.execute(script: "INSERT INTO t VALUES(2, 0, NULL, NULL)")
    let select = try connection.statement("SELECT id FROM t")
    var seen = 0
    try select.scan { _ in
      seen += 1; return false
    }
    let thrown = sqliteFailure {
      try select.query { _ throws(SQLiteFailure) in throw SQLiteFailure(.corrupt, Message(verbatim: "no")) }
    }
    #expect(thrown?.category == .corrupt)
    #expect(seen == 1)
    // A statement that is still open would refuse this.
    #expect(connection.checkpoint())
    #expect(sqliteFailure { try select.query { _ in _ = try? select.run() } } == nil)
  }

  @Test func `settings are those of the recipe`() throws {
    let scratch = SQLiteScratch()
    try scratch.create()
    let connection = try scratch.open()
    #expect(try connection.pragma("foreign_keys") == 1)
    #expect(try connection.pragma("trusted_schema") == 0)
    #expect(try connection.pragma("cell_size_check") == 1)
    #expect(try connection.pragma("synchronous") == 3)
    #expect(try connection.pragma("temp_store") == 2)
  }
}

@Suite struct SQLiteTransactionTests {
  @Test func `a busy transaction runs again as a whole`() throws {
    let scratch = SQLiteScratch()
    try scratch.create()
    let (first, second) = (try scratch.open(), try scratch.open())
    var runs = 0
    // A reader's snapshot grows old, so its write fails at once; then everything runs again on a new snapshot.
    let seen = try first.transaction(.read, deadline: Deadline(), failure: { $0 as any Error }) { () throws in
      runs += 1
      let before = try first.number()
      if runs == 1 { try second.write(deadline: Deadline()) { try second.increment() } }
      try first.increment()
      return before
    }
    #expect(runs == 2)
    #expect(seen == 1)
    #expect(try second.number() == 2)
  }

  @Test func `a write waits no longer than its deadline`() throws {
    let scratch = SQLiteScratch()
    try scratch.create()
    let (first, second) = (try scratch.open(), try scratch.open())
    try first.write(deadline: Deadline()) {
      try first.increment()
      let caught = sqliteFailure {
        try second.write(deadline: Deadline(after: .milliseconds(150))) { try second.increment() }
      }
      #expect(caught?.category == .busy)
      #expect(caught?.kind == .unavailable)
      #expect(sqliteFailure { try second.write(deadline: .passed) { try second.increment() } }?.category == .busy)
      #expect(!second.isInTransaction)
    }
    try second.write(deadline: Deadline()) { try second.increment() }
    #expect(try first.number() == 2)
  }

  @Test(arguments: [true, false]) func `writers of all threads are served`(logID: Bool) async throws {
    let scratch = SQLiteScratch()
    try scratch.create(logID: logID)
    let path = scratch.database
    await threads(4) { _ in
      do {
        let connection = try Connection.open(path, mode: .readWrite)
        for _ in 0..<50 {
          // Reading first and writing later is what fails in a deferred transaction.
          try connection.write(deadline: Deadline(after: waitLimit)) {
            let before = try connection.number()
            try connection.increment()
            #expect(try connection.number() == before + 1)
          }
        }
      } catch { Issue.record(error) }
    }
    #expect(try scratch.open(.readOnly).number() == 200)
  }

  @Test func `a full database undoes the transaction and stays usable`() throws {
    let scratch = SQLiteScratch()
    try scratch.create()
    let connection = try scratch.open()
    try connection.execute(script: "PRAGMA max_page_count=20")
    var runs = 0
    let caught = sqliteFailure {
      try connection.write(deadline: Deadline()) {
        runs += 1
        try connection.increment()
        try connection.execute(script: "INSERT INTO t VALUES(2, 0, NULL, zeroblob(1000000))")
      }
    }
    #expect(caught?.category == .full)
    #expect(caught?.kind == .io)
    #expect(runs == 1)
    #expect(!connection.isInTransaction)
    try connection.write(deadline: Deadline()) { try connection.increment() }
    #expect(try connection.number() == 1)
  }

  @Test func `what the body throws undoes and passes`() throws {
    struct Refused: Error {}
    let scratch = SQLiteScratch()
    try scratch.create()
    let connection = try scratch.open()
    #expect(throws: Refused.self) {
      try connection.write(deadline: Deadline()) {
        try connection.increment()
        throw Refused()
      }
    }
    #expect(try connection.number() == 0)
    let nested = sqliteFailure {
      try connection.write(deadline: Deadline()) { try connection.write(deadline: Deadline()) {} }
    }
    #expect(nested?.category == .misuse)
    #expect(!connection.isInTransaction)
  }

  @Test func `closing leaves the log and a long log is emptied`() throws {
    let scratch = SQLiteScratch()
    try scratch.create()
    #expect(DatabaseFile.size(of: scratch.database + "-wal") == nil)
    do {
      let connection = try scratch.open()
      try connection.write(deadline: Deadline()) { try connection.increment() }
      connection.close()
    }
    #expect(DatabaseFile.size(of: scratch.database + "-wal") ?? 0 > 0)
    let limit = Int64(Connection.checkpointPages) * 4200
    for _ in 0..<(Int(Connection.checkpointPages) * 3) {
      let connection = try scratch.open()
      try connection.write(deadline: Deadline()) { try connection.increment() }
      connection.close()
      #expect(DatabaseFile.size(of: scratch.database + "-wal") ?? 0 < limit)
    }
    #expect(try scratch.open().number() == Int64(Connection.checkpointPages) * 3 + 1)
  }

  @Test func `a connection that wrote much empties the logID as it closes, also where it has read since`() throws {
    let scratch = SQLiteScratch()
    try scratch.create()
    let connection = try scratch.open()
    for _ in 0..<Int(Connection.checkpointPages) {
      try connection.write(deadline: Deadline()) { try connection.increment() }
    }
    #expect(try connection.read(deadline: Deadline()) { try connection.number() } == Int64(Connection.checkpointPages))
    #expect(DatabaseFile.size(of: scratch.database + "-wal") ?? 0 > 0)
    connection.close()
    #expect(DatabaseFile.size(of: scratch.database + "-wal") == 0)
  }
}
