/// What somebody wants to happen to one session and one of its tasks.
package enum Command: Hashable, Sendable {
  case add(NewTask)
  case edit(TaskEdit)
  case note(String)
  case claim(NewLease, named: Bool)
  /// Takes up a lease again under a new token: by its token, or, when nil, whatever holds it.
  case resume(NewLease, fence: Int?)
  /// Proves that the holder lives; leaves no event.
  case heartbeat(fence: Int)
  case checkpoint(CheckpointChange, fence: Int)
  case release(Release, fence: Int)
  /// Ends a lease that is stale or, with a reason, one that is live.
  case expire(forced: Bool, why: String?)
  case cancel(why: String)
  case retry(why: String?)
  case offer(Offer, fence: Int)
  case accept(NewLease, restate: String?)
  case decline(why: String)
  case expireOffer
  case resubmit(Submission?, owners: [String], message: String?)
  case approve(Verdict)
  case reject(Verdict)
  case comment(Verdict)
  /// Records what was observed of a command; under the fence of who holds the task, if the caller does.
  case check(CheckResult, fence: Int?)
  /// Records a decision, given the one about its key that is in force.
  case recordDecision(NewDecision, over: CurrentDecision?)
  case link(CommitLink)
  case rewrite(CommitRewrite)
  /// Says how an agent is shown, and its role.
  case describe(agent: String, display: String?, role: String?)

  /// The fence under which a holder's command is given; nil for a command that needs no lease, and for `resume`, which
  /// is given under a new one.
  package var holderFence: Int? {
    switch self {
    case .heartbeat(let fence), .checkpoint(_, let fence), .release(_, let fence), .offer(_, let fence): fence
    case .check(_, let fence): fence
    case .add, .edit, .note, .claim, .resume, .expire, .cancel, .retry, .accept, .decline, .expireOffer, .resubmit,
      .approve, .reject, .comment, .recordDecision, .link, .rewrite, .describe:
      nil
    }
  }
}

/// Who acts, from where and when: what decisions need of the world.
package struct Caller: Hashable, Sendable {
  package var actor: String
  /// Given for this command; wins over the task's.
  package var source: String?
  /// Where neither the command nor the task names a source.
  package var defaultSource: String
  package var host: String
  package var instance: String?
  package var commit: CommitPosition?
  /// The engine's time.
  package var now: Instant
  /// Random bits for the retry policy.
  package var jitter: UInt64

  package init(
    actor: String, source: String?, defaultSource: String, host: String, instance: String?, commit: CommitPosition?,
    now: Instant, jitter: UInt64
  ) {
    self.actor = actor
    self.source = source
    self.defaultSource = defaultSource
    self.host = host
    self.instance = instance
    self.commit = commit
    self.now = now
    self.jitter = jitter
  }
}

/// A task to be added.
package struct NewTask: Hashable, Sendable {
  package var id: String
  package var title: String
  package var body: String?
  package var project: String?
  package var kind = "task"
  package var priority = 5
  package var payload: String?
  package var assignee: String?
  package var after: [String] = []
  package var key: String?
  package var maxAttempts = 4
  package var notBefore: Instant?
  package var ttlSeconds: Int?
  package var reviewers: [String] = []
  package var requireReview = false
  package var requiredChecks: [String] = []

  package init(id: String, title: String) {
    self.id = id
    self.title = title
  }
}

/// A change of a task: what is nil stays; an inner nil clears.
package struct TaskEdit: Hashable, Sendable {
  package var title: String?
  package var body: String??
  package var project: String??
  package var kind: String?
  package var priority: Int?
  package var payload: String??
  package var assignee: String??
  package var after: [String]?
  package var maxAttempts: Int?
  package var notBefore: Instant??
  package var ttlSeconds: Int??
  package var reviewers: [String]?
  package var requireReview: Bool?
  package var requiredChecks: [String]?

  package init() {}
}

/// The terms of a lease to be granted.
package struct NewLease: Hashable, Sendable {
  package var tokenHash: TokenHash
  /// Nil keeps the lease's, or takes the task's own, or the default.
  package var ttlSeconds: Int?

  /// 30 minutes: agents forget heartbeats, and one model call can take twenty.
  package static let defaultTTLSeconds = 1800

  package init(tokenHash: TokenHash, ttlSeconds: Int?) {
    self.tokenHash = tokenHash
    self.ttlSeconds = ttlSeconds
  }
}

/// How a holder gives the lease back.
package struct Release: Hashable, Sendable {
  package var outcome: Outcome
  package var message: String?
  package var errorCode: String?
  /// JSON as the user gave it.
  package var result: String?
  /// Instead of the retry policy's wait, in seconds; for `failed` only.
  package var retryInSeconds: Int?
  /// More reviewers; for `review` only.
  package var reviewers: [String] = []
  /// The commit that is submitted or done, as resolved by the caller.
  package var submission: Submission?
  /// Those of whom one is to approve last; for `review` only.
  package var owners: [String] = []

  package init(_ outcome: Outcome, message: String? = nil) {
    self.outcome = outcome
    self.message = message
  }
}
