package import OrchCore
import OrchStore

/// What to recover.
package struct RecoverRequest: Sendable {
  package var task: String?
  package var session: String?
  package var limit: Int?
  /// Only say what would be done.
  package var dryRun = false
  /// Why a live lease is to be ended; needs a task or a session.
  package var force: String?

  package init() {}
}

/// A session that was, or would be, recovered.
package struct Recovery: Sendable {
  package enum Action: String, Sendable {
    case requeued, dead
    case offerExpired = "offer-expired"
  }

  package var session: String
  package var task: String
  /// Who held it, or to whom it was offered.
  package var agent: String
  package var fence: Int
  package var heartbeatAt: Instant?
  package var expiresAt: Instant
  package var action: Action
}

extension App {
  /// Takes back what dead agents hold, and offers that nobody accepted in time.
  ///
  /// - Parameter report: called for each session once its recovery is committed; of a dry run, once it is decided.
  package func recover(_ request: RecoverRequest, report: (Recovery) throws -> Void) throws(OrchError) {
    try mappingErrors {
      if request.task != nil || request.session != nil {
        return try recoverNamed(request).map(report) ?? ()
      }
      if request.dryRun {
        let planned = try store.read { reader in
          let caller = caller(recoverer, at: reader.now)
          return try reader.expiredSessions(matching: nil, limit: request.limit ?? .max).compactMap {
            try decidedRecovery(of: $0, by: caller, forced: nil, in: reader)?.recovery
          }
        }
        return try planned.forEach(report)
      }
      var left = request.limit ?? .max
      while left > 0 {
        let batch = try recoverBatch(limit: min(left, Self.recoveryBatch))
        try batch.recovered.forEach(report)
        left -= batch.recovered.count
        if batch.isLast { return }
      }
    }
  }

  /// Sessions a transaction of `recover`: enough to share a sync, few enough to let others in.
  static let recoveryBatch = 200

  /// Replays sessions that a program wrote which understood less, and recovers what has expired.
  private func recoverBatch(limit: Int) throws -> (recovered: [Recovery], isLast: Bool) {
    do {
      return try store.write { writer in
        let replayed = try writer.catchUpSessions(limit: Self.recoveryBatch)
        let caller = caller(recoverer, at: writer.now)
        let recovered = try writer.expiredSessions(matching: nil, limit: limit).compactMap {
          try recover($0, by: caller, forced: nil, in: writer)
        }
        return (recovered, isLast: max(recovered.count, replayed) < Self.recoveryBatch)
      }
    } catch StoreError.corrupt {
      return (try recoverSeparately(limit: limit), isLast: true)
    }
  }

  /// One session that cannot be recovered does not stop the others.
  private func recoverSeparately(limit: Int) throws -> [Recovery] {
    let stale = try store.read { reader in
      try reader.expiredSessions(matching: nil, limit: .max).map { session in reader.reference(to: session) }
    }
    var recovered: [Recovery] = []
    for id in stale where recovered.count < limit {
      do {
        let one: Recovery? = try store.write(.session(id)) { session, writer in
          guard let session else { return nil }
          return try recover(session, by: caller(recoverer, at: writer.now), forced: nil, in: writer)
        }
        if let one { recovered.append(one) }
      } catch StoreError.corrupt(let why) {
        warn(.warningCannotRecover(id: id, why: why))
      }
    }
    return recovered
  }

  private var recoverer: String { settings.agent ?? "watchdog" }

  // MARK: A named session

  private func recoverNamed(_ request: RecoverRequest) throws -> Recovery? {
    let named = namedForRecovery(request)
    if request.dryRun {
      return try store.read(named) { session, reader in
        guard try needsRecovery(session, request, at: reader.now) else { return nil }
        return try decidedRecovery(
          of: session, by: caller(recoverer, at: reader.now), forced: request.force, in: reader)?.recovery
      }
    }
    return try store.write(named) { session, writer in
      guard try needsRecovery(session, request, at: writer.now) else { return nil }
      return try recover(session, by: caller(recoverer, at: writer.now), forced: request.force, in: writer)
    }
  }

  /// The session that a request names, by itself or by the task that it holds.
  private func namedForRecovery(_ request: RecoverRequest) -> Read<Session> {
    guard let reference = request.task else {
      let id = request.session ?? ""
      return Read([.session(id)]) { reader in try self.session(id, in: reader) }
    }
    return subject(reference).map { subject, _ in
      guard subject.session.lease == nil || subject.session.lease?.task == subject.task.id else {
        throw OrchError.refused(.errorHeldByNobody(task: subject.task.id), hint: .run("status"))
      }
      return subject.session
    }
  }

  /// Whether there is anything to recover in a session; says why not.
  private func needsRecovery(_ session: Session, _ request: RecoverRequest, at now: Instant) throws -> Bool {
    guard let lease = session.lease else {
      if session.offerHasExpired(at: now) { return true }
      guard request.force == nil else { throw OrchError(.nothingToRecover, task: request.task ?? session.id) }
      return false
    }
    if lease.isStale(at: now) || request.force != nil { return true }
    warn(.warningNothingStale(agent: lease.agent, task: lease.task, expiresAt: lease.expiresAt.iso8601))
    return false
  }

  // MARK: One session

  /// Ends a session's stale lease (or, with a reason, a live one) and its expired offer.
  ///
  /// - Returns: nil where there is nothing to end.
  @discardableResult
  func recover(
    _ session: Session, by caller: Caller, forced why: String?, in writer: any StoreWriter
  ) throws -> Recovery? {
    let session = try writer.catchUp(session)
    guard let decided = try decidedRecovery(of: session, by: caller, forced: why, in: writer) else { return nil }
    try writer.append(decided.change)
    return decided.recovery
  }

  /// What recovering a session comes to, decided and not stored.
  private func decidedRecovery(
    of session: Session, by caller: Caller, forced why: String?, in reader: any StoreReader
  ) throws -> (change: SessionChange, recovery: Recovery)? {
    var change = SessionChange(session)
    var recovery: Recovery?
    if let lease = session.lease, lease.isStale(at: caller.now) || why != nil {
      let task = try task(lease.task, of: session, in: reader)
      let after = try apply(.expire(forced: why != nil, why: why), to: task, by: caller, in: &change)
      recovery = Recovery(
        session: session.id, task: lease.task, agent: lease.agent, fence: lease.fence, heartbeatAt: lease.heartbeatAt,
        expiresAt: lease.expiresAt, action: after?.state == .dead ? .dead : .requeued)
    }
    if let offer = change.after.offer, change.after.offerHasExpired(at: caller.now) {
      try apply(.expireOffer, to: task(offer.task, of: session, in: reader), by: caller, in: &change)
      recovery =
        recovery
        ?? Recovery(
          session: session.id, task: offer.task, agent: offer.to, fence: session.fence, heartbeatAt: nil,
          expiresAt: offer.expiresAt, action: .offerExpired)
    }
    return recovery.map { (change, $0) }
  }
}

extension Session {
  /// Whether it is reserved by an offer that nobody accepted in time.
  func offerHasExpired(at now: Instant) -> Bool { offer.map { $0.expiresAt <= now } ?? false }
}
