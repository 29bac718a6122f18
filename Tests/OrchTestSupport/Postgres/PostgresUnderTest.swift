public import OrchPostgres

extension EngineUnderTest {
  public static let postgres = postgres("postgresql")

  /// Everything beyond tables, indexes and transactions switched off.
  public static let plainPostgres = postgres("postgresql, plain", capabilities: [])

  private static func postgres(_ name: String, capabilities: Capabilities? = nil) -> EngineUnderTest {
    EngineUnderTest(name) {
      let database = try PostgresServer.shared.temporaryDatabase()
      _ = try PostgresStore.initialize(database.url, capabilities: capabilities)
      // The database lives as long as somebody can connect, or is connected.
      return DatabaseUnderTest { try PostgresStore.open(database.url, capabilities: capabilities) }
    }
  }
}
