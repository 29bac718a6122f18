#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchTestSupport
import Testing

/// The server of the tests itself, with `psql` as its client.
@Suite("The PostgreSQL of the tests", .needsPostgres)
struct PostgresHarnessTests {
  @Test func `every database is new, its owner's, and gone with its object`() throws {
    let server = try PostgresServer.shared
    let (first, second) = (try server.temporaryDatabase(), try server.createDatabase())
    #expect(first.url != second && first.url.hasPrefix("postgresql://orch@127.0.0.1:\(server.port)/test_"))
    for address in [first.url, second] {
      let made = server.psql(address, "CREATE TABLE t (n int); INSERT INTO t VALUES (1); SELECT current_user, n FROM t")
      #expect(made.stdout == "orch|1\n", "\(made.stderr)")
    }
    #expect(try first.sql("SELECT count(*) FROM t;\nSELECT 'ends', NULL") == "1\nends|")
    #expect(throws: ServerFailure.self) { try first.sql("SELECT nothing") }
    var dropped: PostgresDatabase? = try server.temporaryDatabase()
    let name = try #require(dropped?.name)
    let count = "SELECT count(*) FROM pg_database WHERE datname = '\(name)'"
    #expect(try first.sql(count) == "1")
    let go = server.directory + "/go-" + name
    let connected = server.startPsql(
      try #require(dropped?.url),
      """
      SELECT 'there';
      \\! while ! test -e \(go); do sleep 0.05; done
      SELECT 'still there'
      """)
    let session = "SELECT count(*) FROM pg_stat_activity WHERE datname = '\(name)'"
    #expect(try eventually { try first.sql(session) == "1" })
    dropped = nil
    try Files.write("", to: go)
    #expect(connected.wait().lines.last == "still there")
    #expect(try eventually { try first.sql(count) == "0" })
  }

  @Test func `a password is asked for where it is to be`() throws {
    let server = try PostgresServer.shared
    let database = try server.temporaryDatabase()
    let right = server.psql(
      database.url(user: "guarded", password: PostgresServer.guardedPassword), "SELECT current_user")
    #expect(right.stdout == "guarded\n", "\(right.stderr)")
    for password in ["wrong", nil] {
      let refused = server.psql(database.url(user: "guarded", password: password), "SELECT 1")
      #expect(refused.status == 2 && refused.stderr.contains("password"), "\(refused.stderr)")
    }
  }

  @Test func `a server of a test's own stops, crashes and starts again`() throws {
    var options = PostgresServer.Options()
    options.maxConnections = 7
    options.fsync = true
    options.settings = ["idle_in_transaction_session_timeout = 12345"]
    let server = try PostgresServer(options)
    let database = try server.temporaryDatabase()
    #expect(
      try database.sql("SHOW max_connections; SHOW fsync; SHOW idle_in_transaction_session_timeout") == "7\non\n12345ms"
    )
    try database.sql("CREATE TABLE t (n int)")
    for (number, how) in [PostgresServer.Stop.fast, .immediate].enumerated() {
      try database.sql("INSERT INTO t VALUES (\(number))")
      try server.stop(how)
      #expect(server.process == nil)
      #expect(server.psql(database.url, "SELECT 1").stderr.contains("refused"))
      try server.start()
      #expect(try database.sql("SELECT count(*) FROM t") == "\(number + 1)")
    }
    #expect(server.log.contains("automatic recovery"), "the second stop was a crash")
    try server.restart()
  }

  @Test func `a server ends with its object and leaves no file`() throws {
    var server: PostgresServer? = try PostgresServer()
    let (directory, process) = try (#require(server?.directory), #require(server?.process))
    #expect(Files.exists(directory) && isRunning(process))
    server = nil
    #expect(!Files.exists(directory) && !isRunning(process))
  }

  @Test func `a start that fails shows the server's logID`() throws {
    var options = PostgresServer.Options()
    options.settings = ["no_such_setting = 1"]
    let failure = #expect(throws: ServerFailure.self) { try PostgresServer(options) }
    #expect(failure?.description.contains("no_such_setting") == true)
  }

  #if os(Linux)
    /// This program again, which starts a server for this test and never ends by itself.
    @Test func `a server ends with its process, also with one that is killed`() throws {
      let home = Home(initialized: false)
      let note = home.path + "/note"
      var run = home.program(
        "/proc/self/exe", ["--testing-library", "swift-testing", "--filter", "HeldServerTests"],
        environment: [HeldServerTests.variable: note])
      run.program = CommandRunner.real(run.program)
      run.environment["PATH"] = getenv("PATH").map { String(cString: $0) }
      let child = run.start()
      try #require(eventually { Files.exists(note) && child.hasEnded == false })
      let words = String(decoding: try Files.read(note), as: UTF8.self).split(separator: "\n").map(String.init)
      let process = try #require(words.first.flatMap { Int32($0) })
      #expect(isRunning(process) && Files.exists(words[1]))
      child.signal(9)
      #expect(child.wait().wasKilled)
      #expect(eventually { !isRunning(process) && !Files.exists(words[1]) })
    }
  #endif
}
