import OrchCore
import OrchStore

// The statements of an append.

extension SQLiteTransaction {
  /// Appends entries and stores the rows that follow from them.
  ///
  /// - Parameter entry: the session's row, nil for a new session.
  func store(_ change: SessionChange, _ entry: SessionEntry?) throws {
    if let entry { return try Append(change, entry: entry, isNew: false, in: self).run(change) }
    let number = try counters().session + 1
    cache.counters?.session = number
    try Append(change, entry: SessionEntry(number: number, session: change.before), isNew: true, in: self).run(change)
  }

  /// The ordinal of the next task.
  func nextOrdinal() throws(SQLiteFailure) -> Int64 {
    let ordinal = try counters().ordinal + 1
    cache.counters?.ordinal = ordinal
    return ordinal
  }

  /// Inserts a session, or updates the one at the number `before`; false when it is not there.
  func store(_ entry: SessionEntry, before: Int?) throws(SQLiteFailure) -> Bool {
    let store = try statement(before == nil ? Self.insertSession : Self.updateSession)
    store.bind(entry, before: before ?? 0)
    if before == nil {
      store.bind(34, entry.session.id)
      store.bind(35, entry.session.logID)
    }
    try store.run()
    return connection.changes == 1
  }

  func storeTops(of places: ReadyQueueHeads) throws(SQLiteFailure) {
    let update = try statement(Self.updateTops)
    update.bind(1, places.session)
    update.bind(2, places.tops)
    try update.run()
  }

  /// Stores a task's row: all of it, or what changes while it is worked on.
  ///
  /// - Parameter oldPlace: nil when it is not known.
  func store(_ entry: TaskEntry, place: Int64, old: TaskEntry?, oldPlace: Int64?) throws(SQLiteFailure) {
    guard let old else {
      let insert = try statement(Self.insertTask)
      insert.bindAll(entry, place: place)
      insert.bind(38, entry.task.id)
      insert.bind(39, entry.session)
      insert.bind(40, origin(of: entry.task))
      try insert.run()
      return try storeDetails(entry, old: nil)
    }
    guard entry.bucket == old.bucket, entry.task.onlyHotColumnsChanged(from: old.task) else {
      let update = try statement(Self.updateTask)
      update.bindAll(entry, place: place)
      try update.run()
      return try storeDetails(entry, old: old)
    }
    let update = try statement(place == oldPlace ? Self.updateProgress : Self.updateProgressAndPlace)
    update.bindProgress(entry)
    if place != oldPlace { update.bind(14, place) }
    try update.run()
  }

  /// The content and what the task waits for, where they changed.
  private func storeDetails(_ entry: TaskEntry, old: TaskEntry?) throws(SQLiteFailure) {
    let content = entry.task.content
    if content != old?.task.content ?? TaskContent(body: nil, payload: nil, result: nil) {
      let store = try statement(Self.storeContent)
      store.bind(1, entry.ordinal)
      store.bind(2, content.body)
      store.bind(3, content.payload)
      store.bind(4, content.result)
      try store.run()
    }
    let before = Set(old?.task.after ?? [])
    let after = Set(entry.task.after)
    guard before != after else { return }
    try eachDependency(before.subtracting(after), of: entry.ordinal, Self.deleteDependency)
    try eachDependency(after.subtracting(before), of: entry.ordinal, Self.insertDependency)
  }

  private func eachDependency(_ ids: Set<String>, of ordinal: Int64, _ sql: SQL) throws(SQLiteFailure) {
    for id in ids {
      let change = try statement(sql)
      change.bind(1, id)
      change.bind(2, ordinal)
      try change.run()
    }
  }

  func store(_ grant: Grant, session: Int64, task: Int64) throws(SQLiteFailure) {
    let insert = try statement(Self.insertGrant)
    insert.bind(1, grant.tokenHash)
    insert.bind(2, session)
    insert.bind(3, task)
    insert.bind(4, grant.fence)
    try insert.run()
  }

  func store(_ agent: AgentDescription) throws(SQLiteFailure) {
    let store = try statement(Self.storeAgent)
    store.bind(1, agent.name)
    store.bind(2, agent.display)
    store.bind(3, agent.role)
    try store.run()
  }

  // MARK: SQL

