package import OrchCore
package import OrchStore

/// An engine as a script sees it: at another clock's time where one is given, and with what was appended noted.
package final class ScriptStore: Store {
  package let base: any Store
  /// The time that use cases see; nil: the engine's. The engine's own queries go by its own time.
  private let clock: TestClock?
  /// Told the engine's time of each write transaction.
  package var seen: (Instant) -> Void = { _ in }
  /// The events of the transactions that were committed, in their order.
  package private(set) var appended: [EventID] = []

  package init(_ base: any Store, clock: TestClock? = nil) {
    self.base = base
    self.clock = clock
  }

  package var engine: String { base.engine }
  package var logID: String { get throws { try base.logID } }
  package var relocation: Relocation? { base.relocation }
  package func relocate(from old: Relocation?, to new: Relocation?) throws { try base.relocate(from: old, to: new) }
  package func integrityProblems() throws -> [Message] { try base.integrityProblems() }

  package func read<Result>(
    requesting requests: [ReadRequest], _ body: (any StoreReader) throws -> Result
  ) throws -> Result {
    try base.read(requesting: requests) { try body(ScriptReader($0, now: clock?.now ?? $0.now)) }
  }

  package func write<Result>(
    requesting requests: [ReadRequest], _ body: (any StoreWriter) throws -> Result
  ) throws -> Result {
    var noted: [EventID] = []
    let result = try base.write(requesting: requests) { writer in
      seen(writer.now)
      let transaction = ScriptWriter(writer, now: clock?.now ?? writer.now)
      let result = try body(transaction)
      noted = transaction.appended
      return result
    }
    appended += noted
    return result
  }
}

/// A transaction that reads at another time than its engine's.
private class ScriptReader: StoreReader {
  private let base: any StoreReader
  let now: Instant

  init(_ base: any StoreReader, now: Instant) {
    self.base = base
    self.now = now
  }

  var logID: String { base.logID }
  func prefetch(_ requests: [ReadRequest]) throws { try base.prefetch(requests) }
  func stablePosition() throws -> Int { try base.stablePosition() }
  func session(_ id: String) throws -> Session? { try base.session(id) }
  func session(_ id: String, logID: String) throws -> Session? { try base.session(id, logID: logID) }
  func task(_ id: String) throws -> Task? { try base.task(id) }
  func task(_ id: String, logID: String) throws -> Task? { try base.task(id, logID: logID) }
  func openTask(key: String) throws -> Task? { try base.openTask(key: key) }
  func openTask(key: String, logID: String) throws -> Task? { try base.openTask(key: key, logID: logID) }
  func grant(_ tokenHash: TokenHash) throws -> Grant? { try base.grant(tokenHash) }
  func session(holding tokenHash: TokenHash) throws -> Session? { try base.session(holding: tokenHash) }
  func candidate(for query: ClaimQuery) throws -> (session: String, task: String)? { try base.candidate(for: query) }
  func claimDiagnosis(to query: ClaimQuery) throws -> ClaimDiagnosis { try base.claimDiagnosis(to: query) }
  func expiredSessions(matching query: ClaimQuery?, limit: Int) throws -> [Session] {
    try base.expiredSessions(matching: query, limit: limit)
  }
  func sessionsOffered(to agent: String, limit: Int) throws -> [Session] {
    try base.sessionsOffered(to: agent, limit: limit)
  }
  func sessionsToReplay(limit: Int) throws -> [Session] { try base.sessionsToReplay(limit: limit) }
  func heldSessions(limit: Int) throws -> [Session] { try base.heldSessions(limit: limit) }
  func tasks(_ query: TaskQuery, after cursor: TaskCursor?, limit: Int) throws -> [Task] {
    try base.tasks(query, after: cursor, limit: limit)
  }
  func counts(session: String?) throws -> [VisibleState: Int] { try base.counts(session: session) }
  func dependents(of task: String) throws -> [Task] { try base.dependents(of: task) }
  func taskIDs(prefix: String, limit: Int) throws -> [String] { try base.taskIDs(prefix: prefix, limit: limit) }
  func sessionIDs(after id: String?, limit: Int) throws -> [String] { try base.sessionIDs(after: id, limit: limit) }
  func events(_ query: EventQuery, beyond cursor: Int?, limit: Int) throws -> [StoredEvent] {
    try base.events(query, beyond: cursor, limit: limit)
  }
  func event(session: String, seq: Int) throws -> StoredEvent? { try base.event(session: session, seq: seq) }
  func events(idPrefix prefix: String, limit: Int) throws -> [StoredEvent] {
    try base.events(idPrefix: prefix, limit: limit)
  }
  func eventCount() throws -> Int { try base.eventCount() }
  func actors() throws -> [ActorSighting] { try base.actors() }
  func hasActor(_ name: String) throws -> Bool { try base.hasActor(name) }
  func knownNames() throws -> Set<String> { try base.knownNames() }
  func agents() throws -> [AgentDescription] { try base.agents() }
}

private final class ScriptWriter: ScriptReader, StoreWriter {
  private let writer: any StoreWriter
  private(set) var appended: [EventID] = []

  init(_ writer: any StoreWriter, now: Instant) {
    self.writer = writer
    super.init(writer, now: now)
  }

  func append(_ change: SessionChange) throws {
    try writer.append(change)
    appended += change.entries.map(\.id)
  }

  func renewLease(_ session: Session) throws { try writer.renewLease(session) }
}
