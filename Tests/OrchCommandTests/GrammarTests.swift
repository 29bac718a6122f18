import OrchApp
import OrchCore
import OrchTestSupport
import Testing

@Suite("The command line's grammar")
struct GrammarTests {
  @Test func `global options stand before and after the command's name`() {
    let home = Home()
    let task = home.add("First", "--project", "kpi")
    let before = home.orch("--agent", "ann", "--project", "kpi", "--json", "-C", home.path, "list")
    let after = home.orch("list", "-C", home.path, "--json", "--project=kpi", "--agent=ann")
    #expect(before.status == 0 && before.stdout == after.stdout)
    #expect(before.json["id"]?.stringValue == task)
    #expect(home.orch("--project=other", "list").stdout == "")
    #expect(home.orch("--database", home.database, "list").lines.count == 1)
    #expect(home.orch("list", "--database", "sqlite:\(home.database)").lines.count == 1)
    #expect(home.orch("-q", "-v", "list").stderr == "")
    let verbose = home.orch("list", "-v").stderr
    #expect(verbose.hasPrefix("database \(home.database)\nagent -\nplace \(home.work)\n"))
    #expect(verbose.contains(" ms  SELECT ") || verbose.contains("round trip of "), "how long statements take")
    #expect(verbose.contains("read transaction: "))
  }

