import OrchTestSupport
import Testing

/// The pooler of the tests itself, with `psql` as its client.
@Suite("A pooler before the PostgreSQL of the tests", .needsPgBouncer)
struct PgBouncerHarnessTests {
  @Test func `a transaction has a connection to itself, a client has not`() throws {
    let server = try PostgresServer.shared
    let database = try server.temporaryDatabase()
    let pooler = try PgBouncer(before: server, poolSize: 1)
    let address = pooler.url(of: database)
    let first = server.startPsql(address, "SELECT pg_backend_pid(); SELECT pg_sleep(0.5); SELECT pg_backend_pid()")
    let second = server.psql(address, "SELECT pg_backend_pid()")
    let lines = first.wait().lines
    #expect(second.status == 0, "\(second.stderr)\(pooler.log)")
    #expect(lines.first.map { $0 + "\n" } == second.stdout, "\(lines)")
  }
}
