import OrchCore
import OrchTestSupport
import Testing

/// Waiting for work, and following the log, on a server.
@Suite("Waiting on a server", .needsPostgres)
struct WaitingTests {
  @Test func `new work is taken within a second, by one`() throws {
    let home = Home(engine: .postgres)
    home.add("Not ready", "--not-before", "+1d")
    let waiting = (0..<3).map { number in
      home.command(["claim", "--wait", "30", "--json", "--agent", "w\(number)", "--instance", "i\(number)"]).start()
    }
    pause(milliseconds: 1500)
    #expect(!waiting.contains { $0.hasEnded })
    let start = ContinuousClock.now
    home.add("Work", "--id", "work")
    #expect(eventually { waiting.contains { $0.hasEnded } })
    let time = ContinuousClock.now - start
    #expect(time < .seconds(2), "\(time), starting the commands included")
    pause(milliseconds: 300)
    #expect(waiting.count { $0.hasEnded } == 1)
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
        ["claim", "--wait", "60", "--json", "--agent", "w\(number)", "--instance", "i\(number)"],
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

  @Test func `a follower misses nothing beside a slow transaction, and repeats nothing`() throws {
    let home = Home(engine: .postgres)
    let database = try #require(home.postgres)
    home.add("Before", "--id", "before")
    let follower = home.command(["log", "-f", "--oneline"]).start()
    #expect(eventually { follower.printed.contains("before") })
    // It has a number of its own, and holds back nothing but what is younger.
    let slow = database.server.startPsql(
      database.url, "BEGIN; SELECT pg_current_xact_id(); SELECT pg_sleep(2); COMMIT;")
    pause(milliseconds: 300)
    for number in 0..<5 { home.add("Task \(number)", "--id", "t\(number)") }
    slow.wait()
    #expect(eventually { follower.printed.split(separator: "\n").count >= 6 })
    pause(milliseconds: 600)
    let lines = follower.printed.split(separator: "\n").map { $0.split(separator: " ")[5] }
    #expect(lines == ["before", "t0", "t1", "t2", "t3", "t4"])
    follower.signal(2)
    follower.wait()
  }
}
