import OrchCore
import OrchTestSupport
import Testing

/// Waiting for work, and following the log, on a server.
@Suite("Waiting on a server", .needsPostgres)
struct WaitingTests {
  @Test func `new work is taken by one of those who listen`() throws {
    let home = Home(engine: .postgres)
    let database = try #require(home.postgres)
    home.add("Not ready", "--not-before", "+1d")
    let waiting = (0..<3).map { home.startWaitingClaim(as: "w\($0)") }
    // Only who listens keeps its connection while it sleeps.
    let connected = """
      SELECT count(*) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
      """
    #expect(try eventually { try database.sql(connected) == "3" })
    home.add("Work", "--id", "work")
    #expect(eventually { waiting.contains { $0.hasEnded } })
    for command in waiting where !command.hasEnded { command.signal(2) }
    let outcomes = waiting.map { $0.wait() }
    #expect(outcomes.count { $0.json["task", "id"]?.stringValue == "work" } == 1)
    #expect(outcomes.count { $0.status == 130 } == 2)
  }

  @Test func `waiting claims leave room for those who add work`() throws {
    var options = PostgresServer.Options()
    options.maxConnections = 12
    let server = try PostgresServer(options)
    let home = Home(initialized: false, engine: .sqlite)
    let environment = ["ORCH_DATABASE_URL": try server.createDatabase()]
    #expect(home.command(["init"], environment: environment).run().status == 0)
    let waiting = (0..<16).map { number in
      home.command(
        ["claim", "--wait", "--json", "--agent", "w\(number)", "--instance", "i\(number)"],
        environment: environment
      ).start()
    }
    for number in 0..<16 {
      let added = home.command(["add", "Task \(number)", "--id", "t\(number)"], environment: environment).run()
      #expect(added.status == 0, "\(added.stderr)")
    }
    let taken = waiting.map { $0.wait() }
    #expect(taken.allSatisfy { $0.status == 0 }, "\(taken.map(\.stderr))")
    #expect(Set(taken.compactMap { $0.json["task", "id"]?.stringValue }).count == 16)
  }

  /// A transaction that stays open until a file is there, and has a number.
  private struct OpenTransaction {
    let running: RunningCommand
    private let go: String

    /// - Parameter isWriter: whether it does as those do that write to the log.
    init(_ database: PostgresDatabase, isWriter: Bool) throws {
      go = database.server.directory + "/go-" + database.name
      running = database.server.startPsql(
        database.url,
        """
        BEGIN;
        SELECT \(isWriter ? "pg_advisory_xact_lock_shared(1330791240)" : "1"), pg_current_xact_id();
        \\! while ! test -e \(go); do sleep 0.05; done
        COMMIT;
        """)
      let begun = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
      #expect(try eventually { try database.sql(begun + " AND backend_xid IS NOT NULL") == "1" })
    }

    func commit() throws {
      try Files.write("", to: go)
      #expect(running.wait().status == 0)
    }
  }

  @Test func `a follower misses nothing beside a slow writer, and repeats nothing`() throws {
    let home = Home(engine: .postgres)
    home.add("Before", "--id", "before")
    let follower = home.command(["log", "-f", "--oneline"]).start()
    #expect(eventually { follower.hasEnded || follower.printed.contains("before") })
    let slow = try OpenTransaction(try #require(home.postgres), isWriter: true)
    for number in 0..<5 { home.add("Task \(number)", "--id", "t\(number)") }
    try slow.commit()
    home.add("After", "--id", "after")
    #expect(eventually { follower.hasEnded || follower.printed.contains("after After\n") })
    let lines = follower.printed.split(separator: "\n").map { $0.split(separator: " ")[5] }
    #expect(lines == ["before", "t0", "t1", "t2", "t3", "t4", "after"])
    follower.signal(2)
    follower.wait()
  }

  @Test(arguments: [true, false])
  func `who writes elsewhere on the server holds no follower back`(inSameDatabase: Bool) throws {
    let home = Home(engine: .postgres)
    let database = try #require(home.postgres)
    let other = inSameDatabase ? database : try database.server.temporaryDatabase()
    // Also one that takes a lock of the same name, in its own database.
    let slow = try OpenTransaction(other, isWriter: !inSameDatabase)
    for number in 0..<3 { home.add("Task \(number)", "--id", "t\(number)") }
    let follower = home.command(["log", "-f", "-n", "1", "--oneline"]).start()
    #expect(eventually { follower.hasEnded || follower.printed.contains("\n") })
    home.add("After", "--id", "after")
    #expect(eventually { follower.hasEnded || follower.printed.contains("after After\n") })
    let lines = follower.printed.split(separator: "\n").map { $0.split(separator: " ")[5] }
    #expect(lines == ["t2", "after"] && !slow.running.hasEnded)
    follower.signal(2)
    follower.wait()
    try slow.commit()
  }
}
