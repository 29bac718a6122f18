import OrchApp
import OrchCore
import OrchTestSupport
import Testing

@Suite("Adding tasks")
struct AddTests {
  @Test func `says what was added`() {
    let home = Home()
    var snapshot = Snapshot(home)
    snapshot.expect(
      home.orch("add", "Write the schema"),
      """
      status 0
      stdout
      t-ID1  Write the schema
      """)
    snapshot.expect(home.orch("add", "Quiet", "-q"), "status 0")
    snapshot.expect(
      home.orch("add", "Mine", "--claim", as: "ann"),
      """
      status 0
      stdout
      t-ID2  Mine   attempt 1/4   lease until CLOCK (30m)
      asked by    ann   source cli:HOST
      then        orch checkpoint --next … | orch release done|review|failed|requeue -m …
      """)
  }

  @Test func `creates the default database, and says so, but no other`() {
    let home = Home(initialized: false)
    var snapshot = Snapshot(home)
    snapshot.expect(
      home.orch("add", "First"),
      """
      status 0
      stdout
      t-ID1  First
      stderr
      created the database HOME/state/data/orchestrator.db
      """)
    #expect(Files.mode(home.database) == 0o600 && Files.mode(home.path + "/state/data") == 0o700)
    home.fails(.storeUnavailable, "add", "x", "--database", home.path + "/other.db")
    home.fails(.storeUnavailable, "add", "x", environment: ["ORCH_DATABASE_URL": home.path + "/other.db"])
    #expect(!Files.exists(home.path + "/other.db"))
  }

  @Test(.eachEngine) func `is idempotent by key while the task is open`() {
    let home = Home()
    var snapshot = Snapshot(home)
    let first = home.add("First", "--key", "daily", "--priority", "1")
    _ = snapshot.text(home.orch("show", first))
    snapshot.expect(
      home.orch("add", "Another title", "--key", "daily"),
      """
      status 0
      stdout
      t-ID1  First   (open already, nothing added)
      """)
    let again = home.json("add", "Another", "--key", "daily", "--id", "other", "--priority", "9")
    #expect(again["created"]?.boolValue == false && again["task", "id"]?.stringValue == first)
    #expect(again["task", "priority"]?.intValue == 1)
    #expect(home.events(first) == ["task.added"])
    home.claim()
    #expect(home.json("add", "x", "--key", "daily")["task", "state"]?.stringValue == "running")
    home.ok("release", "done", as: "ann")
    let next = home.json("add", "Tomorrow", "--key", "daily")
    #expect(next["created"]?.boolValue == true && next["task", "id"]?.stringValue != first)
    home.fails(.refused, "retry", first)
  }

  @Test(.eachEngine) func `refuses ids, sessions and dependencies that do not fit`() {
    let home = Home()
    home.add("First", "--id", "one")
    home.fails(.refused, "add", "Again", "--id", "one")
    home.add("In a session", "--id", "two", "--session", "line")
    home.fails(.refused, "add", "Named like a session", "--id", "line")
    #expect(home.json("add", "Joins it", "--id", "line", "--session", "line")["task", "session"]?.stringValue == "line")
    home.fails(.notFound, "add", "x", "--after", "nosuch")
    home.fails(.refused, "add", "x", "--id", "self", "--after", "self")
    #expect(home.json("add", "x", "--after", "one", "--after", "one")["task", "after"]?.arrayValue?.count == 1)
    #expect(home.ok("list", "--json").objects.count == 4)
  }

