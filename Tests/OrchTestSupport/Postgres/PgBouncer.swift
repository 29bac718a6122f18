package import Testing

/// A transaction pooler before a server: few connections for many clients, a transaction each. It ends with this object
/// and with the process.
package final class PgBouncer: Sendable {
  static let missing = "the tests need pgbouncer: Scripts/test installs it"

  /// Whether tests with it are to run: they fail in CI where it is missing.
  package static var isWanted: Bool {
    PostgresServer.isContinuousIntegration || (PostgresServer.isAvailable && ServerPrograms.pgbouncer != nil)
  }

  /// Its port on 127.0.0.1.
  package let port: Int
  private let directory: String
  private let supervisor: Supervisor

  /// - Parameters:
  ///   - poolSize: connections to the server for each database and role.
  ///   - settings: further lines of its configuration.
  package init(before server: PostgresServer, poolSize: Int = 2, settings: [String] = []) throws {
    guard let program = ServerPrograms.pgbouncer else { throw ServerFailure(Self.missing) }
    for _ in 1...5 {
      let directory = try ServerPrograms.makeDirectory("pool")
      let port = ServerPrograms.freePort()
      let configuration = """
        [databases]
        * = host=127.0.0.1 port=\(server.port)
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = \(port)
        unix_socket_dir =
        auth_type = trust
        auth_file = \(directory)/users
        logfile = \(directory)/log
        pool_mode = transaction
        default_pool_size = \(poolSize)
        max_client_conn = 1000
        \(settings.joined(separator: "\n"))

        """
      guard let supervisor = try Self.start(program, configuration, in: directory, port: port) else { continue }
      (self.port, self.directory, self.supervisor) = (port, directory, supervisor)
      return
    }
    throw ServerFailure("no port is free long enough to start pgbouncer")
  }

  /// Starts it and waits until it listens; nil when another has taken the port meanwhile.
  private static func start(
    _ program: String, _ configuration: String, in directory: String, port: Int
  ) throws -> Supervisor? {
    try ServerPrograms.write("\"orch\" \"\"\n\"postgres\" \"\"\n", to: directory + "/users")
    try ServerPrograms.write(configuration, to: directory + "/pgbouncer.ini")
    // Killed rather than asked to end: newer ones then wait for their clients.
    let supervisor = Supervisor(
      first: "directory=$1; shift; \"$@\" >\"$directory/output\" 2>&1 &",
      script: "kill -9 $!; wait; rm -rf \"$directory\"",
      arguments: [directory] + ServerPrograms.dropping + [program, directory + "/pgbouncer.ini"])
    // A connection would not do as a sign: it may be another's port.
    let sign = "listening on 127.0.0.1:\(port)"
    var log = ""
    let hasStarted = eventually {
      log = Self.log(in: directory)
      return log.contains(sign) || log.contains("ddress already in use")
    }
    guard hasStarted else { throw ServerFailure("pgbouncer does not start\n\(log)") }
    return log.contains("ddress already in use") ? nil : supervisor
  }

  private static func log(in directory: String) -> String {
    ["/output", "/log"].map { String(decoding: (try? Files.read(directory + $0)) ?? [], as: UTF8.self) }.joined()
  }

  /// What it has logged.
  package var log: String { Self.log(in: directory) }

  /// The address of a database through it.
  package func url(of database: PostgresDatabase, user: String = "orch") -> String {
    database.url(user: user, port: port)
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips where `pgbouncer` is missing, unless in CI.
  package static var needsPgBouncer: Self { .enabled(if: PgBouncer.isWanted, Comment(rawValue: PgBouncer.missing)) }
}
