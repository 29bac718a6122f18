import OrchApp
import OrchCore
import OrchTestSupport
import Testing

@Suite("Claiming", .eachEngine)
struct ClaimTests {
  private func claimed(_ home: Home, _ words: String..., as agent: String = "ann") -> String? {
    let outcome = home.command(["claim", "--json", "--another"] + words, as: agent).run()
    return outcome.status == 0 ? outcome.json["task", "id"]?.stringValue : outcome.error["code"]?.stringValue
  }

  @Test func `takes priority, then ready time, then insertion`() {
    let home = Home()
    home.add("e", "--id", "e", "--priority", "6", "--not-before", "2001-01-01")
    home.add("c", "--id", "c")
    home.add("d", "--id", "d")
    home.add("b", "--id", "b", "--not-before", "2002-01-01")
    home.add("a", "--id", "a", "--priority", "0")
    #expect((0..<6).map { _ in claimed(home) } == ["a", "b", "c", "d", "e", "nothing-claimable"])
    #expect(home.ok("verify").status == 0)
  }

  @Test func `takes only what is ready, free, its own and not to be reviewed by it`() {
    let home = Home()
    home.add("a", "--id", "a", "--assign", "zoe", "--priority", "0")
    home.add("b", "--id", "b", "--reviewer", "ann", "--priority", "1")
    home.add("c", "--id", "c", "--not-before", "+1h", "--priority", "2")
    home.add("d", "--id", "d", "--after", "a", "--priority", "3")
    home.add("e", "--id", "e", "--session", "s", "--priority", "4")
    home.add("f", "--id", "f", "--session", "s", "--priority", "4")
    #expect(claimed(home) == "e")
    #expect(claimed(home) == "nothing-claimable", "its session is held")
    #expect(claimed(home, as: "ben") == "b")
    #expect(claimed(home, as: "zoe") == "a")
    for (task, reason) in [("c", "not to be started before"), ("d", "waits for 1 task")] {
      #expect(home.fails(.refused, "claim", task, as: "cat")["message"]?.stringValue?.contains(reason) == true)
    }
    home.ok("release", "done", "a", as: "zoe")
    #expect(claimed(home, as: "zoe") == "d")
    home.ok("release", "requeue", "b", as: "ben")
    home.add("g", "--id", "g", "--assign", "zoe")
    #expect(home.fails(.refused, "claim", "g", as: "ann")["message"]?.stringValue == "g is assigned to zoe")
    home.fails(.refused, "claim", "a", as: "ann")
    let named = home.orch("claim", "b", "--another", as: "ann")
    #expect(named.status == 0 && named.stderr.contains("warning: you were to review b"))
    home.fails(.notFound, "claim", "nosuch", as: "ann")
    home.fails(.notFound, "claim", "--session", "nosuch", as: "ann")
  }

  @Test func `stays in its project, unless told fallback`() {
    let home = Home()
    home.add("a", "--id", "a", "--project", "kpi")
    home.add("b", "--id", "b", "--project", "web", "--priority", "0")
    home.add("c", "--id", "c", "--priority", "9")
    #expect(claimed(home) == "c", "outside a project: what is of none")
    #expect(claimed(home) == "nothing-claimable")
    #expect(claimed(home, "--project", "kpi") == "a")
    let outside = home.orch("claim", "b", "--project", "kpi", as: "ben")
    #expect(outside.status == 0 && outside.stderr.contains("warning: b is of the project web\n"))
    home.ok("release", "requeue", as: "ben")
    #expect(claimed(home, "--all-projects") == "b")
    #expect(home.json("add", "d", environment: ["ORCH_PROJECT": "kpi"])["task", "project"]?.stringValue == "kpi")
  }

  @Test func `filters by kind and session`() {
    let home = Home()
    home.add("a", "--id", "a", "--kind", "doc")
    home.add("b", "--id", "b", "--kind", "code", "--project", "other", "--session", "s")
    home.add("c", "--id", "c", "--kind", "test")
    #expect(claimed(home, "--kind", "test", "--kind", "none") == "c")
    #expect(claimed(home, "--kind", "none") == "nothing-claimable")
    #expect(claimed(home, "--session", "s", "--kind", "doc") == "nothing-claimable")
    #expect(claimed(home, "--session", "s") == "b", "a session is of any project")
    #expect(claimed(home, "--session", "s", as: "ben") == "lease-held")
    #expect(claimed(home, "b", as: "ben") == "lease-held")
    #expect(claimed(home, "a", "--session", "s") == "refused")
    #expect(claimed(home, "--task", "a") == "a")
    home.ok("release", "done", "b", as: "ann")
    #expect(claimed(home, "--session", "s") == "nothing-claimable")
  }

