import OrchApp
import OrchCore
import OrchTestSupport
import Testing

/// Databases and exports that an orch of the schema 2 wrote (see `Fixtures/first-release.sh`).
@Suite("What the first release wrote")
struct FirstReleaseTests {
  private static let fixtures =
    #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/OrchStoreTests/Fixtures/"

  private static func text(_ name: String) throws -> String {
    String(decoding: try Files.read(fixtures + name), as: UTF8.self)
  }

  /// Heads that the release's own `verify` printed.
  private static let head = "44-4095fe91065d834976e03fab6b132df353f6cba9891bae3bfb5febe28e1d5e1f"
  private static let postgresHead = "44-84a5f108d7ec243b47a20a05826cfa2e72e2679517850076e9c92428f8c83c7e"

  /// Everything in the log is as it was, and work goes on.
  private func expectWhole(_ home: Home, _ head: String, _ export: String) throws {
    #expect(home.json("verify", "--expect", head)["head"]?.stringValue == head)
    #expect(home.ok("export").stdout == export)
    let states = Dictionary(
      uniqueKeysWithValues: home.ok("list", "--json", "--all-projects").objects.map {
        ($0["id"]?.stringValue ?? "", $0["state"]?.stringValue ?? "")
      })
    #expect(
      states == [
        "t-schema": "done", "t-fill": "running", "t-chart": "queued", "t-not": "cancelled", "t-later": "scheduled"
      ])
    let events = export.split(separator: "\n").count
    home.ok("recover", "t-fill", "--force", "-m", "the machine is gone")
    home.claim("t-fill", as: "ann")
    home.ok("checkpoint", "--last", "filled", as: "ann")
    home.ok("release", "requeue", as: "ann")
    let result = home.json("verify", "--expect", head)
    #expect(result["ok"]?.boolValue == true && result["events"]?.intValue ?? 0 >= events + 4)
  }

  @Test func `a file is upgraded in place, replays and goes on`() throws {
    let home = Home(initialized: false)
    _ = home.directory("state/data")
    try Files.copy(Self.fixtures + "first-release.db", to: home.database)
    #expect(home.json("init")["created"]?.boolValue == false)
    try expectWhole(home, Self.head, try Self.text("first-release.jsonl"))
  }

  @Test(.needsPostgres)
  func `a server's database is upgraded in place, replays and goes on`() throws {
    let home = Home(initialized: false, engine: .postgres)
    let database = try #require(home.postgres)
    let loaded = database.server.psql(database.url, try Self.text("first-release.sql"))
    #expect(loaded.status == 0, "\(loaded.stderr)")
    #expect(home.json("init")["created"]?.boolValue == false)
    try expectWhole(home, Self.postgresHead, try Self.text("first-release.postgres.jsonl"))
  }

  @Test(arguments: [("first-release.jsonl", head), ("first-release.postgres.jsonl", postgresHead)])
  func `an export of any engine is imported, replays and goes on`(name: String, head: String) throws {
    let home = Home()
    let imported = home.json("import", Self.fixtures + name)
    #expect(imported["events"]?.intValue == 44)
    try expectWhole(home, head, try Self.text(name))
  }

  @Test func `it has every kind of event that commands write`() throws {
    let types = try Self.text("first-release.jsonl").split(separator: "\n").map {
      try JSON.parse(String($0))["type"]?.stringValue ?? ""
    }
    let missing = EventType.allCases.prefix(27).map(\.rawValue).filter { !types.contains($0) }
    #expect(missing == ["task.imported"])
  }
}
