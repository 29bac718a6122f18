internal import OrchCore
internal import OrchStore

extension SQLiteTransaction {
  func insert(_ task: Task, session: Int64) throws {
    let taskClass = try store.classes.intern(TaskClass(task), connection)
    let blockers = try openBlockers(task.after)
    let statement = try statement(
      """
      INSERT INTO task(id, session, session_id, title, state, priority, ready_at, not_before, class, key, open_key,
        after, require_review, required_checks, attempt, failures, max_attempts, ttl, created_at, created_by,
        updated_at, source, has_error, error_code, error_message, holders, last_author, approvals, passed_checks,
        offer_from, offer_to, offer_why, offer_next, offer_expires_at, open_blockers, last_event, bucket, place, aside,
        has_content)
      VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
        ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, 0, ?36, ?37, ?38, ?39) ON CONFLICT DO NOTHING
      """)
    statement.bind(1, task.id)
    statement.bind(2, session)
    statement.bind(3, task.session)
    bindWhole(task, taskClass: taskClass, blockers: blockers, place: place(task, blockers, was: 0), to: statement)
    try statement.run()
    guard connection.changes == 1 else { throw StoreError.conflict }
    let ordinal = connection.lastInsertedRow
    tasks[task.id] = TaskRow(
      ordinal: ordinal, session: session, taskClass: taskClass, lastEvent: 0,
      placing: placing(task, taskClass, place: place(task, blockers, was: 0)))
    try insertDependencies(task.after, of: ordinal)
    if task.content.isPresent { try store(task.content, of: ordinal) }
  }

  /// Brings a task's row up to date, touching no index that need not change.
  func update(_ change: Change.TaskChange) throws {
    let task = change.after
    guard let row = tasks[task.id] else { throw StoreError.internal("a task that was not read") }
    var blockers = task.openBlockers
    if let before = change.before {
      if before.content != task.content { try store(task.content, of: row.ordinal) }
      if before.after != task.after {
        try dropDependencies(of: row.ordinal)
        try insertDependencies(task.after, of: row.ordinal)
        blockers = try openBlockers(task.after)
      }
    } else {
      return try storeLastEvent(row)
    }
    let taskClass = try store.classes.intern(TaskClass(task), connection)
    let place = place(task, blockers, was: row.placing.place)
    let placing = placing(task, taskClass, place: place)
    guard let before = change.before, !needsWhole(before, task, row.placing, placing, blockers) else {
      try updateWhole(task, row, taskClass: taskClass, blockers: blockers, place: place)
      tasks[task.id]?.placing = placing
      return
    }
    let statement = try placing.place == row.placing.place ? statement(Self.quiet) : statement(Self.moving)
    statement.bind(1, row.ordinal)
    statement.bind(2, task.state.rawValue)
    statement.bind(3, row.lastEvent)
    statement.bind(4, task.updatedAt.milliseconds)
    statement.bind(5, task.attempt)
    statement.bind(6, task.failures)
    statement.bind(7, Self.list(task.holders))
    statement.bind(8, task.lastAuthor)
    statement.bind(9, Self.list(task.approvals))
    statement.bind(10, Self.list(task.passedChecks))
    statement.bind(11, task.content.isPresent)
    if placing.place != row.placing.place { statement.bind(12, place) }
    try statement.run()
    tasks[task.id]?.placing = placing
  }

  private static let quiet: SQL = """
    UPDATE task SET state = ?2, last_event = ?3, updated_at = ?4, attempt = ?5, failures = ?6, holders = ?7,
      last_author = ?8, approvals = ?9, passed_checks = ?10, has_content = ?11 WHERE ordinal = ?1
    """
  private static let moving: SQL = """
    UPDATE task SET state = ?2, last_event = ?3, updated_at = ?4, attempt = ?5, failures = ?6, holders = ?7,
      last_author = ?8, approvals = ?9, passed_checks = ?10, has_content = ?11, place = ?12 WHERE ordinal = ?1
    """

  /// Whether more than a claim's or a release's columns changed.
  private func needsWhole(_ old: Task, _ new: Task, _ was: Placing, _ placing: Placing, _ blockers: Int) -> Bool {
    old.title != new.title || was.bucket != placing.bucket || was.priority != placing.priority
      || was.readyAt != placing.readyAt || old.notBefore != new.notBefore || old.after != new.after
      || old.requireReview != new.requireReview || old.requiredChecks != new.requiredChecks
      || old.maxAttempts != new.maxAttempts || old.ttlSeconds != new.ttlSeconds || old.lastError != new.lastError
      || old.offer != new.offer || old.openBlockers != blockers || Self.aside(old) != Self.aside(new)
      || (new.key != nil && old.state.isOpen != new.state.isOpen)
  }

