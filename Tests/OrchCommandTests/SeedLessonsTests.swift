import OrchApp
import OrchCore
import OrchTestSupport
import Testing

/// One test for each thing that the first generation got wrong.
@Suite("What the first generation got wrong")
struct SeedLessonsTests {
  @Test(.eachEngine) func `every transition leaves its event, always`() async throws {
    let home = Home()
    home.add("First", "--id", "a", "--max-attempts", "9")
    for _ in 0..<2 {
      home.claim()
      try await home.expireLease(of: "a")
      home.ok("recover")
      home.claim()
      home.ok("release", "failed", "-m", "again", "--retry-in", "0", as: "ann")
      home.claim()
      home.ok("release", "done", as: "ann")
      home.ok("retry", "a")
    }
    let once = [
      "task.claimed", "lease.expired", "task.claimed", "task.failed", "task.claimed", "task.done", "task.retried"
    ]
    #expect(home.events("a") == ["task.added"] + once + once)
    let ids = home.ok("log", "--json").objects.compactMap { $0["id"]?.stringValue }
    #expect(Set(ids).count == ids.count)
  }

  @Test(.eachEngine) func `recovery dead-letters in the end, and until then requeues what a claim sees`() async throws {
    let home = Home()
    home.add("First", "--id", "a", "--max-attempts", "2")
    home.claim()
    try await home.expireLease(of: "a")
    home.ok("recover")
    let again = home.json("claim", as: "ben")
    #expect(again["task", "id"]?.stringValue == "a" && again["task", "failures"]?.intValue == 1)
    try await home.expireLease(of: "a", as: "ben")
    #expect(home.json("recover")["action"]?.stringValue == "dead")
    #expect(home.state("a") == "dead")
    home.fails(.nothingClaimable, "claim", as: "cat")
    home.ok("retry", "a")
    #expect(home.json("claim", as: "cat")["task", "attempt"]?.intValue == 3)
  }

  @Test(.eachEngine) func `a claim after expiry ends the old attempt before it takes anything`() async throws {
    let home = Home()
    home.add("First", "--id", "a", "--session", "s")
    home.add("Second", "--id", "b", "--session", "s", "--priority", "0")
    home.claim("a")
    try await home.expireLease(of: "a")
    #expect(home.json("claim", "b", as: "ben")["task", "id"]?.stringValue == "b")
    #expect(home.state("a") == "queued", "not running for ever")
    #expect(home.json("status")["counts", "running"]?.intValue == 1)
    let attempts = home.json("show", "a")["attempts"]?.arrayValue
    #expect(attempts?.count == 1 && attempts?.first?["outcome"]?.stringValue == "expired")
  }

  @Test(.eachEngine) func `the fence lives with the session for ever`() {
    let home = Home()
    var fences: [Int64] = []
    for id in ["a", "b", "c"] {
      home.add(id, "--id", id, "--session", "s")
      fences.append(home.json("claim", id, as: "ann")["lease", "fence"]?.intValue ?? 0)
      home.ok("release", "done", as: "ann")
    }
    home.ok("retry", "a")
    fences.append(home.json("claim", as: "ben")["lease", "fence"]?.intValue ?? 0)
    home.ok("recover", "a", "--force", "-m", "x")
    fences.append(home.json("claim", as: "cat")["lease", "fence"]?.intValue ?? 0)
    fences.append(home.json("resume", as: "cat")["lease", "fence"]?.intValue ?? 0)
    #expect(fences == [1, 2, 3, 4, 5, 6])
  }

