// Claiming, resuming, saving, giving back and recovering: the life of a lease.

extension Decision {
  func claim(_ lease: NewLease, named: Bool) throws(Rejection) -> [Event] {
    let rule = ClaimRule(claimer: caller.actor, isNamed: named)
    if let rejection = rule.rejection(of: task, in: session, at: now) { throw rejection }
    return [grant(.taskClaimed, lease, attempt: task.attempt + 1)]
  }

  func resume(_ lease: NewLease, fence: Int?) throws(Rejection) -> [Event] {
    guard let current = session.lease, current.task == task.id, current.fence == fence ?? current.fence else {
      throw task.state == .cancelled ? .taskCancelled : .leaseLost
    }
    guard current.agent == caller.actor else { throw .leaseHeld(current) }
    var lease = lease
    lease.ttlSeconds = lease.ttlSeconds ?? current.ttlSeconds
    return [grant(.leaseResumed, lease, attempt: current.attempt)]
  }

  /// A new lease, under the session's next fence.
  func grant(_ type: EventType, _ lease: NewLease, attempt: Int) -> Event {
    let ttl = lease.ttlSeconds ?? task.ttlSeconds ?? NewLease.defaultTTLSeconds
    return event(
      type, fence: session.fence + 1, author: caller.actor,
      data: [
        .acquiredAt: .instant(now), .attempt: .int(attempt), .expiresAt: .instant(now.adding(seconds: ttl)),
        .host: .string(caller.host), .instance: caller.instance.json, .tokenHash: .string(lease.tokenHash.hex),
        .ttlSeconds: .int(ttl)
      ])
  }

  /// The renewal is an effect of the command, as of every holder's command, and no event.
  func heartbeat(fence: Int) throws(Rejection) -> [Event] {
    _ = try held(under: fence)
    return []
  }

  func checkpoint(_ change: CheckpointChange, fence: Int) throws(Rejection) -> [Event] {
    let lease = try held(under: fence)
    let context = state.context.applying(change)
    return [
      event(
        .checkpointSaved, fence: fence,
        data: [
          .data: context.data.json, .lastAction: context.lastAction.json, .late: late(lease),
          .nextAction: context.nextAction.json, .note: context.note.json, .phase: context.phase.json,
          .reference: context.reference.json
        ])
    ]
  }

  func release(_ release: Release, fence: Int) throws(Rejection) -> [Event] {
    let lease = try held(under: fence)
    switch release.outcome {
    case .done: return [try done(release, lease)]
    case .failed: return failed(release, lease)
    case .requeue:
      return [
        event(
          .taskRequeued, fence: fence,
          data: [.attempt: .int(lease.attempt), .late: late(lease), .message: release.message.json])
      ]
    case .review:
      return [
        try submit(release, lease: lease)
      ]
    }
  }

  private func done(_ release: Release, _ lease: Lease) throws(Rejection) -> Event {
    if task.requireReview { throw .reviewRequired }
    if !task.requiredChecks.isEmpty {
      let present = release.submission ?? Submission(tree: caller.commit?.tree, dirty: caller.commit?.dirty ?? false)
      let missing = task.missingChecks(on: present.tree)
      guard missing.isEmpty else { throw .checksMissing(missing) }
      guard !present.dirty else { throw .uncommitted }
    }
    return event(
      .taskDone, fence: lease.fence,
      data: [
        .attempt: .int(lease.attempt), .late: late(lease), .message: release.message.json,
        .result: release.result.json, .submission: release.submission?.json
      ])
  }

  private func failed(_ release: Release, _ lease: Lease) -> [Event] {
    let failures = task.failures + 1
    let dies = failures >= task.maxAttempts
    let delay =
      release.retryInSeconds.map { Int64($0) * 1000 }
      ?? RetryPolicy.delayMilliseconds(failures: failures, jitter: caller.jitter)
    let failed = event(
      .taskFailed, fence: lease.fence,
      data: [
        .attempt: .int(lease.attempt), .code: release.errorCode.json, .failures: .int(failures), .late: late(lease),
        .message: release.message.json, .notBefore: dies ? nil : .instant(now.adding(milliseconds: delay)),
        .result: release.result.json
      ])
    return dies ? [failed, dead(failures, fence: lease.fence)] : [failed]
  }

  private func dead(_ failures: Int, fence: Int) -> Event {
    event(.taskDead, fence: fence, data: [.failures: .int(failures), .maxAttempts: .int(task.maxAttempts)])
  }

  func expire(forced: Bool, why: String?) throws(Rejection) -> [Event] {
    guard let lease = session.lease else { throw .nothingToRecover }
    let stale = lease.isStale(at: now)
    guard stale || forced else { throw .notStale(lease) }
    let failures = task.failures + (stale ? 1 : 0)
    let expired = event(
      .leaseExpired, fence: lease.fence, author: lease.agent,
      data: [
        .agent: .string(lease.agent), .attempt: .int(lease.attempt), .expiresAt: .instant(lease.expiresAt),
        .failures: .int(failures), .fence: .int(lease.fence), .forced: .bool(!stale),
        .heartbeatAt: .instant(lease.heartbeatAt), .host: .string(lease.host), .instance: lease.instance.json,
        .why: why.json
      ])
    guard stale, failures >= task.maxAttempts else { return [expired] }
    return [expired, dead(failures, fence: lease.fence)]
  }
}
