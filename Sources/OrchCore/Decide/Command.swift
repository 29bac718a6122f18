/// What somebody wants to happen to one session and one of its tasks.
public enum Command: Hashable, Sendable {
  case add(NewTask)
  case edit(TaskEdit)
  case note(String)
  case claim(NewLease, named: Bool)
  /// Takes up a lease again under a new token: by its token, or, when nil, whatever holds it.
  case resume(NewLease, fence: Int?)
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
  /// Settles a value, beside the decision about it that is in force.
  case settle(NewDecision, over: StandingDecision?)
  case link(CommitLink)
  case rewrite(CommitRewrite)
}

/// Who acts, from where and when: what decisions need of the world.
public struct Caller: Hashable, Sendable {
  public var actor: String
  /// Given for this command; wins over the task's.
  public var source: String?
  /// Where neither the command nor the task names a source.
  public var defaultSource: String
  public var host: String
  public var instance: String?
  public var commit: CommitPosition?
  /// The engine's time.
  public var now: Instant
  /// Random bits for the retry policy.
  public var jitter: UInt64

  public init(
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
public struct NewTask: Hashable, Sendable {
  public var id: String
  public var title: String
  public var body: String?
  public var project: String?
  public var kind = "task"
  public var priority = 5
  public var payload: String?
  public var assignee: String?
  public var after: [String] = []
  public var key: String?
  public var maxAttempts = 4
  public var notBefore: Instant?
  public var ttlSeconds: Int?
  public var reviewers: [String] = []
  public var requireReview = false
  public var requiredChecks: [String] = []

  public init(id: String, title: String) {
    self.id = id
    self.title = title
  }
}

/// A change of a task: what is nil stays; an inner nil clears.
public struct TaskEdit: Hashable, Sendable {
  public var title: String?
  public var body: String??
  public var project: String??
  public var kind: String?
  public var priority: Int?
  public var payload: String??
  public var assignee: String??
  public var after: [String]?
  public var maxAttempts: Int?
  public var notBefore: Instant??
  public var ttlSeconds: Int??
  public var reviewers: [String]?
  public var requireReview: Bool?
  public var requiredChecks: [String]?

  public init() {}
}

/// The terms of a lease to be granted.
public struct NewLease: Hashable, Sendable {
  public var tokenHash: TokenHash
  /// Nil keeps the lease's, or takes the task's own, or the default.
  public var ttlSeconds: Int?

  /// 30 minutes: agents forget heartbeats, and one model call can take twenty.
  public static let defaultTTLSeconds = 1800

  public init(tokenHash: TokenHash, ttlSeconds: Int?) {
    self.tokenHash = tokenHash
    self.ttlSeconds = ttlSeconds
  }
}

/// How a holder gives the lease back.
public struct Release: Hashable, Sendable {
  public var outcome: Outcome
  public var message: String?
  public var errorCode: String?
  /// JSON as the user gave it.
  public var result: String?
  /// Instead of the retry policy's wait, in seconds; for `failed` only.
  public var retryInSeconds: Int?
  /// More reviewers; for `review` only.
  public var reviewers: [String] = []
  /// The commit that is submitted or done, as resolved by the caller.
  public var submission: Submission?
  /// Those of whom one is to approve last; for `review` only.
  public var owners: [String] = []

  public init(_ outcome: Outcome, message: String? = nil) {
    self.outcome = outcome
    self.message = message
  }
}