  @Test func `title, body and payload are data`() {
    let home = Home()
    home.fails(.invalidInput, "add", "")
    home.fails(.invalidInput, "add", " \u{200B} ")
    home.fails(.invalidInput, "add", "two\nlines")
    home.fails(.invalidInput, "add", "x", "--payload", "{")
    home.fails(.invalidInput, "add", "x", "--payload", #""\ud800""#)
    home.fails(.invalidInput, "add", "x", "--body", "@/no/such/file")
    let body = home.file("body.md", "line 1\n\n한국어\n")
    #expect(home.json("add", "x", "--body", "@\(body)")["task", "body"]?.stringValue == "line 1\n\n한국어\n")
    #expect(home.json("add", "x", "--body", "-", input: "from a pipe")["task", "body"]?.stringValue == "from a pipe")
    let payload = home.json("add", "x", "--payload", "-", input: " { \"n\" : 1.10e+2 , \"m\":-0 } \n")[
      "task", "payload"]
    #expect(payload?.text() == #"{"n":1.10e+2,"m":-0}"#)
    home.fails(.invalidInput, "add", "x", "--payload", #"{"n":1,"n":1}"#)
    #expect(home.json("add", "x", "--body", "")["task", "body"]?.isNull == true)
    #expect(home.json("add", "x", "--payload", "null")["task", "payload"]?.isNull == true)
  }
}

@Suite("Adding many tasks", .eachEngine)
struct AddManyTests {
  @Test func `adds a task a line, naming any line of the file`() {
    let home = Home()
    home.add("There already", "--id", "old")
    let outcome = home.orch(
      "add", "--from", "-", "--json", "--project", "kpi",
      input: """
        {"title":"Last","id":"c","after":["b","old"],"priority":"3"}

        {"title":"Middle","id":"b","after":"a","session":"s","kind":"k","ttl":"5m","maxAttempts":2,"notBefore":"2001-01-01"}
        {"title":"First","id":"a","body":"x","payload":{"n":1.00},"assign":"ann","key":"K","reviewer":["r"],"requireReview":true,"requireCheck":["ci"],"project":"other"}
        """)
    #expect(outcome.status == 0, "\(outcome.stderr)")
    let tasks = outcome.objects.compactMap { $0["task"] }
    #expect(tasks.map { $0["id"]?.stringValue } == ["c", "b", "a"], "in the order of the file")
    #expect(tasks[0]["after"]?.text() == #"["b","old"]"# && tasks[0]["priority"]?.intValue == 3)
    #expect(tasks[0]["project"]?.stringValue == "kpi" && tasks[2]["project"]?.stringValue == "other")
    #expect(tasks[1]["ttlSeconds"]?.intValue == 300 && tasks[1]["session"]?.stringValue == "s")
    #expect(tasks[2]["payload"]?.text() == #"{"n":1.00}"#)
    #expect(tasks[2]["reviewers"]?.text() == #"["r"]"# && tasks[2]["requiredChecks"]?.text() == #"["ci"]"#)
    #expect(home.ok("verify").status == 0)
  }

  @Test func `is read and checked whole before anything is added`() {
    let home = Home()
    func refused(_ code: ErrorCodeName, _ lines: String, at place: SourceLocation = #_sourceLocation) {
      let outcome = home.orch("add", "--from", "-", "--json", input: lines)
      #expect(outcome.error["code"]?.stringValue == code.rawValue, "\(outcome.stderr)", sourceLocation: place)
      #expect(outcome.stdout == "", sourceLocation: place)
      #expect(home.orch("list", "--json").stdout == "", sourceLocation: place)
    }
    refused(.invalidInput, "{\"title\":\"ok\"}\n{\"title\":\"bad\",\"colour\":1}")
    refused(.invalidInput, "{\"title\":\"ok\"}\nnot json")
    refused(.invalidInput, "{\"title\":\"ok\"}\n[1]")
    refused(.invalidInput, "{\"title\":\"ok\"}\n{\"body\":\"no title\"}")
    refused(.invalidInput, "{\"title\":\"ok\"}\n{\"title\":\"x\",\"priority\":99}")
    refused(.invalidInput, "{\"title\":\"ok\"}\n{\"title\":7}")
    refused(.invalidInput, "{\"title\":\"ok\",\"id\":\"a\"}\n{\"title\":\"x\",\"id\":\"a\"}")
    refused(.notFound, "{\"title\":\"ok\"}\n{\"title\":\"x\",\"after\":[\"nosuch\"]}")
    refused(
      .refused, "{\"title\":\"1\",\"id\":\"a\",\"after\":[\"b\"]}\n{\"title\":\"2\",\"id\":\"b\",\"after\":[\"a\"]}")
    refused(.refused, "{\"title\":\"1\",\"id\":\"a\",\"after\":[\"a\"]}")
    home.fails(.usage, "add", "title", "--from", "-")
    home.fails(.invalidInput, "add", "--from", "/no/such/file")
    #expect(home.ok("add", "--from", "-", input: "").stdout == "")
  }

  @Test func `thousands of lines are one transaction`() {
    let home = Home()
    let lines = (0..<2000).map { #"{"title":"Task \#($0)","id":"n\#($0)","priority":\#($0 % 10)}"# }
    #expect(home.ok("add", "--from", "-", input: lines.joined(separator: "\n")).lines.count == 2000)
    let text = home.ok("list")
    #expect(text.lines.count == 30 && text.stderr == "… and 1970 more: orch list -n 2000\n")
    #expect(home.ok("list", "--json").lines.count == 2000)
    #expect(home.ok("list", "-n", "1").stdout.hasPrefix("n0 "))
  }

  enum ErrorCodeName: String { case invalidInput = "invalid-input", notFound = "not-found", refused }
}
