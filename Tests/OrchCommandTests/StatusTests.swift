import OrchApp
import OrchCore
import OrchTestSupport
import Testing

@Suite("Status, brief, agents, doctor, init")
struct StatusTests {
  @Test(.eachEngine) func `status says who holds what and what needs somebody`() async throws {
    let home = Home()
    var snapshot = Snapshot(home)
    snapshot.expect(home.orch("status"), "status 0\nstdout\ntasks       none")
    for id in ["a", "b", "c"] { home.add("Task \(id)", "--id", id) }
    home.add("Later", "--id", "d", "--not-before", "+1h", "--after", "c")
    home.claim("a")
    home.claim("b", as: "ben")
    home.ok("cancel", "c", "-m", "x")
    try await home.expireLease(of: "b", as: "ben")
    snapshot.expect(
      home.orch("status"),
      """
      status 0
      stdout
      held        a  Task a   ann @ HOST HOME/work   SPAN left, seen AGO
      tasks       blocked 1   running 2   cancelled 1
      stale       b   would be: requeued   ben (b#1)   last sign of life TIME
      alert       dependency-dead   d   waits for c, which is cancelled; orch edit d --drop-after c
      then        orch recover
      """)
    let status = home.json("status")
    #expect(status["sessions"]?.arrayValue?.count == 2 && status["stale"]?.arrayValue?.count == 1)
    #expect(status["alerts"]?.arrayValue?.map { $0["code"]?.stringValue } == ["stale", "dependency-dead"])
    home.ok("edit", "d", "--drop-after", "c")
    home.ok("recover")
    #expect(home.json("status")["alerts"]?.arrayValue?.isEmpty == true)
  }

  @Test(.eachEngine) func `brief says nothing at all when there is nothing`() {
    let home = Home()
    let quiet = home.ok("brief", as: "ann")
    #expect(quiet.stdout == "" && quiet.stderr == "")
    let first = home.add("First", "--id", "a")
    #expect(home.ok("brief", as: "ann").stdout == "")
    home.add("For ann", "--id", "b", "--assign", "ann")
    var snapshot = Snapshot(home)
    snapshot.expect(
      home.orch("brief", as: "ann"),
      """
      status 0
      stdout
      for you     b            queued      p5  For ann  for ann
      then        orch claim b
      """)
    home.claim(first)
    home.ok("checkpoint", "--next", "x", as: "ann")
    snapshot.expect(
      home.orch("brief", as: "ann"),
      """
      status 0
      stdout
      you hold    a  First   SPAN left
      for you     b            queued      p5  For ann  for ann
      then        orch resume
      """)
    let before = home.ok("log", "--json").stdout
    #expect(home.json("brief", as: "ann")["held"]?.arrayValue?.count == 1)
    #expect(home.ok("log", "--json").stdout == before)
    #expect(home.ok("brief", as: "ben").stdout == "")
    home.fails(.usage, "brief")
  }

  @Test(.eachEngine) func `agents are those who acted or were described`() {
    let home = Home()
    home.add("First", as: nil)
    home.claim()
    #expect(home.ok("agents", "--json").objects.map { $0["name"]?.stringValue } == ["ann"], "not people at a terminal")
    let set = home.json("agents", "set", "company-agent", "--display", "회사재규", "--role", "owner")
    #expect(set["display"]?.stringValue == "회사재규" && set["role"]?.stringValue == "owner")
    #expect(home.json("agents", "set", "company-agent", "--role", "reviewer")["display"]?.stringValue == "회사재규")
    let count = home.ok("log", "--oneline").lines.count
    home.ok("agents", "set", "company-agent", "--role", "reviewer")
    #expect(home.ok("log", "--oneline").lines.count == count, "nothing changed, nothing recorded")
    #expect(home.json("agents", "set", "company-agent", "--display", "")["display"]?.isNull == true)
    #expect(home.ok("agents").lines.count == 2)
    home.fails(.invalidInput, "agents", "set", "company-agent", "--display", "two\nlines")
    home.fails(.invalidInput, "agents", "set", "two words", "--role", "owner")
    home.fails(.usage, "agents", "list")
    #expect(home.ok("verify").status == 0)
  }

  @Test func `an agent almost like a known one is warned of`() {
    let home = Home()
    home.add("First")
    home.add("Second")
    home.claim(as: "company-agent")
    let outcome = home.orch("claim", as: "company-agnet")
    #expect(
      outcome.status == 0 && outcome.stderr == "warning: company-agnet is new here; did you mean company-agent?\n")
    #expect(home.orch("claim", "-q", as: "compny-agent").stderr.hasPrefix("error: there is nothing to claim"))
    #expect(!home.orch("claim", as: "home-agent").stderr.contains("did you mean"))
  }

  @Test func `doctor says what it found and what to do`() {
    let home = Home()
    let clean = home.orch("doctor", "--json")
    #expect(clean.json["findings"]?.arrayValue?.allSatisfy { $0["code"]?.stringValue == "sqlite-version" } == true)
    Files.setMode(home.database, 0o644)
    let found = home.orch("doctor")
    #expect(found.status == 3 && found.stdout.contains("others may read") && found.stdout.contains("chmod 600"))
    #expect(found.stdout.contains(home.database))
  }

  @Test func `init creates once, privately, and says what it did`() {
    let home = Home(initialized: false)
    var snapshot = Snapshot(home)
    snapshot.expect(
      home.orch("init", "--project", "kpi"),
      """
      status 0
      stdout
      created the database HOME/state/data/orchestrator.db
      project  kpi
      """)
    snapshot.expect(
      home.orch("init"),
      """
      status 0
      stdout
      the database HOME/state/data/orchestrator.db is up to date
      project  none
      """)
    #expect(Files.mode(home.path + "/state") == 0o700 && Files.mode(home.path + "/state/data") == 0o700)
    home.add("First")
    for name in Files.names(in: home.path + "/state/data") where name.hasPrefix("orchestrator.db") {
      #expect(Files.mode(home.path + "/state/data/" + name) == 0o600, "\(name)")
    }
    home.ok("init", "--database", home.path + "/x/y/z.db", "--journal", "delete")
    home.ok("add", "x", "--database", home.path + "/x/y/z.db")
    #expect(Files.names(in: home.path + "/x/y") == ["z.db"])
  }
}
