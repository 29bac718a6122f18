import OrchCore
import OrchTestSupport
import Testing

/// What a command does when the connection breaks, before, at and after the commit, and when there is no server.
@Suite("A server that fails", .needsPostgres)
struct ServerFaultTests {
  /// A home whose commands go through a proxy that cuts.
  private struct Cut {
    let home: Home
    let proxy: PostgresProxy
    let address: String

    init(_ server: PostgresServer? = nil) throws {
      home = Home(engine: .postgres)
      let database = try #require(home.postgres)
      proxy = try PostgresProxy(to: database.server)
      address = database.url(port: proxy.port)
    }

    func run(_ words: String...) -> CommandOutcome {
      home.command(words, environment: ["ORCH_DATABASE_URL": address, "ORCH_AGENT": "ann"]).run()
    }

    /// How many events of a type the log has.
    func events(_ type: String) -> Int { home.ok("log", "--type", type, "--json").lines.count }
  }

  @Test(arguments: PostgresProxy.Cut.allCases)
  func `once is once, wherever the connection breaks`(_ cut: PostgresProxy.Cut) throws {
    let it = try Cut()
    for number in 1...3 { it.home.add("Task \(number)", "--id", "t\(number)") }
    it.proxy.cut(cut)
    #expect(it.run("add", "New", "--id", "new").status == 0)
    #expect(it.home.json("show", "new")["task", "state"]?.stringValue == "queued")
    #expect(it.events("task.added") == 4)
    it.proxy.cut(cut)
    let claim = it.run("claim", "--json")
    #expect(claim.status == 0, "\(claim.stderr)")
    #expect(it.events("task.claimed") == 1)
    it.proxy.cut(cut)
    #expect(it.run("heartbeat").status == 0)
    it.proxy.cut(cut)
    #expect(it.run("checkpoint", "--next", "x").status == 0)
    #expect(it.events("checkpoint.saved") == 1)
    it.proxy.cut(cut)
    #expect(it.run("release", "done").status == 0)
    #expect(it.events("task.done") == 1)
    #expect(it.proxy.cuts == 5)
    it.home.ok("verify")
  }

  @Test func `an answer that stays lost is said to be`() throws {
    let it = try Cut()
    it.home.add("Task", "--id", "t")
    // The server commits, the answer is lost, and nobody can be asked any more.
    it.proxy.cut(.atCommit, next: 1)
    it.proxy.mode = .forward
    let running = it.home.command(
      ["claim"], environment: ["ORCH_DATABASE_URL": it.address, "ORCH_AGENT": "ann"]
    ).start()
    #expect(eventually { it.proxy.cuts == 1 })
    it.proxy.mode = .refuse
    let claim = running.wait()
    // Either it had the time to look, or it says that it does not know, and how to find out.
    #expect(claim.status == 79 || claim.status == 0, "\(claim.status) \(claim.stderr)")
    if claim.status == 79 { #expect(claim.stderr.contains("orch resume")) }
    it.proxy.mode = .forward
    #expect(it.events("task.claimed") == 1)
    let resumed = it.run("resume", "--json")
    #expect(resumed.status == 0 && resumed.json["task", "id"]?.stringValue == "t", "\(resumed.stderr)")
  }

  @Test func `no server, or none that answers, ends in time and says so`() throws {
    let it = try Cut()
    it.home.add("Task", "--id", "t")
    for mode in [PostgresProxy.Mode.refuse, .stall] {
      it.proxy.mode = mode
      // One that refuses is given up soon, whatever the limit.
      let outcome = it.run("claim", "--timeout", mode == .refuse ? "1d" : "2")
      #expect(
        outcome.status == 69 && outcome.stderr.contains("nothing was done"),
        "\(mode): \(outcome.status) \(outcome.stderr)")
    }
    it.proxy.mode = .forward
    #expect(it.run("claim").status == 0)
  }

  @Test func `a server that goes down and comes back loses nothing`() throws {
    let server = try PostgresServer()
    let home = Home(initialized: false, engine: .sqlite)
    let environment = ["ORCH_DATABASE_URL": try server.createDatabase()]
    @Sendable func orch(_ words: [String]) -> CommandOutcome { home.command(words, environment: environment).run() }
    #expect(orch(["init"]).status == 0)
    for number in 0..<24 { #expect(orch(["add", "Task \(number)", "--id", "t\(number)"]).status == 0) }
    let acknowledged = Collected<String>()
    // Two workers, while the server crashes and comes back.
    try onThreads(3) { worker in
      guard worker > 0 else {
        for round in 1...3 {
          #expect(eventually { acknowledged.all.count >= round * 4 })
          try server.restart(.immediate)
        }
        return
      }
      let agent = ["--agent", "w\(worker)", "--instance", "i\(worker)"]
      let end = ContinuousClock.now + waitLimit
      while ContinuousClock.now < end {
        var claim = orch(["claim", "--json"] + agent)
        // Holding already, or not knowing whether: what is held is taken up.
        if claim.status == 1 || claim.status == 79 { claim = orch(["resume", "--json"] + agent) }
        if claim.status == 2, claim.stderr.contains("nothing to claim") { break }
        guard claim.status == 0, let id = claim.json["task", "id"]?.stringValue else { continue }
        if orch(["release", "done"] + agent).status == 0 { acknowledged.add(id) }
      }
    }
    let recorded = orch(["log", "--type", "task.done", "--json"]).objects.compactMap { $0["task"]?.stringValue }
    #expect(Set(recorded).count == recorded.count, "a task was done twice")
    #expect(Set(acknowledged.all).isSubset(of: recorded), "an acknowledged release was lost")
    #expect(recorded.count == 24)
    #expect(orch(["verify"]).status == 0)
  }
}
