package import OrchCore

/// A question that will be asked: an engine on another machine asks the foreseen ones together.
///
/// A hint: what was not foreseen may be asked all the same, and what was foreseen need not be.
package enum Foresight: Hashable, Sendable {
  /// `grant`, and the `session` and `task` it names.
  case token(TokenHash)
  /// `grant` of a token that is new, unless a command is repeated.
  case newToken(TokenHash)
  /// `session(holding:)`; where that is all, the transaction adds no event.
  case holding(TokenHash)
  /// `task`, and its `session`.
  case task(String)
  case session(String)
  case openTask(key: String)
  /// `expiredSessions(matching:limit:)` with their tasks, then `candidate(for:)` with its session and task.
  case claim(ClaimQuery, recoveries: Int)
  /// `hasActor`, and `knownNames` if it is not one.
  case hasActor(String)
  case event(session: String, seq: Int)
  /// The first page of `events`.
  case events(EventQuery, limit: Int)
  case counts(session: String)
}

extension Store {
  package func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result {
    try read(foreseeing: [], body)
  }

  package func waitForWork(atMost time: Duration) { pause(time) }

  package func write<Result>(_ body: (any StoreWriter) throws -> Result) throws -> Result {
    try write(foreseeing: [], body)
  }
}

extension StoreReader {
  // Engines on this machine have nothing to gain by these.
  package func foresee(_ questions: [Foresight]) throws {}
  package func knownNames() throws -> Set<String> { try Set(actors().map(\.name) + agents().map(\.name)) }
  package func stablePosition() throws -> Int { .max }
  package func session(holding tokenHash: TokenHash) throws -> Session? {
    guard let grant = try grant(tokenHash), let session = try session(grant.session, logID: grant.logID) else {
      return nil
    }
    return session.lease?.tokenHash == tokenHash ? session : nil
  }
}