  @Test(.eachEngine) func `a token is judged where it writes, and only its agent may use it`() async throws {
    let home = Home()
    home.add("First", "--id", "a")
    let old = home.claim()
    try await home.expireLease(of: "a")
    home.claim("a", as: "ben")
    // Both at once, over and over: the superseded one never gets through.
    var runs: [RunningCommand] = []
    for _ in 0..<4 {
      runs.append(home.start("heartbeat", "--token", old, as: "ann"))
      runs.append(home.start("release", "done", "--token", old, as: "ann"))
      runs.append(home.start("checkpoint", "--last", "stolen", "--token", old, as: "ann"))
    }
    for run in runs { #expect(run.wait().status == 76) }
    home.fails(
      .refused, "release", "done", "--agent", "ann", "--token",
      home.json("resume", as: "ben")["lease", "token"]?.stringValue ?? "")
    #expect(home.state("a") == "running")
    #expect(!home.events("a").contains("task.done") && !home.events("a").contains("checkpoint.saved"))
  }

  @Test func `the log outlives whatever is deleted beside it`() throws {
    let home = Home()
    home.add("First", "--id", "a")
    home.claim()
    home.ok("release", "done", as: "ann")
    let before = home.ok("log", "--json").stdout
    let file = try SQLFile(home.database)
    try file.run("PRAGMA foreign_keys = ON")
    for table in ["task", "session", "token", "task_content"] { _ = try? file.run("DELETE FROM \(table)") }
    #expect(throws: SQLFile.Failure.self) { try file.run("DELETE FROM event") }
    #expect(try file.value("SELECT count(*) FROM event") == "3")
    #expect(before.split(separator: "\n").count == 3)
    #expect(try file.rows("SELECT sql FROM sqlite_master").allSatisfy { $0[0]?.contains("CASCADE") != true })
  }

  @Test func `a lock is waited for asleep, over many attempts`() throws {
    let home = Home()
    home.add("First", "--id", "a")
    let lock = try SQLFile(home.database)
    try lock.run("BEGIN IMMEDIATE")
    let running = home.start("note", "a", "-m", "patient", as: "jq")
    #if os(Linux)
      // A process that spins gives up the processor only when it is taken away.
      #expect(eventually { running.hasEnded || Self.sleeps(of: running.process) > 30 })
    #endif
    #expect(!running.hasEnded)
    try lock.run("COMMIT")
    #expect(running.wait().status == 0)
    #expect(home.events("a") == ["task.added", "note.added"])
  }

  /// How often a process has gone to sleep by itself.
  private static func sleeps(of process: Int32) -> Int {
    let status = String(decoding: (try? Files.read("/proc/\(process)/status")) ?? [], as: UTF8.self)
    let line = status.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches:") }
    return line.flatMap { $0.split(separator: "\t").last }.flatMap { Int($0) } ?? 0
  }

  @Test func `times are integers, and a malformed one is refused at the edge`() throws {
    let home = Home()
    home.add("First", "--id", "a", "--session", "s")
    home.fails(.usage, "edit", "a", "--not-before", "2026-13-45T99:99")
    home.claim()
    let file = try SQLFile(home.database)
    #expect(try file.value("SELECT typeof(lease_expires_at) FROM session WHERE lease_task IS NOT NULL") == "integer")
    #expect(throws: SQLFile.Failure.self) {
      try file.run("UPDATE session SET lease_expires_at = 'soon' WHERE id = 's'")
    }
    home.ok("recover", "a", "--force", "-m", "x")
    home.ok("claim", as: "ben")
  }

  @Test(.eachEngine) func `context is written, and comes back in the resume packet`() {
    let home = Home()
    home.add("First", "--id", "a", "--session", "s")
    home.claim()
    home.ok(
      "checkpoint", "--phase", "tests", "--last", "drafted", "--next", "write tests", "--ref", "a.md", "-m",
      "mind the gap", "--data", #"{"row":7}"#, as: "ann")
    home.ok("release", "requeue", "-m", "lunch", as: "ann")
    let packet = home.json("claim", as: "ben")["packet"]
    for (key, value) in [
      ("phase", "tests"), ("lastAction", "drafted"), ("nextAction", "write tests"), ("reference", "a.md"),
      ("note", "mind the gap")
    ] {
      #expect(packet?["checkpoint", key]?.stringValue == value)
    }
    #expect(packet?["checkpoint", "data", "row"]?.intValue == 7)
    #expect(packet?["session", "nextAction"]?.stringValue == "write tests")
    #expect(packet?["attempts"]?.arrayValue?.first?["message"]?.stringValue == "lunch")
  }

  @Test func `the files are private and hold hashes of tokens only`() throws {
    let home = Home()
    home.add("First")
    let token = home.claim()
    for name in Files.names(in: home.path + "/state/data") where name.hasPrefix("orchestrator.db") {
      #expect(Files.mode(home.path + "/state/data/" + name) == 0o600, "\(name)")
      #expect(!String(decoding: try Files.read(home.path + "/state/data/" + name), as: UTF8.self).contains(token))
    }
    #expect(Files.mode(home.path + "/state/data") == 0o700)
    let claimed = home.ok("log", "--type", "task.claimed", "--json").json
    #expect(claimed["data", "tokenHash"]?.stringValue == SHA256Text.hex(ofHex: [token]))
  }
}
