#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
package import Testing

extension Home {
  /// The engine of the default database of a home's commands.
  package enum Engine: String, Sendable, CaseIterable {
    case sqlite, postgres

    /// The engine of tests that name none: `ORCH_TEST_ENGINE`, else SQLite. So every test of a command that does not
    /// look into the file is one of both engines, a run each.
    package static let chosen: Engine = {
      guard let given = getenv("ORCH_TEST_ENGINE"), given[0] != 0 else { return .sqlite }
      guard let engine = Engine(rawValue: String(cString: given)) else {
        fatalError("ORCH_TEST_ENGINE is neither sqlite nor postgres")
      }
      return engine
    }()
  }

  /// A database for an engine; nil for the file that commands choose by themselves.
  static func makeDatabase(_ engine: Engine) -> PostgresDatabase? {
    guard engine == .postgres else { return nil }
    do { return try PostgresServer.shared.temporaryDatabase() } catch {
      // Nothing that such a test says would be about PostgreSQL.
      fatalError("\(error)")
    }
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips when commands are run on another engine: what the test looks at is SQLite's file, or the default path.
  package static var sqliteOnly: Self { .enabled(if: Home.Engine.chosen == .sqlite, "about SQLite's file") }
}
