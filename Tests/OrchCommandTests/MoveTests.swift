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

/// A database and the one that its content goes to.
struct Route: CustomTestStringConvertible, Sendable {
  var from: Home.Engine
  var to: Home.Engine
  var testDescription: String { "\(from.rawValue) to \(to.rawValue)" }

  static let all: [Route] =
    [Route(from: .sqlite, to: .sqlite)]
    + (PostgresServer.isWanted
      ? [
        Route(from: .sqlite, to: .postgres), Route(from: .postgres, to: .sqlite), Route(from: .postgres, to: .postgres)
      ] : [])

  /// A home with a history, and the address of a database that is not there yet.
  func begin() throws -> (home: Home, target: String, kept: PostgresDatabase?) {
    let home = Home(engine: from)
    home.history()
    guard to == .postgres else { return (home, home.path + "/target.db", nil) }
    let database = try PostgresServer.shared.temporaryDatabase()
    return (home, database.url, database)
  }
}

extension Home {
  /// Two tasks that wait for one another in a session, one of them held by ben; one alone; an agent; 10 events.
  func history() {
    add("First", "--id", "a", "--session", "s")
    add("Second", "--id", "b", "--session", "s", "--after", "a")
    add("Third", "--id", "c", "--key", "k")
    add("Fourth", "--id", "d", "--after", "c")
    claim("a")
    ok("checkpoint", "--last", "x", "--next", "y", as: "ann")
    ok("release", "done", as: "ann")
    ok("agents", "set", "ann", "--role", "author")
    claim("b", as: "ben")
    ok("note", "b", "-m", "look", as: "jq")
  }

  /// What everybody is told.
  func at(_ database: String) -> [String: String] { ["ORCH_DATABASE_URL": database] }
}

@Suite("Moving a database")
struct MoveTests {
  @Test(arguments: Route.all) func `takes everything along, and leaves a pointer`(_ route: Route) throws {
    let (home, target, kept) = try route.begin()
    defer { withExtendedLifetime(kept) {} }
    let held = home.ok("heartbeat", "--ttl", "3h", "--json", as: "ben").json["lease"]
    let exported = home.ok("export").stdout
    let moved = home.json("move", "--to", target)
    #expect(moved.keys == ["database", "engine", "log", "events", "skipped", "sessions", "held", "leaseFiles", "head"])
    #expect(moved["events"]?.intValue == 10 && moved["skipped"]?.intValue == 0 && moved["held"]?.intValue == 1)
    #expect(moved["engine"]?.stringValue == (route.to == .postgres ? "postgresql" : "sqlite"))

    // Every event is there, under its name, and the tables follow from them.
    let there = home.ok("export", environment: home.at(target)).stdout
    #expect(Set(there.split(separator: "\n")) == Set(exported.split(separator: "\n")))
    #expect(home.json("verify", environment: home.at(target))["head"] == moved["head"])

    // The lease goes on there, as it stood here.
    let lease = home.ok("show", "b", "--json", environment: home.at(target)).json["task", "lease"]
    for key in ["fence", "acquiredAt", "heartbeatAt", "expiresAt", "ttlSeconds", "agent"] {
      #expect(lease?[key] == held?[key], "\(key)")
    }
    #expect(lease?["ttlSeconds"]?.intValue == 10800)
    home.ok("heartbeat", as: "ben", environment: home.at(target))

    // Here nobody writes any more, and everybody who reads is told.
    for words in [
      ["add", "X"], ["claim"], ["heartbeat"], ["checkpoint", "--next", "z"], ["release", "done"],
      ["cancel", "c", "-m", "x"],
      ["recover"], ["note", "c", "-m", "x"], ["agents", "set", "zed", "--role", "owner"], ["resume"]
    ] {
      let outcome = home.command(["--json"] + words, as: "ben", environment: home.at(home.address)).run()
      #expect(
        outcome.status == 78 && outcome.error["code"]?.stringValue == "configuration", "\(words): \(outcome.stderr)")
      #expect(outcome.error["movedTo"] == moved["database"] && outcome.error["stage"]?.stringValue == "moved")
      #expect(outcome.error["hint"]?.stringValue?.contains("--database") == true)
    }
    let list = home.ok("list")
    #expect(list.lines.count == 4 && list.stderr.contains("was moved to"))
    #expect(home.ok("export").stdout == exported)
    home.fails(.configuration, "move", "--to", home.path + "/other.db")
    home.fails(.refused, "move", "--undo")

