#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchApp
import OrchCore
import OrchTestSupport
import Testing

/// What is wrong with a server, an address or a database, each with a message, a hint and a status of its own.
@Suite("Errors on PostgreSQL", .needsPostgres)
struct PostgresErrorTests {
  /// A password that nothing may show, as it is and as it stands in an address.
  static let secret = "Geheim-4711/x"

  /// Runs a command on an address, which is to fail without showing the secret anywhere.
  @discardableResult
  static func fails(
    _ code: ErrorCode, _ address: String, _ words: String..., in home: Home, environment: [String: String] = [:],
    saying part: String, hint: String = "", at place: SourceLocation = #_sourceLocation
  ) -> JSON {
    var all = environment
    all["ORCH_DATABASE_URL"] = address
    let (json, text) = (
      home.command(["--json", "-v"] + words, as: "ann", environment: all).run(),
      home.command(["-v"] + words, as: "ann", environment: all).run()
    )
    let error = json.error
    #expect(json.status == code.exitStatus && text.status == code.exitStatus, "\(json.stderr)", sourceLocation: place)
    #expect(error["code"]?.stringValue == code.rawValue, "\(json.stderr)", sourceLocation: place)
    #expect(error["message"]?.stringValue?.contains(part) == true, "\(json.stderr)", sourceLocation: place)
    #expect(error["hint"]?.stringValue?.contains(hint) == true, "\(json.stderr)", sourceLocation: place)
    for output in [json.stdout, json.stderr, text.stdout, text.stderr] {
      #expect(!shows(output), "\(output)", sourceLocation: place)
    }
    return error
  }

