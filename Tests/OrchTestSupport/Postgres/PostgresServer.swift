#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A real PostgreSQL of the tests' own, with a data directory, a port and sockets of its own. It ends with this object,
/// and with the process, also with one that is killed.
///
/// Its roles: `postgres`, the superuser, and `orch`, who owns the databases that are made, both without a password;
/// `guarded`, who needs `guardedPassword` over TCP.
package final class PostgresServer: Sendable {
  package struct Options: Sendable {
    /// Whether a commit survives the machine. It survives the server in any case.
    package var fsync = false
    package var maxConnections = 200
    /// Further lines of `postgresql.conf`.
    package var settings: [String] = []

    package init() {}
  }

  /// How a server ends: at once, as at a crash, or after it has thrown out its clients.
  package enum Stop: String, Sendable { case immediate, fast }

  package static let guardedPassword = "a password: with @/?&% in it"

  /// Its port on 127.0.0.1.
  package let port: Int
  /// The directory of its socket, its log and its data, which belongs to the user who runs it.
  package let directory: String
  private let programs: String
  private let supervisor: Supervisor

  /// Starts a server.
  ///
  /// - Throws: ``ServerFailure`` with the server's log.
  package init(_ options: Options = Options()) throws {
    guard let programs = ServerPrograms.postgres else { throw ServerFailure(Self.missing) }
    self.programs = programs
    directory = try ServerPrograms.makeDirectory("pg")
    // Watched before there is anything to clean up. A start that is under way when the process is killed may come
    // to its end between the stop and the removal: hence another look.
    supervisor = Supervisor(
      script: """
        directory=$1 program=$2
        shift 2
        for round in 1 2 3 4 5; do
          "$@" "$program" -D "$directory/data" -m immediate -t 20 stop
          rm -rf "$directory"
          sleep 0.2
          [ -e "$directory" ] || break
        done
        """,
      arguments: [directory, programs + "/pg_ctl"] + ServerPrograms.dropping)
    port = try Self.prepare(directory, programs, options)
    try sql(
      "CREATE ROLE orch LOGIN; CREATE ROLE guarded LOGIN PASSWORD '\(Self.guardedPassword)'", database: "postgres")
  }

  /// Makes the cluster and starts it, again when another has taken the port meanwhile.
  private static func prepare(_ directory: String, _ programs: String, _ options: Options) throws -> Int {
    let made = ServerPrograms.run(
      ServerPrograms.dropping + [
        programs + "/initdb", "-D", directory + "/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C",
        "--no-sync"
      ], in: directory)
    guard made.status == 0 else { throw ServerFailure("initdb failed\n\(made.stdout)\(made.stderr)") }
    let access = """
      local all all trust
      host all guarded 127.0.0.1/32 scram-sha-256
      host all all 127.0.0.1/32 trust

      """
    try ServerPrograms.write(access, to: directory + "/data/pg_hba.conf")
    for _ in 1...5 {
      let port = ServerPrograms.freePort()
      let settings = """
        listen_addresses = '127.0.0.1'
        port = \(port)
        unix_socket_directories = '\(directory)'
        max_connections = \(options.maxConnections)
        shared_buffers = 32MB
        max_wal_size = 256MB
        fsync = \(options.fsync)
        full_page_writes = \(options.fsync)
        timezone = UTC
        \(options.settings.joined(separator: "\n"))

        """
      // The sample, with a commented line for everything, is as good as empty.
      try ServerPrograms.write(settings, to: directory + "/data/postgresql.conf")
      guard let failure = startFailure(directory, programs) else { return port }
      guard failure.description.contains("ddress already in use") else { throw failure }
    }
    throw ServerFailure("no port is free long enough to start a server")
  }

  /// Starts it; nil when it has started.
  private static func startFailure(_ directory: String, _ programs: String) -> ServerFailure? {
    let log = directory + "/log"
    unlink(log)
    let started = control(directory, programs, ["-w", "-t", "600", "-l", log, "start"])
    guard started.status != 0 else { return nil }
    let text = String(decoding: (try? Files.read(log)) ?? [], as: UTF8.self)
    return ServerFailure("the server does not start: \(started.stdout)\(started.stderr)\n\(text)")
  }

  private static func control(_ directory: String, _ programs: String, _ words: [String]) -> CommandOutcome {
    ServerPrograms.run(
      ServerPrograms.dropping + [programs + "/pg_ctl", "-D", directory + "/data"] + words, in: directory)
  }

  /// What the server has logged since its last start.
  package var log: String { String(decoding: (try? Files.read(directory + "/log")) ?? [], as: UTF8.self) }

  /// The process that holds all others of the server; nil when it is stopped.
  package var process: Int32? {
    let text = String(decoding: (try? Files.read(directory + "/data/postmaster.pid")) ?? [], as: UTF8.self)
    return text.split(separator: "\n").first.flatMap { Int32($0) }
  }

  /// Ends it; its data stays.
  package func stop(_ how: Stop) throws {
    let stopped = Self.control(directory, programs, ["-w", "-t", "600", "-m", how.rawValue, "stop"])
    guard stopped.status == 0 else {
      throw ServerFailure("the server does not stop: \(stopped.stdout)\(stopped.stderr)")
    }
  }

  /// Starts it after a stop, on the same port.
  package func start() throws {
    if let failure = Self.startFailure(directory, programs) { throw failure }
  }

  package func restart(_ how: Stop = .fast) throws {
    try stop(how)
    try start()
  }

  /// Runs statements as the superuser, each in a transaction of its own, until one fails.
  ///
  /// - Returns: the rows, a line each, with `|` between the columns, without the last line's end.
  @discardableResult
  package func sql(_ text: String, database: String) throws -> String {
    let outcome = psql(url(database: database, user: "postgres"), text)
    guard outcome.status == 0 else { throw ServerFailure("\(text)\n\(outcome.stderr)") }
    return outcome.stdout.hasSuffix("\n") ? String(outcome.stdout.dropLast()) : outcome.stdout
  }

  /// Runs `psql` on any address. `\;` in the text joins statements to one message, `\c` and the like work too.
  package func psql(_ address: String, _ text: String) -> CommandOutcome {
    startPsql(address, text).wait()
  }

  /// Starts `psql` on any address.
  package func startPsql(_ address: String, _ text: String) -> RunningCommand {
    let words = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", address, "-f", "-"]
    let input = directory + "/sql-" + String(UInt64.random(in: 0 ... .max), radix: 36)
    _ = try? Files.write(text + "\n", to: input)
    defer { unlink(input) }
    return CommandLineRun(
      program: programs + "/psql", arguments: words.map { Array($0.utf8) },
      environment: ServerPrograms.environment, directory: directory, input: input, output: nil, scratch: directory
    ).start()
  }

  /// An address of a database.
  ///
  /// - Parameter port: of a proxy or a pooler in between; nil for the server's own.
  package func url(database: String, user: String = "orch", password: String? = nil, port: Int? = nil) -> String {
    Self.url(database: database, user: user, password: password, port: port ?? self.port)
  }

  package static func url(database: String, user: String, password: String?, port: Int) -> String {
    let secret = password.map { ":" + encoded($0) } ?? ""
    return "postgresql://\(encoded(user))\(secret)@127.0.0.1:\(port)/\(encoded(database))"
  }

  private static func encoded(_ text: String) -> String {
    let hex = Array("0123456789ABCDEF")
    return text.utf8.reduce(into: "") { encoded, byte in
      switch UInt8(byte) {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default: encoded += "%\(hex[Int(byte >> 4)])\(hex[Int(byte & 15)])"
      }
    }
  }
}
