import OrchApp
import OrchCore
import OrchTestSupport
import Testing

@Suite("Upgrading what no program should have written")
struct SeedBrokenTests {
  /// The later schema of the first generation, without constraints that would keep nonsense out.
  private static let schema = """
    PRAGMA foreign_keys = OFF;
    CREATE TABLE session_state(session_id TEXT PRIMARY KEY, namespace TEXT, phase TEXT, status TEXT, owner_agent TEXT,
      last_action TEXT, next_action TEXT, memory_ref TEXT, heartbeat_at TEXT, created_at TEXT, updated_at TEXT,
      lock_token TEXT, lock_expires_at TEXT);
    CREATE TABLE task_queue(task_id TEXT PRIMARY KEY, session_id TEXT, task_type TEXT, priority INTEGER DEFAULT 5,
      payload TEXT DEFAULT '{}', status TEXT DEFAULT 'queued', owner_agent TEXT, dedupe_key TEXT,
      created_at TEXT DEFAULT '2026-01-02T03:04:05.678Z', retry_count INTEGER DEFAULT 0, max_retries INTEGER DEFAULT 3,
      last_error TEXT, next_retry_at TEXT, error_code TEXT, error_msg TEXT);
    CREATE TABLE event_log(event_id INTEGER PRIMARY KEY, session_id TEXT, event_seq INTEGER, event_type TEXT,
      actor_agent TEXT, idempotency_key TEXT, payload TEXT DEFAULT '{}', status TEXT,
      created_at TEXT DEFAULT '2026-01-02T03:04:05.678Z');
    INSERT INTO session_state(session_id, created_at) VALUES('s', '2026-01-02T03:04:05.678Z');
    """

  private func upgraded(_ script: String, at place: SourceLocation = #_sourceLocation) throws -> (
    home: Home, warnings: String
  ) {
    let home = Home(initialized: false)
    _ = home.directory("state/data")
    try SQLFile.run(home.database, Self.schema + script)
    let original = try Files.read(home.database)
    let result = home.json("init", at: place)
    let backup = result["backup"]?.stringValue ?? ""
    #expect(try Files.exists(backup) && Files.read(backup) == original, sourceLocation: place)
    home.ok("verify", at: place)
    let warnings = (result["warnings"]?.arrayValue ?? []).compactMap(\.stringValue)
    return (home, warnings.joined(separator: "\n"))
  }

  private func task(_ home: Home, _ id: String) -> JSON { home.json("show", "task:\(id)")["task"] ?? .null }

