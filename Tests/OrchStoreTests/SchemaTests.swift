import OrchCore
import OrchPostgres
import OrchTestSupport
import Testing

@testable import OrchSQLite
@testable import OrchStore

/// Migrations, and which programs may use a database.
@Suite("The schema")
struct SchemaTests {
  private static let fixtures = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/Fixtures/"

  // MARK: Migrations

  @Test func `every step has statements for every engine, and numbers that do not go back`() {
    for (number, step) in zip(1..., Migration.all) {
      #expect(
        !step.statements(.sqlite).isEmpty && !step.statements(.postgres(functions: false)).isEmpty, "\(step.name)")
      #expect((1...number).contains(step.lowestReader) && (step.lowestReader...number).contains(step.lowestWriter))
    }
    for (earlier, later) in zip(Migration.all, Migration.all.dropFirst()) {
      #expect(earlier.lowestReader <= later.lowestReader && earlier.lowestWriter <= later.lowestWriter)
    }
    #expect(Set(Migration.all.map(\.name)).count == Migration.all.count)
  }

  @Test func `what is there is not done again, and what needs functions is left out where there are none`() {
    let last = SchemaNumbers.current.number
    #expect(Migration.statements(from: last, .sqlite).isEmpty)
    #expect(Migration.statements(from: last + 1, .postgres(functions: true)).isEmpty)
    let one = Migration.statements(from: last - 1, .sqlite)
    #expect(one.count == Migration.all[last - 1].statements(.sqlite).count + 1)
    #expect(one.last?.contains("'schema', '\(last)'") == true)
    #expect(Migration.statements(from: -1, .sqlite) == Migration.statements(from: 0, .sqlite), "whatever a file says")
    let whole = Migration.statements(from: 0, .postgres(functions: true))
    let plain = Migration.statements(from: 0, .postgres(functions: false))
    #expect(plain.count < whole.count && !plain.contains { $0.contains("FUNCTION") || $0.contains("TRIGGER") })
  }

  // MARK: Readers and writers

  private static let program = SchemaNumbers(number: 5, lowestReader: 4, lowestWriter: 5)

  private func obstacle(_ number: Int, _ reader: Int, _ writer: Int, to use: SchemaNumbers.Use) -> String? {
    let numbers = SchemaNumbers(number: number, lowestReader: reader, lowestWriter: writer)
    guard case .configuration(let message, let hint)? = numbers.obstacle(to: use, of: "db", by: Self.program) else {
      return nil
    }
    return "\(message.english): \(hint?.english ?? "")"
  }

  @Test func `a program uses what its own number covers`() {
    for use in [SchemaNumbers.Use.reading, .writing] {
      #expect(obstacle(5, 5, 5, to: use) == nil)
      #expect(obstacle(7, 4, 5, to: use) == nil, "newer, and made for older programs too")
      #expect(obstacle(4, 4, 4, to: use) == "db has the schema 4, an older one: orch init")
      #expect(obstacle(7, 6, 7, to: use) == "db has the schema 7; this program knows up to 5: use a newer orch")
    }
    #expect(obstacle(7, 5, 6, to: .reading) == nil)
    #expect(
      obstacle(7, 5, 6, to: .writing)
        == "db has the schema 7, which this program can read but not change; it knows up to 5: use a newer orch")
  }

  @Test func `a database that names no numbers is for programs of its own`() {
    let silent = SchemaNumbers(number: 9) { _ in nil }
    #expect(silent == SchemaNumbers(number: 9, lowestReader: 9, lowestWriter: 9))
    let told = SchemaNumbers(number: 9) { ["schema_readers": "3", "schema_writers": "4"][$0] }
    #expect(told == SchemaNumbers(number: 9, lowestReader: 3, lowestWriter: 4))
  }

  // MARK: SQLite

  private struct OldFile {
    let scratch = ScratchDirectory()
    var path: String { scratch.path + "/orchestrator.db" }
  }

  /// What a release of the schema 2 wrote.
  private func versionTwo() throws -> OldFile {
    let old = OldFile()
    try Files.copy(Self.fixtures + "first-release.db", to: old.path)
    return old
  }

  /// The same rows in a database of the schema 1.
  private func versionOne() throws -> OldFile {
    let (old, source) = (OldFile(), try versionTwo())
    let file = try SQLFile(old.path)
    for script in Migration.initial.statements(.sqlite) { try file.run(script) }
    try file.run("ATTACH '\(source.path)' AS source")
    // Events first: their guard compares them with their sessions' rows.
    let tables = [
      "event", "meta", "session", "class", "task", "task_content", "dependency", "grant_token", "agent", "event_block"
    ]
    for table in tables {
      let columns = try file.rows("SELECT name FROM pragma_table_info('\(table)') ORDER BY cid").compactMap { $0[0] }
      let list = columns.map { "\"\($0)\"" }.joined(separator: ", ")
      try file.run("INSERT INTO main.\(table)(\(list)) SELECT \(list) FROM source.\(table) ORDER BY 1")
    }
    try file.run("DETACH source; PRAGMA application_id = \(Schema.applicationID); PRAGMA user_version = 1")
    #expect(try file.value("SELECT count(*) FROM task") != "0" && file.value("SELECT count(*) FROM event") == "44")
    return old
  }

  /// Everything that makes a table or an index, whatever way it came about: its columns and what it indexes.
  private func layout(_ path: String) throws -> Set<String> {
    let file = try SQLFile(path)
    let columns = try file.rows(
      """
      SELECT t.name || '.' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || coalesce(c.dflt_value, '')
      FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'
      """)
    let indexes = try file.rows("SELECT sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL")
    return Set((columns + indexes).compactMap { $0[0] })
  }

  private func isWhole(_ store: any Store, events: Int) throws {
    #expect(try store.integrityProblems() == [])
    var invariants = Invariants()
    try invariants.check(store)
    #expect(invariants.problems == [])
    #expect(try store.read { try $0.eventCount() } == events)
  }

  @Test(arguments: [1, 2]) func `a populated SQLite database is upgraded in place`(version: Int) throws {
    let old = try version == 1 ? versionOne() : versionTwo()
    let engine = SQLiteEngine()
    for isReadOnly in [true, false] {
      let failure = #expect(throws: StoreError.self) { try engine.open(old.path, OpenOptions(isReadOnly: isReadOnly)) }
      guard case .configuration(_, let hint)? = failure, hint == .run("init") else { throw Unexpected(failure) }
    }
    // What a program of its age goes on writing while it is upgraded.
    let running = try SQLFile(old.path)
    let statement = "UPDATE session SET tops = tops WHERE number = 1"
    try running.run(statement)
    let result = try engine.initialize(old.path)
    #expect(throws: SQLFile.Failure.self) { try running.run(statement) }
    #expect(result.upgradedFrom == String(version) && result.schemaVersion == SchemaNumbers.current.number)
    #expect(!result.created)
    try isWhole(try engine.open(old.path), events: 44)
    let new = OldFile()
    _ = try engine.initialize(new.path)
    #expect(try layout(old.path) == layout(new.path))
    #expect(try engine.initialize(old.path).upgradedFrom == nil, "once is enough")
    // What it says of itself is what a new one says.
    let numbers = "SELECT key, value FROM meta WHERE key LIKE 'schema%' ORDER BY key"
    #expect(try SQLFile(old.path).rows(numbers) == SQLFile(new.path).rows(numbers))
    #expect(try SQLFile(old.path).value("PRAGMA user_version") == String(SchemaNumbers.current.number))
  }

  /// Makes a database one of a program to come.
  private func raise(_ path: String, readers: Int, writers: Int) throws {
    try SQLFile.run(
      path,
      """
      PRAGMA user_version = 99;
      UPDATE meta SET value = '99' WHERE key = 'schema';
      UPDATE meta SET value = '\(readers)' WHERE key = 'schema_readers';
      UPDATE meta SET value = '\(writers)' WHERE key = 'schema_writers';
      ALTER TABLE task ADD COLUMN mood TEXT;
      """)
  }

  @Test func `a newer SQLite schema is used as far as its numbers allow`() throws {
    let current = SchemaNumbers.current.number
    let (old, engine) = (OldFile(), SQLiteEngine())
    _ = try engine.initialize(old.path)
    // Open since before the upgrade.
    let open = try engine.open(old.path)
    try add("t-1", to: open)
    try raise(old.path, readers: current, writers: current)
    try add("t-2", to: open)
    try add("t-3", to: try engine.open(old.path))
    #expect(try engine.initialize(old.path).schemaVersion == 99)

    func isRefused(_ body: () throws -> Void) throws {
      let before = try Files.read(old.path)
      let failure = #expect(throws: StoreError.self) { try body() }
      guard case .configuration(_, let hint)? = failure, hint == .text(.hintNewerOrch) else {
        throw Unexpected(failure)
      }
      #expect(try Files.read(old.path) == before)
    }
    try SQLFile.run(old.path, "UPDATE meta SET value = '99' WHERE key = 'schema_writers'")
    try isRefused { _ = try engine.open(old.path) }
    try isRefused { _ = try engine.initialize(old.path) }
    try isRefused { try add("t-4", to: open) }
    let reader = try engine.open(old.path, OpenOptions(isReadOnly: true))
    #expect(try reader.read { try $0.eventCount() } == 3)
    #expect(try open.read { try $0.task("t-3")?.title } == "Title of t-3")
    try SQLFile.run(old.path, "UPDATE meta SET value = '99' WHERE key = 'schema_readers'")
    try isRefused { _ = try engine.open(old.path, OpenOptions(isReadOnly: true)) }
    try isRefused { _ = try reader.read { try $0.eventCount() } }
  }

  // MARK: PostgreSQL

  private func postgres(version: Int) throws -> PostgresDatabase {
    let database = try PostgresServer.shared.temporaryDatabase()
    let dump = String(decoding: try Files.read(Self.fixtures + "first-release.sql"), as: UTF8.self)
    let loaded = database.server.psql(database.url, dump)
    #expect(loaded.status == 0, "\(loaded.stderr)")
    guard version == 1 else { return database }
    // Back by what the second step did.
    try database.sql(
      """
      DROP INDEX orch.task_open_key;
      ALTER TABLE orch.task DROP CONSTRAINT task_name;
      ALTER TABLE orch.task DROP COLUMN origin;
      ALTER TABLE orch.task ADD CONSTRAINT task_name UNIQUE(id);
      CREATE UNIQUE INDEX task_open_key ON orch.task(open_key) WHERE open_key IS NOT NULL;
      UPDATE orch.meta SET value = '1' WHERE key = 'schema';
      """)
    return database
  }

  private func layout(_ database: PostgresDatabase) throws -> Set<String> {
    let text = try database.sql(
      """
      SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull
        || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d
        ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE c.relnamespace = 'orch'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
      UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'orch'
      UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'orch'::regnamespace
      """)
    return Set(text.split(separator: "\n").map(String.init))
  }

  @Test(.needsPostgres, arguments: [1, 2])
  func `a populated PostgreSQL database is upgraded in place`(version: Int) throws {
    let (database, engine) = (try postgres(version: version), PostgresEngine())
    for isReadOnly in [true, false] {
      let failure = #expect(throws: StoreError.self) {
        try engine.open(database.url, OpenOptions(isReadOnly: isReadOnly)).read { _ = try $0.eventCount() }
      }
      guard case .configuration(_, let hint)? = failure, hint == .run("init") else { throw Unexpected(failure) }
    }
    let result = try engine.initialize(database.url)
    #expect(result.upgradedFrom == String(version) && result.schemaVersion == SchemaNumbers.current.number)
    try isWhole(try engine.open(database.url), events: 44)
    let new = try PostgresServer.shared.temporaryDatabase()
    _ = try engine.initialize(new.url)
    #expect(try layout(database) == layout(new))
    #expect(try engine.initialize(database.url).upgradedFrom == nil, "once is enough")
  }

  @Test(.needsPostgres) func `a newer PostgreSQL schema is used as far as its numbers allow`() throws {
    let current = SchemaNumbers.current.number
    let (database, engine) = (try PostgresServer.shared.temporaryDatabase(), PostgresEngine())
    _ = try engine.initialize(database.url)
    let open = try engine.open(database.url)
    try add("t-1", to: open)
    try database.sql(
      """
      UPDATE orch.meta SET value = '99' WHERE key = 'schema';
      UPDATE orch.meta SET value = '\(current)' WHERE key LIKE 'schema\\_%';
      ALTER TABLE orch.task ADD COLUMN mood text
      """)
    try add("t-2", to: open)
    #expect(try engine.initialize(database.url).schemaVersion == 99)

    func isRefused(_ body: () throws -> Void) throws {
      let failure = #expect(throws: StoreError.self) { try body() }
      guard case .configuration(_, let hint)? = failure, hint == .text(.hintNewerOrch) else {
        throw Unexpected(failure)
      }
      #expect(try database.sql("SELECT count(*) FROM orch.event") == "2")
    }
    try isRefused { _ = try engine.initialize(database.url, ["roles": ""]) }
    try database.sql("UPDATE orch.meta SET value = '99' WHERE key = 'schema_writers'")
    try isRefused { try add("t-4", to: open) }
    try isRefused { _ = try engine.initialize(database.url) }
    let reader = try engine.open(database.url, OpenOptions(isReadOnly: true))
    #expect(try reader.read { try $0.eventCount() } == 2)
    try database.sql("UPDATE orch.meta SET value = '99' WHERE key = 'schema_readers'")
    try isRefused { _ = try reader.read { try $0.eventCount() } }
  }

  private func add(_ id: String, to store: any Store) throws {
    try store.write { writer throws in
      var change = SessionChange(Session(id: id, logID: writer.logID))
      let state = State(session: change.after, task: nil)
      try change.apply(try decide(.add(.titled(id)), by: .named("jq", at: writer.now), on: state), to: nil)
      try writer.append(change)
    }
  }

  /// What a test did not expect.
  private struct Unexpected: Error {
    let error: (any Error)?

    init(_ error: (any Error)?) { self.error = error }
  }
}
