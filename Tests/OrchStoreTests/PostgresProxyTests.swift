import OrchTestSupport
import Testing

/// The proxy of the tests itself, with `psql` as its client.
@Suite("The proxy before PostgreSQL", .needsPostgres)
struct PostgresProxyTests {
  private let database: PostgresDatabase
  private let proxy: PostgresProxy

  init() throws {
    let server = try PostgresServer.shared
    database = try server.temporaryDatabase()
    proxy = try PostgresProxy(to: server)
    try database.sql("CREATE TABLE t (n int); GRANT ALL ON t TO orch")
  }

  private func psql(_ text: String, as user: String = "orch", password: String? = nil) -> CommandOutcome {
    database.server.psql(database.url(user: user, password: password, port: proxy.port), text)
  }

  private var rows: String { get throws { try database.sql("SELECT count(*) FROM t") } }

  @Test func `a message that is answered is a round trip, start and end are none`() throws {
    #expect(psql("").status == 0)
    #expect(proxy.roundTrips == 0 && proxy.connections == 1)
    #expect(psql("SELECT 1").stdout == "1\n")
    #expect(proxy.roundTrips == 1)
    #expect(psql("SELECT 1; SELECT 2; SELECT 3").stdout == "1\n2\n3\n", "three messages of psql")
    #expect(psql("SELECT 1\\; SELECT 2").status == 0, "one message of psql")
    let guarded = psql("SELECT 1", as: "guarded", password: PostgresServer.guardedPassword)
    #expect(guarded.status == 0, "\(guarded.stderr)")
    #expect(eventually { proxy.openConnections == 0 })
    #expect(proxy.roundTripsByConnection.sorted() == [0, 1, 1, 1, 3], "in whatever order they end")
    proxy.reset()
    #expect(proxy.roundTrips == 0 && proxy.connections == 0)
    #expect(psql("SELECT repeat('x', 5000000)").stdout.count == 5_000_001)
    #expect(proxy.roundTrips == 1)
  }

  @Test func `a latency delays each connection by itself`() throws {
    proxy.latencyMilliseconds = 3_600_000
    let delayed = database.server.startPsql(database.url(port: proxy.port), "SELECT 1")
    #expect(eventually { proxy.holdsRequests })
    proxy.latencyMilliseconds = 20
    let running = (0..<4).map { _ in
      database.server.startPsql(database.url(port: proxy.port), "SELECT 1; SELECT 2; SELECT 3")
    }
    for each in running { #expect(each.wait().stdout == "1\n2\n3\n") }
    #expect(proxy.roundTrips == 12)
    #expect(!delayed.hasEnded)
    proxy.cutNow()
    #expect(delayed.wait().status == 2)
  }

  @Test(
    arguments: PostgresProxy.Cut.allCases,
    [
      "BEGIN; INSERT INTO t VALUES (1); COMMIT", "BEGIN\\; INSERT INTO t VALUES (1)\\; commit ;"
    ])
  func `a commit is cut where it is to be`(cut: PostgresProxy.Cut, text: String) throws {
    proxy.cut(cut)
    let outcome = psql(text + ";\nSELECT 'still here'")
    #expect(outcome.status != 0 && outcome.stdout == "", "\(outcome.stderr)")
    #expect(proxy.cuts == 1 && proxy.commits == 1)
    let kept = cut == .beforeCommit ? "0" : "1"
    #expect(try eventually { try rows == kept })
    #expect(try eventually { try database.sql(Self.others) == "0" }, "the server has seen the end")
    #expect(try rows == kept)
    #expect(psql(text).status == 0, "only the next one was to be cut")
    #expect(proxy.cuts == 1 && proxy.commits == 2)
  }

  private static let others = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
    AND backend_type = 'client backend'
    """

  @Test func `cuts come in their order and as often as told`() throws {
    proxy.cut(.afterCommit, next: 2)
    proxy.cut(.beforeCommit)
    for expected in ["1", "2", "2"] {
      #expect(psql("BEGIN; INSERT INTO t VALUES (1); END; SELECT 1").status == 2)
      #expect(try rows == expected)
    }
    proxy.cut(.beforeCommit)
    proxy.cutNothing()
    #expect(psql("BEGIN; INSERT INTO t VALUES (1); COMMIT; SELECT 1").status == 0)
  }

  @Test func `everything is cut at once, and a transaction with it`() throws {
    let running = database.server.startPsql(
      database.url(port: proxy.port), "BEGIN; INSERT INTO t VALUES (1); SELECT pg_sleep(3600)")
    let sleeping = Self.others + " AND query LIKE 'SELECT pg_sleep%'"
    try #require(try eventually { try database.sql(sleeping) == "1" })
    #expect(proxy.openConnections == 1 && !running.hasEnded)
    proxy.cutNow()
    #expect(running.wait().status == 2)
    #expect(proxy.openConnections == 0)
    try database.sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"
        + " AND datname = current_database()")
    #expect(try eventually { try database.sql(Self.others) == "0" })
    #expect(try rows == "0")
  }

  @Test func `connections are refused, or stalled and then go on`() {
    proxy.mode = .refuse
    #expect(psql("SELECT 1").status == 2)
    proxy.mode = .stall
    let running = database.server.startPsql(database.url(port: proxy.port), "SELECT 'at last'")
    #expect(eventually { proxy.openConnections == 1 })
    #expect(database.server.psql(database.url, "SELECT 1").status == 0 && !running.hasEnded)
    proxy.mode = .forward
    #expect(running.wait().stdout == "at last\n")
  }

  @Test func `a server that is down closes a client's connection, and a proxy that is gone has no port`() throws {
    let (down, port) = try (PostgresProxy(to: 1), proxy.port)
    let address = database.url(port: down.port)
    #expect(database.server.psql(address, "SELECT 1").status == 2)
    var gone: PostgresProxy? = try PostgresProxy(to: database.server)
    let left = try #require(gone?.port)
    gone = nil
    #expect(eventually { database.server.psql(database.url(port: left), "SELECT 1").stderr.contains("refused") })
    #expect(port == proxy.port && psql("SELECT 1").status == 0)
  }
}
