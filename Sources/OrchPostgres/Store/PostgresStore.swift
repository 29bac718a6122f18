import OrchCore
package import OrchStore
import OrchSystem

/// A database on a server, shared by processes on any number of machines.
///
/// Belongs to one thread at a time. Every transaction is begun, read, decided and committed as `PostgresTransaction`
/// describes; here it is decided what happens when one fails.
///
/// - A conflict, a deadlock or a connection that broke before COMMIT was sent: run again, until the deadline.
/// - A connection that broke after: nobody knows. What was appended has names, so they are looked up under the lock of
///   their session: there, it took effect; not there, it did not and never will, and it is run again.
package final class PostgresStore: Store {
  package let engine = "postgresql"
  let address: Address
  /// For each transaction, waiting for connections and locks included.
  let timeout: Duration
  let isReadOnly: Bool
  private let given: Capabilities?
  private let diagnostics: Diagnostics
  private var connection: PostgresConnection?
  private var identity: String?
  private let known = KnownKeys()
  package internal(set) var relocation: Relocation?
  /// How long a server may be unreachable before a command gives up on it.
  static let silenceTimeout = Duration.seconds(2)

  init(
    _ address: Address, timeout: Duration, isReadOnly: Bool, capabilities: Capabilities?,
    diagnostics: Diagnostics = Diagnostics()
  ) {
    self.diagnostics = diagnostics
    self.address = address
    self.timeout = timeout
    self.isReadOnly = isReadOnly
    given = capabilities
  }

  package var logID: String {
    get throws {
      if let identity { return identity }
      let deadline = ContinuousClock.now + timeout
      return try attempting(until: deadline) { connection in
        let answers = try connection.exchange(
          [Query("SELECT value FROM orch.meta WHERE key = 'log'")], until: deadline)
        guard let logID = answers[0].first?.text(0) else {
          throw PostgresFailure(.schema, .damageNoIdentity)
        }
        identity = logID
        return logID
      }
    }
  }

  package func read<Result>(
    requesting requests: [ReadRequest], _ body: (any StoreReader) throws -> Result
  ) throws -> Result {
    let start = diagnostics.start()
    defer { diagnostics.transaction("read", since: start) }
    let deadline = ContinuousClock.now + timeout
    return try attempting(until: deadline) { connection in
      let transaction = PostgresTransaction(
        connection, capabilities(of: connection), isWriting: false, known: known, until: deadline,
        silenceTimeout: timeout)
      do {
        defer { relocation = transaction.relocation }
        try transaction.begin(requesting: requests)
        identity = transaction.logID
        let result = try body(transaction)
        try transaction.commit {}
        return result
      } catch {
        transaction.rollBack()
        throw transaction.cause ?? error
      }
    }
  }

  package func write<Result>(
    requesting requests: [ReadRequest], _ body: (any StoreWriter) throws -> Result
  ) throws -> Result {
    guard !isReadOnly else { throw StoreError.internal("a store opened for reading was to write") }
    let start = diagnostics.start()
    defer { diagnostics.transaction("write", since: start) }
    let deadline = ContinuousClock.now + timeout
    // The sessions that an earlier run read: locked first, the next run does not wait for them half-way.
    var touched: Set<String> = []
    return try attempting(until: deadline) { connection in
      let transaction = PostgresTransaction(
        connection, capabilities(of: connection), isWriting: true, touched: touched, known: known,
        until: deadline,
        silenceTimeout: timeout)
      var isSent = false
      var result: Result?
      do {
        defer { relocation = transaction.relocation }
        try transaction.begin(requesting: requests)
        identity = transaction.logID
        result = try body(transaction)
        try transaction.commit { isSent = true }
        if let result { return result }
        throw StoreError.internal("a transaction without a result")
      } catch {
        touched = transaction.touched
        transaction.rollBack()
        guard let result, isSent, !connection.isUsable, let last = transaction.appended.last else {
          throw transaction.cause ?? error
        }
        guard try tookEffect(last.session, last.last, until: deadline) else { throw transaction.cause ?? error }
        return result
      }
    }
  }

  // MARK: Connections and attempts

  /// What the server can do, as far as it is used.
  func capabilities(of connection: PostgresConnection) -> Capabilities { given ?? connection.capabilities }

  func connected(until deadline: ContinuousClock.Instant) throws(PostgresFailure) -> PostgresConnection {
    if let connection, connection.isUsable { return connection }
    connection = nil
    let new = try PostgresConnection.connect(address, until: deadline)
    new.diagnostics = diagnostics
    connection = new
    return new
  }

  /// Lets the connection go; the next transaction makes a new one.
  func disconnect() { connection = nil }

  /// Runs `body`, again where that can help and there is time.
  func attempting<Result>(
    until deadline: ContinuousClock.Instant, _ body: (PostgresConnection) throws -> Result
  ) throws -> Result {
    var attempt = 0
    var isDiagnosed = false
    let start = ContinuousClock.now
    while true {
      let failure: PostgresFailure
      do {
        return try body(try connected(until: deadline))
      } catch let error as PostgresFailure {
        failure = error
      } catch StoreError.conflict {
        failure = PostgresFailure(.conflict, .errorConflictRepeated)
      }
      attempt += 1
      if failure.category == .schema, !isDiagnosed {
        if let diagnosis = diagnosis(of: failure, until: deadline) { throw diagnosis }
        isDiagnosed = true
        continue
      }
      let last = failure.category == .connection ? min(deadline, start + Self.silenceTimeout) : deadline
      guard failure.mayPass, attempt < 1000 else { throw refusal(failure) }
      let wait = failure.wait(after: attempt)
      guard ContinuousClock.now + wait < last else { throw refusal(failure) }
      diagnostics.retry("the transaction", because: failure.message.verbatim ?? "\(failure.category)")
      if wait > .zero { pause(wait) }
    }
  }

  /// The error for a failure that ends a command.
  private func refusal(_ failure: PostgresFailure) -> StoreError {
    switch failure.category {
    case .conflict: return .unavailable(.postgresBusy(detail: failure.message))
    default: return StoreError(failure)
    }
  }

  // MARK: Lost answers

  /// Whether a commit whose answer was lost took effect.
  ///
  /// - Throws: `outcomeUnknown` when that cannot be found out in time.
  private func tookEffect(_ session: Session, _ last: StoredEvent, until deadline: ContinuousClock.Instant) throws
    -> Bool
  {
    do {
      return try attempting(until: deadline) { connection in
        let left = String(max(1, ContinuousClock.now.duration(to: deadline).milliseconds))
        // A backend that is still committing holds the row, or, of a new session, the right to its name.
        let answers = try connection.exchange(
          [
            Query("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"),
            Query("SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', $1, true)", left),
            SessionEntry(
              number: -1, session: Session(id: session.id, logID: session.logID), tally: StateCounts()
            ).insertedIfNew,
            Query("SELECT 1 FROM orch.session WHERE id = $1 AND log = $2 FOR UPDATE", session.id, session.logID),
            Query("SELECT EXISTS (SELECT 1 FROM orch.event WHERE id = $1::bytea)", last.id),
            Query("ROLLBACK")
          ], until: deadline)
        return answers[4].first?.bool(0) ?? false
      }
    } catch is StoreError {
      let event = try? last.entry().event
      let isGrant = event?.type.isGrant ?? false
      let what: Message =
        event.map { event in
          event.task.map { .postgresEvent(type: event.type.rawValue, task: $0) }
            ?? Message(verbatim: event.type.rawValue)
        } ?? .postgresChange
      throw StoreError.outcomeUnknown(
        .postgresOutcomeUnknown(what: what),
        hint: isGrant ? .run("resume") : .run("show", String(last.id.hex.prefix(10))))
    }
  }
}

extension PostgresFailure {
  /// Whether it can be otherwise soon.
  var mayPass: Bool {
    switch category {
    case .connection, .tooManyConnections, .serialization, .conflict, .statement: true
    case .noLibrary, .address, .lock, .timeout, .exists, .authentication, .encryption, .noDatabase, .schema,
      .permission,
      .readOnly, .io, .corrupt, .other:
      false
    }
  }

  /// How long to wait before the next attempt: at random, below a ceiling that doubles.
  func wait(after attempt: Int) -> Duration {
    let ceiling: Int
    switch category {
    case .conflict where attempt < 3: return .zero
    case .statement: return .zero
    case .conflict, .serialization: ceiling = min(200_000, 1000 << min(attempt, 10))
    default: ceiling = min(400_000, 20_000 << min(attempt, 10))
    }
    return .microseconds(Int.random(in: 0...ceiling))
  }
}
