import OrchCore
import OrchStore

extension Row {
  /// Reads `SELECT task.*, session.id`. The content is read apart: see `hasContent`.
  ///
  /// - Parameter log: the database's own.
  func taskEntry(class taskClass: ClaimFilterKey, logID: String, content: TaskContent?) throws(SQLiteFailure)
    -> TaskEntry
  {
    guard let state = withText(3, { TaskState(utf8: $0) }) else {
      throw .corrupt("a task in the unknown state \(text(3))")
    }
    var new = NewTask(id: text(1), title: text(29))
    new.project = taskClass.project
    new.kind = taskClass.kind
    new.priority = count(6)
    new.assignee = taskClass.assignee
    new.after = try TextList.list(optionalText(36))
    new.key = optionalText(30)
    new.maxAttempts = count(31)
    new.notBefore = optionalInstant(8)
    new.ttlSeconds = optionalCount(32)
    new.reviewers = taskClass.reviewers
    new.requireReview = bool(37)
    new.requiredChecks = try TextList.list(optionalText(38))
    var task = Task(
      new, session: text(40), createdAt: instant(33), createdBy: optionalText(34), source: optionalText(35))
    task.logID = withText(39) { $0.isEmpty } ? logID : text(39)
    task.state = state
    task.readyAt = instant(7)
    task.openBlockers = count(9)
    task.attempt = count(12)
    task.failures = count(13)
    task.updatedAt = instant(15)
    task.lastAuthor = optionalText(16)
    task.holders = try TextList.list(optionalText(17))
    guard let review = Review(stored: optionalText(18)), let checks = PassedCheck.list(stored: optionalText(19)) else {
      throw .corrupt("the review of the task \(new.id) does not read")
    }
    task.review = review
    task.passedChecks = checks
    if bool(20) { task.lastError = TaskError(code: optionalText(21), message: optionalText(22)) }
    if !isNull(27) {
      task.offer = Offer(
        from: text(23), to: text(24), why: optionalText(25), next: optionalText(26), expiresAt: instant(27))
    }
    if let content { task.content = content }
    task.ordinal = count(0)
    return TaskEntry(ordinal: int(0), session: int(2), bucket: int(5), lastEvent: int(14), task: task)
  }

  /// The bucket of `SELECT task.*`.
  var taskBucket: Int64 { int(5) }

  /// Whether `SELECT task.*` has a row in `task_content`.
  var hasContent: Bool { bool(28) }
}

extension TaskState {
  /// The state that UTF-8 bytes name.
  init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
    // The first letter tells all but two apart.
    let state: TaskState
    switch bytes.first {
    case UInt8(ascii: "q"): state = .queued
    case UInt8(ascii: "r"): state = bytes.count == 7 ? .running : .review
    case UInt8(ascii: "o"): state = .offered
    case UInt8(ascii: "d"): state = bytes.last == UInt8(ascii: "e") ? .done : .dead
    case UInt8(ascii: "c"): state = .cancelled
    default: return nil
    }
    guard state.rawValue.utf8.elementsEqual(bytes) else { return nil }
    self = state
  }
}

extension Statement {
  /// Binds to `?1` the ordinal, to `?2` to `?13` what changes while a task is worked on.
  func bindProgress(_ entry: TaskEntry) {
    let task = entry.task
    bind(1, entry.ordinal)
    bind(2, task.state.rawValue)
    bind(3, task.attempt)
    bind(4, task.failures)
    bind(5, entry.lastEvent)
    bind(6, task.updatedAt.milliseconds)
    bind(7, task.lastAuthor)
    bind(8, TextList.text(task.holders))
    bind(9, task.review.stored)
    bind(10, PassedCheck.stored(task.passedChecks))
    bind(11, task.lastError != nil)
    bind(12, task.lastError?.code)
    bind(13, task.lastError?.message)
  }

  /// Binds everything but the id and the session to `?1` to `?37`.
  func bindAll(_ entry: TaskEntry, place: Int64) {
    let task = entry.task
    bindProgress(entry)
    bind(14, place)
    bind(15, entry.bucket)
    bind(16, task.priority)
    bind(17, task.readyAt.milliseconds)
    bind(18, task.notBefore?.milliseconds)
    bind(19, task.openBlockers)
    bind(20, task.state.isOpen ? task.key : nil)
    bind(21, task.state.isParked ? task.state.rawValue : nil)
    bind(22, task.offer?.from)
    bind(23, task.offer?.to)
    bind(24, task.offer?.why)
    bind(25, task.offer?.next)
    bind(26, task.offer?.expiresAt.milliseconds)
    bind(27, task.content.isPresent)
    bind(28, task.title)
    bind(29, task.key)
    bind(30, task.maxAttempts)
    bind(31, task.ttlSeconds)
    bind(32, task.createdAt.milliseconds)
    bind(33, task.createdBy)
    bind(34, task.source)
    bind(35, TextList.text(task.after))
    bind(36, task.requireReview)
    bind(37, TextList.text(task.requiredChecks))
  }
}

extension TaskContent {
  var isPresent: Bool { body != nil || payload != nil || result != nil }
}