  private func updateWhole(_ task: Task, _ row: TaskRow, taskClass: Int64, blockers: Int, place: Int64) throws {
    let statement = try statement(
      """
      UPDATE task SET title = ?4, state = ?5, priority = ?6, ready_at = ?7, not_before = ?8, class = ?9, key = ?10,
        open_key = ?11, after = ?12, require_review = ?13, required_checks = ?14, attempt = ?15, failures = ?16,
        max_attempts = ?17, ttl = ?18, created_at = ?19, created_by = ?20, updated_at = ?21, source = ?22,
        has_error = ?23, error_code = ?24, error_message = ?25, holders = ?26, last_author = ?27, approvals = ?28,
        passed_checks = ?29, offer_from = ?30, offer_to = ?31, offer_why = ?32, offer_next = ?33,
        offer_expires_at = ?34, open_blockers = ?35, bucket = ?36, place = ?37, aside = ?38, has_content = ?39,
        last_event = ?2 WHERE ordinal = ?1 AND ?3 = id
      """)
    statement.bind(1, row.ordinal)
    statement.bind(2, row.lastEvent)
    statement.bind(3, task.id)
    bindWhole(task, taskClass: taskClass, blockers: blockers, place: place, to: statement)
    do {
      try statement.run()
    } catch where error.category == .constraint {
      throw StoreError.conflict
    }
    guard connection.changes == 1 else { throw StoreError.conflict }
  }

  private func bindWhole(_ task: Task, taskClass: Int64, blockers: Int, place: Int64, to statement: Statement) {
    statement.bind(4, task.title)
    statement.bind(5, task.state.rawValue)
    statement.bind(6, task.priority)
    statement.bind(7, task.readyAt.milliseconds)
    statement.bind(8, task.notBefore?.milliseconds)
    statement.bind(9, taskClass)
    statement.bind(10, task.key)
    statement.bind(11, task.state.isOpen ? task.key : nil)
    statement.bind(12, Self.list(task.after))
    statement.bind(13, task.requireReview)
    statement.bind(14, Self.list(task.requiredChecks))
    statement.bind(15, task.attempt)
    statement.bind(16, task.failures)
    statement.bind(17, task.maxAttempts)
    statement.bind(18, task.ttlSeconds)
    statement.bind(19, task.createdAt.milliseconds)
    statement.bind(20, task.createdBy)
    statement.bind(21, task.updatedAt.milliseconds)
    statement.bind(22, task.source)
    statement.bind(23, task.lastError != nil)
    statement.bind(24, task.lastError?.code)
    statement.bind(25, task.lastError?.message)
    statement.bind(26, Self.list(task.holders))
    statement.bind(27, task.lastAuthor)
    statement.bind(28, Self.list(task.approvals))
    statement.bind(29, Self.list(task.passedChecks))
    statement.bind(30, task.offer?.from)
    statement.bind(31, task.offer?.to)
    statement.bind(32, task.offer?.why)
    statement.bind(33, task.offer?.next)
    statement.bind(34, task.offer?.expiresAt.milliseconds)
    statement.bind(35, blockers)
    statement.bind(36, placing(task, taskClass, place: place).bucket)
    statement.bind(37, place)
    statement.bind(38, Self.aside(task))
    statement.bind(39, task.content.isPresent)
  }

  private func storeLastEvent(_ row: TaskRow) throws {
    let statement = try statement("UPDATE task SET last_event = ?2 WHERE ordinal = ?1")
    statement.bind(1, row.ordinal)
    statement.bind(2, row.lastEvent)
    try statement.run()
  }

  /// The states that are few and looked for.
  private static func aside(_ task: Task) -> String? {
    switch task.state {
    case .review, .offered, .dead, .cancelled: task.state.rawValue
    case .queued, .running, .done: nil
    }
  }

  private func place(_ task: Task, _ blockers: Int, was: Int64) -> Int64 {
    guard task.state == .queued, blockers == 0 else { return 0 }
    return was == 0 ? 2 : was
  }

  private func placing(_ task: Task, _ taskClass: Int64, place: Int64) -> Placing {
    Placing(
      bucket: taskClass * 2 + (task.notBefore == nil ? 0 : 1), place: place, priority: task.priority,
      readyAt: task.readyAt.milliseconds)
  }

  private func openBlockers(_ after: [String]) throws -> Int {
    try after.filter { id in
      let statement = try statement("SELECT state FROM task WHERE id = ?1")
      statement.bind(1, id)
      return try statement.first { $0.text(0) } != TaskState.done.rawValue
    }.count
  }

  private func insertDependencies(_ after: [String], of ordinal: Int64) throws {
    for id in after {
      let statement = try statement("INSERT INTO dependency(after, task) VALUES(?1, ?2) ON CONFLICT DO NOTHING")
      statement.bind(1, id)
      statement.bind(2, ordinal)
      try statement.run()
    }
  }

  private func dropDependencies(of ordinal: Int64) throws {
    let statement = try statement(
      """
      DELETE FROM dependency WHERE task = ?1 AND after IN (
        SELECT json_each.value FROM task, json_each(task.after) WHERE task.ordinal = ?1)
      """)
    statement.bind(1, ordinal)
    try statement.run()
  }

  private func store(_ content: TaskContent, of ordinal: Int64) throws {
    let statement = try statement(
      "INSERT INTO task_content(task, body, payload, result) VALUES(?1, ?2, ?3, ?4) ON CONFLICT(task) DO UPDATE SET body = ?2, payload = ?3, result = ?4")
    statement.bind(1, ordinal)
    statement.bind(2, content.body)
    statement.bind(3, content.payload)
    statement.bind(4, content.result)
    try statement.run()
  }
}

extension TaskContent {
  fileprivate var isPresent: Bool { body != nil || payload != nil || result != nil }
}
