import OrchApp
import OrchCore
import OrchTestSupport
import Testing

/// Roles are the server's, and the tests that run beside share it: each has users and a database of its own, and nobody
/// but these commands makes the three roles.
@Suite("Roles on PostgreSQL", .needsPostgres)
struct PostgresRoleTests {
  /// A database whose owner may make roles and is no superuser, initialised by it.
  struct Place {
    let home = Home(initialized: false, engine: .postgres)
    let database: PostgresDatabase
    let owner: String

    init(makesRoles: Bool = true) throws {
      database = try #require(home.postgres)
      owner = Place.name("owner")
      try database.sql(
        "CREATE ROLE \(owner) LOGIN \(makesRoles ? "CREATEROLE" : ""); ALTER DATABASE \(database.name) OWNER TO \(owner)"
      )
    }

    static func name(_ stem: String) -> String { "\(stem)_" + String(UInt64.random(in: 0 ... .max), radix: 36) }

    /// A user who is a member of a role.
    func member(of role: String) throws -> String {
      let name = Self.name("user")
      try database.sql("CREATE ROLE \(name) LOGIN; GRANT \(role) TO \(name)")
      return name
    }

    func orch(_ words: String..., by user: String, as agent: String = "ann") -> CommandOutcome {
      home.command(words, as: agent, environment: ["ORCH_DATABASE_URL": database.url(user: user)]).run()
    }

    func psql(_ text: String, by user: String) -> CommandOutcome {
      database.server.psql(database.url(user: user), "\\set VERBOSITY verbose\n" + text)
    }
  }

  @Test func `an agent works, and cannot touch the log`() throws {
    let place = try Place()
    let made = place.orch("init", "--roles", by: place.owner)
    #expect(made.status == 0, "\(made.stderr)")
    #expect(made.stdout.contains("orch_owner, orch_agent, orch_reader"))
    let user = try place.member(of: "orch_agent")
    func ok(_ words: String..., as agent: String = "ann") {
      let run = place.home.command(words, as: agent, environment: ["ORCH_DATABASE_URL": place.database.url(user: user)])
        .run()
      #expect(run.status == 0, "\(words): \(run.stdout)\(run.stderr)")
    }
    ok("init")
    ok("add", "First", "--id", "one", "--priority", "1", "--key", "k")
    ok("add", "Second", "--id", "two", "--after", "one", "--reviewer", "zoe")
    ok("add", "Third", "--id", "three", "--not-before", "+1h")
    ok("edit", "two", "--title", "Second thing")
    ok("edit", "three", "--after", "one")
    ok("edit", "three", "--drop-after", "one")
    ok("note", "one", "-m", "use API v2")
    ok("agents", "set", "ann", "--display", "Ann", "--role", "author")
    ok("agents", "set", "ann", "--display", "Anna")
    ok("claim")
    ok("heartbeat")
    ok("checkpoint", "--next", "write tests")
    ok("resume")
    ok("release", "done")
    ok("claim", "two")
    ok("release", "failed", "--retry-in", "0s")
    ok("claim", "two", "--ttl", "1s")
    ok("recover", "two", "--force", "-m", "a test", as: "watchdog")
    ok("recover")
    ok("cancel", "two", "-m", "not needed")
    ok("retry", "two")
    for words in [["log"], ["list"], ["status"], ["brief"], ["show", "one"], ["agents"], ["verify"]] {
      let run = place.home.command(words, as: "ann", environment: ["ORCH_DATABASE_URL": place.database.url(user: user)])
        .run()
      #expect(run.status == 0, "\(words): \(run.stderr)")
    }
    for change in [
      "UPDATE orch.event SET body = ''", "DELETE FROM orch.event", "TRUNCATE orch.event", "DELETE FROM orch.session",
      "DELETE FROM orch.grant_token", "UPDATE orch.grant_token SET fence = 0", "DELETE FROM orch.task",
      "UPDATE orch.meta SET value = '2' WHERE key = 'schema'", "DELETE FROM orch.event_block", "DROP TABLE orch.ready",
      "ALTER TABLE orch.event DISABLE TRIGGER ALL", "CREATE TABLE orch.mine(x int)"
    ] {
      let refused = place.psql(change, by: user)
      #expect(refused.status != 0 && refused.stderr.contains("42501"), "\(change): \(refused.stderr)")
    }
  }

  @Test func `nobody changes the log, not even who owns it`() throws {
    let place = try Place()
    #expect(place.orch("init", "--roles", by: place.owner).status == 0)
    #expect(place.orch("add", "First", by: place.owner).status == 0)
    let member = try place.member(of: "orch_owner")
    for user in [place.owner, member, "postgres"] {
      for change in ["UPDATE orch.event SET body = ''", "DELETE FROM orch.event", "TRUNCATE orch.event"] {
        let refused = place.psql(change, by: user)
        #expect(refused.status != 0 && refused.stderr.contains("append-only"), "\(user): \(change): \(refused.stderr)")
      }
    }
    #expect(place.orch("verify", by: member).status == 0)
  }

