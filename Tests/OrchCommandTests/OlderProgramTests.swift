import OrchApp
import OrchCore
import OrchTestSupport
import Testing

/// This program and one that knows less, on one database: `Scripts/build-older` takes an event type, `check.recorded`,
/// and a column, `passed_checks`, out of the sources.
@Suite("An older program beside this one", .needsOlderProgram, .eachEngine)
struct OlderProgramTests {
  /// A queue in which one session has an event that the older program does not know.
  private func mixed() -> Home {
    let home = Home()
    home.add("Checked", "--id", "t-new", "--priority", "0")
    home.add("Plain", "--id", "t-old")
    home.claim("t-new")
    home.ok("check", "lint", "--", "true", as: "ann")
    return home
  }

  @Test func `it shows, verifies and exports what it does not know`() throws {
    let home = mixed()
    let older = home.older
    let log = older.ok("log", "--reverse", "--json").objects
    #expect(log.map { $0["id"] } == home.ok("log", "--reverse", "--json").objects.map { $0["id"] })
    #expect(log.last?["type"]?.stringValue == "check.recorded")
    #expect(older.ok("log").stdout.contains("check.recorded"))
    #expect(older.ok("export").stdout == home.ok("export").stdout)
    #expect(older.json("verify")["head"] == home.json("verify")["head"])
    #expect(older.json("show", "t-new")["task", "state"]?.stringValue == "running")
    older.ok("status")
    older.ok("list")
  }

  @Test func `it decides nothing about that session, and works on the others`() throws {
    let home = mixed()
    let older = home.older
    // A sign of life is no decision.
    older.ok("heartbeat", "t-new", as: "ann")
    let before = home.ok("export").stdout
    let refused = older.fails(.configuration, "release", "requeue", as: "ann")
    #expect(refused["neededVocabulary"]?.intValue == 27 && refused["vocabulary"]?.intValue == 26)
    #expect(home.ok("export").stdout == before)

    home.ok("release", "requeue", as: "ann")
    #expect(older.claims(as: "bob") == "t-old", "although t-new comes first")
    older.fails(.configuration, "claim", "t-new", "--another", as: "bob")
    older.fails(.nothingClaimable, "claim", "--another", as: "bob")
    older.ok("release", "done", "-m", "ok", as: "bob")
    #expect(home.claims(as: "cleo") == "t-new")
    #expect(home.json("verify")["ok"]?.boolValue == true && older.json("verify")["ok"]?.boolValue == true)
  }

  @Test func `leases that it may not end stop it nowhere`() async throws {
    let home = mixed()
    try await home.expireLease(of: "t-new")
    let older = home.older
    #expect(older.ok("recover", "--json").objects.isEmpty)
    #expect(older.claims(as: "bob") == "t-old")
    #expect(home.ok("recover", "--json").objects.count == 1)
  }