  @Test func `payloads that are no JSON are kept as text`() throws {
    let (home, warnings) = try upgraded(
      """
      INSERT INTO task_queue(task_id, session_id, task_type, payload) VALUES('a', 's', 'k', '{broken'), ('b', 's', 'k', ''),
        ('c', 's', 'k', '{"x":1,"x":2}'), ('d', 's', 'k', X'ff00fe'), ('e', 's', 'k', '{"n": 1.50, "s": "\\ud800"}'), ('f', 's', 'k', NULL);
      """)
    #expect(task(home, "a")["payload"]?.stringValue == "{broken")
    #expect(warnings.contains("a: its payload is not JSON"))
    for id in ["a", "b", "c", "d", "e", "f"] { #expect(task(home, id)["state"]?.stringValue == "queued", "\(id)") }
    for _ in 0..<6 { #expect(home.orch("claim", as: "ann").status == 0); home.ok("release", "done", as: "ann") }
  }

  @Test func `times that do not read stop nothing`() throws {
    let (home, warnings) = try upgraded(
      """
      INSERT INTO task_queue(task_id, session_id, task_type, created_at, next_retry_at) VALUES('a', 's', 'k', 'yesterday', NULL),
        ('b', 's', 'k', '2026-01-02T03:04:05Z', 'soon'), ('c', 's', 'k', NULL, NULL), ('d', 's', 'k', '2026-01-02 03:04:05', NULL),
        ('e', 's', 'k', '2026-99-99T99:99:99Z', NULL), ('f', 's', 'k', 123456789, NULL), ('g', 's', 'k', '', '2999-01-01T00:00:00Z');
      UPDATE session_state SET created_at = 'never', updated_at = 'nor', last_action = 'did', next_action = 'do';
      INSERT INTO event_log(session_id, event_type, actor_agent, created_at) VALUES('s', 'x', 'ann', 'noon');
      """)
    for (id, text) in [("a", "yesterday"), ("b", "soon"), ("e", "2026-99-99T99:99:99Z")] {
      #expect(warnings.contains("\(id): its") && warnings.contains(text), "\(id)")
    }
    #expect(warnings.contains("never") && warnings.contains("noon"))
    #expect(task(home, "d")["createdAt"]?.stringValue == "2026-01-02T03:04:05.000Z")
    #expect(task(home, "g")["state"]?.stringValue == "scheduled")
    #expect(home.json("claim", as: "ann")["packet", "session", "nextAction"]?.stringValue == "do")
  }

  @Test func `the second open task with a key loses it`() throws {
    let (home, warnings) = try upgraded(
      """
      INSERT INTO task_queue(task_id, session_id, task_type, status, dedupe_key) VALUES('a', 's', 'k', 'done', 'K'),
        ('b', 's', 'k', 'queued', 'K'), ('c', 's', 'k', 'running', 'K'), ('d', 's', 'k', 'pending', 'K'), ('e', 's', 'k', 'queued', 'two words');
      """)
    #expect(task(home, "a")["key"]?.stringValue == "K" && task(home, "b")["key"]?.stringValue == "K")
    #expect(task(home, "c")["key"]?.isNull == true && task(home, "d")["key"]?.isNull == true)
    #expect(task(home, "e")["key"]?.stringValue == "two_20words")
    #expect(warnings.contains("c loses the key K") && warnings.contains("d loses the key K"))
    #expect(warnings.contains("e: its dedupe_key is now two_20words"))
    #expect(home.json("add", "x", "--key", "K")["task", "id"]?.stringValue == "b")
  }

  @Test func `names become identifiers, each its own`() throws {
    let (home, warnings) = try upgraded(
      """
      INSERT INTO task_queue(task_id, session_id, task_type) VALUES('two words', 's', 'k'), ('two_20words', 's', 'k'),
        ('line' || char(10) || 'break', 's', 'k'), (CAST(X'61ff62' AS TEXT), 's', 'k'), ('-dash', 's', 'k'), ('agent:1', 's', 'k'),
        ('', 's', 'k'), (NULL, 's', 'k'), (NULL, 's', 'k'), ('작업', 's', 'k'), (X'6e00', 's', 'k'), ('💥', 's', 'a b'),
        (CAST(X'e18486e185aee186ab' AS TEXT), 's', 'k'), (CAST(X'ebacb8' AS TEXT), 's', 'k'),
        (replace(hex(zeroblob(100)), '0', 'l'), 's', 'k'), (replace(hex(zeroblob(100)), '0', 'l') || 'x', 's', 'k');
      INSERT INTO task_queue(task_id, session_id, task_type) VALUES('x1', 'my session', 'k'), ('x2', NULL, 'k'), ('x3', 'nowhere', 'k');
      """)
    let ids = home.ok("list", "--json").objects.compactMap { $0["id"]?.stringValue }
    #expect(ids.count == 19 && Set(ids).count == 19)
    for id in ["two_20words", "line_0Abreak", "a_FFb", "agent:1", "작업", "문"] { #expect(ids.contains(id), "\(id)") }
    #expect(ids.contains { $0.hasPrefix("two_20words_") }, "the other one")
    #expect(warnings.contains("the task two words is now two_20words"))
    #expect(warnings.contains("the session my session is now my_20session"))
    #expect(
      task(home, "x1")["session"]?.stringValue == "my_20session"
        && task(home, "x3")["session"]?.stringValue == "nowhere")
    for id in ids { #expect(home.orch("show", "task:\(id)").status == 0, "\(id)") }
  }

  @Test func `numbers out of every range are brought into theirs`() throws {
    let (home, warnings) = try upgraded(
      """
      INSERT INTO task_queue(task_id, session_id, task_type, status, priority, retry_count, max_retries) VALUES
        ('a', 's', 'k', 'queued', 99, 0, 3), ('b', 's', 'k', 'queued', -5, 0, 3), ('c', 's', 'k', 'queued', 'high', 0, 3),
        ('d', 's', 'k', 'queued', 5, 9223372036854775807, 3), ('e', 's', 'k', 'running', 5, 9223372036854775807, 9223372036854775807),
        ('f', 's', 'k', 'dead', 5, 9223372036854775807, 0), ('g', 's', 'k', 'queued', 5, -7, -7), ('h', 's', 'k', 'done', 5, 1e300, 1e300),
        ('i', 's', 'k', 'running', 5, 0, 0), ('j', 's', 'k', 'queued', NULL, NULL, NULL), ('l', 's', 'k', 'failed', 1.5, 'x', 'y');
      """)
    #expect(task(home, "a")["priority"]?.intValue == 9 && task(home, "b")["priority"]?.intValue == 0)
    #expect(task(home, "c")["priority"]?.intValue == 5)
    for id in ["a", "b", "c", "d", "e", "f", "g", "h"] { #expect(warnings.contains("\(id): its "), "\(id)") }
    for id in ["a", "b", "c", "d", "e", "g", "i", "j"] {
      let one = task(home, id)
      #expect(one["state"]?.stringValue == "queued", "\(id)")
      #expect((one["failures"]?.intValue ?? -1) < (one["maxAttempts"]?.intValue ?? -1), "\(id)")
      #expect((1...1000).contains(one["maxAttempts"]?.intValue ?? 0), "\(id)")
    }
    #expect(task(home, "f")["state"]?.stringValue == "dead" && task(home, "l")["state"]?.stringValue == "dead")
    #expect(home.ok("log", "--json").stdout.contains("9223372036854775807"), "the original is kept")
  }

  @Test func `an unknown status is dead until somebody retries it`() throws {
    let (home, warnings) = try upgraded(
      """
      INSERT INTO task_queue(task_id, session_id, task_type, status, owner_agent) VALUES('a', 's', 'k', 'paused', NULL),
        ('b', 's', 'k', NULL, NULL), ('c', 's', 'k', 'cancelled', 'zoe'), ('d', 's', 'k', 'claimed', 'two words');
      """)
    #expect(task(home, "a")["state"]?.stringValue == "dead" && warnings.contains("a had the unknown status paused"))
    #expect(task(home, "b")["state"]?.stringValue == "dead")
    #expect(task(home, "c")["state"]?.stringValue == "cancelled" && task(home, "c")["assignee"]?.isNull == true)
    #expect(task(home, "d")["assignee"]?.stringValue == "two_20words")
    #expect(home.json("retry", "a")["task", "state"]?.stringValue == "queued")
    #expect(home.json("claim", "a", as: "ann")["task", "id"]?.stringValue == "a")
  }

  @Test func `events of sessions and tasks that are not there come over`() throws {
    let (home, _) = try upgraded(
      """
      INSERT INTO task_queue(task_id, session_id, task_type) VALUES('a', 's', 'k');
      INSERT INTO event_log(session_id, event_type, actor_agent, idempotency_key, payload) VALUES
        ('gone', 'task_claimed', 'ann', 'task-claim:nosuch', '{}'), ('gone', 'x', NULL, NULL, '{broken'), (NULL, NULL, NULL, NULL, NULL),
        ('s', 'session_stale', 'two words', 'task-claim:a', X'00ff'), ('other', 'task_finished', 'ann', 'task-finalize:a', '{"task_id":7}'),
        ('s', char(27) || '[2J', 'e' || char(8238), 'k', '{}');
      """)
    let notes = home.ok("log", "--type", "note.added", "--json").objects
    #expect(notes.filter { $0["data", "original"]?.stringValue?.contains("event_id") == true }.count == 6)
    #expect(notes.contains { $0["session"]?.stringValue == "gone" && $0["actor"]?.stringValue == "ann" })
    let text = home.ok("log").stdout + home.ok("show", "a").stdout + home.ok("claim", as: "cat").stdout
    #expect(!text.unicodeScalars.contains { $0.value == 27 || $0.value == 8238 })
    home.ok("release", "done", as: "cat")
    home.ok("verify")
  }

  @Test func `what is in the write-ahead log alone comes over`() throws {
    let home = Home(initialized: false)
    _ = home.directory("state/data")
    // A program that still has it open leaves its log without a checkpoint.
    let old = try SQLFile(home.database)
    try old.run("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;" + Self.schema)
    try old.run("INSERT INTO task_queue(task_id, session_id, task_type) VALUES('in-the-log', 's', 'k')")
    let (file, log) = (try Files.read(home.database), try Files.read(home.database + "-wal"))
    #expect(!log.isEmpty)
    home.fails(.configuration, "list")
    let result = home.json("init")
    let backup = result["backup"]?.stringValue ?? ""
    #expect(try Files.read(backup) == file && Files.read(backup + "-wal") == log)
    #expect(task(home, "in-the-log")["state"]?.stringValue == "queued")
    home.ok("claim", as: "ann")
    home.ok("verify")
    #expect(home.json("init")["upgradedFrom"]?.isNull == true)
    #expect(throws: SQLFile.Failure.self, "the old program finds its tables gone") {
      try old.run("SELECT * FROM task_queue")
    }
    let copy = try SQLFile(backup)
    #expect(try copy.value("SELECT count(*) FROM task_queue") == "1")
  }

  @Test func `thousands of sessions and events are quick, and views and triggers go`() throws {
    let (home, _) = try upgraded(
      """
      PRAGMA user_version = 42;
      CREATE VIEW open_tasks AS SELECT * FROM task_queue; CREATE TABLE "odd ""name" (a);
      CREATE TRIGGER noise AFTER INSERT ON task_queue BEGIN UPDATE session_state SET phase = 'x' WHERE session_id = NEW.session_id; END;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
        INSERT INTO task_queue(task_id, session_id, task_type) SELECT 'task-' || i, 'session-' || i, 'k' FROM n;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
        INSERT INTO event_log(session_id, event_type, actor_agent, idempotency_key) SELECT 'session-' || (i % 2000), 'task_claimed', 'ann', 'task-claim:task-' || (i % 2000) FROM n;
      """)
    #expect(home.json("status")["counts", "queued"]?.intValue == 2000)
    #expect(
      try SQLFile(home.database).value(
        "SELECT count(*) FROM sqlite_master WHERE name IN ('open_tasks', 'noise', 'task_queue')") == "0")
  }

  @Test func `a database that cannot be read through is left as it was`() throws {
    let home = Home(initialized: false)
    _ = home.directory("state/data")
    try SQLFile.run(
      home.database,
      Self.schema
        + "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO task_queue(task_id, session_id, task_type, payload) SELECT 't' || i, 's', 'k', hex(zeroblob(200)) FROM n;"
    )
    var bytes = try Files.read(home.database)
    for index in bytes.count / 2..<bytes.count / 2 + 20_000 { bytes[index] = 0xa5 }
    try Files.write(bytes, to: home.database)
    home.fails(.storeCorrupt, "init")
    #expect(try Files.read(home.database) == bytes)
    #expect(Files.names(in: home.path + "/state/data").filter { $0.hasSuffix(".bak") }.isEmpty)
  }
}
