public import OrchCore

/// A question that will be asked: an engine on another machine asks the foreseen ones together.
///
/// A hint: what was not foreseen may be asked all the same, and what was foreseen need not be.
public enum Foresight: Hashable, Sendable {
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
  public func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result {
    try read(foreseeing: [], body)
  }

  public func waitForWork(atMost time: Duration) { pause(time) }

  public func write<Result>(_ body: (any StoreWriter) throws -> Result) throws -> Result {
    try write(foreseeing: [], body)
  }
}

extension StoreReader {
  // Engines on this machine have nothing to gain by these.
  public func foresee(_ questions: [Foresight]) throws {}
  public func knownNames() throws -> Set<String> { try Set(actors().map(\.name) + agents().map(\.name)) }
  public func settledPosition() throws -> Int { .max }
  public func session(holding tokenHash: TokenHash) throws -> Session? {
    guard let grant = try grant(tokenHash), let session = try session(grant.session, log: grant.log) else { return nil }
    return session.lease?.tokenHash == tokenHash ? session : nil
  }
}
