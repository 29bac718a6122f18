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
  /// - Parameter report: called for each session once its recovery is committed.
  package func recover(_ request: RecoverRequest, report: (Recovery) throws -> Void) throws {
    if request.task != nil || request.session != nil {
      return try recoverNamed(request).map(report) ?? ()
    }
    var left = request.limit ?? .max
    if request.dryRun {
      let stale = try store.read { reader in
        try reader.expiredSessions(matching: nil, limit: left).map { try planned($0, in: reader) }
      }
      for recovery in stale { try report(recovery) }
      return
    }
    while left > 0 {
      let batch = try recoverBatch(limit: min(left, Self.recoveryBatch))
      for recovery in batch { try report(recovery) }
      left -= batch.count
      if batch.count < Self.recoveryBatch { return }
    }
  }

  /// Sessions a transaction of `recover`: enough to share a sync, few enough to let others in.
  static let recoveryBatch = 200

  private func recoverBatch(limit: Int) throws -> [Recovery] {
    do {
      return try store.write { writer in
        let caller = caller(recoverer, at: writer.now)
        return try writer.expiredSessions(matching: nil, limit: limit).compactMap {
          try recover($0, by: caller, forced: nil, in: writer)
        }
      }
    } catch StoreError.corrupt {
      return try recoverSeparately(limit: limit)
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
        let one: Recovery? = try store.write { writer in
          guard let session = try writer.session(id) else { return nil }
          return try recover(session, by: caller(recoverer, at: writer.now), forced: nil, in: writer)
        }
        if let one { recovered.append(one) }
      } catch StoreError.corrupt(let why) {
        warn("\(id) cannot be recovered: \(why)")
      }
    }
    return recovered
  }

  private var recoverer: String { settings.agent ?? "watchdog" }

  private func recoverNamed(_ request: RecoverRequest) throws -> Recovery? {
    func named(_ reader: any StoreReader) throws -> Session {
      guard let reference = request.task else { return try session(request.session ?? "", in: reader) }
      let task = try task(reference, in: reader)
      let session = try session(of: task, in: reader)
      guard session.lease == nil || session.lease?.task == task.id else {
        throw OrchError.refused("\(task.id) is held by nobody", hint: "orch status")
      }
      return session
    }
    if request.dryRun {
      return try store.read { reader in
        let session = try named(reader)
        guard let lease = session.lease else {
          return try due(session.offer, at: reader.now) ? planned(session, in: reader) : nil
        }
        let isStale = lease.isStale(at: reader.now)
        guard isStale || request.force != nil else { return nil }
        return try planned(session, forced: !isStale, in: reader)
      }
    }
    return try store.write { writer in
      let session = try named(writer)
      if session.lease == nil, !due(session.offer, at: writer.now) {
        guard request.force == nil else {
          throw OrchError(.nothingToRecover, task: request.task ?? session.id)
        }
        return nil
      }
      if let lease = session.lease, !lease.isStale(at: writer.now), request.force == nil {
        warn("\(lease.agent) holds \(lease.task) until \(lease.expiresAt.iso8601): nothing is stale there")
        return nil
      }
      return try recover(session, by: caller(recoverer, at: writer.now), forced: request.force, in: writer)
    }
  }

  private func due(_ offer: Session.Reservation?, at now: Instant) -> Bool {
    offer.map { $0.expiresAt <= now } ?? false
  }

  /// What recovering `session` comes to.
  private func planned(_ session: Session, forced: Bool = false, in reader: any StoreReader) throws -> Recovery {
    guard let lease = session.lease else { return offerRecovery(session) }
    let task = try task(lease.task, of: session, in: reader)
    let dies = !forced && task.failures + 1 >= task.maxAttempts
    return recovery(session, lease, dead: dies)
  }

  /// Ends a session's stale lease (or, with a reason, a live one) and its expired offer.
  @discardableResult
  func recover(
    _ session: Session, by caller: Caller, forced why: String?, in writer: any StoreWriter
  ) throws -> Recovery? {
    var change = SessionChange(session)
    var result: Recovery?
    if let lease = session.lease, lease.isStale(at: caller.now) || why != nil {
      let task = try task(lease.task, of: session, in: writer)
      let events = try decided(.expire(forced: why != nil, why: why), by: caller, session: session, task: task)
      let after = try change.apply(events, to: task)
      result = recovery(session, lease, dead: after?.state == .dead)
    }
    if due(change.after.offer, at: caller.now), let offer = change.after.offer {
      let task = try task(offer.task, of: session, in: writer)
      let events = try decided(.expireOffer, by: caller, session: change.after, task: task)
      try change.apply(events, to: task)
      result = result ?? offerRecovery(session)
    }
    guard !change.entries.isEmpty else { return nil }
    try writer.append(change)
    return result
  }

  private func recovery(_ session: Session, _ lease: Lease, dead: Bool) -> Recovery {
    Recovery(
      session: session.id, task: lease.task, agent: lease.agent, fence: lease.fence, heartbeatAt: lease.heartbeatAt,
      expiresAt: lease.expiresAt, action: dead ? .dead : .requeued)
  }

  private func offerRecovery(_ session: Session) -> Recovery {
    Recovery(
      session: session.id, task: session.offer?.task ?? "", agent: session.offer?.to ?? "", fence: session.fence,
      heartbeatAt: nil, expiresAt: session.offer?.expiresAt ?? session.at, action: .offerExpired)
  }
}