  static let insertSession: SQL = """
    INSERT INTO session(
      number, seq, head, at, last_event, fence, lease_task, lease_attempt, lease_agent, lease_instance, lease_host,
      lease_fence, lease_token, lease_acquired_at, lease_heartbeat_at, lease_expires_at, lease_ttl, lease_noticed_seq,
      offer_task, offer_to, offer_expires_at, recovered, checkpoint_seq, note_seq, tops, queued, running, review,
      offered, done, dead, cancelled, id, log)
    VALUES (
      ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25,
      ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35)
    """
  static let updateSession: SQL = """
    UPDATE session SET
      seq = ?3, head = ?4, at = ?5, last_event = ?6, fence = ?7, lease_task = ?8, lease_attempt = ?9,
      lease_agent = ?10, lease_instance = ?11, lease_host = ?12, lease_fence = ?13, lease_token = ?14,
      lease_acquired_at = ?15, lease_heartbeat_at = ?16, lease_expires_at = ?17, lease_ttl = ?18,
      lease_noticed_seq = ?19, offer_task = ?20, offer_to = ?21, offer_expires_at = ?22, recovered = ?23,
      checkpoint_seq = ?24, note_seq = ?25, tops = ?26, queued = ?27, running = ?28, review = ?29, offered = ?30,
      done = ?31, dead = ?32, cancelled = ?33
    WHERE number = ?1 AND seq = ?2
    """
  private static let updateTops: SQL = "UPDATE session SET tops = ?2 WHERE number = ?1"
  static let updateProgress: SQL = """
    UPDATE task SET
      state = ?2, attempt = ?3, failures = ?4, last_event = ?5, updated_at = ?6, last_author = ?7, holders = ?8,
      approvals = ?9, passed_checks = ?10, has_error = ?11, error_code = ?12, error_message = ?13
    WHERE ordinal = ?1
    """
  static let updateProgressAndPlace: SQL = """
    UPDATE task SET
      state = ?2, attempt = ?3, failures = ?4, last_event = ?5, updated_at = ?6, last_author = ?7, holders = ?8,
      approvals = ?9, passed_checks = ?10, has_error = ?11, error_code = ?12, error_message = ?13, place = ?14
    WHERE ordinal = ?1
    """
  private static let updateTask: SQL = """
    UPDATE task SET
      state = ?2, attempt = ?3, failures = ?4, last_event = ?5, updated_at = ?6, last_author = ?7, holders = ?8,
      approvals = ?9, passed_checks = ?10, has_error = ?11, error_code = ?12, error_message = ?13, place = ?14,
      bucket = ?15, priority = ?16, ready_at = ?17, not_before = ?18, open_blockers = ?19, open_key = ?20, aside = ?21,
      offer_from = ?22, offer_to = ?23, offer_why = ?24, offer_next = ?25, offer_expires_at = ?26, has_content = ?27,
      title = ?28, key = ?29, max_attempts = ?30, ttl = ?31, created_at = ?32, created_by = ?33, source = ?34,
      after_tasks = ?35, require_review = ?36, required_checks = ?37
    WHERE ordinal = ?1
    """
  private static let insertTask: SQL = """
    INSERT INTO task(
      ordinal, state, attempt, failures, last_event, updated_at, last_author, holders, approvals, passed_checks,
      has_error, error_code, error_message, place, bucket, priority, ready_at, not_before, open_blockers, open_key,
      aside, offer_from, offer_to, offer_why, offer_next, offer_expires_at, has_content, title, key, max_attempts, ttl,
      created_at, created_by, source, after_tasks, require_review, required_checks, id, session, origin)
    VALUES (
      ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24,
      ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40)
    """
  private static let storeContent: SQL = """
    INSERT INTO task_content(task, body, payload, result) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT(task) DO UPDATE SET body = excluded.body, payload = excluded.payload, result = excluded.result
    """
  private static let insertDependency: SQL = "INSERT INTO dependency(after_task, task) VALUES (?1, ?2)"
  private static let deleteDependency: SQL = "DELETE FROM dependency WHERE after_task = ?1 AND task = ?2"
  private static let insertGrant: SQL = """
    INSERT INTO grant_token(token_hash, session, task, fence) VALUES (?1, ?2, ?3, ?4)
    """
  private static let storeAgent: SQL = """
    INSERT INTO agent(name, display, role) VALUES (?1, ?2, ?3)
    ON CONFLICT(name) DO UPDATE SET display = excluded.display, role = excluded.role
    """
}
