import OrchApp
import OrchCore
import OrchTestSupport
import Testing

@Suite("Errors")
struct ErrorTests {
  @Test func `an error is two lines, or one object`() {
    let home = Home()
    var snapshot = Snapshot(home)
    snapshot.expect(
      home.orch("show", "nosuch"),
      """
      status 66
      stderr
      error: there is no task, session or event nosuch
      hint: orch list
      """)
    snapshot.expect(
      home.orch("show", "nosuch", "--json"),
      """
      status 66
      stderr
      {"error":{"code":"not-found","exitStatus":66,"hint":"orch list","message":"there is no task, session or event nosuch"}}
      """)
    snapshot.expect(
      home.orch("claim", "--json", as: "ann"),
      """
      status 2
      stderr
      {"error":{"code":"nothing-claimable","exitStatus":2,"hint":"orch claim --wait, or orch list","message":"there is nothing to claim","held":0,"blocked":0,"scheduled":0,"assigned":0,"nextReadyAt":null}}
      """)
  }

  @Test(.eachEngine) func `nothing claimable says what stands in the way`() {
    let home = Home()
    let first = home.add("First")
    home.claim()
    home.add("Blocked", "--after", first)
    home.add("Later", "--not-before", "+1h")
    home.add("For somebody", "--assign", "zoe")
    home.add("Beside", "--session", first)
    let error = home.fails(.nothingClaimable, "claim", as: "ben")
    #expect(error["held"]?.intValue == 1)
    #expect(error["blocked"]?.intValue == 1)
    #expect(error["scheduled"]?.intValue == 1)
    #expect(error["assigned"]?.intValue == 1)
    #expect(error["nextReadyAt"]?.stringValue?.hasSuffix("Z") == true)
  }

  @Test func `a state that does not allow a command names the way on`() {
    let home = Home()
    func hint(_ words: [String], as agent: String = "ann") -> String? {
      home.command(words + ["--json"], as: agent).run().error["hint"]?.stringValue
    }
    home.add("First", "--id", "one", "--reviewer", "rev")
    home.ok("cancel", "one", "-m", "not needed")
    #expect(hint(["claim", "one"]) == "orch retry one")
    #expect(hint(["review", "approve", "one", "-m", "late"], as: "rev") == "orch show one")
    home.ok("retry", "one")
    home.claim()
    home.ok("release", "done", as: "ann")
    #expect(hint(["claim", "one"]) == "orch retry one")
    #expect(hint(["cancel", "one", "-m", "late"]) == "orch show one")
    #expect(hint(["edit", "one", "--title", "Second"]) == "orch show one")
  }

  @Test(.eachEngine) func `held and lost leases name the holder`() async throws {
    let home = Home()
    let task = home.add("First", "--id", "one", "--session", "s")
    let old = home.claim()
    let held = home.fails(.leaseHeld, "claim", task, as: "ben")
    #expect(held["holder"]?.keys == ["agent", "host", "since"])
    #expect(held["holder", "agent"]?.stringValue == "ann")
    #expect(
      home.fails(.leaseHeld, "claim", "--session", "s", as: "ben")["holder", "host"]?.stringValue == Snapshot.host)
    try await home.expireLease(of: "one")
    home.claim(as: "ben")
    let lost = home.fails(.leaseLost, "heartbeat", "--token", old, as: "ann")
    #expect(lost["holder"]?.keys == ["agent", "host", "since"])
    #expect(lost["holder", "agent"]?.stringValue == "ben")
    #expect(lost["message"]?.stringValue?.contains("by ben at 20") == true)
    let never = home.fails(.leaseLost, "heartbeat", "--token", String(repeating: "ab", count: 32), as: "ann")
    #expect(never["holder"]?.isNull == true)
  }

  @Test func `hints never suggest what cannot be undone`() {
    let home = Home()
    home.add("First", "--id", "one")
    home.claim("one")
    for words in [
      ["claim", "one"], ["claim", "--session", "one"], ["cancel", "two", "-m", "x"], ["release", "done"],
      ["resume", "one"],
      ["retry", "one"], ["recover", "one", "--force", "-m", ""], ["edit", "one"], ["init", "--database", home.path]
    ] {
      let text = home.command(words, as: "ben").run().stderr
      for word in ["--force", "--no-verify", "--agent ann", "rm ", "delete"] {
        #expect(!text.contains(word), "\(words)")
      }
    }
  }

  @Test func `a locked database is unavailable at the deadline and nothing is done`() throws {
    let home = Home()
    home.add("First")
    let lock = try SQLFile(home.database)
    try lock.run("BEGIN IMMEDIATE")
    home.fails(.storeUnavailable, "add", "Second", "--timeout", "1s")
    #expect(
      home.fails(.storeUnavailable, "claim", "--timeout", "0", as: "ann")["hint"]?.stringValue
        == "nothing was done; try again")
    #expect(home.ok("list").lines.count == 1, "readers do not wait for a writer")
    try lock.run("ROLLBACK")
    #expect(Files.names(in: home.leases).isEmpty)
    home.ok("add", "Second")
    #expect(home.ok("list").lines.count == 2)
  }

  @Test func `a damaged database is corrupt, not a crash`() throws {
    let home = Home()
    for number in 0..<40 { home.add("Task number \(number)", "--body", String(repeating: "x", count: 400)) }
    try SQLFile.run(home.database, "PRAGMA wal_checkpoint(TRUNCATE)")
    var bytes = try Files.read(home.database)
    for index in 4096..<bytes.count { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
    try Files.write(bytes, to: home.database)
    home.fails(.storeCorrupt, "list")
    home.fails(.storeCorrupt, "add", "x")
    let verified = home.orch("verify")
    #expect([3, 70].contains(verified.status) && !verified.wasKilled)
  }
}
