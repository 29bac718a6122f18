internal import OrchCore
internal import OrchStore

/// What the engine keeps of a task beside the task.
struct TaskRow {
  var ordinal: Int64
  var session: Int64
  var taskClass: Int64
  /// The position of its last event.
  var lastEvent: Int64
  var placing: Placing
}

/// Where a task stands among those that may be claimed.
struct Placing: Hashable {
  /// Twice the class, plus one if the task has a time before which it is not ready.
  var bucket: Int64
  /// 0: not claimable for its state, 1: a candidate, 2: behind a candidate or in a session that is not free.
  var place: Int64
  var priority: Int
  var readyAt: Int64

  func isBefore(_ other: Placing, _ ordinal: Int64, _ otherOrdinal: Int64) -> Bool {
    (priority, readyAt, ordinal) < (other.priority, other.readyAt, otherOrdinal)
  }
}

extension SQLiteTransaction {
  func task(_ id: String) throws -> Task? {
    let statement = try statement("SELECT * FROM task WHERE id = ?1")
    statement.bind(1, id)
    return try first(statement)
  }

  func task(ordinal: Int64) throws -> Task? {
    let statement = try statement("SELECT * FROM task WHERE ordinal = ?1")
    statement.bind(1, ordinal)
    return try first(statement)
  }

  func openTask(key: String) throws -> Task? {
    let statement = try statement("SELECT * FROM task WHERE open_key = ?1")
    statement.bind(1, key)
    return try first(statement)
  }

  func dependents(of task: String) throws -> [Task] {
    let statement = try statement(
      """
      SELECT task.* FROM dependency JOIN task ON task.ordinal = dependency.task WHERE dependency.after = ?1
      ORDER BY task.ordinal
      """)
    statement.bind(1, task)
    return try all(statement)
  }

  func taskIDs(prefix: String, limit: Int) throws -> [String] {
    let statement = try statement("SELECT id FROM task WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3")
    statement.bind(1, prefix)
    statement.bind(2, prefix + "\u{10FFFF}")
    statement.bind(3, limit)
    var ids: [String] = []
    try statement.query { row in ids.append(row.text(0)) }
    return ids
  }

  private func first(_ statement: Statement) throws -> Task? {
    var found: Task?
    var hasContent = false
    try statement.scan { row throws(SQLiteFailure) in
      (found, hasContent) = try read(row)
      return false
    }
    guard var task = found else { return nil }
    if hasContent { task.content = try content(task.ordinal) }
    return task
  }

  func all(_ statement: Statement) throws -> [Task] {
    var found: [(Task, Bool)] = []
    try statement.query { row throws(SQLiteFailure) in found.append(try read(row)) }
    return try found.map { task, hasContent in
      guard hasContent else { return task }
      var task = task
      task.content = try content(task.ordinal)
      return task
    }
  }

  private func content(_ ordinal: Int) throws -> TaskContent {
    let statement = try statement("SELECT body, payload, result FROM task_content WHERE task = ?1")
    statement.bind(1, ordinal)
    let content = try statement.first { row in
      TaskContent(body: row.optionalText(0), payload: row.optionalText(1), result: row.optionalText(2))
    }
    guard let content else { throw StoreError.corrupt("the texts of task number \(ordinal) are missing") }
    return content
  }

  private func taskClass(_ number: Int64) throws(SQLiteFailure) -> TaskClass {
    if let known = store.classes.all[number] { return known }
    try store.classes.refresh(connection)
    guard let known = store.classes.all[number] else {
      throw SQLiteFailure(.corrupt, "a task is of a class that is not there")
    }
    return known
  }

  /// Reads a row of `task`, without its long texts.
  private func read(_ row: borrowing Row) throws(SQLiteFailure) -> (Task, hasContent: Bool) {
    let taskClass = try taskClass(row.int(9))
    var new = NewTask(id: row.text(1), title: row.text(4))
    new.project = taskClass.project
    new.kind = taskClass.kind
    new.assignee = taskClass.assignee
    new.reviewers = taskClass.reviewers
    new.priority = Int(row.int(6))
    new.key = row.optionalText(10)
    new.after = Self.list(row.optionalText(12))
    new.requireReview = row.bool(13)
    new.requiredChecks = Self.list(row.optionalText(14))
    new.maxAttempts = Int(row.int(17))
    new.ttlSeconds = row.optionalInt(18).map { Int($0) }
    new.notBefore = Self.instant(row.optionalInt(8))
    guard let state = TaskState(rawValue: row.text(5)) else {
      throw SQLiteFailure(.corrupt, "\(new.id) is in a state that does not exist")
    }
    var task = Task(
      new, session: row.text(3), createdAt: Instant(milliseconds: row.int(19)), createdBy: row.optionalText(20),
      source: row.optionalText(22))
    task.state = state
    task.readyAt = Instant(milliseconds: row.int(7))
    task.attempt = Int(row.int(15))
    task.failures = Int(row.int(16))
    task.updatedAt = Instant(milliseconds: row.int(21))
    if row.bool(23) { task.lastError = TaskError(code: row.optionalText(24), message: row.optionalText(25)) }
    task.holders = Self.list(row.optionalText(26))
    task.lastAuthor = row.optionalText(27)
    task.approvals = Self.list(row.optionalText(28))
    task.passedChecks = Self.list(row.optionalText(29))
    if let from = row.optionalText(30) {
      task.offer = Offer(
        from: from, to: row.text(31), why: row.optionalText(32), next: row.optionalText(33),
        expiresAt: Instant(milliseconds: row.int(34)))
    }
    task.openBlockers = Int(row.int(35))
    task.ordinal = Int(row.int(0))
    tasks[task.id] = TaskRow(
      ordinal: row.int(0), session: row.int(2), taskClass: row.int(9), lastEvent: row.int(36),
      placing: Placing(bucket: row.int(37), place: row.int(38), priority: task.priority, readyAt: row.int(7)))
    return (task, row.bool(40))
  }
}
