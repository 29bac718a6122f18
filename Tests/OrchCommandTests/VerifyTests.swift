import OrchApp
import OrchCore
import OrchTestSupport
import Testing

@Suite("Verifying")
struct VerifyTests {
  /// A home with a history, and its head.
  private func history() throws -> (home: Home, head: String) {
    let home = Home()
    home.add("First", "--id", "a", "--session", "s")
    home.add("Second", "--id", "b", "--session", "s", "--after", "a")
    home.add("Third", "--id", "c")
    home.claim("a")
    home.ok("checkpoint", "--last", "x", "--next", "y", as: "ann")
    home.ok("release", "done", as: "ann")
    home.claim("b", as: "ben")
    let head = home.json("verify")["head"]?.stringValue ?? ""
    #expect(head.hasPrefix("7-"))
    return (home, head)
  }

  /// Tampers with the log past its guards, which stand again afterwards.
  private func tampered(_ script: String, expect words: String...) throws -> [JSON] {
    let (home, head) = try history()
    let file = try SQLFile(home.database)
    let guards = try file.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    try file.run("BEGIN")
    for row in guards { try file.run("DROP TRIGGER \(row[0] ?? "")") }
    try file.run(script)
    for row in guards { try file.run(row[1] ?? "") }
    try file.run("COMMIT")
    let outcome = home.command(["verify", "--json"] + words.map { $0 == "HEAD" ? head : $0 }).run()
    #expect(outcome.status == 3 && outcome.json["ok"]?.boolValue == false, "\(outcome.stdout)\(outcome.stderr)")
    let findings = outcome.json["findings"]?.arrayValue ?? []
    #expect(!findings.isEmpty && findings.allSatisfy { $0.keys == ["session", "seq", "event", "problem"] })
    #expect(home.orch("verify").status == 3 || !words.isEmpty)
    return findings
  }

  private func problems(_ findings: [JSON]) -> String {
    findings.compactMap { $0["problem"]?.stringValue }.joined(separator: "\n")
  }

  @Test func `is sound after anything that commands do`() throws {
    let (home, head) = try history()
    var snapshot = Snapshot(home)
    snapshot.expect(
      home.orch("verify"),
      """
      status 0
      stdout
      sound: 7 events in 2 sessions, replayed and equal
      head  7-E1
      not anchored outside: keep this head elsewhere, and later  orch verify --expect HEAD
      """)
    home.ok("verify", "--expect", head)
    let event = home.ok("log", "-n1", "--json").json["id"]?.stringValue ?? ""
    home.ok("verify", "--expect", event, "--expect", String(event.prefix(6)), "--expect", head)
    home.ok("release", "done", as: "ben")
    home.ok("verify", "--expect", head, "--session", "s")
    home.fails(.notFound, "verify", "--session", "nosuch")
    let wrong = "7-" + String(repeating: "0", count: 64)
    for expected in [wrong, "9" + head.dropFirst(), String(repeating: "0", count: 64)] {
      let outcome = home.orch("verify", "--expect", expected)
      #expect(outcome.status == 3 && outcome.stdout.hasPrefix("problem  "), "\(expected)")
    }
  }

  @Test func `finds an edited body`() throws {
    let findings = try tampered("UPDATE event SET body = replace(body, 'First', 'Fjrst') WHERE pos = 1")
    #expect(problems(findings).contains("its content is not what its id says"))
    #expect(findings.contains { $0["session"]?.stringValue == "s" && $0["seq"]?.intValue == 1 })
  }

  @Test func `finds a body that was edited with its id`() throws {
    let findings = try tampered("UPDATE event SET id = zeroblob(32) WHERE pos = 2")
    #expect(problems(findings).contains("its parent is not the event before it"))
  }

  @Test func `finds two events that changed places`() throws {
    let findings = try tampered(
      """
      CREATE TEMP TABLE two AS SELECT * FROM event WHERE pos IN (4, 5);
      UPDATE event SET body = (SELECT body FROM two WHERE pos = 5), id = (SELECT id FROM two WHERE pos = 5) WHERE pos = 4;
      UPDATE event SET body = (SELECT body FROM two WHERE pos = 4), id = (SELECT id FROM two WHERE pos = 4) WHERE pos = 5;
      """)
    #expect(problems(findings).contains("its number is"))
  }

