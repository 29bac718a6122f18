import OrchApp
import OrchCore
import OrchTestSupport
import Testing

@Suite("Deciding", .eachEngine)
struct DecisionTests {
  private static let project = ["ORCH_PROJECT": "p"]

  private func decide(_ home: Home, _ words: String..., as agent: String = "jq") -> CommandOutcome {
    home.command(["decide", "--json"] + words, as: agent, environment: Self.project).run()
  }

  private func count(_ home: Home) -> Int { home.ok("log", "--session", "project:p", "--json").lines.count }

  @Test func `a settled value is not flipped`() {
    let home = Home()
    let first = decide(home, "api", "v1", "--because", "it is there")
    #expect(first.json.keys == ["key", "value", "because", "by", "at", "event", "supersedes", "session"])
    #expect(first.json["session"]?.stringValue == "project:p" && first.json["supersedes"]?.isNull == true)
    let again = decide(home, "api", "v1", "--because", "other words", as: "ann")
    #expect(again.status == 0 && again.json == first.json && count(home) == 1)
    let refused = decide(home, "api", "v2", "--because", "newer", as: "ann")
    let event = first.json["event"]?.stringValue ?? "?"
    #expect(refused.status == 1 && refused.stdout == "")
    #expect(refused.error["message"]?.stringValue == "api is settled as v1, by jq: it is there")
    #expect(
      refused.error["hint"]?.stringValue == "orch decide api VALUE --because TEXT --supersedes \(event.prefix(10))")
    #expect(refused.error["decision", "event"]?.stringValue == event)
    #expect(count(home) == 1)
    home.ok("verify")
  }

  @Test func `changed by who names what was in force`() {
    let home = Home()
    let first = decide(home, "api", "v1", "--because", "x").json["event"]?.stringValue ?? "?"
    #expect(decide(home, "api", "v2", "--because", "y", "--supersedes", "zzzz").status == 66)
    #expect(decide(home, "api", "v2", "--because", "y", "--supersedes", String(first.prefix(3))).status == 66)
    #expect(decide(home, "new", "v2", "--because", "y", "--supersedes", first).status == 1)
    let second = decide(home, "api", "v2", "--because", "y", "--supersedes", String(first.prefix(8)).uppercased())
    #expect(second.status == 0 && second.json["supersedes"]?.stringValue == first, "\(second.stderr)")
    // The same again, when its answer was lost.
    let again = decide(home, "api", "v2", "--because", "y", "--supersedes", String(first.prefix(8)))
    #expect(again.status == 0 && again.json == second.json && count(home) == 2, "\(again.stderr)")
    #expect(decide(home, "api", "v3", "--because", "y", "--supersedes", first).status == 1, "not in force any more")
    let all = home.command(["decisions", "api", "--all", "--json"], environment: Self.project).run().objects
    #expect(all.map { $0["value"]?.stringValue } == ["v1", "v2"])
    let inForce = home.command(["decisions", "--json"], environment: Self.project).run().objects
    #expect(inForce == [second.json])
    home.ok("verify")
  }

  @Test func `a decision is a project's`() {
    let home = Home()
    #expect(
      home.fails(.usage, "decide", "k", "v", "--because", "x")["hint"]?.stringValue?.contains("--project") == true)
    home.fails(.usage, "decisions")
    home.ok("decide", "k", "v", "--because", "x", environment: ["ORCH_PROJECT": "q"])
    #expect(home.ok("decisions", environment: Self.project).stdout == "")
    // In every packet and brief of the project, and of no other.
    home.ok("add", "T", environment: Self.project)
    #expect(
      home.json("claim", as: "ann", environment: Self.project)["packet", "decisions"]?.arrayValue?.isEmpty == true)
    home.ok("release", "requeue", as: "ann")
    _ = decide(home, "k", "w", "--because", "y")
    let packet = home.json("claim", as: "ann", environment: Self.project)["packet", "decisions"]?.arrayValue
    #expect(packet?.map { $0["value"]?.stringValue } == ["w"])
    #expect(home.json("brief", as: "ann", environment: Self.project)["decisions"]?.arrayValue?.count == 1)
    #expect(home.ok("resume", as: "ann", environment: Self.project).stdout.contains("decided     k=w (jq)"))
    home.ok("verify")
  }

  @Test func `of many who decide at once one wins`() {
    let home = Home()
    let running = (0..<16).map {
      home.start("decide", "race", "v\($0)", "--because", "x", as: "agent-\($0)", environment: Self.project)
    }
    let ended = running.map { $0.wait() }
    #expect(ended.count { $0.status == 0 } == 1, "\(ended.map(\.stderr))")
    #expect(ended.count { $0.status == 1 && $0.stderr.contains("race is settled as") } == 15, "\(ended.map(\.stderr))")
    #expect(count(home) == 1)
    home.ok("verify")
  }

  @Test func `hostile texts`() {
    let home = Home()
    for words in [
      ["k", "a\nb", "--because", "x"], ["k", " ", "--because", "x"], ["k", "v", "--because", " "],
      ["a b", "v", "--because", "x"]
    ] {
      let outcome = home.command(["decide"] + words, environment: Self.project).run()
      #expect(outcome.status == 65 && outcome.stdout == "", "\(words): \(outcome.stderr)")
    }
    home.ok("decide", "k", "a b'c", "--because", "x\u{1b}[31mred", environment: Self.project)
    let text = home.ok("decisions", environment: Self.project).stdout
    #expect(text.contains("x^[[31mred") && !text.contains("\u{1b}"))
    let refused = home.orch("decide", "k", "other", "--because", "y", environment: Self.project)
    #expect(refused.status == 1 && refused.stderr.contains("^[[31m") && !refused.stderr.contains("\u{1b}"))
    // A long reason is kept whole, and does not flood who is refused.
    let long = String(repeating: "x", count: 65536)
    home.ok("decide", "big", "v", "--because", "-", input: long, environment: Self.project)
    #expect(
      home.orch("decide", "bigger", "v", "--because", "-", input: long + "x", environment: Self.project).status == 65)
    #expect(decide(home, "big", "v", "--because", "x").json["because"]?.stringValue == long)
    let short = decide(home, "big", "w", "--because", "x")
    #expect(
      (short.error["message"]?.stringValue?.count ?? 9999) < 600
        && short.error["decision", "because"]?.stringValue == long)
    home.ok("verify")
  }
}
