/// One piece of work.
public struct Task: Hashable, Sendable {
  public var id: String
  public var session: String
  /// The log of its session; ids are unique in one log.
  public var log = ""
  /// How it is called where its id alone is another's; nil where the id does. Of who shows it, not of the task.
  public var alias: String?
  public var project: String?
  public var title: String
  public var content: TaskContent
  public var kind: String
  /// 0 (first) to 9.
  public var priority: Int
  public var state: TaskState
  public var assignee: String?
  /// While a task with this key is open, adding again returns it.
  public var key: String?
  /// The tasks that must be done before this one is claimable.
  public var after: [String]
  public var reviewers: [String]
  public var requireReview: Bool
  public var requiredChecks: [String]
  /// Claims so far; the number of the running or last attempt.
  public var attempt: Int
  /// Failed attempts since the task was added or retried.
  public var failures: Int
  /// At this many failures the task is dead; at least 1.
  public var maxAttempts: Int
  /// The lease's time to live for this task, in seconds; nil for the claimer's default.
  public var ttlSeconds: Int?
  /// The task's place among those of its priority.
  public var readyAt: Instant
  /// Not claimable before; nil when it is ready by any clock.
  public var notBefore: Instant?
  public var createdAt: Instant
  public var createdBy: String?
  public var updatedAt: Instant
  public var source: String?
  public var lastError: TaskError?
  /// The agents that held an attempt, in the order of their first: none of them may approve.
  public var holders: [String]
  /// Who held the last attempt.
  public var lastAuthor: String?
  public var review: Review
  /// The checks that passed with nothing uncommitted since the last attempt began.
  public var passedChecks: [PassedCheck]
  public var offer: Offer?
  /// Tasks in `after` that are not done. Counted by the engine, never by a decision.
  public var openBlockers: Int
  /// The order of insertion in this database: grows, above 0, with gaps where the engine leaves them.
  public var ordinal: Int

  /// A task as it is when it is added.
  public init(_ new: NewTask, session: String, createdAt: Instant, createdBy: String?, source: String?) {
    id = new.id
    self.session = session
    project = new.project
    title = new.title
    content = TaskContent(body: new.body, payload: new.payload, result: nil)
    kind = new.kind
    priority = new.priority
    state = .queued
    assignee = new.assignee
    key = new.key
    after = new.after
    reviewers = new.reviewers
    requireReview = new.requireReview
    requiredChecks = new.requiredChecks
    attempt = 0
    failures = 0
    maxAttempts = new.maxAttempts
    ttlSeconds = new.ttlSeconds
    readyAt = new.notBefore ?? createdAt
    notBefore = new.notBefore
    self.createdAt = createdAt
    self.createdBy = createdBy
    updatedAt = createdAt
    self.source = source
    lastError = nil
    holders = []
    lastAuthor = nil
    review = Review()
    passedChecks = []
    offer = nil
    openBlockers = 0
    ordinal = 0
  }

  /// The state as it is shown at `now`.
  public func visibleState(at now: Instant) -> VisibleState {
    switch state {
    case .queued:
      if openBlockers > 0 { return .blocked }
      if let notBefore, notBefore > now { return .scheduled }
      return .queued
    case .running: return .running
    case .review: return .review
    case .offered: return .offered
    case .done: return .done
    case .dead: return .dead
    case .cancelled: return .cancelled
    }
  }

  /// Its name, with its log where another one has the name.
  public var shownID: String { alias ?? id }
  /// Its session's name, with its log where it is shown with its own.
  public var shownSession: String { session + (alias.map { String($0.dropFirst(id.count)) } ?? "") }

  /// The reviewers who may approve: those who held none of its attempts.
  public var eligibleReviewers: [String] { reviewers.filter { !holders.contains($0) } }

  /// Who has to approve the present submission still: the reviewers, and after them one of the owners.
  public var awaitedReviewers: [String] {
    let approvers = review.approvers
    let owners = review.owners.filter { !holders.contains($0) }
    let others = eligibleReviewers.filter { !owners.contains($0) && !approvers.contains($0) }
    guard others.isEmpty else { return others }
    return owners.contains(where: approvers.contains) ? [] : owners
  }

  /// The required checks that have not passed on a tree.
  public func missingChecks(on tree: String?) -> [String] {
    requiredChecks.filter { !passedChecks.contains(PassedCheck(name: $0, tree: tree)) }
  }
}

/// The parts of a task that may be long and hardly ever change.
public struct TaskContent: Hashable, Sendable {
  public var body: String?
  /// JSON as the user gave it, without white space between tokens.
  public var payload: String?
  /// JSON as the last holder gave it.
  public var result: String?

  public init(body: String?, payload: String?, result: String?) {
    self.body = body
    self.payload = payload
    self.result = result
  }
}

/// Why the last attempt failed.
public struct TaskError: Hashable, Sendable {
  public var code: String?
  public var message: String?

  public init(code: String?, message: String?) {
    self.code = code
    self.message = message
  }
}

/// A running task offered to another agent.
public struct Offer: Hashable, Sendable {
  public var from: String
  public var to: String
  public var why: String?
  public var next: String?
  public var expiresAt: Instant

  public init(from: String, to: String, why: String?, next: String?, expiresAt: Instant) {
    self.from = from
    self.to = to
    self.why = why
    self.next = next
    self.expiresAt = expiresAt
  }
}
