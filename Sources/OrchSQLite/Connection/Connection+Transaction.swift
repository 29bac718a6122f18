import OrchCore
import CSQLite
import OrchStore
import OrchSystem

extension Connection {
  /// How a transaction begins.
  enum TransactionKind: Sendable {
    /// `BEGIN`: one snapshot for several statements. Keep it short: while it lasts the log cannot be reset.
    case read
    /// `BEGIN IMMEDIATE`: takes the write lock before anything is read. A transaction that reads first and writes later
    /// fails at once, however long it would wait, when somebody else wrote in between.
    case write
    /// `BEGIN EXCLUSIVE`: in rollback mode keeps readers out too.
    case exclusive
  }

  /// Runs `body` in a transaction and commits it.
  ///
  /// When the database is busy anywhere from the beginning to the commit, everything is undone and `body` runs again,
  /// until the deadline: it has to be repeatable, and have no effect but on the database. Anything else that is thrown,
  /// in `body` or by the commit, undoes the transaction and is passed on. Afterwards no transaction is open, in either
  /// case.
  ///
  /// - Parameter failure: makes the caller's error of SQLite's.
  func transaction<Value, Failure: Error>(
    _ kind: TransactionKind, deadline: Deadline, failure: (SQLiteFailure) -> Failure,
    _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    guard !isInTransaction else {
      throw failure(SQLiteFailure(.misuse, Message(verbatim: "a transaction inside a transaction")))
    }
    core.deadline = deadline
    var attempt = 0
    while true {
      core.sawBusy = false
      core.logPages = 0
      do {
        let value = try once(kind, failure, body)
        if core.logPages > 0 { shortenLog() }
        return value
      } catch {
        // Judged by what SQLite reported, so that `body` may throw errors of any type.
        attempt += 1
        guard core.sawBusy, core.sleep(below: BusyPolicy.transactionCeiling(attempt)) else { throw error }
        core.diagnostics.retry("the transaction", because: "the database was locked")
      }
    }
  }

  /// A write transaction whose errors pass as they are.
  func write<Value>(deadline: Deadline, _ body: () throws -> Value) throws -> Value {
    try transaction(.write, deadline: deadline, failure: { $0 as any Error }, body)
  }

  /// A read transaction whose errors pass as they are.
  func read<Value>(deadline: Deadline, _ body: () throws -> Value) throws -> Value {
    try transaction(.read, deadline: deadline, failure: { $0 as any Error }, body)
  }

  private func once<Value, Failure: Error>(
    _ kind: TransactionKind, _ failure: (SQLiteFailure) -> Failure, _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    // FULL, IOERR, NOMEM and BUSY may have rolled back already, or not. SQLite says which.
    defer { if isInTransaction { rollBack() } }
    switch kind {
    case .read: try convert(failure) { () throws(SQLiteFailure) in try run("BEGIN") }
    case .write: try convert(failure) { () throws(SQLiteFailure) in try beginWriting() }
    case .exclusive: try convert(failure) { () throws(SQLiteFailure) in try run("BEGIN EXCLUSIVE") }
    }
    let value = try body()
    try convert(failure) { () throws(SQLiteFailure) in try run("COMMIT") }
    return value
  }

  /// Takes the write lock, in the order of the line.
  private func beginWriting() throws(SQLiteFailure) {
    guard let queue else { return try run(Self.beginWrite) }
    if queue.isInTurn, try tryWriting() { return }
    queue.endTurn()
    let start = Clock.monotonicNanoseconds()
    while !queue.enter() {
      let waited = Clock.monotonicNanoseconds() &- start
      if waited > WriteQueue.queueTimeoutNanoseconds, try tryWriting() { return queue.beginTurn() }
      guard core.sleep(below: BusyPolicy.queueCeiling(waited: waited)) else { return try run(Self.beginWrite) }
    }
    defer { queue.leave() }
    try run(Self.beginWrite)
    queue.beginTurn()
  }

  private static let beginWrite: SQL = "BEGIN IMMEDIATE"

  /// Takes the write lock if it is free.
  private func tryWriting() throws(SQLiteFailure) -> Bool {
    let deadline = core.deadline
    core.deadline = .passed
    defer { core.deadline = deadline }
    do {
      try run(Self.beginWrite)
      return true
    } catch  where error.isRetryable {
      core.sawBusy = false
      return false
    }
  }

  /// Never fails in a way that matters: what remains open is reported by the next transaction.
  private func rollBack() { try? run("ROLLBACK") }

  @inline(__always)
  private func convert<Failure: Error>(
    _ failure: (SQLiteFailure) -> Failure, _ body: () throws(SQLiteFailure) -> Void
  ) throws(Failure) {
    do { try body() } catch { throw failure(error) }
  }
}

// MARK: The write-ahead log

extension Connection {
  /// How long a log another process left may be before it is emptied, in pages: it costs every start.
  static let checkpointPages: Int32 = 200
  /// How long this process lets the log get, in pages: a checkpoint costs two syncs, so they are to be rare.
  static let ownCheckpointPages: Int32 = 1000

  /// Called after a commit that wrote to the log.
  ///
  /// SQLite's automatic checkpoint only copies the log, and remembers how far in memory that goes with the last
  /// process. Processes here are short: the next one reads the whole log again and would copy it again, and so each
  /// from then on. So the first commit of a connection that finds the log long empties the file. Later ones only start
  /// it over, which costs a fifth less time; should the process end right then, the next one empties it.
  private func shortenLog() {
    leftPages = core.logPages
    if core.logPages >= (hasWritten ? Self.ownCheckpointPages : Self.checkpointPages),
      checkpoint(emptying: !hasWritten),
      !hasWritten
    {
      leftPages = 0
    }
    hasWritten = true
  }

  /// Puts the log's content into the database, and starts the log over or empties its file, as far as that needs no
  /// waiting. True when all of it was done.
  @discardableResult
  func checkpoint(emptying: Bool = true) -> Bool {
    let deadline = core.deadline
    core.deadline = .passed
    defer { core.deadline = deadline }
    let mode = emptying ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_RESTART
    // Failing changes nothing: the log stays, and stays valid.
    return sqlite3_wal_checkpoint_v2(core.handle, "main", mode, nil, nil) == SQLITE_OK
  }

  /// Switches a new database to write-ahead log mode. Never for one that others may have open.
  func useWriteAheadLog() throws(SQLiteFailure) {
    let mode = try prepare("PRAGMA journal_mode=WAL").first { $0.text(0) }
    guard mode == "wal" else { throw SQLiteFailure(.cantOpen, .sqliteNoWal) }
  }
}
