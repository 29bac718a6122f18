package import OrchCore

/// Something that a transaction is about to read.
///
/// An engine on another machine reads all that is requested together in one round trip; a local engine passes requests
/// over. What was not requested may be read all the same, and what was requested need not be.
package enum ReadRequest: Hashable, Sendable {
  /// `grant`, and the `session` and `task` it names; `session(holding:)`.
  case grant(TokenHash)
  /// `grant` of a token that is new, unless a command is repeated.
  case newGrant(TokenHash)
  /// `session(holding:)`. A write transaction that requests nothing else is expected to append no event.
  case holding(TokenHash)
  /// `task`, and its `session`.
  case task(String)
  case session(String)
  case openTask(key: String)
  /// `expiredSessions(matching:limit:)` with their tasks, then `candidate(for:)` with its session and task.
  case claim(ClaimQuery)
  /// `hasActor`, and `knownNames` if it is not one.
  case hasActor(String)
  case event(session: String, seq: Int)
  /// The first page of `events`.
  case events(EventQuery, limit: Int)
  case counts(session: String)
}

/// What is read in a transaction: what to request of the engine, and how to make the value from what it has read.
///
/// A read that is made of others requests what they request, so that nothing is said twice.
package struct Read<Value> {
  package let requests: [ReadRequest]
  package let resolve: (any StoreReader) throws -> Value

  package init(_ requests: [ReadRequest], _ resolve: @escaping (any StoreReader) throws -> Value) {
    self.requests = requests
    self.resolve = resolve
  }

  /// The read of something that follows from this one's value.
  package func map<Result>(_ transform: @escaping (Value, any StoreReader) throws -> Result) -> Read<Result> {
    Read<Result>(requests) { [resolve] reader in try transform(resolve(reader), reader) }
  }

  /// The read of this one's value and the other's, in this order.
  package func and<Other>(_ other: Read<Other>) -> Read<(Value, Other)> {
    Read<(Value, Other)>(requests + other.requests) { [resolve] reader in
      (try resolve(reader), try other.resolve(reader))
    }
  }

  /// Requests what this read requests, but makes the value only when the body of the transaction asks for it.
  package var deferred: Read<() throws -> Value> {
    Read<() throws -> Value>(requests) { [resolve] reader in { try resolve(reader) } }
  }
}

extension Store {
  /// Reads a value in a transaction of its own.
  package func read<Value>(_ read: Read<Value>) throws -> Value {
    try self.read(requesting: read.requests, read.resolve)
  }

  /// Runs `body` on what `read` gives, on one snapshot.
  package func read<Value, Result>(
    _ read: Read<Value>, _ body: (Value, any StoreReader) throws -> Result
  ) throws -> Result {
    try self.read(requesting: read.requests) { try body(read.resolve($0), $0) }
  }

  package func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result {
    try read(requesting: [], body)
  }

  /// Runs `body` on what `read` gives, in one write transaction.
  package func write<Value, Result>(
    _ read: Read<Value>, _ body: (Value, any StoreWriter) throws -> Result
  ) throws -> Result {
    try write(requesting: read.requests) { try body(read.resolve($0), $0) }
  }

  package func write<Result>(_ body: (any StoreWriter) throws -> Result) throws -> Result {
    try write(requesting: [], body)
  }

  package func waitForWork(atMost time: Duration) { pause(time) }
}

extension StoreReader {
  /// Reads what depends on something that was read before in this transaction.
  package func load<Value>(_ read: Read<Value>) throws -> Value {
    try prefetch(read.requests)
    return try read.resolve(self)
  }

  // Engines on this machine have nothing to gain by these.
  package func prefetch(_ requests: [ReadRequest]) throws {}
  package func knownNames() throws -> Set<String> { try Set(actors().map(\.name) + agents().map(\.name)) }
  package func stablePosition() throws -> Int { .max }
  package func session(holding tokenHash: TokenHash) throws -> Session? {
    guard let grant = try grant(tokenHash), let session = try session(grant.session, logID: grant.logID) else {
      return nil
    }
    return session.lease?.tokenHash == tokenHash ? session : nil
  }
}
