import OrchCore
import OrchStore

/// A session's row: the session, and what the engine keeps beside it.
struct SessionEntry {
  var number: Int
  var session: Session
  /// The position of its last event.
  var lastEvent: Int?
  var tally: StateCounts
  var revision = 0
}

/// A task's row: the task, and what the engine keeps beside it.
struct TaskEntry {
  /// The position of its first event.
  var ordinal: Int
  /// Its session's number.
  var session: Int
  var task: Task
  /// Whether any task waits for this one.
  var hasDependents: Bool
}

extension SessionEntry {
  /// The columns that `init` reads, of the table named `s`.
  static let columns = """
    s.number, s.id, s.log, s.seq, s.head, s.at, s.last_event, s.fence, s.lease_task, s.lease_attempt, s.lease_agent,
    s.lease_instance, s.lease_host, s.lease_fence, s.lease_token, s.lease_acquired_at, s.lease_heartbeat_at,
    s.lease_expires_at, s.lease_ttl, s.lease_noticed_seq, s.offer_task, s.offer_to, s.offer_expires_at, s.recovered,
    s.checkpoint_seq, s.note_seq, s.queued, s.running, s.review, s.offered, s.done, s.dead, s.cancelled, s.revision
    """
  static let columnCount = 34

  init(_ row: Row, from first: Int = 0) throws(PostgresFailure) {
    func at(_ column: Int) -> Int { first + column }
    var session = Session(id: row.text(at(1)), logID: row.text(at(2)))
    session.seq = row.int(at(3))
    session.head = row.isNull(at(4)) ? nil : try row.digest(at(4))
    session.at = row.instant(at(5))
    session.fence = row.int(at(7))
    if !row.isNull(at(17)) {
      session.lease = Lease(
        task: row.text(at(8)), attempt: row.int(at(9)), agent: row.text(at(10)), instance: row.optionalText(at(11)),
        host: row.text(at(12)), fence: row.int(at(13)), tokenHash: try row.digest(at(14)),
        acquiredAt: row.instant(at(15)), heartbeatAt: row.instant(at(16)), expiresAt: row.instant(at(17)),
        ttlSeconds: row.int(at(18)), noticedSeq: row.int(at(19)))
    }
    if !row.isNull(at(22)) {
      session.offer = Session.Reservation(
        task: row.text(at(20)), to: row.text(at(21)), expiresAt: row.instant(at(22)))
    }
    session.recovered = row.optionalText(at(23))
    session.checkpointSeq = row.optionalInt(at(24))
    session.noteSeq = row.optionalInt(at(25))
    func count(_ column: Int) -> Int64 { Int64(row.int(at(column))) }
    self.init(
      number: row.int(first), session: session, lastEvent: row.optionalInt(at(6)),
      tally: StateCounts(
        queued: count(26), running: count(27), review: count(28), offered: count(29), done: count(30),
        dead: count(31), cancelled: count(32)),
      revision: row.int(at(33)))
  }

  /// The names of what `values` gives, in its order.
  static let stored = [
    "seq", "head", "at", "last_event", "fence", "lease_task", "lease_attempt", "lease_agent", "lease_instance",
    "lease_host", "lease_fence", "lease_token", "lease_acquired_at", "lease_heartbeat_at", "lease_expires_at",
    "lease_ttl", "lease_noticed_seq", "offer_task", "offer_to", "offer_expires_at", "recovered", "checkpoint_seq",
    "note_seq", "queued", "running", "review", "offered", "done", "dead", "cancelled"
  ]

  var values: [String?] {
    let lease = session.lease
    let values: [(any QueryValue)?] = [
      session.seq, session.head, session.at, lastEvent, session.fence, lease?.task, lease?.attempt, lease?.agent,
      lease?.instance, lease?.host, lease?.fence, lease?.tokenHash, lease?.acquiredAt, lease?.heartbeatAt,
      lease?.expiresAt, lease?.ttlSeconds, lease?.noticedSeq, session.offer?.task, session.offer?.to,
      session.offer?.expiresAt, session.recovered, session.checkpointSeq, session.noteSeq, tally.queued,
      tally.running, tally.review, tally.offered, tally.done, tally.dead, tally.cancelled
    ]
    return values.map { $0?.queryText }
  }
}

extension TaskEntry {
  /// The columns that `init` reads, of the table named `t`.
  static let columns = columns(
    sessionID: "(SELECT s.id FROM orch.session s WHERE s.number = t.session)",
    sessionLog: "(SELECT s.log FROM orch.session s WHERE s.number = t.session)")
  /// The same, where the task's session is the row `s`.
  static let columnsBesideSession = columns(sessionID: "s.id", sessionLog: "s.log")

