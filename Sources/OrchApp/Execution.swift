package import OrchCore
import OrchStore

/// A task and its session, as they are in the transaction.
struct Subject {
  var task: Task
  var session: Session
}

/// What a command did.
struct Execution {
  /// The session after the command.
  var session: Session
  /// The task after the command; nil for a command that is about none.
  var task: Task?
  /// The events of the command, in their order.
  var events: [StoredEvent]
  /// The notes that the holder is shown with the answer.
  var notices: [DecodedEvent] = []

  /// The task of a command that is about one.
  func requiredTask() throws -> Task {
    guard let task else { throw StoreError.internal("a command about a task left none") }
    return task
  }

  /// The first event of a command that leaves one.
  func requiredEvent() throws -> StoredEvent {
    guard let event = events.first else { throw StoreError.internal("a command left no event") }
    return event
  }

  /// The lease after a command that leaves one.
  func requiredLease() throws -> Lease {
    guard let lease = session.lease else { throw StoreError.internal("a command left no lease") }
    return lease
  }
}

extension App {
  /// Runs one command on one session: the driver of everything that changes a session, heartbeats and hooks included.
  ///
  /// 1. Load: the caller hands over the session, the task and the saved context as it read them in this transaction (see
  ///    `Read`).
  /// 2. Decide: `decide` turns the command into events, or refuses it. The fence of a holder's command is judged there.
  /// 3. Apply: the events are chained, and folded into the rows that follow from them.
  /// 4. Effects: a holder's command that leaves the lease in place renews it, and may show the holder new notes.
  /// 5. Store: the events with their rows; of a command without events, the renewal alone.
  ///
  /// An engine may run the transaction again: nothing here has an effect outside of it.
  ///
  /// - Parameters:
  ///   - context: the session's saved context, for a command that changes it.
  ///   - ttlSeconds: a new time to live for the lease that is renewed.
  ///   - showsNotes: whether the answer shows the holder's new notes, which are then marked as shown.
  func execute(
    _ command: Command, on session: Session, _ task: Task?, context: Checkpoint.Context = .init(), by actor: String,
    ttlSeconds: Int? = nil, showsNotes: Bool = false, in writer: any StoreWriter
  ) throws -> Execution {
    var change = SessionChange(session, context: context)
    let after = try apply(command, to: task, by: caller(actor, at: writer.now), in: &change)
    var notices: [DecodedEvent] = []
    let renews = command.holderFence.map { $0 == change.after.lease?.fence } ?? false
    if renews {
      change.renewLease(at: writer.now, ttlSeconds: ttlSeconds)
      if showsNotes { notices = try self.notices(&change, in: writer) }
    }
    if !change.entries.isEmpty {
      try writer.append(change)
    } else if renews {
      try writer.renewLease(change.after)
    }
    return Execution(session: change.after, task: after, events: change.entries, notices: notices)
  }

  /// Decides a command and applies its events to `change`: steps 2 and 3 of `execute`, also for those who store several
  /// decisions at once, or only show what would be decided.
  ///
  /// - Returns: the task after the command.
  /// - Throws: a rule's refusal, in words.
  @discardableResult
  func apply(_ command: Command, to task: Task?, by caller: Caller, in change: inout SessionChange) throws -> Task? {
    // Rows that end before their log are no ground for a decision. A heartbeat only renews the lease that they show.
    let isRenewal = if case .heartbeat = command { !change.after.isBehind } else { false }
    guard change.after.isUpToDate || isRenewal else { throw StoreError.notUnderstood(change.after) }
    let events: [Event]
    do throws(Rejection) {
      events = try decide(command, by: caller, on: State(session: change.after, task: task, context: change.context))
    } catch {
      if case .notUnderstood(let session) = error { throw StoreError.notUnderstood(session) }
      throw OrchError(error, task: task?.id ?? change.after.id)
    }
    return try change.apply(events, to: task)
  }

  /// Runs a command of anybody about the task that `reference` names, in a transaction of its own.
  package func execute(_ command: Command, onTask reference: String) throws(OrchError) -> Transition {
    try write(subject(reference)) { subject, writer in try execute(command, on: subject, in: writer) }
  }

  /// Runs a command of anybody about one task.
  func execute(_ command: Command, on subject: Subject, in writer: any StoreWriter) throws -> Transition {
    let done = try execute(command, on: subject.session, subject.task, by: actor, in: writer)
    return Transition(
      task: try writer.named(done.requiredTask()), event: try done.requiredEvent(), now: writer.now)
  }
}

// MARK: Transactions of the use cases

extension App {
  /// Runs `body` with its errors as the one error that leaves a use case.
  ///
  /// Where it meets a session whose rows a program wrote that understood less than this one, the session is replayed and
  /// `body` runs once more.
  func mappingErrors<Result>(_ body: () throws -> Result) throws(OrchError) -> Result {
    do {
      do { return try body() } catch StoreError.notUnderstood(let session) {
        guard try catchUp(session) else { throw StoreError.notUnderstood(session) }
        return try body()
      }
    } catch { throw OrchError(error) }
  }

  /// Replays a session whose rows a program wrote that understood less.
  ///
  /// - Returns: whether something may be decided about it now.
  private func catchUp(_ session: Session) throws -> Bool {
    guard let read = session.readVocabulary, read < EventVocabulary.current else { return false }
    return try store.write { writer in
      guard let present = try writer.session(session.id, logID: session.logID) else { return false }
      return try writer.catchUp(present).isUpToDate
    }
  }

  /// Replays all sessions whose rows a program wrote that understood less.
  package func catchUpSessions() throws(OrchError) {
    try mappingErrors {
      while try !store.read({ try $0.sessionsToReplay(limit: 1) }).isEmpty, store.relocation == nil,
        try store.write({ try $0.catchUpSessions(limit: Self.recoveryBatch) }) > 0
      {}
    }
  }

  func read<Result>(_ body: (any StoreReader) throws -> Result) throws(OrchError) -> Result {
    try mappingErrors { try store.read(body) }
  }

  func read<Value, Result>(
    _ read: Read<Value>, _ body: (Value, any StoreReader) throws -> Result
  ) throws(OrchError) -> Result {
    try mappingErrors { try store.read(read, body) }
  }

  func write<Result>(_ body: (any StoreWriter) throws -> Result) throws(OrchError) -> Result {
    try mappingErrors { try store.write(body) }
  }

  func write<Value, Result>(
    _ read: Read<Value>, _ body: (Value, any StoreWriter) throws -> Result
  ) throws(OrchError) -> Result {
    try mappingErrors { try store.write(read, body) }
  }
}
