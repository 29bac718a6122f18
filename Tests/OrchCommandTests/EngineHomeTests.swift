import OrchTestSupport
import Testing

/// What the tests of commands run on, where it is PostgreSQL.
@Suite("A home on PostgreSQL", .needsPostgres)
struct EngineHomeTests {
  @Test func `has a database of its own, which its commands are told`() throws {
    let (first, second) = (Home(initialized: false, engine: .postgres), Home(initialized: false, engine: .postgres))
    let database = try #require(first.postgres)
    let told = first.program("/usr/bin/env", []).run().lines.filter { $0.hasPrefix("ORCH_DATABASE_URL=") }
    #expect(told == ["ORCH_DATABASE_URL=\(database.url)"])
    #expect(try database.sql("SELECT current_database()") == database.name)
    #expect(second.postgres?.name != database.name)
    let other = first.program("/usr/bin/env", [], environment: ["ORCH_DATABASE_URL": "/elsewhere"]).run()
    #expect(other.lines.contains("ORCH_DATABASE_URL=/elsewhere"), "what a test says itself counts")
    var snapshot = Snapshot(first)
    #expect(snapshot.text(first.program("/bin/echo", [database.url]).run()) == "status 0\nstdout\nDATABASE")
  }

  @Test func `a home on SQLite is told nothing, whatever the others are on`() {
    let home = Home(engine: .sqlite)
    #expect(home.postgres == nil && Files.exists(home.database))
    #expect(home.program("/usr/bin/env", []).run().stdout.contains("ORCH_DATABASE_URL") == false)
  }
}
