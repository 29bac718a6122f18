import OrchApp
import OrchCore
import OrchTestSupport
import Testing

@Suite("Editing, remarking, cancelling, retrying", .eachEngine)
struct EditTests {
  @Test func `edit changes what is given and clears what is empty`() {
    let home = Home()
    home.add("First", "--id", "a")
    let task = home.add(
      "Old", "--body", "b", "--payload", "{}", "--assign", "ann", "--after", "a", "--reviewer", "r", "--ttl", "1m",
      "--not-before", "+1h", "--project", "p", "--require-check", "ci")
    let edited = home.json("edit", task, "--title", "New", "--priority", "0", "--kind", "k", "--max-attempts", "9")
    #expect(edited.keys == ["task", "event"] && edited["event", "type"]?.stringValue == "task.edited")
    #expect(edited["task", "title"]?.stringValue == "New" && edited["task", "priority"]?.intValue == 0)
    #expect(edited["task", "body"]?.stringValue == "b", "what is not given stays")
    let cleared = home.json(
      "edit", task, "--body", "", "--payload", "", "--assign", "-", "--drop-after", "a", "--drop-reviewer", "r",
      "--ttl",
      "", "--not-before", "", "--project", "", "--drop-check", "ci", "--require-review")["task"]
    for key in ["body", "payload", "assignee", "ttlSeconds", "project"] {
      #expect(cleared?[key]?.isNull == true, "\(key)")
    }
    for key in ["after", "reviewers", "requiredChecks"] {
      #expect(cleared?[key]?.arrayValue?.isEmpty == true, "\(key)")
    }
    #expect(cleared?["state"]?.stringValue == "queued" && cleared?["requireReview"]?.boolValue == true)
    #expect(home.json("edit", task, "--after", "a", "--reviewer", "s")["task", "state"]?.stringValue == "blocked")
    #expect(home.ok("verify").status == 0)
    home.fails(.usage, "edit", task)
    home.fails(.invalidInput, "edit", task, "--title", "")
    home.fails(.notFound, "edit", "nosuch", "--priority", "1")
    home.fails(.usage, "edit", task, "--key", "k")
  }

  @Test func `edit refuses a cycle of any length, and what is done`() {
    let home = Home()
    home.add("a", "--id", "a")
    home.add("b", "--id", "b", "--after", "a")
    home.add("c", "--id", "c", "--after", "b")
    #expect(
      home.fails(.refused, "edit", "a", "--after", "c")["message"]?.stringValue?.contains("a → c → b → a") == true)
    home.fails(.refused, "edit", "a", "--after", "a")
    home.claim("a")
    home.ok("release", "done", as: "ann")
    home.fails(.refused, "edit", "a", "--priority", "1")
    #expect(home.state("b") == "queued" && home.state("c") == "blocked")
  }

  @Test func `a note reaches the holder once and the next packet always`() {
    let home = Home()
    let task = home.add("First")
    home.ok("note", task, "-m", "before", as: "jq")
    let claim = home.json("claim", as: "ann")
    #expect(claim["packet", "notes"]?.arrayValue?.map { $0["text"]?.stringValue } == ["before"])
    #expect(claim["packet", "notes"]?.arrayValue?.first?.keys == ["at", "by", "text", "event"])
    #expect(home.json("heartbeat", as: "ann")["notices"]?.arrayValue?.isEmpty == true)
    home.ok("note", task, "-m", "use API v2", as: "jq")
    home.ok("note", task, "-m", "-", as: "jq", input: "and\nmore")
    home.ok("note", task, "-m", "of my own", as: "ann")
    #expect(home.ok("heartbeat", as: "ann").stdout == "note  jq: use API v2\nnote  jq: and ⏎ more\n")
    #expect(home.ok("heartbeat", as: "ann").stdout == "")
    home.ok("note", task, "-m", "third", as: "jq")
    #expect(home.json("checkpoint", "--last", "x", as: "ann")["notices"]?.arrayValue?.count == 1)
    #expect(home.json("checkpoint", "--last", "y", as: "ann")["notices"]?.arrayValue?.isEmpty == true)
    home.ok("release", "requeue", as: "ann")
    #expect(home.json("claim", as: "ben")["packet", "notes"]?.arrayValue?.count == 5)
    home.fails(.invalidInput, "note", task, "-m", "")
    home.fails(.notFound, "note", "nosuch", "-m", "x")
  }

  @Test func `cancelling and retrying say what they did, and nothing twice`() {
    let home = Home()
    home.add("First", "--id", "a")
    home.add("Second", "--id", "b", "--after", "a")
    var snapshot = Snapshot(home)
    snapshot.expect(
      home.orch("cancel", "a", "-m", "not needed"),
      """
      status 0
      stdout
      a  cancelled   First
      waiting for it: b
      """)
    snapshot.expect(
      home.orch("cancel", "a", "-m", "again"),
      """
      status 0
      stdout
      a  is cancelled already
      """)
    #expect(home.json("cancel", "a", "-m", "again")["event"]?.isNull == true)
    #expect(home.ok("brief", as: "ann").stdout.contains("dependency-dead"))
    snapshot.expect(
      home.orch("retry", "a", "-m", "needed after all"),
      """
      status 0
      stdout
      a  queued   First
      """)
    #expect(home.json("retry", "a")["event"]?.isNull == true)
    #expect(home.events("a") == ["task.added", "task.cancelled", "task.retried"])
    home.claim("a")
    home.fails(.refused, "retry", "a")
    home.ok("release", "done", as: "ann")
    #expect(home.state("b") == "queued")
    home.fails(.refused, "cancel", "a", "-m", "too late")
    let retried = home.json("retry", "a")
    #expect(retried["task", "failures"]?.intValue == 0 && retried["task", "attempt"]?.intValue == 1)
    #expect(home.state("b") == "blocked")
    #expect(home.json("claim", "a", as: "ann")["task", "attempt"]?.intValue == 2)
    home.fails(.invalidInput, "cancel", "a", "-m", "")
    #expect(home.ok("verify").status == 0)
  }

  @Test func `retrying the dead starts at no failures and is ready now`() {
    let home = Home()
    home.add("First", "--id", "a", "--max-attempts", "1", "--key", "K")
    home.claim("a")
    let dead = home.json("release", "failed", "-m", "broken", "--error-code", "E", as: "ann")
    #expect(dead["task", "state"]?.stringValue == "dead" && dead["event", "type"]?.stringValue == "task.failed")
    #expect(home.events("a").suffix(2) == ["task.failed", "task.dead"])
    home.add("Second", "--id", "b", "--key", "K")
    home.fails(.refused, "retry", "a")
    home.ok("cancel", "b", "-m", "x")
    let retried = home.json("retry", "a")["task"]
    #expect(retried?["state"]?.stringValue == "queued" && retried?["failures"]?.intValue == 0)
    #expect(home.json("claim", as: "ann")["task", "id"]?.stringValue == "a")
  }
}
