import OrchCore
import OrchStore

// Pages of tasks in claim order. A statement is put together for the question at hand.

extension SQLiteTransaction {
  func tasks(_ query: TaskQuery, after cursor: TaskCursor?, limit: Int) throws -> [Task] {
    guard var listing = try listing(query) else { return [] }
    if let cursor { listing.begin(after: cursor) }
    let select = try listing.statement(limit: limit, on: connection)
    var tasks: [Task] = []
    try select.query { row throws(SQLiteFailure) in tasks.append(try self.taskEntry(row).task) }
    return tasks
  }

  /// The statement for a query; nil when nothing can match it.
  private func listing(_ query: TaskQuery) throws -> TaskListing? {
    var number: Int64?
    if let id = query.session {
      guard let entry = try entry(ofSession: id) else { return nil }
      number = entry.number
    }
    var listing = TaskListing(query, session: number, now: now)
    if query.filtersKeys {
      let filterKeys = try filterKeys().filter { query.admits($0.value) }
      guard !filterKeys.isEmpty else { return nil }
      listing.restrict(toFilterKeys: filterKeys.keys)
    }
    return listing
  }

  // MARK: Counts

  func counts(session id: String?) throws -> [VisibleState: Int] {
    try id.map { try counts(ofSession: $0) } ?? countsOfAll()
  }

  private func counts(ofSession id: String) throws -> [VisibleState: Int] {
    guard let entry = try entry(ofSession: id) else { return [:] }
    let blocked = entry.tally.queued == 0 ? 0 : try number(Self.countBlockedInSession) { $0.bind(1, entry.number) }
    var scheduled: Int64 = 0
    for top in entry.session.isFree ? entry.tops : try firstWaiting(of: entry.number)
    where ReadyQueueKey.isScheduled(top.bucket) {
      if entry.session.isFree, top.readyAt > now.milliseconds { scheduled += 1 }
      scheduled += try number(Self.countScheduledInBucket) {
        $0.bind(1, entry.number)
        $0.bind(2, top.bucket)
        $0.bind(3, top.priority)
        $0.bind(4, now.milliseconds)
      }
    }
    return entry.tally.visible(blocked: blocked, scheduled: scheduled)
  }

  /// Counted by the indexes of the tasks that are not done; the others are.
  private func countsOfAll() throws -> [VisibleState: Int] {
    var counts = StateCounts()
    try statement(Self.countParked).query { row in
      if let state = row.withText(0, { TaskState(utf8: $0) }) { counts.add(row.int(1), state) }
    }
    counts.running = try number(Self.countRunning) { _ in }
    let blocked = try number(Self.countBlocked) { _ in }
    counts.queued = try blocked + number(Self.countHeads) { _ in } + number(Self.countWaiting) { _ in }
    let scheduled = try number(Self.countScheduled) { $0.bind(1, now.milliseconds) }
    counts.done = try counters().ordinal - counts.total
    return counts.visible(blocked: blocked, scheduled: scheduled)
  }

  /// The one number that a statement selects.
  func number(_ sql: SQL, _ bind: (Statement) -> Void) throws(SQLiteFailure) -> Int64 {
    let select = try statement(sql)
    bind(select)
    return try select.first { $0.int(0) } ?? 0
  }

  private static let countParked: SQL = "SELECT aside, count(*) FROM task WHERE aside IS NOT NULL GROUP BY aside"
  private static let countRunning: SQL = "SELECT count(*) FROM session WHERE lease_expires_at IS NOT NULL"
  private static let countBlocked: SQL = "SELECT count(*) FROM task WHERE place = 3"
  private static let countHeads: SQL = "SELECT count(*) FROM task WHERE place = 1"
  private static let countWaiting: SQL = "SELECT count(*) FROM task WHERE place = 2"
  private static let countScheduled: SQL = """
    SELECT (SELECT count(*) FROM task INDEXED BY task_top WHERE place = 1 AND bucket & 15 AND ready_at > ?1)
      + (SELECT count(*) FROM task INDEXED BY task_waiting WHERE place = 2 AND bucket & 15 AND ready_at > ?1)
    """
  private static let countBlockedInSession: SQL = "SELECT count(*) FROM task WHERE place = 3 AND session = ?1"
  private static let countScheduledInBucket: SQL = """
    SELECT count(*) FROM task WHERE place = 2 AND session = ?1 AND bucket = ?2 AND priority = ?3 AND ready_at > ?4
    """
}
