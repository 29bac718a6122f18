package import OrchCore
import OrchSystem

/// Something that a transaction is about to read.
///
/// An engine on another machine reads all that is requested together in one round trip; a local engine ignores
/// requests. What was not requested may be read all the same, and what was requested need not be.
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

  /// The read of the values of all `reads`, made in this order.
  package static func all<each Part>(_ reads: repeat Read<each Part>) -> Read where Value == (repeat each Part) {
    var requests: [ReadRequest] = []
    for read in repeat each reads { requests += read.requests }
    return Read(requests) { reader in (repeat try (each reads).resolve(reader)) }
  }

  /// The read of the values of all `reads`, of which there may be any number.
  package static func list<Element>(_ reads: [Read<Element>]) -> Read where Value == [Element] {
    Read(reads.flatMap { $0.requests }) { reader in try reads.map { try $0.resolve(reader) } }
  }

  /// A value that is known.
  package static func value(_ value: Value) -> Read { Read([]) { _ in value } }

  /// Requests what this read requests, but makes the value only when the body of the transaction asks for it.
  package var deferred: Read<() throws -> Value> {
    Read<() throws -> Value>(requests) { [resolve] reader in { try resolve(reader) } }
  }
}

extension Read where Value == Task? {
  package static func task(_ reference: String) -> Read { Read([.task(reference)]) { try $0.task(reference) } }
}

extension Read where Value == Session? {
  package static func session(_ reference: String) -> Read { Read([.session(reference)]) { try $0.session(reference) } }

  /// The session whose present lease has a token.
  package static func session(holding token: TokenHash) -> Read {
    Read([.holding(token)]) { try $0.session(holding: token) }
  }
}

extension Read where Value == Bool {
  package static func hasActor(_ name: String) -> Read { Read([.hasActor(name)]) { try $0.hasActor(name) } }
}

extension Read where Value == StoredEvent? {
  package static func event(session: String, seq: Int) -> Read {
    Read([.event(session: session, seq: seq)]) { try $0.event(session: session, seq: seq) }
  }
}

extension Read where Value == [VisibleState: Int] {
  package static func counts(session: String) -> Read {
    Read([.counts(session: session)]) { try $0.counts(session: session) }
  }
}

/// The tasks and sessions of one name, of whichever log.
package struct NameLookup {
  package let name: String
  let reader: any StoreReader

  /// The task of a log.
  package func task(logID: String) throws -> Task? { try reader.task(name, logID: logID) }
  /// The session of a log.
  package func session(logID: String) throws -> Session? { try reader.session(name, logID: logID) }
  /// Whether a task or a session has the name, as a reference.
  package func isTaken() throws -> Bool { try reader.task(name) != nil || reader.session(name) != nil }
}

extension Read where Value == NameLookup {
  package static func name(_ name: String) -> Read {
    Read([.task(name), .session(name)]) { NameLookup(name: name, reader: $0) }
  }
}

/// A claim's search. Each step looks when it is called, since recovering a session changes what can be claimed.
package struct ClaimSearch {
  package let query: ClaimQuery
  let reader: any StoreReader

  /// See `StoreReader.expiredSessions`.
  package func expiredSessions(limit: Int) throws -> [Session] {
    try reader.expiredSessions(matching: query, limit: limit)
  }

  /// See `StoreReader.sessionsToReplay`.
  package func hasSessionsToReplay() throws -> Bool { try !reader.sessionsToReplay(limit: 1).isEmpty }

  /// The best claimable task.
  package func candidate() throws -> Task? { try reader.candidate(for: query).flatMap { try reader.task($0.task) } }

  package func diagnosis() throws -> ClaimDiagnosis { try reader.claimDiagnosis(to: query) }
}

extension Read where Value == ClaimSearch {
  package static func claim(_ query: ClaimQuery) -> Read {
    Read([.claim(query)]) { ClaimSearch(query: query, reader: $0) }
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