  @Test func `a reader reads, and is told why it may not claim`() throws {
    let place = try Place()
    #expect(place.orch("init", "--roles", by: place.owner).status == 0)
    #expect(place.orch("add", "First", "--id", "one", by: place.owner).status == 0)
    let user = try place.member(of: "orch_reader")
    for words in [
      ["list"], ["log"], ["status"], ["verify"], ["show", "one"], ["brief"], ["agents"], ["recover", "--dry-run"]
    ] {
      let run = place.home.command(words, as: "ann", environment: ["ORCH_DATABASE_URL": place.database.url(user: user)])
        .run()
      #expect(run.status == 0, "\(words): \(run.stderr)")
    }
    for words in [["claim"], ["claim", "one"], ["add", "Second"], ["recover"]] {
      let environment = ["ORCH_DATABASE_URL": place.database.url(user: user)]
      let error = place.home.command(words + ["--json"], as: "ann", environment: environment).run()
      #expect(error.status == 77 && error.error["code"]?.stringValue == "permission", "\(words): \(error.stderr)")
      #expect(error.error["message"]?.stringValue?.contains("permission denied for table") == true, "\(error.stderr)")
      #expect(error.error["hint"]?.stringValue?.contains("orch_agent") == true, "\(error.stderr)")
    }
    #expect(Files.names(in: place.home.leases).isEmpty, "a claim that was refused leaves no lease file")
    #expect(place.orch("claim", by: place.owner).status == 0)
  }

  @Test func `roles may be asked for again, and later, and by several at once`() throws {
    let place = try Place()
    #expect(place.orch("init", by: place.owner).status == 0)
    #expect(place.orch("init", "--roles", by: place.owner).status == 0)
    // Too much was granted meanwhile, and something is somebody else's.
    try place.database.sql(
      """
      GRANT UPDATE, DELETE ON orch.event TO orch_agent; GRANT UPDATE(body) ON orch.event TO orch_reader;
      ALTER TABLE orch.ready OWNER TO \(place.owner)
      """)
    let running = (0..<4).map { _ in
      place.home.start("init", "--roles", environment: ["ORCH_DATABASE_URL": place.database.url(user: place.owner)])
    }
    for run in running {
      let outcome = run.wait()
      #expect(outcome.status == 0, "\(outcome.stderr)")
    }
    let left = try place.database.sql(
      """
      SELECT count(*) FROM pg_tables WHERE schemaname = 'orch' AND tableowner <> 'orch_owner';
      SELECT has_table_privilege('orch_agent', 'orch.event', 'UPDATE, DELETE, TRUNCATE')
        OR has_any_column_privilege('orch_reader', 'orch.event', 'UPDATE') OR has_table_privilege('orch_agent', 'orch.meta', 'UPDATE')
      """)
    #expect(left == "0\nf")
    let other = try Place()
    #expect(other.orch("init", "--roles", by: other.owner).status == 0, "roles that are there are taken as they are")
  }

  @Test func `who may not make roles is told what to run`() throws {
    let place = try Place(makesRoles: false)
    let refused = place.orch("init", "--roles", "--json", by: place.owner)
    #expect(refused.status == 77 && refused.error["code"]?.stringValue == "permission", "\(refused.stderr)")
    let hint = try #require(refused.error["hint"]?.stringValue)
    #expect(hint.contains("GRANT orch_owner TO \(place.owner)"), "\(hint)")
    #expect(place.orch("list", by: place.owner).status == 69, "nothing was created")
    // As told.
    try place.database.sql(
      """
      SELECT 'CREATE ROLE ' || name || ' NOLOGIN' FROM unnest(ARRAY['orch_owner', 'orch_agent', 'orch_reader']) AS name
      WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \\gexec
      GRANT orch_owner TO \(place.owner)
      """)
    let made = place.orch("init", "--roles", by: place.owner)
    #expect(made.status == 0, "\(made.stderr)")
    let stranger = Place.name("stranger")
    try place.database.sql("CREATE ROLE \(stranger) LOGIN")
    let denied = place.orch("list", by: stranger)
    #expect(denied.status == 77 && denied.stderr.contains("permission denied for schema orch"), "\(denied.stderr)")
  }

  @Test func `roles are of PostgreSQL`() {
    let home = Home(initialized: false, engine: .sqlite)
    #expect(home.fails(.usage, "init", "--roles")["message"]?.stringValue == "--roles is for PostgreSQL databases")
    #expect(!Files.exists(home.database))
  }
}
