import OrchCore
import OrchTestSupport
import Testing

/// The keys of the contract's objects, in its order.
enum Keys {
  static let task = [
    "id", "title", "body", "kind", "priority", "state", "session", "project", "assignee", "key", "payload", "after",
    "reviewers", "requireReview", "requiredChecks", "attempt", "failures", "maxAttempts", "ttlSeconds", "readyAt",
    "createdAt", "createdBy", "updatedAt", "source", "lastError", "result", "lease"
  ]
  static let lease = [
    "session", "task", "agent", "instance", "fence", "acquiredAt", "heartbeatAt", "expiresAt", "remainingSeconds",
    "ttlSeconds", "host", "late"
  ]
  static let session = [
    "id", "log", "phase", "lastAction", "nextAction", "reference", "checkpoint", "lease", "fence", "events", "head",
    "tasks"
  ]
  static let checkpoint = [
    "at", "event", "task", "agent", "phase", "lastAction", "nextAction", "reference", "note", "data", "commit"
  ]
  static let attempt = ["number", "agent", "fence", "startedAt", "endedAt", "outcome", "message", "commits"]
  static let event = [
    "actor", "at", "author", "commit", "data", "fence", "id", "log", "parent", "reviewer", "schema", "seq", "session",
    "source", "task", "type"
  ]
  static let packet = [
    "task", "session", "checkpoint", "attempts", "notes", "decisions", "reviews", "handoffs", "commits", "drift"
  ]
  static let agent = ["name", "display", "role", "firstSeenAt", "lastSeenAt"]
  static let alert = ["code", "task", "session", "message"]
  static let states = ["queued", "scheduled", "blocked", "running", "review", "offered", "done", "dead", "cancelled"]
}

@Suite("The JSON objects")
struct ObjectTests {
  @Test(.eachEngine) func `a task has every key, whatever it holds`() {
    let home = Home()
    let bare = home.json("add", "Bare")
    #expect(bare.keys == ["task", "created"])
    #expect(bare["task"]?.keys == Keys.task)
    for key in ["body", "project", "assignee", "key", "payload", "ttlSeconds", "lastError", "result", "lease"] {
      #expect(bare["task", key]?.isNull == true, "\(key)")
    }
    #expect(bare["task", "after"]?.arrayValue?.isEmpty == true)
    #expect(bare["task", "kind"]?.stringValue == "task" && bare["task", "priority"]?.intValue == 5)
    let id = bare["task", "id"]?.stringValue ?? ""
    let full = home.json(
      "add", "Full", "--body", "more", "--id", "full", "--session", "s", "--project", "p", "--kind", "k", "--priority",
      "0", "--payload", #"{"z":1.00,"a":[1e3, "\u00e9"]}"#, "--assign", "ann", "--after", id, "--key", "K",
      "--max-attempts", "2", "--not-before", "2001-02-03T04:05:06Z", "--ttl", "90s", "--reviewer", "rev", "--reviewer",
      "rex", "--require-review", "--require-check", "ci", as: "jq", environment: ["ORCH_SOURCE": "mail:7"])
    var snapshot = Snapshot(home)
    _ = snapshot.text(home.orch("show", id))
    snapshot.expect(
      home.orch("list", "--key", "K", "--json"),
      """
      status 0
      stdout
      {"id":"full","title":"Full","body":"more","kind":"k","priority":0,"state":"blocked","session":"s","project":"p","assignee":"ann","key":"K","payload":{"z":1.00,"a":[1e3,"\\u00e9"]},"after":["t-ID1"],"reviewers":["rev","rex"],"requireReview":true,"requiredChecks":["ci"],"attempt":0,"failures":0,"maxAttempts":2,"ttlSeconds":90,"readyAt":"TIME","createdAt":"TIME","createdBy":"jq","updatedAt":"TIME","source":"mail:7","lastError":null,"result":null,"lease":null}
      """)
    #expect(full["created"]?.boolValue == true)
    #expect(full["task", "readyAt"]?.stringValue == "2001-02-03T04:05:06.000Z")
  }

