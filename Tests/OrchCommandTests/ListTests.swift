import OrchApp
import OrchCore
import OrchTestSupport
import Testing

@Suite("Listing and showing")
struct ListTests {
  @Test(.eachEngine) func `lists in claim order, with filters`() {
    let home = Home()
    home.add("Late", "--id", "e", "--priority", "9")
    home.add("Usual", "--id", "c", "--kind", "doc", "--session", "s")
    home.add("First", "--id", "a", "--priority", "0", "--project", "kpi")
    home.add("Usual too", "--id", "d", "--assign", "zoe", "--key", "K")
    home.add("Scheduled", "--id", "f", "--not-before", "+1h", "--priority", "1")
    home.add("Blocked", "--id", "g", "--after", "a", "--priority", "2")
    func ids(_ words: String...) -> [String] {
      home.command(["list", "--json"] + words).run().objects.compactMap { $0["id"]?.stringValue }
    }
    #expect(ids() == ["a", "f", "g", "c", "d", "e"])
    #expect(ids("--state", "queued") == ["a", "c", "d", "e"])
    #expect(ids("--state", "scheduled") == ["f"] && ids("--state", "blocked") == ["g"])
    #expect(ids("--kind", "doc") == ["c"] && ids("--session", "s") == ["c"] && ids("--assign", "zoe") == ["d"])
    #expect(ids("--key", "K") == ["d"] && ids("--project", "kpi") == ["a"])
    #expect(ids("--project", "kpi", "--all-projects").count == 6)
    #expect(ids("-n", "2") == ["a", "f"] && ids("-n2") == ["a", "f"] && ids("-n", "0") == [])
    #expect(ids("--session", "none") == [])
    home.claim("c")
    #expect(ids("--state", "running") == ["c"])
    var snapshot = Snapshot(home)
    snapshot.expect(
      home.orch("list", "-n", "4"),
      """
      status 0
      stdout
      a            queued      p0  First
      f            scheduled   p1  Scheduled
      g            blocked     p2  Blocked
      c            running     p5  Usual  [s]  ann, SPAN left
      """)
    #expect(home.ok("ls").lines.count == 6)
    #expect(home.ok("ls", "--color", "always").stdout.contains("\u{1B}[32mrunning\u{1B}[0m"))
  }

  @Test(.eachEngine) func `shows what a reference names`() {
    let home = Home()
    home.add("A task", "--id", "both", "--session", "line")
    home.add("Another", "--id", "other", "--session", "both-of")
    home.add("Named like a session", "--id", "line", "--session", "line")
    let first = home.add("Generated")
    #expect(home.json("show", "line").keys.first == "task", "a task before a session")
    #expect(home.json("show", "session:line").keys.first == "session")
    #expect(home.json("show", "task:line")["task", "title"]?.stringValue == "Named like a session")
    #expect(home.json("show", "both-of").keys.first == "session")
    #expect(home.json("show", String(first.prefix(6)))["task", "id"]?.stringValue == first)
    #expect(home.json("show", "--task", first)["task", "id"]?.stringValue == first)
    let event = home.ok("log", "-n", "1", "--json").json["id"]?.stringValue ?? ""
    #expect(home.json("show", String(event.prefix(8)))["id"]?.stringValue == event)
    #expect(home.json("show", "event:" + event.prefix(4).uppercased())["id"]?.stringValue == event)
    home.fails(.notFound, "show", String(first.prefix(5)))
    home.fails(.notFound, "show", "task:" + event)
    home.fails(.notFound, "show", "event:" + first)
    home.fails(.notFound, "show", "session:nosuch")
    home.fails(.notFound, "show", "commit:abcdef")
    home.fails(.notFound, "show", "")
  }

  @Test(.eachEngine) func `a prefix of several is ambiguous`() {
    let home = Home()
    home.add("One", "--id", "t-aaaa1111")
    home.add("Two", "--id", "t-aaaa2222")
    let error = home.fails(.ambiguous, "show", "t-aaaa")
    #expect(error["message"]?.stringValue == "t-aaaa is several: t-aaaa1111 t-aaaa2222")
    home.fails(.ambiguous, "claim", "t-aaaa", as: "ann")
    #expect(home.json("claim", "t-aaaa2", as: "ann")["task", "id"]?.stringValue == "t-aaaa2222")
    home.fails(.notFound, "show", "t-aaa")
  }

  @Test func `shows a task, a session and an event as texts`() {
    let home = Home()
    let id = home.add(
      "Write the schema", "--body", "First line\nSecond line", "--session", "kpi", "--reviewer", "rev", "--key", "K",
      "--payload", "{\"a\": 1}")
    home.claim()
    home.ok("checkpoint", "--last", "schema drafted", "--next", "write tests", as: "ann")
    home.ok("note", id, "-m", "use API v2", as: "jq")
    home.ok("release", "failed", "-m", "no luck", "--retry-in", "0", as: "ann")
    var snapshot = Snapshot(home)
    _ = snapshot.text(home.orch("log", "--reverse", "--json"))
    snapshot.expect(
      home.orch("show", id),
      """
      status 0
      stdout
      t-ID1   queued      p5  Write the schema  [kpi]
      session     kpi   kind task
      asked by    jq   source cli:HOST   CLOCK   key K
      review      rev
      attempts    1   failures 1 of 4
      not before  CLOCK
      last error  no luck
                  First line
                  Second line
      payload     {"a":1}
      note        jq: use API v2

      E1 CLOCK jq task.added t-ID1
      E2 CLOCK ann task.claimed t-ID1
      E4 CLOCK ann checkpoint.saved t-ID1
      E5 CLOCK jq note.added t-ID1
      E6 CLOCK ann task.failed t-ID1
      """)
    let session = snapshot.text(home.orch("show", "session:kpi"))
    #expect(session.contains("session kpi   fence 1   5 events\n"))
    #expect(session.contains("left off    last schema drafted   next write tests\n"))
    let event = home.ok("log", "-n", "1", "--json").json["id"]?.stringValue ?? ""
    let text = home.ok("show", event).stdout
    #expect(text.contains("task.failed") && text.contains(#""failures":1"#))
  }
}
