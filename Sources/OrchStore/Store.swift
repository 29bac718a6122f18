package import OrchCore

/// What an engine must do. It stores what Swift decided, and decides nothing.
///
/// **What correctness rests on.** A write transaction is atomic, isolated and durable when `write` returns. An
/// `append` of a session that is not at the expected `seq` any more throws `StoreError.conflict`, and so does an id,
/// an open key or a token hash that exists already. The log is append-only for everybody, the engine included.
/// Everything a decision depends on is read in the transaction that appends.
///
/// **What it does not rest on.** Locks (they save work), notifications, the order in which transactions begin, the
/// caches of a connection. An engine may run a `write` body more than once: a body has no effect outside the
/// transaction. An engine may hold writes back until the next read or the commit, to save round trips.
///
/// **Time** is the engine's, read once a transaction.
package protocol Store: AnyObject {
  /// What this engine is: `sqlite`, `postgresql`, `memory`.
  var engine: String { get }
  /// The identity of the database, as `StoreReader.log`.
  var logID: String { get throws }

  /// Where the database has gone, as its last transaction saw it.
  var relocation: Relocation? { get }
  /// Closes the database to everybody who writes, or opens it again: from the return on, no write that began before is
  /// still going on, and none begins.
  ///
  /// - Throws: `StoreError.unavailable` when its relocation is neither `old` nor `new`.
  func relocate(from old: Relocation?, to new: Relocation?) throws

  /// Runs `body` on one snapshot. It must be short: a snapshot that is held stops the engine's housekeeping.
  ///
  /// - Parameter requests: what `body` is about to read; see `Read`, which says it.
  func read<Result>(requesting requests: [ReadRequest], _ body: (any StoreReader) throws -> Result) throws -> Result

  /// Runs `body` in one write transaction; a conflict or a lock runs it again as a whole, inside the deadline.
  ///
  /// - Parameter requests: what `body` is about to read; see `Read`, which says it.
  /// - Throws: what `body` throws, after rolling back; `StoreError.moved` when the database is closed; `StoreError` for
  ///   the engine's own failures.
  func write<Result>(requesting requests: [ReadRequest], _ body: (any StoreWriter) throws -> Result) throws -> Result

  /// Sleeps until somebody may have added something to claim, or the time is over; may return earlier.
  func waitForWork(atMost time: Duration)

  /// Problems that the engine's own integrity check finds, and guards of the log that are missing. Slow.
  func integrityProblems() throws -> [Message]
}

/// What is read in a transaction.
///
/// **Names.** A database may hold sessions of several logs. What takes a name of a session or a task takes a `Reference`,
/// and throws `StoreError.ambiguous` for one that several foreign logs have; what gives names of either gives references.
/// Sessions and tasks themselves carry their plain names, and their log. A task's `after` names tasks of its own log.
///
/// In a write transaction, what `session` and `task` return is locked until its end, in the order of the calls.
package protocol StoreReader: AnyObject {
  /// The engine's time, read once a transaction.
  var now: Instant { get }
  /// The identity of this database: 26 characters of Crockford's base 32.
  var logID: String { get }

  /// Reads together what this transaction is about to ask for.
  func prefetch(_ requests: [ReadRequest]) throws
  /// The position up to which the log is settled: no transaction still going on can add an entry there. Entries beyond it
  /// may get others before them.
  func stablePosition() throws -> Int

  func session(_ id: String) throws -> Session?
  /// The session of a log, whatever others are called.
  func session(_ id: String, logID: String) throws -> Session?
  func task(_ id: String) throws -> Task?
  /// The task of a log, whatever others are called.
  func task(_ id: String, logID: String) throws -> Task?
  /// The open task with `key`, of this log.
  func openTask(key: String) throws -> Task?
  /// The open task with `key` of a log.
  func openTask(key: String, logID: String) throws -> Task?
  func grant(_ tokenHash: TokenHash) throws -> Grant?
  /// The session whose present lease has a token; nil when the token is not, or not any more, one of a lease.
  func session(holding tokenHash: TokenHash) throws -> Session?

  /// The best claimable task, and its session: among free sessions, by priority, ready time and insertion.
  func candidate(for query: ClaimQuery) throws -> (session: String, task: String)?
  func claimDiagnosis(to query: ClaimQuery) throws -> ClaimDiagnosis
  /// Sessions that this program understands whose lease, or whose offer, has expired, the longest expired first; of
  /// those whose task `query` would take when given.
  func expiredSessions(matching query: ClaimQuery?, limit: Int) throws -> [Session]
  /// Sessions that are reserved for an agent and that nobody holds, the first reservation to expire first.
  func sessionsOffered(to agent: String, limit: Int) throws -> [Session]
  /// Sessions whose rows were written by a program of a lower vocabulary, which passed something over, in order of
  /// birth; see `StoreWriter.catchUp`.
  func sessionsToReplay(limit: Int) throws -> [Session]
  /// Sessions with a lease, the first to expire first.
  func heldSessions(limit: Int) throws -> [Session]

  func tasks(_ query: TaskQuery, after cursor: TaskCursor?, limit: Int) throws -> [Task]
  /// How many tasks there are in each visible state; of one session when given.
  func counts(session: String?) throws -> [VisibleState: Int]
  /// The tasks that name `task` in their `after`, in order of insertion.
  func dependents(of task: String) throws -> [Task]
  /// At most `limit` task ids that begin with `prefix`, in order.
  func taskIDs(prefix: String, limit: Int) throws -> [String]
  /// At most `limit` session ids after `id`, in order of birth.
  func sessionIDs(after id: String?, limit: Int) throws -> [String]

  /// A page of entries: at most `limit`, beyond the position `cursor` in the query's order.
  func events(_ query: EventQuery, beyond cursor: Int?, limit: Int) throws -> [StoredEvent]
  /// The entry with number `seq` in a session.
  func event(session: String, seq: Int) throws -> StoredEvent?
  /// At most `limit` entries whose id begins with `prefix`, hexadecimal digits.
  func events(idPrefix prefix: String, limit: Int) throws -> [StoredEvent]
  /// The number of entries in the log.
  func eventCount() throws -> Int

  /// Everybody who ever acted.
  func actors() throws -> [ActorSighting]
  func hasActor(_ name: String) throws -> Bool
  /// The names of everybody who ever acted, and of the described agents.
  func knownNames() throws -> Set<String>
  func agents() throws -> [AgentDescription]
}

/// What is written in a transaction.
package protocol StoreWriter: StoreReader {
  /// Appends entries and stores the rows that follow from them; keeps the counts of open blockers of dependents.
  ///
  /// - Throws: `StoreError.conflict` when the session is not at `change.before.seq`, or a unique name is taken.
  func append(_ change: SessionChange) throws
  /// Stores a sign of life: the times, the ttl and the notices of the session's lease, under its present fence.
  func renewLease(_ session: Session) throws
}