  @Test func `a plain claim beside a lease held here is already-holding`() {
    let home = Home()
    home.add("a", "--id", "a")
    home.add("b", "--id", "b", "--session", "s")
    home.add("c", "--id", "c")
    home.add("d", "--id", "d")
    #expect(home.json("claim", as: "ann")["task", "id"]?.stringValue == "a")
    let error = home.fails(.alreadyHolding, "claim", as: "ann")
    #expect(error["hint"]?.stringValue?.hasPrefix("orch resume") == true)
    home.fails(.alreadyHolding, "claim", "--kind", "task", as: "ann")
    #expect(home.json("claim", "--session", "s", as: "ann")["task", "id"]?.stringValue == "b")
    #expect(home.json("claim", as: "ben")["task", "id"]?.stringValue == "c", "another agent")
    #expect(
      home.json("claim", as: "ann", in: home.directory("elsewhere"))["task", "id"]?.stringValue == "d", "another place")
    #expect(claimed(home) == "nothing-claimable")
  }

  @Test func `a token of the caller's own makes a claim repeatable without a file`() {
    let home = Home()
    home.add("a", "--id", "a")
    home.add("b", "--id", "b")
    let token = String(repeating: "0123456789abcdef", count: 4)
    let first = home.json("claim", "--token", token, as: "ann")
    #expect(first["lease", "token"]?.stringValue == token && Files.names(in: home.leases).isEmpty)
    let again = home.json("claim", "--token", token.uppercased(), as: "ann")
    #expect(again["task", "id"]?.stringValue == "a" && again["lease", "fence"] == first["lease", "fence"])
    home.fails(.refused, "claim", "--token", token, as: "ben")
    home.fails(.nothingHeld, "heartbeat", as: "ann")
    home.ok("heartbeat", as: "ann", environment: ["ORCH_TOKEN": token])
    home.fails(.refused, "release", "done", "--token", token, as: "ben")
    home.ok("release", "done", "--token", token, as: "ann")
    home.fails(.refused, "claim", "--token", token, as: "ann")
    #expect(home.json("claim", as: "ann", environment: ["ORCH_TOKEN": token])["lease", "token"]?.stringValue != token)
    home.fails(.usage, "claim", "--token", "0123", as: "ann")
  }

  @Test func `recovers what is stale before it takes anything`() async throws {
    let home = Home()
    home.add("a", "--id", "a")
    home.add("b", "--id", "b", "--priority", "0", "--max-attempts", "1")
    let old = home.claim("a")
    home.claim("b", "--another")
    for task in ["a", "b"] { try await home.expireLease(of: task) }
    let claim = home.json("claim", as: "ben")
    #expect(claim["task", "id"]?.stringValue == "a" && claim["task", "failures"]?.intValue == 1)
    #expect(claim["packet", "attempts"]?.arrayValue?.first?["outcome"]?.stringValue == "expired")
    #expect(home.state("b") == "dead")
    #expect(home.events("a") == ["task.added", "task.claimed", "lease.expired", "task.claimed"])
    #expect(home.events("b") == ["task.added", "task.claimed", "lease.expired", "task.dead"])
    home.fails(.leaseLost, "release", "done", "--token", old, as: "ann")
    #expect(home.ok("verify").status == 0)
  }
}

@Suite("Waiting for work")
struct ClaimWaitTests {
  @Test(.eachEngine) func `new work is taken`() {
    let home = Home()
    let waiting = home.startWaitingClaim(as: "ann")
    let task = home.add("First")
    #expect(waiting.wait().json["task", "id"]?.stringValue == task)
  }

  @Test func `the end of a time is nothing claimable`() {
    let home = Home()
    let outcome = home.orch("claim", "--wait", "1s", "--json", as: "ann")
    #expect(outcome.status == 2)
    #expect(outcome.error["code"]?.stringValue == "nothing-claimable")
    home.fails(.nothingClaimable, "claim", "--wait=0", as: "ann")
    home.fails(.usage, "claim", "--wait=soon", as: "ann")
    #expect(Files.names(in: home.leases).isEmpty)
  }

  @Test(.eachEngine) func `waits for a held task, and for one that is named`() {
    let home = Home()
    home.add("First", "--id", "1h")
    home.claim("1h")
    let waiting = home.startWaitingClaim("1h", as: "ben")
    home.ok("release", "requeue", as: "ann")
    #expect(waiting.wait().json["lease", "agent"]?.stringValue == "ben")
  }

  @Test(arguments: [2, 15] as [Int32])
  func `a signal ends it with a status of its own`(signal: Int32) {
    let home = Home()
    let waiting = home.startWaitingClaim(as: "ann")
    waiting.signal(signal)
    let outcome = waiting.wait()
    #expect(outcome.status == 128 + signal && !outcome.wasKilled)
    #expect(outcome.stdout == "")
    #expect(home.ok("verify").status == 0)
  }
}
