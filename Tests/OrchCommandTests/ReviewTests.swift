import OrchApp
import OrchCore
import OrchTestSupport
import Testing

@Suite("Reviewing", .eachEngine)
struct ReviewTests {
  /// `a` is ann's, submitted for review by rev and rex, without git.
  private func submitted(_ more: String...) -> Home {
    let home = Home()
    #expect(
      home.command(["add", "One", "--id", "a", "--reviewer", "rev", "--reviewer", "rex"] + more).run().status == 0)
    home.claim("a")
    home.ok("release", "review", "-m", "look", as: "ann")
    return home
  }

  @Test func `the last approval makes it done`() {
    let home = submitted("--require-review")
    #expect(home.ok("review", "list", "--json").objects.map { $0["reviewer"]?.stringValue } == ["rev", "rex"])
    home.fails(.refused, "review", "approve", "a", "-m", "x", as: "ann")
    home.fails(.refused, "review", "approve", "a", "-m", "x", as: "out")
    home.fails(.refused, "review", "reject", "a", "-m", "x", as: "out")
    home.fails(.refused, "review", "comment", "a", "-m", "x", as: "out")
    home.fails(.usage, "review", "approve", "a", "-m", "x")
    home.fails(.usage, "review", "approve", "a", as: "rev")
    home.fails(.invalidInput, "review", "approve", "a", "-m", " ", as: "rev")
    let first = home.json("review", "approve", "a", "-m", "fine", as: "rev")
    #expect(first.keys.prefix(9) == ["task", "reviewer", "verdict", "text", "at", "event", "oid", "tree", "stale"])
    #expect(
      first["verdict"]?.stringValue == "approved" && first["oid"]?.isNull == true && first["stale"]?.boolValue == false)
    #expect(home.state("a") == "review")
    #expect(home.ok("review", "list", "--reviewer", "rev").stdout == "")
    #expect(home.ok("review", "list", "--reviewer", "rex").lines.count == 1)
    let last = home.orch("review", "approve", "a", "-m", "fine", as: "rex")
    #expect(last.stdout == "approved a: done\n")
    #expect(home.events("a").suffix(2) == ["review.approved", "task.done"])
    #expect(home.ok("review", "list").stdout == "")
    home.ok("verify")
  }

  @Test func `approving again answers what was recorded`() {
    let home = submitted()
    let first = home.json("review", "approve", "a", "-m", "fine", as: "rev")
    #expect(home.json("review", "approve", "a", "-m", "again", as: "rev")["event"] == first["event"])
    let last = home.json("review", "approve", "a", "-m", "fine", as: "rex")
    #expect(home.json("review", "approve", "a", "-m", "fine", as: "rex")["event"] == last["event"])
    #expect(home.events("a").count { $0 == "review.approved" } == 2)
    let hint = home.fails(.refused, "review", "reject", "a", "-m", "late", as: "rex")["hint"]?.stringValue
    #expect(hint == "orch show a", "what is done is not to be retried for that")
    home.ok("verify")
  }

  @Test func `a rejection goes back to its author with the text`() {
    let home = submitted()
    home.ok("review", "approve", "a", "-m", "fine", as: "rev")
    #expect(home.json("review", "reject", "a", "-m", "no tests", as: "rex")["verdict"]?.stringValue == "rejected")
    let task = home.json("show", "a")["task"]
    #expect(task?["state"]?.stringValue == "queued" && task?["assignee"]?.stringValue == "ann")
    #expect(task?["failures"]?.intValue == 0)
    home.fails(.refused, "review", "approve", "a", "-m", "x", as: "rex")
    home.fails(.refused, "claim", "a", as: "ben")
    let claim = home.json("claim", as: "ann")
    #expect(claim["packet", "reviews"]?.arrayValue?.last?["text"]?.stringValue == "no tests")
    home.ok("release", "review", as: "ann")
    // Nothing shows that it is the same work without git.
    #expect(home.ok("review", "list", "--json").objects.count { $0["verdict"]?.stringValue == "requested" } == 2)
    let stale = home.ok("review", "list", "--json").objects.first { $0["verdict"]?.stringValue == "approved" }
    #expect(stale?["reviewer"]?.stringValue == "rev" && stale?["stale"]?.boolValue == true)
    #expect(home.json("status")["alerts"]?.arrayValue?.contains { $0["code"]?.stringValue == "stale-approval" } == true)
    home.ok("verify")
  }

  @Test func `a comment changes nothing`() {
    let home = submitted()
    let before = home.json("show", "a")["task"]?.objectValue?.filter { $0.key != "updatedAt" }
    #expect(home.json("review", "comment", "a", "-m", "hm", as: "rev")["verdict"]?.stringValue == "commented")
    #expect(home.json("show", "a")["task"]?.objectValue?.filter { $0.key != "updatedAt" } == before)
    #expect(home.ok("review", "list", "--json").objects.count == 2)
    home.ok("verify")
  }

  @Test func `nobody reviews what they once held`() {
    let home = Home()
    home.add("One", "--id", "a", "--reviewer", "rev")
    home.claim("a")
    home.ok("release", "requeue", as: "ann")
    let claim = home.orch("claim", "a", as: "rev")
    #expect(claim.status == 0 && claim.stderr.contains("you cannot approve it"))
    home.fails(.refused, "release", "review", as: "rev")
    home.fails(.refused, "release", "review", "--reviewer", "ann", as: "rev")
    home.ok("release", "review", "--reviewer", "rex", as: "rev")
    home.fails(.refused, "review", "approve", "a", "-m", "x", as: "rev")
    home.fails(.refused, "review", "reject", "a", "-m", "x", as: "rev")
    // An earlier holder may submit again; who never held may not.
    home.ok("review", "submit", "a", as: "ann")
    home.fails(.refused, "review", "submit", "a", as: "rex")
    #expect(home.orch("review", "approve", "a", "-m", "x", as: "rex").stdout == "approved a: done\n")
    home.fails(.refused, "review", "submit", "a", as: "ann")
    home.ok("verify")
  }

  @Test func `a task on no reviewer's table is refused`() {
    let home = Home()
    home.add("One", "--id", "a", "--reviewer", "rev")
    home.fails(.refused, "review", "approve", "a", "-m", "x", as: "rev")
    home.claim("a")
    home.fails(.refused, "review", "approve", "a", "-m", "x", as: "rev")
    home.fails(.refused, "review", "submit", "a", as: "ann")
    home.ok("release", "done", as: "ann")
    home.fails(.refused, "review", "approve", "a", "-m", "x", as: "rev")
    home.fails(.notFound, "review", "approve", "nosuch", "-m", "x", as: "rev")
    home.ok("verify")
  }

  @Test func `required checks are asked for when approving`() {
    let home = submitted("--require-check", "ci")
    let error = home.fails(.refused, "review", "approve", "a", "-m", "x", as: "rev")
    #expect(error["hint"]?.stringValue == "orch check ci --task a -- COMMAND")
    #expect(home.orch("check", "ci", "--task", "a", "--", "false", as: "rev").status == 1)
    home.fails(.refused, "review", "approve", "a", "-m", "x", as: "rev")
    home.ok("check", "ci", "--task", "a", "--", "true", as: "rev")
    home.ok("review", "approve", "a", "-m", "x", as: "rev")
    home.ok("review", "approve", "a", "-m", "x", as: "rex")
    #expect(home.state("a") == "done")
    home.ok("verify")
  }

  @Test func `a reviewer who was dropped is not awaited`() {
    let home = submitted()
    home.ok("review", "approve", "a", "-m", "fine", as: "rev")
    home.ok("edit", "a", "--drop-reviewer", "rex")
    let alert = home.json("status")["alerts"]?.arrayValue?.first?["message"]?.stringValue
    #expect(alert?.contains("orch review approve a") == true, "\(alert ?? "")")
    home.ok("review", "approve", "a", "-m", "fine", as: "rev")
    #expect(home.state("a") == "done")
    home.ok("verify")
  }

  @Test func `of approvals and a rejection at once the log is one story`() {
    let home = submitted()
    let running = [
      home.start("review", "approve", "a", "-m", "x", as: "rev"),
      home.start("review", "reject", "a", "-m", "x", as: "rex"),
      home.start("review", "approve", "a", "-m", "x", as: "rex")
    ]
    let ended = running.map { $0.wait() }
    #expect(ended.allSatisfy { [0, 1].contains($0.status) }, "\(ended.map(\.stderr))")
    #expect(["queued", "done", "review"].contains(home.state("a") ?? "?"))
    home.ok("verify")
  }
}
