package import OrchCore
package import OrchStore

/// Carries out steps on a store as the use cases do: load, decide, append, in one transaction.
package struct ScriptRunner {
  package let store: any Store
  package let clock: TestClock
  /// Whether decisions are made at the engine's time, as they should be; else at the clock's.
  let atEngineTime: Bool

  /// - Parameters:
  ///   - clock: what `wait` moves: the engine's clock, or another one.
  ///   - atEngineTime: false to make states as if they had come about at other times.
  package init(_ store: any Store, clock: TestClock, atEngineTime: Bool = true) {
    self.store = store
    self.clock = clock
    self.atEngineTime = atEngineTime
  }

  /// What a step came to.
  package enum Answer: Hashable, Sendable {
    /// The events that it appended, in the log's order; none for a heartbeat or an addition of what is there.
    case done([EventID], task: String?)
    case refused(Rejection)
    /// There is no such task, token or work.
    case nothing
  }

  /// - Parameter seen: told the engine's time of each transaction.
  package func run(_ step: Step, seen: (Instant) -> Void = { _ in }) throws -> Answer {
    if case .wait(let seconds) = step.action {
      clock.advance(seconds: seconds)
      return .done([], task: nil)
    }
    do {
      return try store.write { writer in
        seen(writer.now)
        let now = atEngineTime ? writer.now : clock.now
        return try Turn(writer: writer, actor: step.actor, now: now).take(step.action)
      }
    } catch let rejection as Rejection {
      return .refused(rejection)
    }
  }
}

/// One step inside its transaction.
private struct Turn {
  let writer: any StoreWriter
  let actor: String
  let now: Instant

  var caller: Caller {
    // The work tree moves on with the time.
    let number = Int(now.milliseconds / 1000 % 7)
    let position = CommitPosition(
      branch: number == 6 ? nil : "main", dirty: number == 1, oid: number == 0 ? nil : Step.oid(number),
      repository: "example.org/orch", tree: nil)
    return Caller(
      actor: actor, source: nil, defaultSource: "script", host: "box", instance: nil,
      commit: number == 5 ? nil : position, now: now,
      jitter: 12_345)
  }

  /// What would be submitted now: few contents, so that one comes again.
  private var submission: Submission? {
    let number = Int(now.milliseconds / 60_000 % 4)
    guard number > 0 else { return nil }
    return Submission(
      oid: Step.oid(number), tree: Step.oid(number % 3), change: number == 2 ? nil : "c\(number % 2)", branch: "work",
      repository: "example.org/orch")
  }

  private func submitting(_ release: Release) -> Release {
    var release = release
    if release.outcome == .review { release.submission = submission }
    return release
  }

  func take(_ action: Step.Action) throws -> ScriptRunner.Answer {
    switch action {
    case .wait: .nothing
    case .add(let new, let session): try add(new, to: session)
    case .edit(let task, let edit): try about(task, .edit(edit))
    case .note(let task): try about(task, .note("remark"))
    case .claim(let task?, _, _, let token, let ttl): try claim(task, .token(token, ttl: ttl))
    case .claim(nil, let session, let kinds, let token, let ttl):
      try claim(ClaimQuery(agent: actor, kinds: kinds, session: session), .token(token, ttl: ttl))
    case .resume(let old, let token): try holding(old, beats: false) { .resume(.token(token), fence: $0) }
    case .takeUp(let task, let token): try about(task, .resume(.token(token), fence: nil))
    case .heartbeat(let token, let ttl): try heartbeat(token, ttl)
    case .checkpoint(let token, let change): try holding(token) { .checkpoint(change, fence: $0) }
    case .release(let token, let release):
      try holding(token) { .release(submitting(release), fence: $0) }
    case .recover(let limit): try recover(matching: nil, limit: limit)
    case .force(let task): try about(task, .expire(forced: true, why: "script"))
    case .cancel(let task): try about(task, .cancel(why: "script"))
    case .retry(let task): try retry(task)
    case .offer(let token, let to, let seconds):
      try holding(token) {
        let expiry = now.adding(seconds: seconds)
        return .offer(Offer(from: actor, to: to, why: nil, next: nil, expiresAt: expiry), fence: $0)
      }
    case .accept(let task, let token): try about(task, .accept(.token(token), restate: nil))
    case .decline(let task): try about(task, .decline(why: "script"))
    case .resubmit(let task): try about(task, .resubmit(submission, owners: [], message: nil))
    case .approve(let task): try about(task, .approve(Verdict("script")))
    case .reject(let task): try about(task, .reject(Verdict("script")))
    case .comment(let task): try about(task, .comment(Verdict("script")))
    case .check(let task, let passes):
      try about(
        task,
        .check(
          CheckResult(
            name: "test", command: "make test", exitStatus: passes ? 0 : 1, durationMilliseconds: 7,
            outputHash: .numbered(1), head: submission?.oid, tree: submission?.tree, dirty: false), fence: nil))
    case .link(let task, let commit):
      try about(
        task,
        .link(
          CommitLink(
            oid: Step.oid(commit), subject: "feat: x", author: "A <a@example.org>", fence: commit,
            standing: commit % 4 == 0 ? .unverified : .linked)))
    case .rewrite(let task, let old, let new):
      try about(
        task,
        .rewrite(
          CommitRewrite(old: Step.oid(old), new: new.map(Step.oid), reason: new == nil ? .lost : .rebase)))
    }
  }

