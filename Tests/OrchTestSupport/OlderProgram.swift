#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
package import OrchApp
package import OrchCore
package import Testing

/// Commands of an orch that knows less than this one (see `Scripts/build-older`), in a home.
package struct OlderProgram {
  let home: Home

  /// Its path.
  static let path: String? = getenv("ORCH_OLDER_BIN").flatMap { $0[0] == 0 ? nil : String(cString: $0) }

  private func run(_ words: [String], as agent: String?, environment: [String: String] = [:]) -> CommandOutcome {
    var run = home.command(words, as: agent, environment: environment)
    run.program = Self.path ?? "ORCH_OLDER_BIN is not set"
    return run.run()
  }

  /// Runs a command, which is to succeed.
  @discardableResult
  package func ok(
    _ words: String..., as agent: String? = nil, environment: [String: String] = [:],
    at place: SourceLocation = #_sourceLocation
  ) -> CommandOutcome {
    let outcome = run(words, as: agent, environment: environment)
    #expect(outcome.status == 0, "\(words): \(outcome.stderr)", sourceLocation: place)
    return outcome
  }

  /// Runs a command, which is to succeed, and reads its one object.
  package func json(_ words: String..., as agent: String? = nil, at place: SourceLocation = #_sourceLocation) -> JSON {
    let outcome = run(words + ["--json"], as: agent)
    #expect(outcome.status == 0, "\(words): \(outcome.stderr)", sourceLocation: place)
    return outcome.json
  }

  /// Runs a command, which is to fail with a code, and reads its error.
  @discardableResult
  package func fails(
    _ code: ErrorCode, _ words: String..., as agent: String? = nil, at place: SourceLocation = #_sourceLocation
  ) -> JSON {
    let outcome = run(["--json"] + words, as: agent)
    #expect(outcome.error["code"]?.stringValue == code.rawValue, "\(words): \(outcome.stderr)", sourceLocation: place)
    return outcome.error
  }

  /// The code of the error that a command fails with.
  package func code(_ words: [String], as agent: String? = nil) -> String? {
    run(["--json"] + words, as: agent).error["code"]?.stringValue
  }

  /// The task that an agent gets.
  package func claims(as agent: String, at place: SourceLocation = #_sourceLocation) -> String? {
    json("claim", as: agent, at: place)["task", "id"]?.stringValue
  }
}

extension Home {
  /// Commands of the older program in this home.
  package var older: OlderProgram { OlderProgram(home: self) }

  /// The task that an agent gets.
  package func claims(as agent: String, at place: SourceLocation = #_sourceLocation) -> String? {
    json("claim", as: agent, at: place)["task", "id"]?.stringValue
  }

  /// The name of a table of the default database.
  package func table(_ name: String) -> String { postgres == nil ? name : "orch.\(name)" }

  /// Runs a statement past the program.
  package func sql(_ statement: String) throws {
    if let postgres { try postgres.sql(statement) } else { try SQLFile.run(database, statement) }
  }

  /// The one column of a query, past the program.
  package func column(_ query: String) throws -> [String] {
    guard let postgres else { return try SQLFile(database).rows(query).map { $0.first.flatMap { $0 } ?? "" } }
    return try postgres.sql(query).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips where there is no older program, unless in CI.
  package static var needsOlderProgram: Self {
    .enabled(
      if: OlderProgram.path != nil || PostgresServer.isContinuousIntegration,
      "the tests need ORCH_OLDER_BIN, what Scripts/build-older prints: Scripts/test builds it")
  }
}
