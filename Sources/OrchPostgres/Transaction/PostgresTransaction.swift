import OrchCore
import OrchStore

/// One transaction: what its body reads and writes through.
///
/// Each wait for the server costs as much as the way there is long. So writes are held back until something is read, or
/// until the commit; what is requested is asked together; and rows that were read, which a write transaction holds locked,
/// are not asked for again.
final class PostgresTransaction: StoreWriter {
  let connection: PostgresConnection
  let capabilities: Capabilities
  let isWriting: Bool
  let deadline: ContinuousClock.Instant
  /// How long the server may be silent: what is long because it is much goes on beyond the deadline.
  private let silenceTimeout: Duration
  private(set) var now = Instant(milliseconds: 0)
  private(set) var logID = ""
  /// Where the database has gone.
  private(set) var relocation: Relocation?
  /// Whether the time and the identity are known.
  var hasBegun: Bool { !logID.isEmpty }
  private(set) var positions = Positions()
  /// Whether the number is asked for that positions begin with.
  private(set) var isNumbered = true
  /// Statements that nobody waits for yet.
  private var pending: [Query] = []
  /// Of the skip index and the classes: written last, in order, because others wait for them.
  var shared: DeferredUpserts
  /// Whether anybody else may have something new to claim.
  var wakes = false
  /// What has been appended, for finding out whether a lost commit took effect.
  var appended: [(session: Session, last: StoredEvent)] = []
  /// The sessions that were read: to be locked first, should this be run again.
  private(set) var touched: Set<String>
  /// Why this transaction may not be committed: a statement failed.
  private(set) var failure: StoreError?
  var cache = TransactionCache()

  init(
    _ connection: PostgresConnection, _ capabilities: Capabilities, isWriting: Bool, touched: Set<String> = [],
    known: KnownKeys,
    until deadline: ContinuousClock.Instant, silenceTimeout: Duration
  ) {
    shared = DeferredUpserts(known: known)
    self.silenceTimeout = silenceTimeout
    self.connection = connection
    self.capabilities = capabilities
    self.isWriting = isWriting
    self.touched = touched
    self.deadline = deadline
  }

  // MARK: Beginning and end

  /// Begins, reads what is requested, and then reads the time and the number that this transaction's positions begin with:
  /// in this order, so that both are younger than every lock that is waited for here.
  func begin(requesting requests: [ReadRequest]) throws {
    pending = [Query(isWriting ? Self.beginWriting : Self.beginReading), limits]
    let again = touched.sorted().map { ReadRequest.session($0) }
    var questions = pendingQueries(for: requests + again)
    isNumbered = !isWriting || !requests.isOnlyHolding
    let claims = requests.compactMap { if case .claim(let query) = $0 { query } else { nil } }
    questions.append(
      PendingQuery(Query(metaText(claims.isEmpty ? "true" : "\(Self.anythingExpired), \(Self.anythingToReplay)"))) {
        [self] answer throws(PostgresFailure) in
        try read(meta: answer)
        guard !claims.isEmpty, let row = answer.first else { return }
        if !row.bool(7) { for query in claims { cache.prefetched.expired[query] = [] } }
        cache.prefetched.hasNothingToReplay = !row.bool(8)
      })
    if isWriting, !capabilities.contains(.transactionNumbers) {
      // The statement before has waited for others; what it reads beside its row is older than they are.
      questions.append(
        PendingQuery(Query("SELECT value FROM orch.meta WHERE key = 'relocation'")) {
          [self] answer throws(PostgresFailure) in
          try read(relocation: answer.first?.text(0))
        })
    }
    try ask(questions)
    if isWriting, let relocation { throw StoreError.moved(relocation) }
  }

  /// Asks for what a transaction that adds events has to know, where that was not read at the beginning.
  func number() throws {
    guard !isNumbered else { return }
    isNumbered = true
    let answer = try ask(Query(metaText("true")))
    try reading { () throws(PostgresFailure) in try read(meta: answer) }
  }

  private static let beginWriting = "BEGIN ISOLATION LEVEL READ COMMITTED"
  private static let beginReading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

  /// What keeps the server from waiting longer than we do, and a sleeping client from holding a row for hours.
  private var limits: Query {
    let left = String(max(1, ContinuousClock.now.duration(to: deadline).milliseconds))
    var settings = """
      SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', $1, true),
        set_config('idle_in_transaction_session_timeout', '10000', true)
      """
    if capabilities.contains(.transactionNumbers) {
      // Statements here look at few rows, whatever is estimated: compiling them costs more than running them. A writer's
      // go by an index, also into a table that is small but for what was deleted from it.
      settings += ", set_config('jit', 'off', true)"
      // So the values never make a plan a better one, and planning costs more than running, too.
      if isWriting {
        settings += """
          , set_config('enable_seqscan', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true),
            \(Self.writeGateLockKey)
          """
      }
    }
    return Query(settings, left)
  }

  /// Shared by all who write, so that who closes the database waits for those that began before. Taken by a statement
  /// before the one that asks whether it is closed. Where there are no such locks, writers wait for one another anyway.
  private static let writeGateLockKey = "pg_advisory_xact_lock_shared(\(PostgresStore.writeGateLockKey)) IS NULL"