  /// Decides `command` on a task and appends what follows.
  private func decideAndAppend(
    _ command: Command, _ session: Session, _ task: Task?, beats: Bool = false
  ) throws -> ScriptRunner.Answer {
    var context = Checkpoint.Context()
    if let seq = session.checkpointSeq, let saved = try writer.event(session: session.id, seq: seq) {
      context = Checkpoint(try saved.entry(), id: saved.id)?.context ?? context
    }
    var change = SessionChange(session, context: context)
    let after = try change.apply(
      try decide(command, by: caller, on: State(session: session, task: task, context: context)), to: task)
    if beats { change.renewLease(at: now, ttlSeconds: nil) }
    try writer.append(change)
    return .done(change.entries.map(\.id), task: after?.id)
  }

  private func about(_ id: String, _ command: Command) throws -> ScriptRunner.Answer {
    guard let task = try writer.task(id), let session = try writer.session(task.session) else { return .nothing }
    // A lease and its end are about the task that the lease is on.
    if case .expire = command, session.lease?.task != id { return .nothing }
    return try decideAndAppend(command, session, task)
  }

  private func add(_ new: NewTask, to session: String) throws -> ScriptRunner.Answer {
    if let key = new.key, let open = try writer.openTask(key: key) { return .done([], task: open.id) }
    var new = new
    // A script that was cut short may lack them.
    new.after = try new.after.filter { try writer.task($0) != nil }
    if try writer.task(new.id) != nil { throw Rejection.taskExists }
    return try decideAndAppend(.add(new), try writer.session(session) ?? Session(id: session, logID: writer.logID), nil)
  }

  private func retry(_ id: String) throws -> ScriptRunner.Answer {
    if let key = try writer.task(id)?.key, let open = try writer.openTask(key: key), open.id != id { return .nothing }
    return try about(id, .retry(why: nil))
  }

  private func holding(_ token: Int, beats: Bool = true, _ command: (Int) -> Command) throws -> ScriptRunner.Answer {
    guard
      let grant = try writer.grant(.numbered(token)), let session = try writer.session(grant.session),
      let task = try writer.task(grant.task)
    else { return .nothing }
    return try decideAndAppend(command(grant.fence), session, task, beats: beats)
  }

  private func heartbeat(_ token: Int, _ ttl: Int?) throws -> ScriptRunner.Answer {
    guard let grant = try writer.grant(.numbered(token)), var session = try writer.session(grant.session) else {
      return .nothing
    }
    guard let lease = session.lease, try writer.session(holding: .numbered(token)) == session else {
      throw Rejection.leaseLost
    }
    guard lease.agent == actor else { throw Rejection.notTheHolder(holder: lease.agent) }
    session.lease = lease.renewed(at: now, ttlSeconds: ttl)
    try writer.renewLease(session)
    return .done([], task: lease.task)
  }

  private func claim(_ id: String, _ lease: NewLease) throws -> ScriptRunner.Answer {
    guard let task = try writer.task(id), let session = try writer.session(task.session) else { return .nothing }
    var events: [EventID] = []
    if session.lease?.isStale(at: now) == true, case .done(let ids, _) = try expire(session) { events += ids }
    guard let fresh = try writer.session(task.session) else { return .nothing }
    guard case .done(let ids, let claimed) = try decideAndAppend(.claim(lease, named: true), fresh, try writer.task(id))
    else { return .nothing }
    return .done(events + ids, task: claimed)
  }

  private func claim(_ query: ClaimQuery, _ lease: NewLease) throws -> ScriptRunner.Answer {
    guard case .done(let recovered, _) = try recover(matching: query, limit: 2) else { return .nothing }
    guard let best = try writer.candidate(for: query) else { return .done(recovered, task: nil) }
    guard let session = try writer.session(best.session), let task = try writer.task(best.task) else {
      throw StoreError.corrupt("the candidate \(best.task) is not there")
    }
    guard case .done(let ids, let claimed) = try decideAndAppend(.claim(lease, named: false), session, task)
    else { return .nothing }
    return .done(recovered + ids, task: claimed)
  }

  private func recover(matching query: ClaimQuery?, limit: Int) throws -> ScriptRunner.Answer {
    var events: [EventID] = []
    for session in try writer.expiredSessions(matching: query, limit: limit) {
      guard case .done(let ids, _) = try expire(session) else { continue }
      events += ids
    }
    return .done(events, task: nil)
  }

  /// Ends the stale lease of a session, or its offer when that has expired.
  private func expire(_ session: Session) throws -> ScriptRunner.Answer {
    if let lease = session.lease, lease.isStale(at: now) {
      return try decideAndAppend(.expire(forced: false, why: nil), session, try writer.task(lease.task))
    }
    if let offer = session.offer, offer.expiresAt <= now {
      return try decideAndAppend(.expireOffer, session, try writer.task(offer.task))
    }
    return .nothing
  }
}
