/// One piece of work.
package struct Task: Hashable, Sendable {
  package var id: String
  package var session: String
  /// The log of its session; ids are unique in one log.
  package var logID = ""
  /// How it is called where its id alone is another's; nil where the id does. Of who shows it, not of the task.
  package var alias: String?
  package var project: String?
  package var title: String
  package var content: TaskContent
  package var kind: String
  /// 0 (first) to 9.
  package var priority: Int
  package var state: TaskState
  package var assignee: String?
  /// While a task with this key is open, adding again returns it.
  package var key: String?
  /// The tasks that must be done before this one is claimable.
  package var after: [String]
  package var reviewers: [String]
  package var requireReview: Bool
  package var requiredChecks: [String]
  /// Claims so far; the number of the running or last attempt.
  package var attempt: Int
  /// Failed attempts since the task was added or retried.
  package var failures: Int
  /// At this many failures the task is dead; at least 1.
  package var maxAttempts: Int
  /// The lease's time to live for this task, in seconds; nil for the claimer's default.
  package var ttlSeconds: Int?
  /// The task's place among those of its priority.
  package var readyAt: Instant
  /// Not claimable before; nil when it is ready by any clock.
  package var notBefore: Instant?
  package var createdAt: Instant
  package var createdBy: String?
  package var updatedAt: Instant
  package var source: String?
  package var lastError: TaskError?
  /// The agents that held an attempt, in the order of their first: none of them may approve.
  package var holders: [String]
  /// Who held the last attempt.
  package var lastAuthor: String?
  package var review: Review
  /// The checks that passed with nothing uncommitted since the last attempt began.
  package var passedChecks: [PassedCheck]
  package var offer: Offer?
  /// Tasks in `after` that are not done. Counted by the engine, never by a decision.
  package var openBlockers: Int
  /// The order of insertion in this database: grows, above 0, with gaps where the engine leaves them.
  package var ordinal: Int

  /// A task as it is when it is added.
  package init(_ new: NewTask, session: String, createdAt: Instant, createdBy: String?, source: String?) {
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
  package func visibleState(at now: Instant) -> VisibleState {
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
  package var shownID: String { alias ?? id }
  /// Its session's name, with its log where it is shown with its own.
  package var shownSession: String { session + (alias.map { String($0.dropFirst(id.count)) } ?? "") }

  /// The reviewers who may approve: those who held none of its attempts.
  package var eligibleReviewers: [String] { reviewers.filter { !holders.contains($0) } }

  /// Who has to approve the present submission still: the reviewers, and after them one of the owners.
  package var awaitedReviewers: [String] {
    let approvers = review.approvers
    let owners = review.owners.filter { !holders.contains($0) }
    let others = eligibleReviewers.filter { !owners.contains($0) && !approvers.contains($0) }
    guard others.isEmpty else { return others }
    return owners.contains(where: approvers.contains) ? [] : owners
  }

  /// The required checks that have not passed on a tree.
  package func missingChecks(on tree: String?) -> [String] {
    requiredChecks.filter { !passedChecks.contains(PassedCheck(name: $0, tree: tree)) }
  }
}

/// The parts of a task that may be long and hardly ever change.
package struct TaskContent: Hashable, Sendable {
  package var body: String?
  /// JSON as the user gave it, without white space between tokens.
  package var payload: String?
  /// JSON as the last holder gave it.
  package var result: String?

  package init(body: String?, payload: String?, result: String?) {
    self.body = body
    self.payload = payload
    self.result = result
  }
}

/// Why the last attempt failed.
package struct TaskError: Hashable, Sendable {
  package var code: String?
  package var message: String?

  package init(code: String?, message: String?) {
    self.code = code
    self.message = message
  }
}

/// A running task offered to another agent.
package struct Offer: Hashable, Sendable {
  package var from: String
  package var to: String
  package var why: String?
  package var next: String?
  package var expiresAt: Instant

  package init(from: String, to: String, why: String?, next: String?, expiresAt: Instant) {
    self.from = from
    self.to = to
    self.why = why
    self.next = next
    self.expiresAt = expiresAt
  }
}