  private static func columns(sessionID: String, sessionLog: String) -> String {
    """
    t.ordinal, t.id, t.session, t.state, t.priority, t.ready_at, t.not_before, t.open_blockers, t.attempt, t.failures,
    t.updated_at, t.last_author, t.holders, t.approvals, t.passed_checks, t.has_error, t.error_code, t.error_message,
    t.offer_from, t.offer_to, t.offer_why, t.offer_next, t.offer_expires_at, t.kind, t.project, t.assignee, t.reviewers,
    t.title, t.key, t.max_attempts, t.ttl, t.created_at, t.created_by, t.source, t.after_tasks, t.require_review,
    t.required_checks, t.body, t.payload, t.result,
    \(sessionID), EXISTS (SELECT 1 FROM orch.dependency d WHERE d.after_task = t.id), \(sessionLog)
    """
  }
  static let columnCount = 43

  init(_ row: Row, from first: Int = 0) throws(PostgresFailure) {
    func text(_ column: Int) -> String? { row.optionalText(first + column) }
    func int(_ column: Int) -> Int { row.int(first + column) }
    guard let state = TaskState(rawValue: row.text(first + 3)) else {
      throw .corrupt("a task in the unknown state \(row.text(first + 3))")
    }
    var new = NewTask(id: row.text(first + 1), title: row.text(first + 27))
    new.project = text(24)
    new.kind = row.text(first + 23)
    new.priority = int(4)
    new.assignee = text(25)
    new.after = try row.list(first + 34)
    new.key = text(28)
    new.maxAttempts = int(29)
    new.notBefore = row.optionalInstant(first + 6)
    new.ttlSeconds = row.optionalInt(first + 30)
    new.reviewers = try row.list(first + 26)
    new.requireReview = row.bool(first + 35)
    new.requiredChecks = try row.list(first + 36)
    guard let session = text(40) else { throw .corrupt("the session of the task \(new.id) is missing") }
    var task = Task(new, session: session, createdAt: row.instant(first + 31), createdBy: text(32), source: text(33))
    task.logID = text(42) ?? ""
    task.state = state
    task.readyAt = row.instant(first + 5)
    task.openBlockers = int(7)
    task.attempt = int(8)
    task.failures = int(9)
    task.updatedAt = row.instant(first + 10)
    task.lastAuthor = text(11)
    task.holders = try row.list(first + 12)
    guard let review = Review(stored: text(13)), let checks = PassedCheck.list(stored: text(14)) else {
      throw .corrupt("the review of the task \(new.id) does not read")
    }
    task.review = review
    task.passedChecks = checks
    if row.bool(first + 15) { task.lastError = TaskError(code: text(16), message: text(17)) }
    if !row.isNull(first + 22) {
      task.offer = Offer(
        from: row.text(first + 18), to: row.text(first + 19), why: text(20), next: text(21),
        expiresAt: row.instant(first + 22))
    }
    task.content = TaskContent(body: text(37), payload: text(38), result: text(39))
    task.ordinal = int(0)
    self.init(ordinal: int(0), session: int(2), task: task, hasDependents: row.bool(first + 41))
  }

  /// What changes while a task is worked on: the first of `stored`.
  static let progress = [
    "state", "attempt", "failures", "updated_at", "last_author", "holders", "approvals", "passed_checks", "has_error",
    "error_code", "error_message"
  ]

  /// The names of what `values` gives, in its order.
  static let stored =
    progress + [
      "class", "lane", "priority", "ready_at", "not_before", "open_key", "offer_from", "offer_to", "offer_why",
      "offer_next", "offer_expires_at", "kind", "project", "assignee", "reviewers", "title", "key", "max_attempts",
      "ttl",
      "created_at", "created_by", "source", "after_tasks", "require_review", "required_checks", "body", "payload",
      "result"
    ]

  var progressValues: [String?] {
    let values: [(any QueryValue)?] = [
      task.state.rawValue, task.attempt, task.failures, task.updatedAt, task.lastAuthor, listText(task.holders),
      task.review.stored, PassedCheck.stored(task.passedChecks), task.lastError != nil, task.lastError?.code,
      task.lastError?.message
    ]
    return values.map { $0?.queryText }
  }

  var values: [String?] {
    let values: [(any QueryValue)?] = [
      ClaimFilterKey(task).label, ReadyQueue.partition(task), task.priority, task.readyAt, task.notBefore,
      task.state.isOpen ? task.key : nil, task.offer?.from, task.offer?.to, task.offer?.why, task.offer?.next,
      task.offer?.expiresAt, task.kind, task.project, task.assignee, listText(task.reviewers), task.title, task.key,
      task.maxAttempts, task.ttlSeconds, task.createdAt, task.createdBy, task.source, listText(task.after),
      task.requireReview, listText(task.requiredChecks), task.content.body, task.content.payload, task.content.result
    ]
    return progressValues + values.map { $0?.queryText }
  }
}