  @Test func `more sessions than it looks at hide nothing`() throws {
    let home = Home()
    let lines = (0..<80).map { #"{"id": "n-\#($0)", "title": "New \#($0)", "priority": 0}"# }.joined(separator: "\n")
    home.ok("add", "--from", "-", as: "jq", input: lines)
    home.add("Plain", "--id", "t-old", "--priority", "9")
    // As if each had an event of a newer program.
    try home.sql("UPDATE \(home.table("session")) SET needed_vocabulary = 27 WHERE id <> 't-old'")
    #expect(home.older.claims(as: "bob") == "t-old")
    #expect(home.claims(as: "cleo")?.hasPrefix("n-") == true)
  }

  @Test func `what it imports without understanding it is replayed by this program`() throws {
    let home = mixed()
    home.ok("release", "requeue", as: "ann")
    home.ok("note", "t-new", "-m", "after the check", as: "jq")
    let other = Home(initialized: false)
    let older = other.older
    older.ok("init")
    let export = home.file("log.jsonl", home.ok("export").stdout)
    #expect(older.json("import", export)["events"]?.intValue == Int64(home.ok("log", "--json").objects.count))
    #expect(older.ok("export").stdout == home.ok("export").stdout)
    #expect(older.json("verify")["head"] == home.json("verify")["head"])
    #expect(older.claims(as: "bob") == "t-old")
    older.fails(.configuration, "claim", "t-new", "--another", as: "bob")
    older.fails(.nothingClaimable, "claim", "--another", as: "bob")

    #expect(other.json("verify")["ok"]?.boolValue == true)
    #expect(other.claims(as: "cleo") == "t-new", "the first claim replays it")
    #expect(other.events("t-new") == home.events("t-new") + ["task.claimed"])
    other.ok("release", "requeue", as: "cleo")
    #expect(other.json("verify")["ok"]?.boolValue == true)
  }

  @Test func `what it left behind is replayed before anything is decided on it`() throws {
    let home = mixed()
    home.add("Waits", "--id", "t-wait", "--after", "t-new")
    home.ok("edit", "t-new", "--reviewer", "rea", as: "jq")
    home.ok("release", "review", "-m", "done", as: "ann")
    let other = Home(initialized: false)
    let older = other.older
    older.ok("init")
    older.ok("import", home.file("log.jsonl", home.ok("export").stdout))
    for words in [["retry"], ["cancel", "-m", "x"], ["review", "approve", "-m", "x"], ["note", "-m", "x"]] {
      #expect(older.code(words + ["t-new"], as: "rea") == "configuration", "\(words)")
    }
    other.ok("review", "approve", "t-new", "-m", "fine", as: "rea")
    #expect(other.state("t-new") == "done")
    #expect(other.json("claim", "t-wait", as: "cleo")["task", "id"]?.stringValue == "t-wait")
    #expect(other.json("verify")["ok"]?.boolValue == true)
  }

  @Test func `more of a session that it did not understand is imported on top`() throws {
    let home = mixed()
    let other = Home(initialized: false)
    let older = other.older
    older.ok("init")
    older.ok("import", home.file("one.jsonl", home.ok("export").stdout))
    home.ok("release", "requeue", as: "ann")
    home.ok("edit", "t-new", "--title", "Checked again", as: "jq")
    let second = home.file("two.jsonl", home.ok("export").stdout)
    // Once by the older program, which passes it over too, and then by this one.
    older.ok("import", second)
    home.ok("edit", "t-new", "--title", "And again", as: "jq")
    other.ok("import", home.file("three.jsonl", home.ok("export").stdout))
    #expect(other.json("show", "t-new")["task", "title"]?.stringValue == "And again")
    // What follows from the check is there again.
    #expect(
      try other.column("SELECT passed_checks FROM \(other.table("task")) WHERE id = 't-new'")
        == home.column("SELECT passed_checks FROM \(home.table("task")) WHERE id = 't-new'"))
    #expect(other.json("verify")["head"] == home.json("verify")["head"])
    #expect(other.claims(as: "cleo") == "t-new")
  }

  @Test func `it moves no database of which it understands a part`() throws {
    let home = mixed()
    let older = home.older
    let target = home.path + "/elsewhere.db"
    older.ok("init", environment: ["ORCH_DATABASE_URL": target])
    older.fails(.configuration, "move", "--to", target)
    #expect(home.claims(as: "cleo") == "t-old", "the database is as open as before")
  }

  @Test func `what it writes this program reads, and the other way round`() throws {
    let home = Home(initialized: false)
    let older = home.older
    older.ok("init")
    older.ok("add", "One", "--id", "t-1", as: "jq")
    older.ok("claim", as: "ann")
    older.ok("checkpoint", "--last", "half", as: "ann")
    #expect(home.json("init")["created"]?.boolValue == false)
    home.ok("check", "lint", "--", "true", as: "ann")
    home.ok("release", "done", "-m", "ok", as: "ann")
    #expect(home.json("verify")["ok"]?.boolValue == true)
    older.ok("add", "Two", "--id", "t-2", as: "jq")
    #expect(older.claims(as: "ann") == "t-2")
    #expect(older.json("verify")["head"] == home.json("verify")["head"])
  }

  @Test func `a column that it does not know is left as it is`() throws {
    let home = Home()
    try home.sql("ALTER TABLE \(home.table("task")) ADD COLUMN stars INTEGER")
    try home.sql("UPDATE \(home.table("meta")) SET value = '4' WHERE key = 'schema'")
    home.add("One", "--id", "t-1")
    try home.sql("UPDATE \(home.table("task")) SET stars = 5")
    let older = home.older
    #expect(older.claims(as: "ann") == "t-1")
    older.ok("release", "done", "-m", "ok", as: "ann")
    #expect(try home.column("SELECT stars FROM \(home.table("task"))") == ["5"])
    try home.sql("UPDATE \(home.table("meta")) SET value = '4' WHERE key IN ('schema_readers', 'schema_writers')")
    older.fails(.configuration, "list")
    older.fails(.configuration, "add", "Two", as: "jq")
  }
}