  static func shows(_ text: String) -> Bool {
    // A port may have the digits of the password.
    text.replacing(/:[0-9]{5}\//, with: "").contains("4711") || text.contains("Geheim")
  }

  static func url(_ database: String, user: String = "orch", port: Int) -> String {
    PostgresServer.url(database: database, user: user, password: secret, port: port)
  }

  @Test func `a login that the server refuses`() throws {
    let home = Home(engine: .postgres)
    let database = try #require(home.postgres)
    let wrong = database.url(user: "guarded", password: Self.secret)
    Self.fails(.permission, wrong, "list", in: home, saying: "password authentication failed", hint: "~/.pgpass")
    Self.fails(
      .permission, database.url(user: "guarded"), "list", in: home, saying: "it asks for a password", hint: "~/.pgpass")
    Self.fails(
      .permission, database.url(user: "nobody-of-here", password: Self.secret), "list", in: home,
      saying: "role \"nobody-of-here\" does not exist")
  }

  @Test func `a role without rights`() throws {
    let home = Home(engine: .postgres)
    let database = try #require(home.postgres)
    let hint = "orch init --roles"
    Self.fails(
      .permission, database.url(user: "guarded", password: PostgresServer.guardedPassword), "list", in: home,
      saying: "permission denied for schema orch", hint: hint)
    let empty = try database.server.temporaryDatabase()
    Self.fails(
      .permission, empty.url(user: "guarded", password: PostgresServer.guardedPassword), "init", in: home,
      saying: "permission denied for database", hint: "the database's owner")
  }

  @Test func `a server that is not there`() throws {
    let home = Home(initialized: false, engine: .sqlite)
    let port = try SilentPort()
    for address in ["postgres://orch:\(Self.secret.replacing("/", with: "%2F"))@no.such.host.invalid/x"] {
      Self.fails(
        .storeUnavailable, address, "list", in: home, saying: "no.such.host.invalid", hint: "check the address")
    }
    // A server that refuses is given up soon, whatever the limit.
    Self.fails(
      .storeUnavailable, Self.url("x", port: 1), "list", "--timeout", "1d", in: home, saying: "cannot be reached",
      hint: "try again")
    Self.fails(
      .storeUnavailable, Self.url("x", port: port.port), "list", "--timeout", "1s", in: home, saying: "in time")
  }

  @Test func `an address that does not read`() {
    let home = Home(initialized: false, engine: .sqlite)
    // Of passwords that nobody encoded libpq takes the ends for hosts, ports and names.
    for address in [
      "postgres://orch:\(Self.secret)@h/x", "postgres://orch:4711/Geheim@h/x", "postgres://orch:Geheim@4711@h/x",
      "postgres://orch:Geheim:4711/@h:1/x", "postgres://orch:Geheim4711@[::1/x",
      "postgres://orch:Geheim4711@h/x?nosuch=1",
      "postgres://orch:Geheim4711@h:port/x"
    ] {
      Self.fails(.configuration, address, "list", in: home, saying: "does not read", hint: "service=NAME")
    }
    Self.fails(
      .configuration, "service=nosuch password=Geheim4711", "list", in: home, saying: "nosuch", hint: "service=NAME")
  }

  @Test func `a database that is not there, or not as it has to be`() throws {
    let home = Home(initialized: false, engine: .postgres)
    let database = try #require(home.postgres)
    let server = database.server
    let port = server.port
    Self.fails(
      .storeUnavailable, Self.url("not_there", port: port), "list", in: home, saying: "\"not_there\" does not exist",
      hint: "createdb")
    let url = Self.url(database.name, port: port)
    Self.fails(.storeUnavailable, url, "list", in: home, saying: "there is no database at", hint: "orch init")
    let ascii = "ascii_" + database.name
    try server.sql(
      "CREATE DATABASE \(ascii) OWNER orch ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0", database: "postgres")
    defer { try? server.drop(ascii) }
    Self.fails(
      .configuration, Self.url(ascii, port: port), "init", in: home, saying: "SQL_ASCII", hint: "--encoding UTF8")
  }

  @Test func `a schema of another age, and one of somebody else`() throws {
    let home = Home(engine: .postgres)
    let database = try #require(home.postgres)
    let url = Self.url(database.name, port: database.server.port)
    try database.sql("UPDATE orch.meta SET value = '99' WHERE key IN ('schema', 'schema_readers', 'schema_writers')")
    Self.fails(.configuration, url, "list", in: home, saying: "has the schema 99", hint: "a newer orch")
    Self.fails(.configuration, url, "init", in: home, saying: "has the schema 99", hint: "a newer orch")
    try database.sql("UPDATE orch.meta SET value = '0' WHERE key = 'schema'")
    Self.fails(.configuration, url, "claim", in: home, saying: "has the schema 0", hint: "orch init")
    #expect(Files.names(in: home.leases).isEmpty)
    for statements in ["CREATE TABLE orch.orders(id int)", "CREATE TABLE orch.meta(id int)"] {
      try database.sql(
        "DROP SCHEMA orch CASCADE; CREATE SCHEMA orch AUTHORIZATION orch; \(statements); GRANT ALL ON ALL TABLES IN SCHEMA orch TO orch"
      )
      for command in ["list", "init"] {
        Self.fails(.configuration, url, command, in: home, saying: "not of this program", hint: "another database")
      }
    }
    try database.sql("DROP SCHEMA orch CASCADE; CREATE SCHEMA orch AUTHORIZATION orch")
    Self.fails(.storeUnavailable, url, "list", in: home, saying: "there is no database at", hint: "orch init")
    home.ok("init")
  }

  @Test func `a server that takes no changes`() throws {
    let home = Home(initialized: false, engine: .sqlite)
    let server = try PostgresServer(.init())
    let database = try server.temporaryDatabase()
    func ok(_ words: String...) {
      let run = home.command(words, as: "ann", environment: ["ORCH_DATABASE_URL": database.url]).run()
      #expect(run.status == 0, "\(words): \(run.stderr)")
    }
    ok("init")
    ok("add", "First")
    let url = Self.url(database.name, port: server.port)
    func refuses() {
      for words in [["claim"], ["add", "Second"]] {
        Self.fails(
          .storeUnavailable, url, words[0], "Second", in: home, saying: "takes no changes now", hint: "primary")
      }
      ok("list")
      ok("log")
      ok("verify")
      #expect(Files.names(in: home.leases).isEmpty)
    }
    try database.sql("ALTER DATABASE \(database.name) SET default_transaction_read_only = on")
    refuses()
    try server.sql("ALTER DATABASE \(database.name) RESET default_transaction_read_only", database: "postgres")
    try server.stop(.fast)
    let signal = try Files.write("", to: server.directory + "/data/standby.signal")
    Files.setMode(signal, 0o666)
    try server.start()
    refuses()
    Self.fails(.storeUnavailable, url, "init", "--roles", in: home, saying: "takes no changes now", hint: "primary")
    let found = home.command(["doctor"], environment: ["ORCH_DATABASE_URL": url]).run()
    #expect(found.status == 3 && found.stdout.contains("standby") && !Self.shows(found.stdout), "\(found.stdout)")
  }

  @Test func `a connection that is not as safe as asked`() throws {
    let home = Home(initialized: false, engine: .sqlite)
    let server = try PostgresServer(.init())
    let database = try server.temporaryDatabase()
    let url = Self.url(database.name, port: server.port)
    let certificate = server.directory + "/data/server.crt"
    let checked = "?sslmode=verify-full&sslrootcert=\(certificate)"
    Self.fails(.configuration, url + "?sslmode=require", "list", in: home, saying: "not safe", hint: "sslmode")
    Self.fails(.configuration, url + "?sslmode=verify-full", "list", in: home, saying: "not safe", hint: "sslmode")
    try server.sql(
      """
      COPY (SELECT 1) TO PROGRAM 'openssl req -new -x509 -days 2 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost -out server.crt -keyout server.key 2>/dev/null && chmod 600 server.key';
      ALTER SYSTEM SET ssl = on; SELECT pg_reload_conf();
      """, database: "postgres")
    // The address is a number, the certificate's name is not.
    Self.fails(.configuration, url + checked, "list", in: home, saying: "not safe", hint: "sslmode")
    let system =
      url.replacing("127.0.0.1", with: "localhost")
      + "?sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt"
    Self.fails(.configuration, system, "list", in: home, saying: "not safe", hint: "sslmode")
    // The lax ways are taken as asked, and `doctor` is silent only because the server is on this machine.
    for safe in [url + "?sslmode=require", url.replacing("127.0.0.1", with: "localhost") + checked] {
      let made = home.command(["init"], environment: ["ORCH_DATABASE_URL": safe]).run()
      #expect(made.status == 0 && !Self.shows(made.stdout + made.stderr), "\(made.stderr)")
    }
  }

  @Test func `a password stands nowhere`() throws {
    let home = Home(engine: .postgres)
    let database = try #require(home.postgres)
    let user = "keeper_" + database.name
    try database.sql("CREATE ROLE \(user) LOGIN SUPERUSER PASSWORD '\(Self.secret)'")
    let url = database.url(user: user, password: Self.secret)
    func run(_ words: String..., environment: [String: String]) {
      let run = home.command(words, as: "ann", environment: environment).run()
      #expect(run.status == 0 && !Self.shows(run.stdout + run.stderr), "\(words): \(run.stdout)\(run.stderr)")
    }
    for words in [["add", "First"], ["add", "Second"], ["claim"], ["heartbeat", "-v"], ["status"], ["log"]] {
      let outcome = home.command(words + ["--json", "--verbose"], as: "ann", environment: ["ORCH_DATABASE_URL": url])
        .run()
      #expect(outcome.status == 0 && !Self.shows(outcome.stdout + outcome.stderr), "\(words): \(outcome.stderr)")
    }
    // Services and password files are libpq's.
    let service = home.file(
      "service.conf", "[work]\nhost=127.0.0.1\nport=\(database.server.port)\ndbname=\(database.name)\nuser=\(user)\n")
    let passwords = home.file("pgpass", "*:*:*:\(user):\(Self.secret)\n")
    Files.setMode(passwords, 0o600)
    let libpq = ["ORCH_DATABASE_URL": "service=work", "PGSERVICEFILE": service, "PGPASSFILE": passwords]
    run("init", "-v", environment: libpq)
    run("checkpoint", "--next", "more", "-v", environment: libpq)
    run("verify", "-v", environment: libpq)
    Files.remove(passwords)
    // An argument is blotted out before anything else happens.
    let waiting = home.start("claim", "--wait", "--database", url, as: "bea")
    #if os(Linux)
      var words = ""
      let isHidden = eventually {
        words = String(decoding: (try? Files.read("/proc/\(waiting.process)/cmdline")) ?? [], as: UTF8.self)
        return waiting.hasEnded || (words.contains("claim") && !Self.shows(words))
      }
      #expect(isHidden && !waiting.hasEnded, "\(words)")
    #endif
    waiting.signal(SIGTERM)
    let ended = waiting.wait()
    #expect(!Self.shows(ended.stderr + ended.stdout) && ended.stderr.contains("~/.pgpass"), "\(ended.stderr)")
    for name in Files.names(in: home.leases) {
      #expect(!Self.shows(String(decoding: try Files.read(home.leases + "/" + name), as: UTF8.self)), "\(name)")
    }
    let stored = try database.sql("SELECT count(*) FROM orch.event WHERE body LIKE '%4711%' OR body LIKE '%Geheim%'")
    #expect(stored == "0")
  }
}
