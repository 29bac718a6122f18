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
    let go = server.directory + "/go-" + database.name
    let first = server.startPsql(
      address,
      """
      SELECT pg_backend_pid();
      \\! while ! test -e \(go); do sleep 0.05; done
      SELECT pg_backend_pid()
      """)
    #expect(eventually { first.hasEnded || first.printed.contains("\n") })
    let second = server.psql(address, "SELECT pg_backend_pid()")
    try Files.write("", to: go)
    #expect(second.status == 0, "\(second.stderr)\(pooler.log)")
    #expect(first.wait().stdout == second.stdout + second.stdout)
  }
}
