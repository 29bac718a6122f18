import OrchApp
import OrchCore
import OrchTestSupport
import Testing

@Suite("Upgrading a first-generation database")
struct SeedUpgradeTests {
  /// A home whose default database is a copy of one that the first generation wrote.
  private func home(_ name: String) throws -> Home {
    let home = Home(initialized: false)
    let fixtures = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/OrchStoreTests/Fixtures/"
    _ = home.directory("state/data")
    try Files.copy(fixtures + name, to: home.database)
    return home
  }

  private func tasks(_ home: Home) -> [String: JSON] {
    Dictionary(
      uniqueKeysWithValues: home.ok("list", "--json", "--all-projects").objects.map {
        ($0["id"]?.stringValue ?? "", $0)
      })
  }

  @Test(arguments: ["seed-phase1.db", "seed-phase2.db"])
  func `keeps a copy, says what it did, and does it once`(name: String) throws {
    let home = try home(name)
    let original = try Files.read(home.database)
    home.fails(.configuration, "list")
    home.fails(.configuration, "claim", as: "ann")
    #expect(try Files.read(home.database) == original, "nothing but init upgrades")
    let result = home.json("init")
    #expect(result["created"]?.boolValue == false && result["upgradedFrom"]?.stringValue == "first-generation")
    let backup = result["backup"]?.stringValue ?? ""
    #expect(backup.wholeMatch(of: #/.*/orchestrator\.db\.phase1-\d{14}\.bak/#) != nil)
    #expect(try Files.read(backup) == original)
    #expect(Files.mode(backup) == 0o600 && Files.mode(home.database) == 0o600)
    #expect(
      result["warnings"]?.arrayValue?.contains { $0.stringValue?.contains("docs-ko was running") == true } == true)
    let again = home.json("init")
    #expect(again["upgradedFrom"]?.isNull == true && again["backup"]?.isNull == true && again["log"] == result["log"])
    #expect(home.ok("init").stdout.contains("is up to date"))
    #expect(Files.names(in: home.path + "/state/data").filter { $0.hasSuffix(".bak") }.count == 1)
    home.ok("verify")
  }

  @Test(arguments: ["seed-phase1.db", "seed-phase2.db"])
  func `carries over tasks, states, owners, keys and texts`(name: String) throws {
    let home = try home(name)
    home.ok("init", "-q")
    let tasks = tasks(home)
    #expect(tasks.count == 9)
    let isFirst = name == "seed-phase1.db"
    let states = [
      "kpi-2026-02-20": "done", "kpi-2026-02-21": "done", "kpi-2026-02-22": isFirst ? "dead" : "queued",
      "kpi-2026-02-23": "queued", "kpi-2026-02-24": "queued", "kpi-2026-02-25": isFirst ? "queued" : "dead",
      "trade-decide-1": "done", "docs-ko": "queued", "agent.orchestrate:1": "queued"
    ]
    for (id, state) in states {
      // Where the old one waited before a retry, that time decides.
      let found = tasks[id]?["state"]?.stringValue
      #expect(found == state || (state == "queued" && found == "scheduled"), "\(id) is \(found ?? "missing")")
      #expect(tasks[id]?["maxAttempts"]?.intValue == 4)
    }
    #expect(tasks["docs-ko"]?["failures"]?.intValue == 1 && tasks["docs-ko"]?["assignee"]?.stringValue == "home-agent")
    #expect(tasks["docs-ko"]?["session"]?.stringValue == "문서-세션" && tasks["docs-ko"]?["priority"]?.intValue == 3)
    #expect(tasks["agent.orchestrate:1"]?["priority"]?.intValue == 9)
    #expect(tasks["agent.orchestrate:1"]?["assignee"]?.stringValue == "company-agent")
    #expect(tasks["trade-decide-1"]?["priority"]?.intValue == 1 && tasks["trade-decide-1"]?["assignee"]?.isNull == true)
    #expect(tasks["kpi-2026-02-23"]?["key"]?.stringValue == "kpi-23")
    #expect(tasks["kpi-2026-02-23"]?["payload"]?.text() == #"{"date":"2026-02-23","note":"일일 보고"}"#)
    #expect(tasks["kpi-2026-02-23"]?["kind"]?.stringValue == "kpi.dailyReport")
    let failed = tasks[isFirst ? "kpi-2026-02-22" : "kpi-2026-02-25"]
    #expect(failed?["lastError", "message"]?.stringValue == (isFirst ? "timeout talking to exchange" : "재시도 초과"))
    #expect(failed?["failures"]?.intValue == (isFirst ? 1 : 3))
    #expect(failed?["createdAt"]?.stringValue?.hasPrefix("2026-11-23T08:50:40.") == true)
  }

  @Test(arguments: ["seed-phase1.db", "seed-phase2.db"])
  func `carries over every event with its actor, its payload and its time`(name: String) throws {
    let home = try home(name)
    home.ok("init", "-q")
    let events = home.ok("log", "--json", "--reverse").objects
    #expect(events.filter { $0["type"]?.stringValue == "task.imported" }.count == 9)
    let types: Set<String> = ["task.imported", "note.added", "checkpoint.saved"]
    #expect(events.allSatisfy { types.contains($0["type"]?.stringValue ?? "") })
    let old = events.filter { $0["data", "original"]?.stringValue?.contains("\"event_id\"") == true }
    #expect(old.count == 11)
    let stale = old.first { $0["data", "text"]?.stringValue == "session_stale" }
    #expect(stale?["actor"]?.stringValue == "watchdog" && stale?["session"]?.stringValue == "q00-session")
    #expect(stale?["data", "original"]?.stringValue?.contains("lock_expires_at") == true)
    #expect(stale?["at"]?.stringValue?.hasPrefix("2026-11-23T08:50:40.") == true)
    let finished = old.first { $0["data", "original"]?.stringValue?.contains("task-finalize:kpi-2026-02-20") == true }
    #expect(finished?["task"]?.stringValue == "kpi-2026-02-20" && finished?["actor"]?.stringValue == "company-agent")
    if name == "seed-phase2.db" {
      #expect(events.contains { $0["data", "text"]?.stringValue == "retry_limit_reached" }, "dead letters")
    }
    #expect(home.ok("log", "--by", "company-agent").status == 0)
  }

  @Test(arguments: ["seed-phase1.db", "seed-phase2.db"])
  func `goes on where it was`(name: String) throws {
    let home = try home(name)
    home.ok("init", "-q")
    #expect(home.json("claim", as: "home-agent")["task", "id"]?.stringValue == "docs-ko")
    home.ok("checkpoint", "--next", "번역", as: "home-agent")
    home.ok("release", "done", as: "home-agent")
    let kpi = home.json("claim", "--session", "trading-session", as: "company-agent")["task", "id"]?.stringValue
    #expect(kpi?.hasPrefix("kpi-2026-02-2") == true)
    home.ok("release", "done", as: "company-agent")
    home.fails(.nothingClaimable, "claim", "--session", "q00-session", as: "home-agent")
    #expect(home.json("claim", "agent.orchestrate:1", as: "company-agent")["task", "attempt"]?.intValue == 2)
    home.ok("release", "requeue", as: "company-agent")
    #expect(home.json("add", "Again", "--key", "kpi-24")["created"]?.boolValue == false)
    home.ok("retry", name == "seed-phase1.db" ? "kpi-2026-02-22" : "kpi-2026-02-25")
    home.ok("verify")
  }

  @Test func `sixteen upgrades at once are one`() async throws {
    let home = try home("seed-phase2.db")
    let original = try Files.read(home.database)
    let runs = (0..<16).map { _ in home.start("init", "--json") }
    var logs: Set<String> = []
    var upgrades = 0
    for run in runs {
      let outcome = run.wait()
      #expect(outcome.status == 0, "\(outcome.stderr)")
      logs.insert(outcome.json["log"]?.stringValue ?? "")
      if outcome.json["upgradedFrom"]?.isNull == false { upgrades += 1 }
    }
    #expect(logs.count == 1 && upgrades == 1)
    let backups = Files.names(in: home.path + "/state/data").filter { $0.hasSuffix(".bak") }
    #expect(backups.count == 1)
    #expect(try Files.read(home.path + "/state/data/" + (backups.first ?? "")) == original)
    #expect(tasks(home).count == 9)
    home.ok("verify")
  }

  @Test func `killed while it upgrades, the next one upgrades`() async throws {
    for moment in try home("seed-phase1.db").moments(of: ["init"], count: 8) {
      let home = try home("seed-phase1.db")
      let original = try Files.read(home.database)
      home.start("init").killAfter(moment)
      home.ok("init", "-q")
      #expect(tasks(home).count == 9)
      let backups = Files.names(in: home.path + "/state/data").filter { $0.hasSuffix(".bak") }
      #expect(try backups.contains { try Files.read(home.path + "/state/data/" + $0) == original })
      home.ok("verify")
    }
  }
}