  /// Sends what is left and commits.
  ///
  /// - Parameter sent: called when the commit is about to be sent: from then on a failure tells nothing about the outcome.
  func commit(_ sent: () -> Void) throws {
    if let failure { throw failure }
    guard isWriting, !pending.isEmpty || !appended.isEmpty || cache.hasWritten else { return end("COMMIT") }
    pending += shared.takeAll()
    pending.append(Query("COMMIT"))
    sent()
    try exchange([])
    shared.committed()
    // Not in the transaction: those that tell something commit one after the other, each through its sync. It is a hint,
    // and may be lost.
    if wakes, capabilities.contains(.notify) {
      try? connection.post([Query("SELECT pg_notify('orch', '')")], until: deadline)
    }
  }

  /// Undoes everything.
  func rollBack() { end("ROLLBACK") }

  /// Ends a transaction that changed nothing. Never fails in a way that matters: a connection that cannot is not used again.
  ///
  /// What has locks gives them back before anything goes on: the next one, maybe on another connection, would pass over
  /// what is locked.
  private func end(_ statement: String) {
    guard connection.isUsable else { return }
    if isWriting {
      _ = try? connection.exchange([Query(statement)], until: max(deadline, .now + .seconds(1)))
    } else {
      try? connection.post([Query(statement)], until: deadline)
    }
  }

  // MARK: Asking

  /// A statement, and who reads its rows.
  struct PendingQuery {
    let query: Query
    let read: (ResultSet) throws(PostgresFailure) -> Void

    init(_ query: Query, _ read: @escaping (ResultSet) throws(PostgresFailure) -> Void) {
      self.query = query
      self.read = read
    }
  }

  /// Asks questions together with what is held back, in one round trip.
  func ask(_ questions: [PendingQuery]) throws {
    guard !questions.isEmpty else { return }
    let answers = try exchange(questions.map(\.query))
    for (question, answer) in zip(questions, answers) {
      try reading { () throws(PostgresFailure) in try question.read(answer) }
    }
  }

  /// Reads rows; what does not read is a failure of the transaction.
  func reading<Value>(_ body: () throws(PostgresFailure) -> Value) throws -> Value {
    do throws(PostgresFailure) {
      return try body()
    } catch {
      throw fail(error)
    }
  }

  func ask(_ query: Query) throws -> ResultSet {
    let answers = try exchange([query])
    return answers[answers.startIndex]
  }

  /// Holds a statement back until the next question.
  func hold(_ query: Query) {
    pending.append(query)
    cache.hasWritten = true
  }

  /// More statements than this at once are a load that takes its time.
  private static let longBatchSize = 200

  @discardableResult
  private func exchange(_ queries: [Query]) throws -> ArraySlice<ResultSet> {
    if let failure { throw failure }
    let held = pending
    pending = []
    return try reading { () throws(PostgresFailure) in
      let isLong = !isWriting || held.count > Self.longBatchSize
      return try connection.exchange(held + queries, until: deadline, silenceTimeout: isLong ? silenceTimeout : nil)[
        held.count...]
    }
  }

  /// Remembers why this transaction cannot be committed.
  func fail(_ error: PostgresFailure) -> any Error {
    cause = error
    let failure = StoreError(error)
    self.failure = failure
    return failure
  }

  /// The failure behind `failure`, where it was the server's.
  private(set) var cause: PostgresFailure?

  /// Refuses to commit: an append went wrong half-way.
  func refuse(_ error: StoreError) { failure = error }

  func touch(_ session: String) { touched.insert(session) }

  // MARK: The database

  private func read(meta answer: ResultSet) throws(PostgresFailure) {
    var values: [String: String] = [:]
    for row in answer.rows { values[row.text(0)] = row.text(1) }
    guard let row = answer.first else { throw PostgresFailure(.schema, .damageNoIdentity) }
    guard let logID = values["log"], logID.utf8.count == 26 else { throw .corrupt(.damageNoIdentity) }
    let version = values[SchemaNumbers.Key.number] ?? ""
    let current = SchemaNumbers.current.number
    if version != String(current) {
      let numbers = SchemaNumbers(number: Int(version) ?? 0) { values[$0] }
      guard numbers.obstacle(to: isWriting ? .writing : .reading, of: "it") == nil else {
        throw PostgresFailure(.schema, .postgresSchemaNumber(version: version, current: current))
      }
    }
    let kind = values["positions"] ?? ""
    guard kind == capabilities.positionKind else {
      throw PostgresFailure(.schema, .postgresPositions(kind: kind))
    }
    let isOrdered = capabilities.contains(.transactionNumbers)
    let offset = isOrdered ? values["position_offset"].flatMap { Int($0) } ?? 0 : 0
    guard !comparesNumbers || Positions.transaction(of: row.int(4)) < row.int(5) + offset else {
      throw PostgresFailure(.schema, .postgresRestored)
    }
    try read(relocation: values["relocation"])
    connection.noteBackend(row.int(6), hasCompared: comparesNumbers)
    if !hasBegun { now = row.instant(2) }
    self.logID = logID
    positions = Positions(transaction: row.int(3) + offset, isOrdered: isOrdered)
  }

  private func read(relocation text: String?) throws(PostgresFailure) {
    do throws(StoreError) {
      if let text { relocation = try Relocation(text: text) }
    } catch {
      guard case .corrupt(let why) = error else { throw PostgresFailure(.other, Message(verbatim: "\(error)")) }
      throw .corrupt(why)
    }
  }

  /// The next position of this transaction.
  func nextPosition() throws -> Int {
    guard let position = positions.next() else {
      throw StoreError.internal("one transaction holds at most \(1 << Positions.bits) events")
    }
    return position
  }
}
