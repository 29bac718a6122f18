import OrchCore
import OrchStore

// The search for the best claimable task: one look at the index for each class that matches, never a walk over tasks.

extension SQLiteTransaction {
  func candidate(for query: ClaimQuery) throws -> (session: String, task: String)? {
    let matching = try matchingClasses(query)
    guard !matching.isEmpty else { return nil }
    let best: QueueHead?
    if let id = query.session {
      guard let number = try numberOfSession(id) else { return nil }
      best = try bestInSession(number, matching, for: query.agent)
    } else {
      best = try [bestInFreeSessions(matching), bestInOfferedSessions(matching, for: query.agent)]
        .compactMap { $0 }.min { $0.precedes($1) }
    }
    guard let best else { return nil }
    guard let found = try entry(ofTask: best.ordinal), let session = try entry(ofSession: found.session) else {
      throw SQLiteFailure.corrupt("the task at \(best.ordinal), or its session, is missing")
    }
    let name = reference(to: session.session)
    guard session.session.recovered != nil else { return (name, reference(to: found.task)) }
    return (name, reference(to: try recovered(session.session, query) ?? found.task))
  }

  /// The classes whose tasks the query would take. The same question comes again and again.
  private func matchingClasses(_ query: ClaimQuery) throws(SQLiteFailure) -> [Int64] {
    let classes = try classes()
    if let last = cache.lastMatch, last.classes == classes.count, last.query == query { return last.matching }
    let matching = classes.filter { query.matchesScope($0.value) && query.isEligible($0.value) }.map(\.key)
    cache.lastMatch = RowCache.Match(query: query, classes: classes.count, matching: matching)
    return matching
  }

  /// The session's last recovered task goes first, if the query would take it.
  private func recovered(_ session: Session, _ query: ClaimQuery) throws -> Task? {
    guard let id = session.recovered, let task = try task(id, logID: session.logID), task.session == session.id else {
      return nil
    }
    let taskClass = ClaimFilterKey(task)
    guard task.visibleState(at: now) == .queued, query.matchesScope(taskClass), query.isEligible(taskClass) else {
      return nil
    }
    return task
  }

  private func numberOfSession(_ id: String) throws -> Int64? {
    try entry(ofSession: id)?.number
  }

  // MARK: Free sessions

  private func bestInFreeSessions(_ matching: [Int64]) throws(SQLiteFailure) -> QueueHead? {
    var best: QueueHead?
    for id in matching {
      best = try better(best, firstTop(ReadyQueueKey.of(class: id, notBefore: nil, priority: 0)))
    }
    guard let due = try fastPathFlags().firstDue, due <= now.milliseconds else { return best }
    // The guard may be older than what was due then.
    cache.fastPathFlags = nil
    for id in matching {
      for priority in 0...9 {
        if let best, best.priority < Int64(priority) { break }
        let top = try firstTop(ReadyQueueKey.of(class: id, notBefore: now, priority: priority))
        if let top, top.readyAt <= now.milliseconds {
          best = better(best, top)
          break
        }
      }
    }
    return best
  }

  private func better(_ left: QueueHead?, _ right: QueueHead?) -> QueueHead? {
    guard let left, let right else { return left ?? right }
    return right.precedes(left) ? right : left
  }

  /// The first task of a bucket, among free sessions.
  private func firstTop(_ bucket: Int64) throws(SQLiteFailure) -> QueueHead? {
    let select = try statement(Self.selectTop)
    select.bind(1, bucket)
    return try select.first { row in
      QueueHead(bucket: bucket, priority: row.int(0), readyAt: row.int(1), ordinal: row.int(2))
    }
  }

  // MARK: One session

  /// The best in sessions that are reserved for the claimer. There are few offers at any time.
  private func bestInOfferedSessions(_ matching: [Int64], for agent: String) throws(SQLiteFailure) -> QueueHead? {
    var best: QueueHead?
    for number in try numbers(offeredTo: agent, limit: .max) {
      best = try better(best, bestInSession(number, matching, for: agent))
    }
    return best
  }

  private func bestInSession(
    _ number: Int64, _ matching: [Int64], for agent: String
  ) throws(SQLiteFailure) -> QueueHead? {
    guard let entry = try entry(ofSession: number), entry.session.lease == nil else { return nil }
    if let offer = entry.session.offer, offer.to != agent { return nil }
    let firsts = entry.session.isFree ? entry.tops : try firstWaiting(of: number)
    return firsts.filter { top in
      matching.contains(ReadyQueueKey.classID(top.bucket))
        && (!ReadyQueueKey.isScheduled(top.bucket) || top.readyAt <= now.milliseconds)
    }.min { $0.precedes($1) }
  }

  /// The first waiting task of each bucket of a session: one look at the index a bucket.
  func firstWaiting(of session: Int64) throws(SQLiteFailure) -> [QueueHead] {
    var firsts: [QueueHead] = []
    while let next = try firstWaiting(of: session, from: (firsts.last?.bucket ?? -1) + 1) { firsts.append(next) }
    return firsts
  }

  /// The first waiting task of the first bucket of a session that is not below `bucket`.
  func firstWaiting(of session: Int64, from bucket: Int64) throws(SQLiteFailure) -> QueueHead? {
    let select = try statement(Self.selectWaiting)
    select.bind(1, session)
    select.bind(2, bucket)
    return try select.first { row in
      QueueHead(bucket: row.int(0), priority: row.int(1), readyAt: row.int(2), ordinal: row.int(3))
    }
  }

  // MARK: SQL

  static let selectTop: SQL = """
    SELECT priority, ready_at, ordinal FROM task INDEXED BY task_top WHERE place = 1 AND bucket = ?1
    ORDER BY priority, ready_at, ordinal LIMIT 1
    """
  static let selectWaiting: SQL = """
    SELECT bucket, priority, ready_at, ordinal FROM task INDEXED BY task_waiting
    WHERE place = 2 AND session = ?1 AND bucket >= ?2 ORDER BY bucket, priority, ready_at, ordinal LIMIT 1
    """
}
