import OrchApp
import OrchCore
import OrchTestSupport
import Testing

@Suite("Recovering", .eachEngine)
struct RecoverTests {
  @Test func `takes back what is stale, a line a session`() async throws {
    let home = Home()
    for id in ["a", "b", "c"] {
      home.add(id, "--id", id, "--session", "s-\(id)", "--max-attempts", id == "b" ? "1" : "4")
    }
    for task in ["a", "b", "c"] { home.claim(task) }
    for task in ["a", "b"] { try await home.expireLease(of: task) }
    let before = home.ok("log", "--json").stdout
    var snapshot = Snapshot(home)
    snapshot.expect(
      home.orch("recover", "--dry-run"),
      """
      status 0
      stdout
      a   would be: requeued   ann (s-a#1)   last sign of life TIME
      b   would be: dead   ann (s-b#1)   last sign of life TIME
      """)
    #expect(home.ok("recover", "--dry-run", "--limit", "1").lines.count == 1)
    #expect(home.ok("recover", "--dry-run", "b").lines.count == 1)
    #expect(home.ok("log", "--json").stdout == before, "only said")
    let recovered = home.ok("recover", "--json").objects
    #expect(recovered.map { $0["action"]?.stringValue } == ["requeued", "dead"])
    #expect(recovered.map { $0["session"]?.stringValue } == ["s-a", "s-b"])
    #expect(recovered[0]["agent"]?.stringValue == "ann" && recovered[0]["fence"]?.intValue == 1)
    #expect(home.ok("recover").stdout == "")
    #expect(home.state("a") == "queued" && home.state("b") == "dead" && home.state("c") == "running")
    let event = home.ok("log", "--type", "lease.expired", "--task", "a", "--json").json
    #expect(
      event["actor"]?.stringValue == "watchdog" && event["author"]?.stringValue == "ann"
        && event["fence"]?.intValue == 1)
    for key in ["agent", "host", "fence", "heartbeatAt", "expiresAt", "forced"] {
      #expect(event["data", key] != nil, "\(key)")
    }
    #expect(event["data", "forced"]?.boolValue == false)
    #expect(home.ok("verify").status == 0)
  }

  @Test func `a live lease is ended by name and with a reason only`() async throws {
    let home = Home()
    home.add("First", "--id", "a", "--session", "s")
    home.claim()
    #expect(home.ok("recover", "a").stdout == "", "it is not stale")
    home.fails(.usage, "recover", "a", "--force")
    home.fails(.usage, "recover", "--force", "-m", "why")
    #expect(home.json("recover", "a", "--force", "--dry-run", "-m", "x")["action"]?.stringValue == "requeued")
    #expect(home.state("a") == "running")
    let ended = home.json("recover", "a", "--force", "-m", "machine lost", as: "jq")
    #expect(ended["action"]?.stringValue == "requeued")
    let event = home.ok("log", "-n", "1", "--json").json
    #expect(event["data", "forced"]?.boolValue == true && event["data", "why"]?.stringValue == "machine lost")
    #expect(home.json("show", "a")["task", "failures"]?.intValue == 0, "a force counts no failure")
    let lost = home.fails(.leaseLost, "heartbeat", as: "ann")
    #expect(lost["holder", "agent"]?.stringValue == "jq")
    home.fails(.refused, "recover", "a", "--force", "-m", "again")
    home.fails(.notFound, "recover", "nosuch")
    home.claim()
    try await home.expireLease(of: "a")
    home.json("recover", "--session", "s", "--force", "-m", "x")
    #expect(home.json("show", "a")["task", "failures"]?.intValue == 1, "a force only on a live lease")
  }

  @Test func `a task is dead after as many failures as it may have`() async throws {
    let home = Home()
    home.add("First", "--id", "a", "--max-attempts", "2")
    for expected in ["requeued", "dead"] {
      home.claim()
      try await home.expireLease(of: "a")
      #expect(home.json("recover")["action"]?.stringValue == expected)
    }
    #expect(home.state("a") == "dead")
    #expect(home.events("a").suffix(2) == ["lease.expired", "task.dead"])
    #expect(home.ok("status").stdout.contains("alert       dead   a   failed 2 times; orch retry a"))
    #expect(home.json("retry", "a")["task", "failures"]?.intValue == 0)
  }

  @Test func `the recovered task goes first in its session, ready as it was`() async throws {
    let home = Home()
    home.add("First", "--id", "a", "--session", "s", "--priority", "7")
    home.claim()
    home.add("Second", "--id", "b", "--session", "s", "--priority", "1")
    try await home.expireLease(of: "a")
    home.ok("recover")
    #expect(home.json("claim", "--session", "s", as: "ben")["task", "id"]?.stringValue == "a")
  }

  @Test func `watches until it is told to stop`() {
    let home = Home()
    home.add("First", "--id", "a")
    home.claim()
    let watching = home.start("recover", "--watch", "1", "--json")
    home.ok("heartbeat", "--ttl", "1s", as: "ann")
    #expect(eventually { watching.hasEnded || watching.printed.hasSuffix("\n") })
    watching.signal(15)
    let outcome = watching.wait()
    #expect(outcome.status == 143 && outcome.json["task"]?.stringValue == "a")
    #expect(home.state("a") == "queued")
  }
}