  @Test func `an empty variable is unset and an option beats a variable`() {
    let home = Home()
    home.add("First")
    #expect(home.ok("list", environment: ["ORCH_DATABASE_URL": "", "ORCH_AGENT": ""]).lines.count == 1)
    #expect(
      home.ok("list", environment: ["ORCH_DATABASE_URL": home.database, "ORCH_DB_PATH": "/nowhere"]).lines.count == 1)
    #expect(home.ok("list", environment: ["ORCH_DB_PATH": home.database]).lines.count == 1)
    #expect(
      home.ok("list", "--database", home.database, environment: ["ORCH_DATABASE_URL": "/nowhere"]).lines.count == 1)
    home.json("claim", "--agent", "ben", as: "ann", environment: ["ORCH_TTL": "5m", "ORCH_INSTANCE": "place"])
    let lease = home.ok("list", "--json").json["lease"]
    #expect(lease?["agent"]?.stringValue == "ben")
    #expect(lease?["ttlSeconds"]?.intValue == 300)
    #expect(lease?["instance"]?.stringValue == "place")
    home.fails(.configuration, "list", "--database", "postgres://u:secret@host:port/db")
    #expect(!home.orch("list", "--database", "postgres://u:secret@host:port/db").stderr.contains("secret"))
    home.fails(.usage, "list", "-C", "/nowhere/at/all")
  }

  @Test func `help is asked for in every way`() {
    let home = Home(initialized: false)
    let root = home.ok("--help")
    #expect(root.stdout.hasPrefix("OVERVIEW: Keep tasks, leases and context"))
    #expect(home.ok("help").stdout == root.stdout)
    #expect(home.ok("-q", "--help").stdout == root.stdout)
    let claim = home.ok("claim", "--help")
    #expect(claim.stdout.contains("USAGE: orch claim"))
    #expect(home.ok("help", "claim").stdout == claim.stdout)
    #expect(home.ok("--help", "claim").stdout == claim.stdout)
    #expect(home.ok("--agent", "ann", "claim", "-h").stdout == claim.stdout)
    #expect(home.ok("release", "--help").stdout.contains("Give back the lease"))
    #expect(home.ok("log", "--help").stdout.contains("%h its first 10 digits"))
    let nothing = home.orch()
    #expect(nothing.status == 64 && nothing.stdout == root.stdout)
    home.fails(.usage, "-q")
  }

  @Test func `every command has help that names it`() {
    let home = Home(initialized: false)
    for name in [
      "init", "add", "edit", "note", "list", "show", "claim", "heartbeat", "checkpoint", "release", "resume", "brief",
      "recover", "cancel", "retry", "log", "status", "verify", "agents", "doctor"
    ] {
      let help = home.ok(name, "--help")
      #expect(help.stdout.contains("USAGE: orch \(name)"), "\(name)")
      for option in ["--database", "--agent", "--json", "--lang", "--timeout", "-C"] {
        #expect(help.stdout.contains(option), "\(name) \(option)")
      }
    }
    #expect(home.ok("ls", "--help").stdout.contains("USAGE: orch list"))
    #expect(home.ok("hb", "--help").stdout.contains("USAGE: orch heartbeat"))
  }

  @Test func `a member of a group has a page of its own, which its errors name`() {
    let home = Home()
    let help = home.ok("help", "review", "approve").stdout
    #expect(help.contains("USAGE: orch review approve") && help == home.ok("review", "approve", "--help").stdout)
    let hint = home.fails(.usage, "review", "approve", "a", "--nonsense")["hint"]?.stringValue
    #expect(hint == "orch review approve --help")
  }

  @Test(arguments: ["mysql://root:secret@db/orch", "postgress://db/orch"])
  func `an address of another kind is no path`(address: String) {
    let home = Home(initialized: false)
    for words in [["init"], ["list"], ["add", "T"]] {
      let outcome = home.command(["--database", address] + words).run()
      #expect(outcome.status == 78 && outcome.stderr.contains("no engine serves"), "\(outcome.stderr)")
      #expect(!outcome.stderr.contains("secret"))
    }
    #expect(Files.names(in: home.work).isEmpty)
    #expect(home.ok("--database", "sqlite:a:b.db", "init").status == 0)
  }

  @Test func `the version names the libraries`() {
    let home = Home(initialized: false)
    let lines = home.ok("--version").lines
    #expect(lines.map { $0.split(separator: " ")[0] } == ["orch", "libsqlite3", "libgit2", "libpq"])
    #expect(home.ok("--json", "--version").lines == lines)
    let present = home.ok("-v", "--version").lines
    #expect(present.dropFirst().allSatisfy { $0.contains(" (present: ") } && present.count == lines.count)
  }

  @Test func `a misspelt word gets the nearest one`() {
    let home = Home()
    var snapshot = Snapshot(home)
    snapshot.expect(
      home.orch("clam"),
      """
      status 64
      stderr
      error: there is no command clam
      hint: orch claim
      """)
    snapshot.expect(
      home.orch("--jsn", "list"),
      """
      status 64
      stderr
      error: there is no option --jsn
      hint: did you mean --json?
      """)
    snapshot.expect(
      home.orch("list", "--stat", "done"),
      """
      status 64
      stderr
      error: unknown option '--stat'. Did you mean '--state'?
      hint: orch list --help
      """)
    snapshot.expect(
      home.orch("list", "--state", "quued"),
      """
      status 64
      stderr
      error: --state is one of queued, scheduled, blocked, running, review, offered, done, dead, cancelled: quued
      hint: did you mean queued?
      """)
    #expect(home.fails(.usage, "wholly-unknown")["hint"]?.stringValue == "orch --help")
    home.fails(.usage, "help", "nosuch")
  }

  @Test func `a value that is missing or out of range is a usage error`() {
    let home = Home()
    let task = home.add("First")
    for option in ["--agent", "--database", "-C", "--source", "--project", "--instance", "--lang", "--timeout"] {
      #expect(home.orch(option).status == 64, "\(option)")
      #expect(home.orch("list", option).status == 64, "\(option)")
    }
    home.fails(.usage, "list", "too", "many")
    home.fails(.usage, "list", "-n", "x")
    home.fails(.usage, "list", "-n", "-1")
    home.fails(.usage, "list", "--lang", "fr")
    home.fails(.usage, "list", "--color", "sometimes")
    home.fails(.usage, "list", "--timeout", "soon")
    home.fails(.usage, "add", "x", "--priority", "10")
    home.fails(.usage, "add", "x", "--ttl", "0")
    home.fails(.usage, "add", "x", "--ttl", "31d")
    home.fails(.usage, "add", "x", "--max-attempts", "0")
    home.fails(.usage, "add", "x", "--not-before", "whenever")
    home.fails(.usage, "add")
    home.fails(.usage, "note", task)
    home.fails(.usage, "cancel", task)
    home.fails(.usage, "edit", task)
    home.fails(.usage, "show")
    home.fails(.usage, "release", "finished", as: "ann")
    home.fails(.usage, "release", "done", "--retry-in", "1m", as: "ann")
    home.fails(.usage, "heartbeat", "--token", "abc", as: "ann")
    home.fails(.usage, "log", "--type", "task.clamed")
    home.fails(.usage, "log", "--since", "whenever")
    home.fails(.usage, "verify", "--expect", "x")
    home.fails(.usage, "agents", "set")
    home.fails(.usage, "agents", "set", "ann")
    home.fails(.usage, "agents", "set", "ann", "--role", "boss")
    home.fails(.usage, "recover", "--force", "-m", "why")
    home.fails(.usage, "recover", task, "--force")
    home.fails(.usage, "edit", task, "--task", "other", "--priority", "1")
  }

  @Test func `only claims read the time to live of the environment`() {
    let home = Home()
    let task = home.add("First", "--ttl", "10m")
    let bad = ["ORCH_TTL": "soon"]
    home.ok("list", environment: bad)
    home.ok("status", environment: bad)
    #expect(home.orch("claim", as: "ann", environment: bad).status == 78)
    #expect(home.json("claim", task, as: "ann", environment: ["ORCH_TTL": ""])["lease", "ttlSeconds"]?.intValue == 600)
    home.ok("heartbeat", as: "ann", environment: bad)
    home.ok("checkpoint", "--last", "x", as: "ann", environment: bad)
    #expect(home.json("resume", as: "ann", environment: ["ORCH_TTL": "1h"])["lease", "ttlSeconds"]?.intValue == 600)
    home.ok("release", "requeue", as: "ann", environment: bad)
    #expect(home.json("claim", as: "ann", environment: ["ORCH_TTL": "1h"])["lease", "ttlSeconds"]?.intValue == 3600)
    #expect(home.json("heartbeat", "--ttl", "2m", as: "ann")["lease", "ttlSeconds"]?.intValue == 120)
    #expect(home.json("heartbeat", as: "ann")["lease", "ttlSeconds"]?.intValue == 120)
  }

  @Test func `a command that needs an agent says how to give one`() {
    let home = Home()
    home.add("First")
    for command in ["claim", "brief"] {
      let error = home.fails(.usage, command)
      #expect(error["hint"]?.stringValue?.contains("ORCH_AGENT") == true)
    }
    home.fails(.usage, "add", "x", "--claim")
    home.fails(.invalidInput, "claim", "--agent", "two words")
  }
}
