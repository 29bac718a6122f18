#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import Dispatch
package import Testing

extension PostgresServer {
  static let missing =
    "the tests need initdb, pg_ctl, postgres and psql, on the path or in /usr/lib/postgresql: Scripts/test installs them"

  /// Whether the server's programs are here.
  package static var isAvailable: Bool { ServerPrograms.postgres != nil }

  /// Whether its tests run. In CI they always do, and fail where the programs are missing, rather than be skipped by
  /// everybody for months.
  package static var isWanted: Bool { isAvailable || isContinuousIntegration }

  /// The server of this test process, started when it is first asked for.
  package static var shared: PostgresServer {
    get throws { try started.get() }
  }

  private static let started: Result<PostgresServer, any Error> = Result { try PostgresServer() }

  static let isContinuousIntegration = getenv("CI").map { String(cString: $0) == "true" } ?? false

  /// Makes an empty database, which `orch` owns, and which is there until the server ends.
  ///
  /// - Returns: its address.
  package func createDatabase() throws -> String { url(database: try makeDatabase()) }

  /// Makes an empty database, which is dropped with the object.
  package func temporaryDatabase() throws -> PostgresDatabase { PostgresDatabase(try makeDatabase(), on: self) }

  private func makeDatabase() throws -> String {
    let name = "test_" + String(UInt64.random(in: 0 ... .max), radix: 36)
    try sql("CREATE DATABASE \(name) OWNER orch", database: "postgres")
    return name
  }

  /// Drops a database and whoever is connected to it.
  package func drop(_ name: String) throws {
    try sql("DROP DATABASE IF EXISTS \(name) WITH (FORCE)", database: "postgres")
  }
}

/// A database of a test's own on a server of the tests. It is dropped when neither this object nor a connection to it
/// is left: a store outlives what it was opened with.
package final class PostgresDatabase: Sendable {
  package let name: String
  package let server: PostgresServer

  init(_ name: String, on server: PostgresServer) { (self.name, self.server) = (name, server) }

  deinit {
    // Nobody waits for it. What is not dropped when the process ends goes with the server.
    Self.drops.async { [name, weak server] in Self.dropWhenLeft(name, server) }
  }

  private static func dropWhenLeft(_ name: String, _ server: PostgresServer?) {
    let isThere = try? server?.sql(
      """
      SELECT 'DROP DATABASE \(name)' WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = '\(name)') \\gexec
      SELECT count(*) FROM pg_database WHERE datname = '\(name)'
      """, database: "postgres")
    guard isThere == "1" else { return }
    drops.asyncAfter(deadline: .now() + 1) { [weak server] in dropWhenLeft(name, server) }
  }

  private static let drops = DispatchQueue(label: "orch.test.drops")

  /// Its address for its owner.
  package var url: String { server.url(database: name) }

  /// Its address through a proxy or a pooler, or for another role.
  package func url(user: String = "orch", password: String? = nil, port: Int? = nil) -> String {
    server.url(database: name, user: user, password: password, port: port)
  }

  /// Runs statements in it as the superuser.
  @discardableResult
  package func sql(_ text: String) throws -> String { try server.sql(text, database: name) }
}

extension Trait where Self == ConditionTrait {
  /// Skips where the server's programs are missing, unless in CI.
  package static var needsPostgres: Self {
    .enabled(if: PostgresServer.isWanted, Comment(rawValue: PostgresServer.missing))
  }
}