  @Test(.eachEngine) func `a claim answers task, lease with its token, and packet`() {
    let home = Home()
    let task = home.add("First", "--session", "s")
    let claim = home.json("claim", as: "ann")
    #expect(claim.keys == ["task", "lease", "packet"])
    #expect(claim["task"]?.keys == Keys.task)
    #expect(claim["task", "lease"]?.keys == Keys.lease)
    #expect(claim["lease"]?.keys == Keys.lease + ["token"])
    #expect(claim["lease", "token"]?.stringValue?.utf8.count == 64)
    #expect(claim["packet"]?.keys == Keys.packet)
    #expect(claim["packet", "session"]?.keys == Keys.session)
    #expect(claim["packet", "session", "tasks"]?.keys == Keys.states)
    #expect(claim["packet", "checkpoint"]?.isNull == true && claim["packet", "drift"]?.isNull == true)
    #expect(claim["packet", "attempts"]?.arrayValue?.allSatisfy { $0.keys == Keys.attempt } == true)
    #expect(claim["lease", "fence"]?.intValue == 1 && claim["lease", "late"]?.boolValue == false)
    let remaining = claim["lease", "remainingSeconds"]?.intValue ?? 0
    #expect((1790...1800).contains(remaining))

    let saved = home.json(
      "checkpoint", "-m", "n", "--phase", "p", "--last", "l", "--next", "x", "--ref", "r", "--data", #"{"a":1.50}"#,
      as: "ann")
    #expect(saved.keys == ["checkpoint", "lease", "notices"])
    #expect(saved["checkpoint"]?.keys == Keys.checkpoint)
    #expect(saved["lease"]?.keys == Keys.lease)
    #expect(saved["checkpoint", "data"]?.text() == #"{"a":1.50}"#)
    let beat = home.json("heartbeat", as: "ann")
    #expect(beat.keys == ["lease", "notices"] && beat["lease"]?.keys == Keys.lease)

    let status = home.json("status")
    #expect(status.keys == ["sessions", "counts", "stale", "alerts"])
    #expect(status["counts"]?.keys == Keys.states)
    #expect(status["sessions"]?.arrayValue?.first?.keys == Keys.session)
    #expect(status["sessions"]?.arrayValue?.first?["checkpoint"]?.keys == Keys.checkpoint)
    #expect(status["sessions"]?.arrayValue?.first?["lease"]?.keys == Keys.lease)
    let brief = home.json("brief", as: "ann")
    #expect(brief.keys == ["agent", "held", "assigned", "reviews", "handoffs", "decisions", "alerts"])
    #expect(brief["held"]?.arrayValue?.first?.keys == Keys.task)

    let resumed = home.json("resume", as: "ann")
    #expect(resumed["lease"]?.keys == Keys.lease + ["token"])
    #expect(resumed["packet", "checkpoint"]?.keys == Keys.checkpoint)
    #expect(resumed["lease", "token"] != claim["lease", "token"] && resumed["lease", "fence"]?.intValue == 2)
    let released = home.json("release", "failed", "-m", "no luck", "--error-code", "E1", as: "ann")
    #expect(released.keys == ["task", "event"])
    #expect(released["task", "lastError"]?.keys == ["code", "message"])
    #expect(released["event"]?.keys.sorted() == Keys.event && released["event"]?.keys.first == "id")

    let shown = home.json("show", "task:\(task)")
    #expect(
      shown.keys
        == ["task", "attempts", "notes", "events", "commits", "submission", "reviews", "checks", "handoffs"])
    #expect(shown["attempts"]?.arrayValue?.first?.keys == Keys.attempt)
    #expect(shown["events"]?.arrayValue?.allSatisfy { $0.keys.sorted() == Keys.event } == true)
    #expect(home.json("show", "session:s").keys == ["session", "tasks", "events"])
    let event = released["event", "id"]?.stringValue ?? ""
    #expect(home.json("show", event).keys.sorted() == Keys.event)
    for line in home.ok("log", "--json").objects { #expect(line.keys.sorted() == Keys.event) }
    let agents = home.ok("agents", "--json").objects
    #expect(agents.map { $0["name"]?.stringValue } == ["ann", "jq"] && agents[0].keys == Keys.agent)
    #expect(home.json("agents", "set", "ann", "--display", "Ann").keys == Keys.agent)
  }

  @Test func `the token stands in claim and resume alone, and never in a text`() throws {
    let home = Home()
    home.add("First")
    let token = home.claim()
    for words in [
      ["status"], ["brief"], ["list"], ["show", "t-"], ["heartbeat"], ["checkpoint", "--last", "x"], ["log"],
      ["verify"],
      ["resume"], ["release", "requeue"], ["claim"], ["release", "done"]
    ] {
      for json in [false, true] {
        if json, words[0] == "resume" || words[0] == "claim" { continue }
        let outcome = home.command(words + (json ? ["--json"] : []), as: "ann").run()
        #expect(!outcome.stdout.contains(token) && !outcome.stdout.contains(#""token""#), "\(words)")
      }
    }
    for suffix in ["", "-wal"] {
      let text = String(decoding: try Files.read(home.database + suffix), as: UTF8.self)
      #expect(!text.contains(token))
    }
    #expect(home.ok("add", "Second", "--claim", as: "ben").stdout.contains("lease until"))
  }

  @Test func `init, recover, verify and doctor answer their objects`() async throws {
    let home = Home(initialized: false)
    var snapshot = Snapshot(home)
    snapshot.expect(
      home.orch("init", "--json"),
      """
      status 0
      stdout
      {"database":"HOME/state/data/orchestrator.db","engine":"sqlite","log":"LOG","created":true,"schemaVersion":3,"upgradedFrom":null,"backup":null,"warnings":[]}
      """)
    #expect(home.json("init")["created"]?.boolValue == false)
    let task = home.add("First")
    home.claim()
    try await home.expireLease(of: task)
    let recovery = ["session", "task", "agent", "fence", "heartbeatAt", "expiresAt", "action"]
    #expect(home.json("status")["stale"]?.arrayValue?.first?.keys == recovery)
    #expect(home.json("status")["alerts"]?.arrayValue?.first?.keys == Keys.alert)
    #expect(home.json("recover").keys == recovery)
    let verified = home.json("verify")
    #expect(verified.keys == ["ok", "events", "sessions", "head", "anchors", "findings"])
    #expect(verified["head"]?.stringValue?.hasPrefix("3-") == true)
    let doctor = home.orch("doctor", "--json")
    #expect(doctor.json.keys == ["ok", "findings"])
    #expect(doctor.status == (doctor.json["ok"]?.boolValue == true ? 0 : 3))
    #expect(doctor.json["findings"]?.arrayValue?.allSatisfy { $0.keys == ["code", "message", "hint"] } == true)
  }
}