  @Test func `finds a tail that was cut off, also against a head`() throws {
    let findings = try tampered("DELETE FROM event WHERE pos = 7", expect: "--expect", "HEAD")
    #expect(problems(findings).contains("the log ends at event 6"))
    #expect(findings.contains { $0["session"]?.stringValue == "s" })
  }

  @Test func `finds a hole`() throws {
    let findings = try tampered("DELETE FROM event WHERE pos = 4")
    #expect(problems(findings).contains("6 events, the last at position 7"))
  }

  @Test func `finds a forged event at the end`() throws {
    let findings = try tampered(
      """
      CREATE TEMP TABLE one AS SELECT * FROM event WHERE pos = 7;
      UPDATE one SET pos = 8, seq = seq + 1, id = randomblob(32), body = replace(body, '"seq":', '"seq":1');
      INSERT INTO event SELECT * FROM one;
      """)
    #expect(!findings.isEmpty)
  }

  @Test(arguments: [
    "UPDATE task SET state = 'done' WHERE id = 'b'", "UPDATE task SET priority = 0 WHERE id = 'c'",
    "UPDATE task SET title = 'Other' WHERE id = 'c'", "UPDATE task SET failures = 3 WHERE id = 'b'",
    "UPDATE task SET holders = NULL WHERE id = 'a'", "UPDATE task SET open_blockers = 1 WHERE id = 'c'",
    "UPDATE session SET fence = 9 WHERE id = 's'", "UPDATE session SET lease_agent = 'eve' WHERE id = 's'",
    "UPDATE session SET lease_token = zeroblob(32) WHERE id = 's'", "UPDATE session SET lease_fence = 1 WHERE id = 's'",
    "UPDATE session SET checkpoint_seq = NULL WHERE id = 's'", "UPDATE session SET head = zeroblob(32) WHERE id = 's'",
    "DELETE FROM task WHERE id = 'c'", "DELETE FROM grant_token",
    "UPDATE task_content SET body = 'x'; INSERT OR IGNORE INTO task_content(task, body) SELECT ordinal, 'x' FROM task WHERE id = 'c'; UPDATE task SET has_content = 1 WHERE id = 'c'",
    "INSERT INTO agent(name, display) VALUES('eve', 'Eve')"
  ])
  func `finds a row that is not what the log says`(script: String) throws {
    _ = try tampered(script)
  }

  @Test func `finds a guard of the log that is gone or changed`() throws {
    let (home, _) = try history()
    let file = try SQLFile(home.database)
    for row in try file.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'") {
      let (name, sql) = (row[0] ?? "", row[1] ?? "")
      for other in ["", "CREATE TRIGGER \(name) BEFORE INSERT ON event BEGIN SELECT 1; END"] {
        try file.run("DROP TRIGGER \(name); \(other)")
        let outcome = home.orch("verify", "--json")
        #expect(outcome.status == 3 && outcome.stdout.contains("the guard \(name)"), "\(name)")
        try file.run("DROP TRIGGER IF EXISTS \(name); \(sql)")
      }
    }
    home.ok("verify")
  }

  @Test func `the guards refuse what is not appending`() throws {
    let (home, head) = try history()
    let file = try SQLFile(home.database)
    for script in [
      "UPDATE event SET body = 'x'", "DELETE FROM event", "DELETE FROM event WHERE pos = 7",
      "INSERT OR REPLACE INTO event SELECT * FROM event WHERE pos = 3",
      "REPLACE INTO event SELECT * FROM event WHERE pos = 7",
      "CREATE TEMP TABLE one AS SELECT * FROM event WHERE pos = 7; UPDATE one SET pos = 20; INSERT INTO event SELECT * FROM one"
    ] {
      #expect(throws: SQLFile.Failure.self, "\(script)") { try file.run(script) }
    }
    try file.run("PRAGMA foreign_keys = ON")
    _ = try? file.run("DELETE FROM task; DELETE FROM session")
    #expect(try file.value("SELECT count(*) FROM event") == "7", "nothing cascades into the log")
    _ = head
  }

  @Test func `what heartbeats set is not in the log`() throws {
    let (home, _) = try history()
    home.ok("heartbeat", "--ttl", "3h", as: "ben")
    try SQLFile.run(
      home.database,
      "UPDATE session SET lease_expires_at = lease_expires_at + 5, lease_heartbeat_at = lease_heartbeat_at + 5")
    home.ok("verify")
  }
}
