package import OrchApp
package import OrchCore
import OrchStore
import OrchSystem

/// Giving back a lease: what each outcome takes, so that it cannot be asked for what it does not take.
package struct ReleaseRequest: Sendable {
  package enum Outcome: Sendable {
    case done
    /// - Parameter retryInSeconds: how long to wait before the next attempt; nil: as the retry policy has it.
    case failed(errorCode: String?, retryInSeconds: Int?)
    case requeue
    /// - Parameters:
    ///   - reviewers: more of them.
    ///   - allowsDirty: submit although files are not committed.
    case review(reviewers: [String], allowsDirty: Bool)
  }

  package var holder: HolderRequest
  package var outcome: Outcome
  package var message: String?
  /// JSON.
  package var result: String?
  /// The commit that holds the work; nil is the head.
  package var revision: String?

  package init(_ outcome: Outcome, holder: HolderRequest) {
    self.outcome = outcome
    self.holder = holder
  }

  var release: Release {
    var release: Release
    switch outcome {
    case .done: release = Release(.done)
    case .failed(let errorCode, let retryInSeconds):
      release = Release(.failed)
      release.errorCode = errorCode
      release.retryInSeconds = retryInSeconds
    case .requeue: release = Release(.requeue)
    case .review(let reviewers, _):
      release = Release(.review)
      release.reviewers = reviewers
    }
    release.message = message
    release.result = result
    return release
  }

  /// What is submitted with it; nil: nothing.
  var submission: SubmissionRequest? {
    switch outcome {
    case .done: SubmissionRequest(revision: revision)
    case .review(_, let allowsDirty): SubmissionRequest(revision: revision, allowsDirty: allowsDirty)
    case .failed, .requeue: revision.map { SubmissionRequest(revision: $0) }
    }
  }

  var isReview: Bool { if case .review = outcome { true } else { false } }
}

extension Runtime {
  /// Which lease a holder's request is about.
  package func holder(task: String?, session: String?, token: String?) throws -> HolderRequest {
    HolderRequest(
      token: try settings.token(given: token), task: task,
      session: try session.map { try Validated.identifier($0, settings.names("session")) })
  }

  /// - Parameter wait: how long to wait until there is work; nil: not at all; `.some(nil)`: for ever.
  package func claim(_ request: ClaimRequest, wait: Duration?? = nil) throws -> Claim {
    var request = request
    request.ttlSeconds = try request.ttlSeconds ?? settings.claimTTLSeconds()
    let app = try app(.write, git: .writing)
    guard let wait else { return try app.claim(request) }
    return try app.claimWaiting(request, atMost: wait)
  }

  package func heartbeat(_ holder: HolderRequest, ttlSeconds: Int?) throws -> LeaseRenewal {
    try app(.write, holder: true).heartbeat(holder, ttlSeconds: ttlSeconds)
  }

  package func checkpoint(
    _ holder: HolderRequest, _ change: CheckpointChange, ttlSeconds: Int?
  ) throws -> Saved {
    try app(.write, holder: true, git: .position).checkpoint(holder, change, ttlSeconds: ttlSeconds)
  }

  package func release(_ request: ReleaseRequest) throws -> Transition {
    let app = try app(.write, holder: true, git: .position)
    var release = request.release
    if let submission = request.submission {
      release.submission = try app.submission(submission, of: release.outcome)
    }
    // Bound to the submission: what the reviewers' clones are set to must not decide it. Of git's configuration a release
    // reads nothing else.
    let needsOwner =
      try request.isReview
      && SettingsResolver.flag(repository.setting("ownerApproval"), "ownerApproval")
    return try app.release(request.holder, release, needsOwner: needsOwner)
  }

  package func resume(_ request: ResumeRequest) throws -> Claim {
    try app(.write, holder: true, git: .writing).resume(request)
  }

  package func brief() throws -> Brief { try app(.read, git: .reading).brief() }

  package func recover(_ request: RecoverRequest, report: (Recovery) throws -> Void) throws {
    try app(request.dryRun ? .read : .write, git: [.configuration, .position]).recover(request, report: report)
  }

  /// Recovers again and again until `report` or `goOn` ends it.
  ///
  /// After a gap in which the machine was suspended every lease looks stale although its holder was suspended, too: then
  /// one time to live passes before anything is recovered.
  ///
  /// - Parameter goOn: called after each round; false ends the loop.
  package func watchRecovering(
    _ request: RecoverRequest, _ polling: Polling, goOn: () throws -> Bool, report: (Recovery) throws -> Void
  ) throws {
    var app = try app(request.dryRun ? .read : .write, git: [.configuration, .position])
    var suspended = Clock.suspendedSeconds()
    var holdUntil: ContinuousClock.Instant?
    while true {
      let now = Clock.suspendedSeconds()
      if now - suspended > 5 {
        let ttl = try app.store.read { try $0.heldSessions(limit: 1000).compactMap(\.lease?.ttlSeconds).max() }
        holdUntil = .now + .seconds(ttl ?? NewLease.defaultTTLSeconds)
        messages.warn(.warningSlept)
      }
      suspended = now
      if holdUntil.map({ $0 <= .now }) ?? true {
        holdUntil = nil
        try app.recover(request, report: report)
      }
      guard try goOn() else { return }
      polling.wait()
      app = renewed(app)
    }
  }
}
