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

    /// The engine of homes that name none: SQLite, unless `.eachEngine` is running the test on another one.
    @TaskLocal package static var current = Engine.sqlite
  }

  /// Creates a database for an engine; nil for the file that commands choose by themselves.
  static func makeDatabase(_ engine: Engine) -> PostgresDatabase? {
    guard engine == .postgres else { return nil }
    do { return try PostgresServer.shared.temporaryDatabase() } catch {
      // Nothing that such a test says would be about PostgreSQL.
      fatalError("\(error)")
    }
  }
}

/// Runs a test once on each engine.
///
/// For tests of what an engine decides: which task a claim finds, what a list or the log holds, who wins a race. Text,
/// options, hooks and files are the same on both, and their tests run on SQLite alone.
///
/// Where the programs of PostgreSQL are missing, tests run on SQLite only, unless in CI. With `ORCH_TEST_ENGINE=sqlite`
/// or `postgres` they run on that engine alone: so that one can see which of the two a failure is of.
package struct EachEngine: TestTrait, SuiteTrait, TestScoping {
  package var isRecursive: Bool { true }

  private static let engines: [Home.Engine] = {
    guard let given = getenv("ORCH_TEST_ENGINE"), given[0] != 0 else {
      return PostgresServer.isWanted ? Home.Engine.allCases : [.sqlite]
    }
    guard let engine = Home.Engine(rawValue: String(cString: given)) else {
      fatalError("ORCH_TEST_ENGINE is neither sqlite nor postgres")
    }
    return [engine]
  }()

  /// Applies to each case of a test, never to a suite as a whole.
  package func scopeProvider(for test: Test, testCase: Test.Case?) -> Self? { testCase == nil ? nil : self }

  package func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    for engine in Self.engines {
      try await Home.Engine.$current.withValue(engine) { try await function() }
    }
  }
}

extension Trait where Self == EachEngine {
  /// Runs the test once on each engine.
  package static var eachEngine: Self { EachEngine() }
}
