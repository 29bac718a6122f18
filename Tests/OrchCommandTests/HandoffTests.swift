#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchApp
import OrchCore
import OrchTestSupport
import Testing

@Suite("Handing over", .eachEngine)
struct HandoffTests {
  /// ann holds `a`, in the session `s` beside `b`; `c` is better and elsewhere.
  private func held() -> Home {
    let home = Home()
    home.add("One", "--id", "a", "--session", "s")
    home.add("Two", "--id", "b", "--session", "s")
    home.claim("a")
    home.add("Three", "--id", "c", "--priority", "0", "--kind", "other")
    return home
  }

  private func sound(_ home: Home, at place: SourceLocation = #_sourceLocation) {
    home.ok("verify", at: place)
  }

  /// Waits, without a thread, until a recovery would end an offer of a second.
  private func awaitExpiry(_ home: Home, at place: SourceLocation = #_sourceLocation) async throws {
    try await waitASecond()
    let isOver = eventually { home.ok("recover", "--dry-run", "--json", at: place).stdout.contains("offer-expired") }
    #expect(isOver, sourceLocation: place)
  }

  @Test func `an offer ends the lease and reserves the session`() {
    let home = held()
    home.fails(.nothingHeld, "handoff", "offer", "--to", "cid", "-m", "x", as: "ben")
    home.fails(.refused, "handoff", "offer", "--to", "ann", "-m", "x", as: "ann")
    let offer = home.json("handoff", "offer", "--to", "ben", "-m", "tired", "--next", "go on", as: "ann")
    #expect(offer.keys.prefix(8) == ["task", "from", "to", "why", "next", "state", "expiresAt", "event"])
    #expect(
      offer["from"]?.stringValue == "ann" && offer["to"]?.stringValue == "ben" && offer["why"]?.stringValue == "tired")
    #expect(offer["next"]?.stringValue == "go on" && offer["state"]?.stringValue == "offered")
    let shown = home.json("show", "a")
    #expect(shown["task", "state"]?.stringValue == "offered" && shown["task", "failures"]?.intValue == 0)
    #expect(shown["task", "lease"]?.isNull == true)
    #expect(shown["attempts"]?.arrayValue?.first?["outcome"]?.stringValue == "handoff")
    for words in [["heartbeat"], ["release", "done"], ["resume"]] {
      #expect(home.command(words, as: "ann").run().status == 2, "\(words)")
    }
    for task in ["a", "b"] {
      #expect(home.fails(.leaseHeld, "claim", task, as: "cid")["holder", "agent"]?.stringValue == "ben")
      home.fails(.leaseHeld, "claim", task, as: "ann")
    }
    home.fails(.nothingClaimable, "claim", "--session", "s", as: "cid")
    #expect(home.json("claim", as: "cid")["task", "id"]?.stringValue == "c")
    home.fails(.nothingClaimable, "claim", "--another", as: "cid")
    sound(home)
  }

  @Test func `the receiver's plain claim takes the offer first, where it is asked for`() {
    let home = held()
    home.ok("handoff", "offer", "--to", "ben", "-m", "tired", "--next", "go on", as: "ann")
    #expect(home.json("brief", as: "ben")["handoffs"]?.arrayValue?.first?["id"]?.stringValue == "a")
    #expect(home.json("brief", as: "cid")["handoffs"]?.arrayValue?.isEmpty == true)
    #expect(home.json("claim", "--kind", "other", as: "ben")["task", "id"]?.stringValue == "c", "another kind")
    home.ok("release", "requeue", as: "ben")
    home.fails(.nothingClaimable, "claim", "--session", "c", "--kind", "task", as: "ben")
    let claim = home.json("claim", as: "ben")
    #expect(claim["task", "id"]?.stringValue == "a" && claim["task", "attempt"]?.intValue == 2)
    let last = claim["packet", "handoffs"]?.arrayValue?.first
    #expect(last?["text"]?.stringValue == "tired" && last?["next"]?.stringValue == "go on")
    #expect(home.events("a").suffix(3) == ["handoff.offered", "handoff.accepted", "task.claimed"])
    sound(home)
  }

  @Test func `accepting is a claim with a read-back`() {
    let home = held()
    home.ok("handoff", "offer", "--to", "ben", "-m", "tired", "--next", "go on", as: "ann")
    home.fails(.refused, "handoff", "accept", "a", as: "cid")
    home.fails(.refused, "handoff", "decline", "a", "-m", "no", as: "ann")
    home.fails(.refused, "handoff", "accept", "b", as: "ben")
    home.fails(.notFound, "handoff", "accept", "nosuch", as: "ben")
    home.fails(.usage, "handoff", "accept", as: "ben")
    let claim = home.json("handoff", "accept", "a", "--restate", "I am to go on", "--ttl", "1h", as: "ben")
    #expect(claim["lease", "ttlSeconds"]?.intValue == 3600 && claim["lease", "fence"]?.intValue == 2)
    home.ok("heartbeat", "--token", claim["lease", "token"]?.stringValue ?? "", as: "ben")
    #expect(claim["packet", "handoffs"]?.arrayValue?.last?["text"]?.stringValue == "I am to go on")
    let accepted = home.json("handoff", "list", "--all")
    #expect(accepted["state"]?.stringValue == "accepted" && accepted["answer"]?.stringValue == "I am to go on")
    #expect(home.ok("handoff", "list").stdout == "")
    let again = home.fails(.refused, "handoff", "accept", "a", as: "ben")
    #expect(again["hint"]?.stringValue == "orch resume a")
    let text = home.ok("resume", as: "ben").stdout
    #expect(text.contains("ann handoff.offered: tired   next go on"), "\(text)")
    sound(home)
  }

  @Test func `offering again answers what was recorded, whatever became of it`() {
    let home = held()
    let words = ["handoff", "offer", "--to", "ben", "-m", "tired", "--json"]
    let first = home.command(words, as: "ann").run().json
    #expect(home.command(words, as: "ann").run().json == first)
    home.fails(.nothingHeld, "handoff", "offer", "--to", "cid", "-m", "x", as: "ann")
    home.ok("handoff", "accept", "a", as: "ben")
    let again = home.command(words, as: "ann").run()
    #expect(again.status == 0 && again.json["event"] == first["event"], "\(again.stderr)")
    #expect(again.json["state"]?.stringValue == "accepted")
    #expect(home.events("a").count == 5)
    sound(home)
  }

  @Test func `an offer to a reviewer says what accepting it means`() {
    let home = held()
    home.ok("edit", "a", "--reviewer", "ben")
    home.ok("handoff", "offer", "--to", "ben", "-m", "tired", as: "ann")
    let accepted = home.orch("handoff", "accept", "a", as: "ben")
    #expect(accepted.status == 0 && accepted.stderr.contains("you cannot approve it"), "\(accepted.stderr)")
    home.fails(.refused, "release", "review", as: "ben")
    sound(home)
  }

  @Test func `the receiver's project counts`() {
    let home = held()
    home.ok("add", "P", "--id", "p", "--project", "north")
    home.claim("p", "--project", "north", as: "cid")
    home.ok("handoff", "offer", "--to", "ben", "-m", "x", as: "cid")
    let other = home.orch("claim", "--project", "south", "--json", as: "ben")
    #expect(other.json["task", "id"]?.stringValue == "c", "\(other.stderr)")
    home.ok("release", "requeue", as: "ben")
    #expect(home.json("claim", "--project", "north", as: "ben")["task", "id"]?.stringValue == "p")
    sound(home)
  }

  @Test func `declined, it is the giver's again`() {
    let home = held()
    home.ok("handoff", "offer", "--to", "ben", "-m", "tired", as: "ann")
    home.fails(.usage, "handoff", "decline", "a", as: "ben")
    let declined = home.json("handoff", "decline", "a", "-m", "too much", as: "ben")
    #expect(declined["state"]?.stringValue == "declined" && declined["answer"]?.stringValue == "too much")
    let task = home.json("show", "a")["task"]
    #expect(task?["state"]?.stringValue == "queued" && task?["assignee"]?.stringValue == "ann")
    home.fails(.refused, "claim", "a", as: "ben")
    let claim = home.json("claim", "a", as: "ann")
    #expect(claim["packet", "handoffs"]?.arrayValue?.last?["text"]?.stringValue == "too much")
    #expect(claim["task", "failures"]?.intValue == 0)
    sound(home)
  }

  @Test func `an offer that nobody takes in time`() async throws {
    let home = held()
    home.ok("handoff", "offer", "--to", "ben", "-m", "x", "--expires", "1s", as: "ann")
    let alert = home.json("status")["alerts"]?.arrayValue?.first
    #expect(alert?["code"]?.stringValue == "offer-pending" && alert?["task"]?.stringValue == "a")
    try await awaitExpiry(home)
    // Late, and nobody has swept it.
    #expect(home.json("handoff", "accept", "a", as: "ben")["task", "id"]?.stringValue == "a")
    home.ok("handoff", "offer", "--to", "ann", "-m", "x", "--expires", "1s", as: "ben")
    home.ok("claim", "c", as: "dan")
    home.add("Fourth", "--id", "d")
    try await awaitExpiry(home)
    // Somebody's claim sweeps it.
    #expect(home.json("claim", "--session", "s", as: "cid")["task", "session"]?.stringValue == "s")
    home.fails(.refused, "handoff", "accept", "a", as: "ann")
    home.ok("release", "requeue", as: "cid")
    home.claim("a", as: "ann")
    home.ok("handoff", "offer", "a", "--to", "ben", "-m", "x", "--expires", "1s", as: "ann")
    try await awaitExpiry(home)
    let swept = home.json("recover")
    #expect(swept["action"]?.stringValue == "offer-expired" && swept["task"]?.stringValue == "a")
    home.fails(.refused, "handoff", "accept", "a", as: "ben")
    home.fails(.refused, "handoff", "decline", "a", "-m", "x", as: "ben")
    #expect(home.state("a") == "queued" && home.json("show", "a")["task", "failures"]?.intValue == 0)
    #expect(
      home.ok("handoff", "list", "--all", "--json").objects.map { $0["state"]?.stringValue } == [
        "accepted", "expired", "expired"
      ])
    sound(home)
  }

  @Test func `lists by giver and receiver, and cancelled ones`() {
    let home = held()
    home.ok("handoff", "offer", "--to", "ben", "-m", "x", as: "ann")
    home.claim("c", as: "cid")
    home.ok("handoff", "offer", "--to", "dan", "-m", "y", as: "cid")
    func tasks(_ words: String...) -> [String] {
      home.command(["--json", "handoff", "list"] + words).run().objects.compactMap { $0["task"]?.stringValue }
    }
    #expect(tasks() == ["a", "c"] && tasks("--to", "ben") == ["a"] && tasks("--from", "cid") == ["c"])
    #expect(tasks("--to", "ben", "--from", "cid").isEmpty)
    home.ok("cancel", "a", "-m", "off")
    home.fails(.refused, "handoff", "accept", "a", as: "ben")
    #expect(tasks() == ["c"] && tasks("--all") == ["a", "c"])
    #expect(home.ok("handoff", "list", "--all", "--to", "ben").stdout.contains("cancelled   x   answer off"))
    home.claim("b", as: "eve")
    sound(home)
  }

  @Test func `of many who accept at once one holds`() {
    let home = held()
    home.ok("handoff", "offer", "--to", "ben", "-m", "x", as: "ann")
    let running = (0..<6).map { home.start("handoff", "accept", "a", "--json", "--instance", "i\($0)", as: "ben") }
    let ended = running.map { $0.wait() }
    #expect(ended.count { $0.status == 0 } == 1, "\(ended.map(\.stderr))")
    #expect(ended.allSatisfy { [0, 1, 75].contains($0.status) }, "\(ended.map(\.status))")
    #expect(home.events("a").count { $0 == "handoff.accepted" } == 1)
    sound(home)
  }

  @Test func `killed anywhere, an offer is made or not`() {
    let home = held()
    for moment in home.moments(of: ["list"], count: 8) {
      let running = home.start("handoff", "offer", "a", "--to", "ben", "-m", "x", as: "ann")
      running.killAfter(moment)
      #expect(["offered", "running"].contains(home.state("a") ?? "?"))
    }
    // The same again settles it.
    home.ok("handoff", "offer", "a", "--to", "ben", "-m", "x", as: "ann")
    #expect(home.events("a").count { $0 == "handoff.offered" } == 1 && home.state("a") == "offered")
    sound(home)
  }

  @Test func `what is not committed or pushed, and a report`() {
    let git = GitScratch()
    git.commit("feat: base")
    git.git("init", "-q", "--bare", git.home.path + "/remote.git")
    git.git("remote", "add", "origin", git.home.path + "/remote.git")
    git.git("push", "-q", "origin", "main", as: "company-agent")
    git.commit("feat: more")
    git.write("loose", "x")
    let refused = git.orch("handoff", "offer", "--to", "home-agent", "-m", "x", as: "company-agent", status: 1)
    #expect(refused.stderr.contains("loose") && refused.stderr.contains("--allow-dirty"), "\(refused.stderr)")
    let report = git.home.path + "/report.md"
    let offered = git.orch(
      "handoff", "offer", "--to", "home-agent", "-m", "x", "--allow-dirty", "--report", report, as: "company-agent")
    #expect(offered.stderr.contains("no remote branch holds \(git.oid().prefix(7))"), "\(offered.stderr)")
    #expect(offered.stderr.contains("loose"))
    #expect(String(decoding: (try? Files.read(report)) ?? [], as: UTF8.self).contains("home-agent"))
    git.orch("verify")
  }

  @Test func `the grammar of a group`() {
    let home = Home()
    let bare = home.orch("handoff")
    #expect(bare.status == 64 && (bare.stdout + bare.stderr).contains("USAGE: orch handoff"))
    #expect((bare.stdout + bare.stderr).contains("orch handoff <subcommand> --help"))
    #expect(home.ok("handoff", "--help").stdout.contains("offer"))
    #expect(home.ok("handoff", "offer", "--help").stdout.contains("USAGE: orch handoff offer "))
    #expect(home.ok("handoff", "list", "-h").stdout.contains("USAGE: orch handoff list"))
    #expect(home.ok("--json", "handoff", "list").stdout == "")
    #expect(home.fails(.usage, "handoff", "ofer", "--to", "x")["hint"]?.stringValue == "orch handoff offer")
    home.fails(.usage, "review", "nosuch")
    home.fails(.usage, "handoff", "offer", "--to", "ben", as: "ann")
    home.fails(.invalidInput, "handoff", "offer", "--to", "ben", "-m", " ", as: "ann")
    home.fails(.invalidInput, "handoff", "offer", "--to", "no one", "-m", "x", as: "ann")
    home.fails(.usage, "handoff", "offer", "--to", "ben", "-m", "x", "--expires", "0", as: "ann")
  }
}
