import OrchStore
import OrchPostgres

extension EngineUnderTest {
  package static let postgres = postgres("postgresql")

  /// Everything beyond tables, indexes and transactions switched off.
  package static let plainPostgres = postgres("postgresql, plain", capabilities: [])

  /// Through a pooler that gives each transaction any connection.
  package static let pooledPostgres = EngineUnderTest("postgresql, pooled") {
    let database = try PostgresServer.shared.temporaryDatabase()
    let address = try pool.get().url(of: database)
    _ = try PostgresEngine().initialize(address)
    return DatabaseUnderTest {
      withExtendedLifetime(database) {}
      return try PostgresEngine().open(address, OpenOptions(timeoutMilliseconds: waitLimitMilliseconds))
    }
  }

  private static let pool = Result { try PgBouncer(before: .shared, poolSize: 4) }

  /// Those on PostgreSQL that can be had here; in CI all of them.
  package static let allPostgres: [EngineUnderTest] =
    (PostgresServer.isWanted ? [postgres, plainPostgres] : []) + (PgBouncer.isWanted ? [pooledPostgres] : [])

  /// The names of those in this process.
  package static let local = [memory.name, sqlite.name]

  private static func postgres(_ name: String, capabilities: Capabilities? = nil) -> EngineUnderTest {
    EngineUnderTest(name) {
      let database = try PostgresServer.shared.temporaryDatabase()
      let engine = PostgresEngine(capabilities: capabilities)
      _ = try engine.initialize(database.url)
      // The database lives as long as somebody can connect, or is connected.
      return DatabaseUnderTest {
        try engine.open(database.url, OpenOptions(timeoutMilliseconds: waitLimitMilliseconds))
      }
    }
  }
}
