import OrchApp
import OrchCore
import OrchTestSupport
import Testing

@Suite("Holding a lease", .eachEngine)
struct HolderTests {
  @Test func `heartbeat sets the expiry, also to an earlier one`() {
    let home = Home()
    home.add("First")
    home.claim("--ttl", "1h")
    #expect((3590...3600).contains(home.json("heartbeat", as: "ann")["lease", "remainingSeconds"]?.intValue ?? 0))
    let sooner = home.json("heartbeat", "--ttl", "1m", as: "ann")["lease"]
    #expect(sooner?["ttlSeconds"]?.intValue == 60 && (55...60).contains(sooner?["remainingSeconds"]?.intValue ?? 0))
    #expect(
      (55...60).contains(home.json("checkpoint", "--last", "x", as: "ann")["lease", "remainingSeconds"]?.intValue ?? 0))
    #expect(home.ok("hb", as: "ann").stdout == "")
    #expect(home.ok("log", "--oneline").lines.count == 3, "a heartbeat is no event")
    #expect(home.ok("verify").status == 0)
  }

  @Test func `a checkpoint keeps what is not given`() {
    let home = Home()
    let task = home.add("First", "--session", "s")
    home.claim()
    func saved(_ words: String...) -> JSON? {
      home.command(["checkpoint", "--json"] + words, as: "ann").run().json["checkpoint"]
    }
    var checkpoint = saved(
      "--phase", "design", "--last", "read", "--next", "write", "--ref", "a.md", "--data", "[1, 2]", "-m", "n1")
    #expect(checkpoint?["task"]?.stringValue == task && checkpoint?["agent"]?.stringValue == "ann")
    checkpoint = saved("--done")
    #expect(checkpoint?["lastAction"]?.stringValue == "write" && checkpoint?["nextAction"]?.isNull == true)
    #expect(checkpoint?["phase"]?.stringValue == "design" && checkpoint?["data"]?.text() == "[1,2]")
    checkpoint = saved("--done", "--next", "test")
    #expect(checkpoint?["nextAction"]?.stringValue == "test")
    checkpoint = saved("--phase", "", "--data", "", "--ref", "b.md")
    #expect(checkpoint?["phase"]?.isNull == true && checkpoint?["data"]?.isNull == true)
    #expect(checkpoint?["reference"]?.stringValue == "b.md" && checkpoint?["lastAction"]?.stringValue == "write")
    let session = home.json("show", "session:s")["session"]
    #expect(session?["reference"]?.stringValue == "b.md" && session?["checkpoint"] == checkpoint)
    home.ok("release", "done", as: "ann")
    home.add("Second", "--session", "s")
    let next = home.json("claim", as: "ben")["packet", "checkpoint"]
    #expect(
      next?["nextAction"]?.stringValue == "test" && next?["task"]?.stringValue == task,
      "outlives the task and the agent")
    home.fails(.invalidInput, "checkpoint", "--data", "{", as: "ben")
    var snapshot = Snapshot(home)
    snapshot.expect(
      home.orch("checkpoint", "--next", "go on", as: "ben"),
      """
      status 0
      stdout
      saved   next "go on"   lease until CLOCK
      """)
  }

  @Test func `every outcome of a release`() {
    let home = Home()
    home.add("First", "--id", "a", "--max-attempts", "2")
    home.claim("a")
    var event = home.json("release", "requeue", "-m", "not mine", as: "ann")
    #expect(event["event", "type"]?.stringValue == "task.requeued" && event["task", "failures"]?.intValue == 0)
    home.claim("a")
    event = home.json("release", "failed", "-m", "bad", "--error-code", "E7", "--retry-in", "1h", as: "ann")
    #expect(event["task", "state"]?.stringValue == "scheduled" && event["task", "failures"]?.intValue == 1)
    #expect(event["task", "lastError"]?.text() == #"{"code":"E7","message":"bad"}"#)
    home.ok("edit", "a", "--not-before", "", "--reviewer", "rev")
    home.claim("a")
    event = home.json("release", "review", "-m", "look", "--reviewer", "rex", as: "ann")
    #expect(event["task", "state"]?.stringValue == "review" && event["event", "reviewer"]?.stringValue == "rev")
    #expect(event["task", "reviewers"]?.text() == #"["rev","rex"]"#)
    #expect(home.json("brief", as: "rev")["reviews"]?.arrayValue?.count == 1)
    home.ok("cancel", "a", "-m", "x")
    home.ok("retry", "a")
    home.claim("a")
    event = home.json("release", "done", "-m", "made", "--result", #"{ "n": 1.0 }"#, as: "ann")
    #expect(event["task", "result"]?.text() == #"{"n":1.0}"# && event["task", "attempt"]?.intValue == 4)
    #expect(event["event", "data", "result"]?.stringValue == #"{"n":1.0}"#)
    #expect(home.ok("verify").status == 0)
  }

  @Test func `a failed release waits longer each time`() {
    let home = Home()
    let task = home.add("First", "--max-attempts", "3")
    home.claim()
    let first = home.json("release", "failed", as: "ann")
    #expect(first["task", "state"]?.stringValue == "scheduled")
    let error = home.fails(.nothingClaimable, "claim", as: "ben")
    #expect(error["scheduled"]?.intValue == 1 && error["nextReadyAt"] == first["task", "readyAt"])
    #expect(home.orch("show", task).stdout.contains("not before"))
  }

  @Test func `done is refused where review or a check is required`() {
    let home = Home()
    home.add("First", "--id", "a", "--require-review")
    home.add("Second", "--id", "b", "--require-check", "ci", "--session", "t")
    home.claim("a")
    #expect(home.fails(.refused, "release", "done", as: "ann")["hint"]?.stringValue == "orch release review")
    home.fails(.refused, "release", "review", as: "ann")
    home.fails(.refused, "release", "review", "--reviewer", "ann", as: "ann")
    home.ok("release", "review", "--reviewer", "rev", as: "ann")
    home.claim("b")
    #expect(home.fails(.refused, "release", "done", as: "ann")["message"]?.stringValue?.contains("ci") == true)
  }

  @Test func `an expired lease that nobody took is held, and marked late`() async throws {
    let home = Home()
    let task = home.add("First")
    home.claim()
    try await home.expireLease(of: task)
    #expect(home.ok("list", "--json").json["lease", "late"]?.boolValue == true)
    #expect(home.ok("list").stdout.contains("expired "))
    let saved = home.json("checkpoint", "--last", "late work", "--ttl", "1h", as: "ann")
    #expect(saved["lease", "late"]?.boolValue == false, "it is alive again")
    try await home.expireLease(of: task)
    let released = home.json("release", "done", as: "ann")
    #expect(released["event", "data", "late"]?.boolValue == true && released["task", "failures"]?.intValue == 0)
    #expect(home.events(task) == ["task.added", "task.claimed", "checkpoint.saved", "task.done"])
    #expect(home.ok("log", "-n1").stdout.contains("late)"))
  }

  @Test func `releasing again answers what was recorded`() {
    let home = Home()
    home.add("First", "--id", "a")
    let token = home.claim()
    let first = home.json("release", "done", "-m", "made", as: "ann")
    let again = home.json("release", "done", "-m", "other words", as: "ann")
    #expect(again["event"] == first["event"])
    home.fails(.nothingHeld, "release", "failed", as: "ann")
    home.fails(.nothingHeld, "heartbeat", as: "ann")
    home.fails(.nothingHeld, "checkpoint", "--last", "x", as: "ann")
    #expect(home.json("release", "done", "--token", token, as: "ann")["event"] == first["event"])
    home.fails(.refused, "release", "requeue", "--token", token, as: "ann")
    home.fails(.leaseLost, "heartbeat", "--token", token, as: "ann")
    home.ok("retry", "a")
    home.claim("a", as: "ben")
    #expect(home.json("release", "done", "--token", token, as: "ann")["event"] == first["event"], "whoever holds now")
    #expect(home.state("a") == "running")
    #expect(home.events("a") == ["task.added", "task.claimed", "task.done", "task.retried", "task.claimed"])
  }

  @Test func `a holder that was superseded or cancelled changes nothing`() async throws {
    let home = Home()
    let task = home.add("First")
    home.claim()
    try await home.expireLease(of: task)
    home.claim(as: "ben")
    let before = home.ok("log", "--json").stdout
    for words in [["heartbeat"], ["checkpoint", "--last", "x"], ["release", "done"], ["release", "requeue"], ["resume"]]
    {
      let outcome = home.command(words + ["--json"], as: "ann").run()
      #expect(outcome.status == 76 && outcome.error["code"]?.stringValue == "lease-lost", "\(words)")
      #expect(outcome.error["holder", "agent"]?.stringValue == "ben", "\(words)")
      #expect(outcome.error["hint"]?.stringValue?.contains("do not commit, push or release") == true)
    }
    #expect(home.ok("log", "--json").stdout == before)
    home.ok("cancel", task, "-m", "no longer needed", as: "jq")
    for words in [["heartbeat"], ["release", "done"], ["resume"]] {
      let outcome = home.command(words + ["--json"], as: "ben").run()
      #expect(outcome.status == 76 && outcome.error["code"]?.stringValue == "task-cancelled", "\(words)")
      #expect(outcome.error["holder", "agent"]?.stringValue == "jq")
    }
    #expect(home.orch("heartbeat", as: "ann").status == 76)
    home.add("Second")
    home.claim(as: "ben")
    home.ok("release", "done", as: "ben")
    home.fails(.nothingHeld, "heartbeat", as: "ben")
  }
}