    // Its old work goes on, session by session, in its own chain; new work is of the new log.
    home.ok("release", "done", as: "ben", environment: home.at(target))
    home.claim("c", as: "cy", at: target)
    home.ok("release", "done", as: "cy", environment: home.at(target))
    #expect(home.ok("show", "d", "--json", environment: home.at(target)).json["task", "state"]?.stringValue == "queued")
    home.ok("add", "New", "--id", "e", environment: home.at(target))
    let logs = home.ok("export", environment: home.at(target)).objects.map {
      ($0["session"]?.stringValue, $0["log"]?.stringValue)
    }
    let own = home.json("move", "--to", home.path + "/again.db", environment: home.at(target))["events"]?.intValue
    #expect(own == Int64(logs.count))
    #expect(
      Set(logs.filter { $0.0 == "c" }.map(\.1)).count == 1 && logs.first { $0.0 == "e" }?.1 == moved["log"]?.stringValue
    )
    home.ok("verify", "--database", home.path + "/again.db")
  }

  @Test(arguments: Route.all) func `a holder on this machine goes on without knowing`(_ route: Route) throws {
    let (home, target, kept) = try route.begin()
    defer { withExtendedLifetime(kept) {} }
    #expect(home.json("move", "--to", target)["leaseFiles"]?.intValue == 2)
    // Its command is told no database: the lease's file knows.
    let unset = ["ORCH_DATABASE_URL": ""]
    let beat = home.command(["heartbeat", "--json"], as: "ben", environment: unset).run()
    #expect(beat.status == 0 && beat.json["notices"]?.arrayValue?.count == 1, "\(beat.stderr)")
    let resumed = home.command(["resume", "--json"], as: "ben", environment: unset).run()
    #expect(resumed.json["packet", "checkpoint", "nextAction"]?.stringValue == "y", "\(resumed.stderr)")
    #expect(home.command(["release", "done"], as: "ben", environment: unset).run().status == 0)
    #expect(Files.mode(home.leases + "/" + (Files.names(in: home.leases).first ?? "")) == 0o600)
    home.ok("verify", environment: home.at(target))
  }

  @Test func `a holder elsewhere is told where, and its token is good there`() throws {
    let home = Home(engine: .sqlite)
    home.history()
    // Its files are on another machine.
    let files = try Files.names(in: home.leases).map { ($0, try Files.read(home.leases + "/" + $0)) }
    home.ok("move", "--to", home.path + "/target.db")
    for (name, bytes) in files { try Files.write(bytes, to: home.leases + "/" + name) }
    home.fails(.configuration, "heartbeat", as: "ben")
    home.ok("heartbeat", as: "ben", environment: home.at(home.path + "/target.db"))
    home.ok("release", "done", "b", as: "ben", environment: home.at(home.path + "/target.db"))
  }

  @Test(arguments: Route.all) func `a move that was killed is finished, or given up`(_ route: Route) throws {
    let (home, target, kept) = try route.begin()
    defer { withExtendedLifetime(kept) {} }
    // As a killed one leaves it: closed, with a part of the events there.
    home.ok("init", environment: home.at(target))
    let lines = home.ok("export").lines
    home.ok("import", "-", input: lines.prefix(5).joined(separator: "\n"), environment: home.at(target))
    try home.close(to: Self.shown(target))
    let refused = home.fails(.configuration, "add", "X")
    #expect(refused["stage"]?.stringValue == "moving" && refused["hint"]?.stringValue?.contains("orch move") == true)
    #expect(home.ok("list").stderr.contains("is being moved"))
    home.fails(.configuration, "move", "--to", home.path + "/elsewhere.db")

    home.ok("move", "--undo")
    home.fails(.refused, "move", "--undo")
    home.ok("add", "X", "--id", "x")
    try home.close(to: Self.shown(target))
    let moved = home.json("move", "--to", target)
    #expect(moved["events"]?.intValue == 6 && moved["skipped"]?.intValue == 5)
    home.fails(.configuration, "add", "Y")
    home.ok("verify", environment: home.at(target))
  }

  /// As it is shown: without a password, and in one spelling.
  private static func shown(_ address: String) -> String {
    address.hasPrefix("postgresql:") ? "postgres:" + address.dropFirst("postgresql:".count) : address
  }

  @Test func `a move that fails leaves everything as it was`() throws {
    let home = Home(engine: .sqlite)
    home.history()
    let target = home.path + "/target.db"
    home.ok("init", "--database", target)
    home.ok("import", "-", "--database", target, input: home.ok("export").stdout)
    home.ok("note", "c", "-m", "there", "--database", target)
    // The same session went on at both places.
    home.ok("note", "c", "-m", "here")
    let error = home.fails(.refused, "move", "--to", target)
    #expect(error["session"]?.stringValue == "c" && error["seq"]?.intValue == 2)
    home.ok("note", "c", "-m", "here again")
    home.fails(.refused, "move", "--to", home.database)
    // It may be further there, too.
    let ahead = Home(engine: .sqlite)
    ahead.history()
    ahead.ok("init", "--database", target + "2")
    ahead.ok("import", "-", "--database", target + "2", input: ahead.ok("export").stdout)
    ahead.ok("note", "c", "-m", "there", "--database", target + "2")
    ahead.fails(.refused, "move", "--to", target + "2")
    ahead.ok("note", "d", "-m", "here")
    home.fails(.usage, "move")
    home.fails(.usage, "move", "--to", target, "--undo")
  }

  @Test func `no write gets in between the copy and the closing`() throws {
    let home = Home(engine: .sqlite)
    home.history()
    let target = home.path + "/target.db"
    let writers = (0..<4).map { number in
      var run = home.command([])
      run.program = "/bin/sh"
      run.arguments = [
        "-c", "for i in $(seq 40); do \"$0\" add w --id w\(number)-$i -q || exit $?; done", CommandRunner.binary
      ].map { Array($0.utf8) }
      return run.start()
    }
    #expect(eventually { home.ok("list", "--json").lines.count > 8 })
    home.ok("move", "--to", target)
    let statuses = writers.map { $0.wait().status }
    #expect(statuses.allSatisfy { $0 == 0 || $0 == 78 })
    #expect(home.ok("export").stdout == home.ok("export", "--database", target).stdout)
  }
}

extension Home {
  /// Claims in another database.
  func claim(_ task: String, as agent: String, at database: String) {
    ok("claim", task, as: agent, environment: self.at(database))
  }

  /// Closes the database as a move does that is killed then.
  func close(to target: String) throws {
    let marker = "{\"database\":\"\(target)\",\"mover\":\"m\",\"stage\":\"moving\"}"
    guard let postgres else {
      return try SQLFile.run(database, "INSERT OR REPLACE INTO meta VALUES('relocation', '\(marker)')")
    }
    try postgres.sql(
      "INSERT INTO orch.meta VALUES('relocation', '\(marker)') ON CONFLICT (key) DO UPDATE SET value = excluded.value")
  }
}
