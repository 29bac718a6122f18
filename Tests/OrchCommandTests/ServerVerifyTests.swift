import OrchCore
import OrchTestSupport
import Testing

/// What somebody with all rights on the server changes, `verify` finds.
@Suite("Verifying on a server", .needsPostgres)
struct ServerVerifyTests {
  /// A home with a history, its database, and its head.
  private func history() throws -> (home: Home, database: PostgresDatabase, head: String) {
    let home = Home(engine: .postgres)
    home.add("First", "--id", "a", "--session", "s")
    home.add("Second", "--id", "b", "--session", "s", "--after", "a")
    home.add("Third", "--id", "c")
    home.claim("a")
    home.ok("checkpoint", "--last", "x", "--next", "y", as: "ann")
    home.ok("release", "done", as: "ann")
    home.claim("b", as: "ben")
    let head = home.json("verify")["head"]?.stringValue ?? ""
    #expect(head.hasPrefix("7-"))
    return (home, try #require(home.postgres), head)
  }

  @Test(arguments: [
    (
      "UPDATE orch.event SET body = replace(body, 'First', 'Fjrst') WHERE seq = 1",
      "its content is not what its id says"
    ),
    (
      "UPDATE orch.event SET id = decode(repeat('00', 32), 'hex') WHERE seq = 2 AND type = 'task.added'",
      "its content is not"
    ),
    ("DELETE FROM orch.event WHERE seq = 3 AND type = 'task.claimed'", "events in the log, its row says"),
    ("DELETE FROM orch.event WHERE pos = (SELECT max(pos) FROM orch.event)", "its log ends at"),
    ("UPDATE orch.event SET pos = -pos WHERE seq = 2", "stands before its parent"),
    ("UPDATE orch.task SET state = 'done' WHERE id = 'b'", "the row of b is not what its log says"),
    ("UPDATE orch.task SET title = 'Other' WHERE id = 'c'", "the row of c is not what its log says"),
    ("UPDATE orch.task SET open_blockers = 1 WHERE id = 'c'", "waits for 0 tasks"),
    ("UPDATE orch.session SET fence = 9 WHERE id = 's'", "its row is not what its log says"),
    ("UPDATE orch.session SET lease_agent = 'eve' WHERE id = 's'", "its row is not what its log says"),
    ("UPDATE orch.session SET queued = queued + 1 WHERE id = 'c'", "does not count its tasks right"),
    ("DELETE FROM orch.ready", "is claimable, and no claim finds it"),
    ("DELETE FROM orch.grant_token", "a token that its log grants is not known"),
    ("DELETE FROM orch.task WHERE id = 'c'", "tasks in its rows"),
    ("INSERT INTO orch.agent(name, display) VALUES ('eve', 'Eve')", "is not in the log")
  ])
  func `finds what was changed`(change: String, problem: String) throws {
    let (home, database, _) = try history()
    try database.sql(
      "ALTER TABLE orch.event DISABLE TRIGGER event_unchanged; \(change); ALTER TABLE orch.event ENABLE TRIGGER event_unchanged"
    )
    let outcome = home.orch("verify", "--json")
    #expect(outcome.status == 3)
    let problems = (outcome.json["findings"]?.arrayValue ?? []).compactMap { $0["problem"]?.stringValue }
    #expect(problems.contains { $0.contains(problem) }, "\(problems)")
  }

  @Test func `finds a guard that is gone, and a log that was cut`() throws {
    let (home, database, head) = try history()
    #expect(throws: (any Error).self) { try database.sql("DELETE FROM orch.event") }
    #expect(throws: (any Error).self) { try database.sql("TRUNCATE orch.event") }
    try database.sql("ALTER TABLE orch.event DISABLE TRIGGER event_unchanged")
    #expect(home.orch("verify").stdout.contains("event_unchanged"))
    try database.sql(
      """
      DELETE FROM orch.event WHERE session = (SELECT number FROM orch.session WHERE id = 'c');
      DELETE FROM orch.ready; DELETE FROM orch.task WHERE id = 'c'; DELETE FROM orch.session WHERE id = 'c';
      ALTER TABLE orch.event ENABLE TRIGGER event_unchanged
      """)
    // A whole session cut out leaves nothing that contradicts itself: only a head kept elsewhere shows it.
    home.ok("verify")
    #expect(home.orch("verify", "--expect", head).stdout.contains("the log ends at event 6; the expected head has 7"))
  }
}
