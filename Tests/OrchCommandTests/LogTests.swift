import OrchApp
import OrchCore
import OrchTestSupport
import Testing

@Suite("The log")
struct LogTests {
  /// A home with a few events of several people.
  private func history() -> Home {
    let home = Home()
    home.ok("agents", "set", "company-agent", "--display", "회사재규", "--role", "author", as: "jq")
    home.add("Write docs", "--id", "docs", "--project", "kpi", "--reviewer", "rev", "--source", "discord:7")
    home.add("Ship it", "--id", "ship", as: "zoe")
    home.claim("docs", as: "company-agent")
    home.ok("release", "done", "-m", "made", as: "company-agent")
    home.ok("cancel", "ship", "-m", "no longer", as: "jq")
    return home
  }

  private func types(_ home: Home, _ words: String...) -> [String] {
    home.command(["log", "--json"] + words).run().objects.compactMap { $0["type"]?.stringValue }
  }

  @Test func `shows events, newest first`() {
    let home = history()
    var snapshot = Snapshot(home)
    _ = snapshot.text(home.orch("log", "--oneline", "--reverse"))
    snapshot.expect(
      home.orch("log", "-n", "3"),
      """
      status 0
      stdout
      event E6 (ship #2)
      Author:   jq
      Source:   cli:HOST
      Date:     DATE

          task.cancelled ship  Ship it
          no longer

      event E5 (docs #3)
      Author:   company-agent
      Reviewer: rev
      Source:   discord:7
      Date:     DATE

          task.done docs  Write docs (attempt 1, fence 1)
          made

      event E4 (docs #2)
      Author:   company-agent
      Reviewer: rev
      Source:   discord:7
      Date:     DATE

          task.claimed docs  Write docs (attempt 1, fence 1)
      """)
    snapshot.expect(
      home.orch("log", "--oneline", "--reverse", "-n2"),
      """
      status 0
      stdout
      E1 CLOCK jq agent.described
      E2 CLOCK jq task.added docs Write docs
      """)
    snapshot.expect(
      home.orch("log", "--format", "%h|%s|%a|%an|%rn|%sn|%ad|%t|%T|%c|%%|%x%n", "-n", "1"),
      """
      status 0
      stdout
      E6|ship|jq|jq||cli:HOST|DATE|task.cancelled|ship||%|%x
      """)
  }

  @Test(.eachEngine) func `filters by who, what, where and when`() {
    let home = history()
    #expect(types(home, "--by", "company-agent") == ["task.done", "task.claimed"])
    #expect(types(home, "--by", "회사재규") == ["task.done", "task.claimed"], "by display name")
    #expect(types(home, "--by", "회사재규") == types(home, "--author", "회사재규"))
    #expect(types(home, "--author", "zoe") == ["task.added"])
    #expect(types(home, "--reviewer", "rev") == ["task.done", "task.claimed", "task.added"])
    #expect(types(home, "--source", "discord:7").count == 3)
    #expect(types(home, "--task", "docs") == ["task.done", "task.claimed", "task.added"])
    #expect(types(home, "--session", "ship") == ["task.cancelled", "task.added"])
    #expect(types(home, "--project", "kpi").count == 3)
    #expect(types(home, "--type", "task.added") == ["task.added", "task.added"])
    #expect(types(home, "--type", "task.*").count == 5 && types(home, "--type", "*.described") == ["agent.described"])
    #expect(types(home, "--type", "task.done", "--type", "task.cancelled") == ["task.cancelled", "task.done"])
    #expect(types(home, "--type", "task.*", "--by", "jq", "--task", "docs") == ["task.added"])
    #expect(types(home, "--by", "nobody") == [] && types(home, "--type", "nothing.*") == [])
    #expect(types(home, "-n", "2") == ["task.cancelled", "task.done"] && types(home, "-n0") == [])
    #expect(types(home, "--reverse", "-n", "1") == ["agent.described"])
    #expect(types(home, "--since", "1 hour ago").count == 6 && types(home, "--until", "yesterday") == [])
    let moments = home.ok("log", "--json", "--reverse").objects.compactMap { $0["at"]?.stringValue }
    #expect(types(home, "--since", moments[3], "--until", moments[3]).contains("task.claimed"))
    #expect(types(home, "--since", "+1h") == [])
    home.fails(.notFound, "log", "--task", "nosuch")
    home.fails(.notFound, "log", "--session", "nosuch")
  }

  @Test(.eachEngine) func `is a chain that anybody can check`() {
    let home = history()
    let events = home.ok("log", "--json", "--reverse").objects
    var heads: [String: String] = [:]
    for event in events {
      let session = event["session"]?.stringValue ?? ""
      #expect(event["parent"]?.stringValue == heads[session])
      heads[session] = event["id"]?.stringValue
      #expect(event["schema"]?.intValue == 1)
      #expect(event["at"]?.stringValue?.wholeMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/#) != nil)
    }
    #expect(home.json("show", "session:docs")["session", "head"]?.stringValue == heads["docs"])
    // The line without its id is the canonical envelope: its SHA-256 is the id.
    for line in home.ok("log", "--json").lines {
      let id = line.dropFirst(7).prefix(64)
      let envelope = "{" + line.dropFirst(7 + 64 + 2)
      #expect(SHA256Text.hex(envelope) == id)
    }
    let verified = home.ok("verify", "--json").json
    let ids = events.compactMap { $0["id"]?.stringValue }
    #expect(verified["head"]?.stringValue == "\(ids.count)-\(SHA256Text.hex(ofHex: ids))")
  }

  @Test(.eachEngine) func `follows what is added`() {
    let home = history()
    let following = home.start("log", "-f", "--oneline", "-n", "1")
    #expect(eventually { following.hasEnded || following.printed.hasSuffix("\n") })
    home.add("New", "--id", "new")
    #expect(eventually { following.hasEnded || following.printed.contains("new New\n") })
    following.signal(2)
    let outcome = following.wait()
    let lines = outcome.lines
    #expect(outcome.status == 130 && lines.count == 2, "\(outcome.stdout)\(outcome.stderr)")
    #expect(lines.first?.contains("jq task.cancelled ship") == true, "\(outcome.stdout)")
    #expect(lines.last?.contains("jq task.added new New") == true)
  }

  @Test(.eachEngine) func `pages through more events than one page holds`() {
    let home = Home()
    let lines = (0..<1300).map { #"{"title":"Task \#($0)","session":"s\#($0 % 3)"}"# }
    home.ok("add", "--from", "-", "-q", input: lines.joined(separator: "\n"), environment: ["ORCH_SOURCE": "bulk"])
    home.add("Last", "--id", "last")
    #expect(types(home).count == 1301 && types(home, "--source", "bulk").count == 1300)
    #expect(types(home, "--session", "s1").count == 433)
    let all = home.ok("log", "--json").lines
    #expect(home.ok("log", "--json", "--reverse").lines == all.reversed())
    #expect(home.ok("log", "--oneline", "-n", "700").lines.count == 700)
  }
}
