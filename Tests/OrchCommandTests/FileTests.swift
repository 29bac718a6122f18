import OrchApp
import OrchCore
import OrchTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite("Databases, files and pipes")
struct FileTests {
  @Test func `nothing but init and a first add creates a database`() {
    let home = Home(initialized: false)
    for words in [
      ["list"], ["show", "x"], ["status"], ["log"], ["log", "-f"], ["verify"], ["doctor"], ["agents"], ["brief"],
      ["recover"], ["recover", "--dry-run"], ["claim"], ["claim", "--wait"], ["heartbeat"], ["checkpoint"], ["resume"],
      ["release", "done"], ["cancel", "x", "-m", "y"], ["retry", "x"], ["edit", "x", "--priority", "1"],
      ["note", "x", "-m", "y"], ["agents", "set", "x", "--role", "owner"]
    ] {
      let outcome = home.command(words + ["--json"], as: "ann").run()
      #expect(outcome.status == 69, "\(words)")
      #expect(
        outcome.error["code"]?.stringValue == "store-unavailable" && outcome.error["hint"]?.stringValue == "orch init")
      #expect(Files.names(in: home.path) == ["work"], "\(words)")
    }
  }

  @Test func `what is no database of ours is refused and left as it was`() throws {
    let home = Home(initialized: false)
    let text = home.file("text.db", String(repeating: "not a database\n", count: 100))
    let short = home.file("short.db", "SQLite format 3")
    let empty = home.file("empty.db", "")
    let directory = home.directory("directory.db")
    let foreign = home.path + "/foreign.db"
    try SQLFile.run(foreign, "CREATE TABLE task_queue(a); INSERT INTO task_queue VALUES(1)")
    for path in [text, short, empty, foreign, directory, "/dev/null"] {
      let before = path == directory ? [] : try Files.read(path)
      for words in [["init"], ["list"], ["add", "x"], ["claim"], ["verify"], ["doctor"], ["recover"]] {
        let outcome = home.command(words + ["--json", "--database", path], as: "ann").run()
        #expect(
          outcome.status == 78 && outcome.error["code"]?.stringValue == "configuration",
          "\(words) \(path) \(outcome.stderr)")
      }
      if path != directory { #expect(try Files.read(path) == before, "\(path)") }
    }
    #expect(
      Files.names(in: home.path).filter { $0.contains(".db") } == [
        "directory.db", "empty.db", "foreign.db", "short.db", "text.db"
      ])
    #expect(Files.names(in: directory).isEmpty)
    home.fails(.configuration, "list", "--database", text + "/below")
  }

  @Test func `a newer schema is refused`() throws {
    let home = Home()
    try SQLFile.run(
      home.database,
      """
      PRAGMA user_version = 99;
      UPDATE meta SET value = '99' WHERE key IN ('schema', 'schema_readers', 'schema_writers');
      """)
    for words in [["init"], ["list"], ["add", "x"], ["claim"]] {
      let outcome = home.command(words + ["--json"], as: "ann").run()
      #expect(outcome.status == 78 && outcome.error["hint"]?.stringValue == "use a newer orch", "\(words)")
    }
  }

  @Test func `a reader changes nothing`() throws {
    let home = Home()
    home.add("First")
    home.claim()
    try SQLFile.run(home.database, "PRAGMA wal_checkpoint(TRUNCATE)")
    let before = try Files.read(home.database)
    for words in [
      ["list"], ["show", "t-"], ["status"], ["log"], ["verify"], ["doctor"], ["agents"], ["brief"],
      ["recover", "--dry-run"]
    ] {
      _ = home.command(words, as: "ann").run()
    }
    #expect(try Files.read(home.database) == before)
    #expect(((try? Files.read(home.database + "-wal")) ?? []).isEmpty)
  }

  @Test func `a closed pipe ends a command quietly`() {
    let home = Home()
    // More than a pipe holds: the command has to notice that nobody reads on.
    let title = String(repeating: "long ", count: 40)
    let lines = (0..<700).map { #"{"title":"Task \#($0) \#(title)"}"# }
    home.ok("add", "--from", "-", "-q", input: lines.joined(separator: "\n"))
    for command in ["log", "log --json", "log --oneline", "list -n 700", "list --json"] {
      var run = home.command([])
      run.program = "/bin/sh"
      run.arguments = ["-c", "\"$0\" \(command) | head -n 1", CommandRunner.binary].map { Array($0.utf8) }
      let outcome = run.run()
      #expect(outcome.status == 0 && outcome.lines.count == 1, "\(command)")
      #expect(outcome.stderr == "", "\(command)")
    }
  }

  @Test func `a full device is an input or output error`() {
    let home = Home()
    home.add("First")
    for words in [["list"], ["log"], ["status"], ["verify"], ["--help"], ["--version"], ["list", "--json"]] {
      let outcome = home.command(words, output: "/dev/full").run()
      #expect(outcome.status == 74, "\(words)")
      #expect(outcome.stderr.contains("cannot write to standard output"), "\(words)")
    }
    let outcome = home.orch("add", "Second", output: "/dev/full")
    #expect(outcome.status == 74 && outcome.stderr.contains("the command itself took effect"))
    #expect(home.ok("list").lines.count == 2)
  }

  @Test func `a file that may not grow is an input or output error, and nothing is done`() {
    let home = Home()
    home.add("First")
    var run = home.command([])
    run.program = "/bin/sh"
    run.arguments = [
      "-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" add Second --json --body @\"$1\"", CommandRunner.binary,
      home.file("body", String(repeating: "x", count: 60000))
    ].map { Array($0.utf8) }
    let outcome = run.run()
    #expect(outcome.status == 74 && outcome.error["code"]?.stringValue == "io", "\(outcome.stderr)")
    #expect(home.ok("list").lines.count == 1 && home.ok("verify").status == 0)
  }

  @Test func `what may not be read or written is a matter of permission`() throws {
    let home = Home()
    home.add("First")
    // The superuser may do anything, so somebody else has to try; from a binary that everybody may read.
    let isRoot = getuid() == 0
    func tried(_ words: String...) -> CommandOutcome {
      var run = home.command(words + ["--json"], as: "ann")
      if isRoot {
        run.arguments =
          ["--reuid=65534", "--regid=65534", "--clear-groups", run.program].map { Array($0.utf8) } + run.arguments
        run.program = "/usr/bin/setpriv"
      }
      return run.run()
    }
    if isRoot, access("/usr/bin/setpriv", X_OK) != 0 { return }
    if isRoot {
      for path in [home.path, home.work, home.path + "/state", home.path + "/state/data"] { Files.setMode(path, 0o755) }
    }
    guard tried("--version").status == 0 else { return }
    if !isRoot { Files.setMode(home.database, 0o000) }
    #expect(tried("list").status == 77, "\(tried("list").stderr)")
    #expect(tried("add", "x").status == 77)
    Files.setMode(home.database, 0o444)
    #expect(tried("add", "x").status == 77)
    if isRoot { #expect(tried("init", "--database", home.path + "/new.db").status == 77) }
    Files.setMode(home.database, 0o600)
    #expect(home.ok("list").lines.count == 1)
  }

  @Test func `links and relative paths name the same database`() {
    let home = Home()
    home.add("First")
    symlink(home.database, home.work + "/link.db")
    #expect(home.ok("list", "--database", "link.db").lines.count == 1)
    home.ok("add", "Second", "--database", "sqlite:../state/data/orchestrator.db")
    #expect(home.ok("list", "--database", "link.db").lines.count == 2)
    #expect(Files.names(in: home.work) == ["link.db"])
    home.fails(.storeUnavailable, "list", "--database", "nowhere.db")
    home.fails(.configuration, "list", "--database", "sqlite:")
  }
}
