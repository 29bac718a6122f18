import OrchCore
import OrchStore

// The search for the best claimable task, in the ready queue that `ReadyQueue` describes: one look at the index for
// each filter key that the claim's rule admits, and, while a scheduled head is due, for each of its partitions.

extension SQLiteTransaction {
  func candidate(for query: ClaimQuery) throws -> (session: String, task: String)? {
    let admitted = try admittedFilterKeys(query.rule)
    guard !admitted.isEmpty else { return nil }
    for sql in [Self.selectFirstHead, Self.selectFirstUnderstoodHead] {
      guard let found = try best(admitted, query, sql) else { return nil }
      guard let session = try entry(ofSession: found.session)?.session else {
        throw SQLiteFailure.corrupt(.damageSessionOfTask(ordinal: Int(found.ordinal)))
      }
      // Mostly it is: looking at each session costs more than looking again.
      guard session.isUnderstood else { continue }
      let chosen = try recovered(session, query.rule) ?? found.task
      return (reference(to: session), reference(to: chosen))
    }
    return nil
  }

  /// The best task of the filter keys.
  ///
  /// - Parameter sql: selects the first head of a key.
  private func best(_ admitted: [Int64], _ query: ClaimQuery, _ sql: SQL) throws -> TaskEntry? {
    let best: QueueHead?
    if let id = query.session {
      guard let entry = try entry(ofSession: id) else { return nil }
      best = try bestInSession(entry.number, admitted, for: query.rule)
    } else {
      best = try [bestHead(admitted, sql), bestInOfferedSessions(admitted, for: query.rule)]
        .compactMap { $0 }.min { $0.precedes($1) }
    }
    guard let best else { return nil }
    guard let found = try entry(ofTask: best.ordinal) else {
      throw SQLiteFailure.corrupt(.damageTaskMissing(ordinal: Int(best.ordinal)))
    }
    return found
  }

  /// The filter keys that a rule admits. The same rule is asked about again and again.
  private func admittedFilterKeys(_ rule: ClaimRule) throws(SQLiteFailure) -> [Int64] {
    let filterKeys = try filterKeys()
    if let last = cache.lastMatch, last.count == filterKeys.count, last.rule == rule { return last.admitted }
    let admitted = filterKeys.filter { rule.admits($0.value) }.map(\.key)
    cache.lastMatch = RowCache.Match(rule: rule, count: filterKeys.count, admitted: admitted)
    return admitted
  }

  /// The session's last recovered task, which goes first where the rule allows it.
  private func recovered(_ session: Session, _ rule: ClaimRule) throws -> Task? {
    guard let id = session.recovered, let task = try task(id, logID: session.logID), task.session == session.id else {
      return nil
    }
    return rule.allows(task, in: session, at: now) ? task : nil
  }

  // MARK: Free sessions

  /// The first head of the filter keys, passing over those that are not due.
  private func bestHead(_ admitted: [Int64], _ sql: SQL) throws(SQLiteFailure) -> QueueHead? {
    var best: QueueHead?
    for id in admitted { best = try better(best, firstHead(ReadyQueueKey.of(filterKey: id, partition: 0), sql)) }
    guard let due = try fastPathFlags().firstDue, due <= now.milliseconds else { return best }
    // What was due first when the flags were read may be due no more.
    cache.fastPathFlags = nil
    for id in admitted {
      for partition in ReadyQueue.scheduled {
        // Partitions follow priorities: no later one has a better task.
        if let best, best.priority < Int64(partition - ReadyQueue.scheduled.lowerBound) { break }
        let head = try firstHead(ReadyQueueKey.of(filterKey: id, partition: partition), sql)
        if let head, head.readyAt <= now.milliseconds {
          best = better(best, head)
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

  /// The first head of a key, of all free sessions.
  private func firstHead(_ key: Int64, _ sql: SQL) throws(SQLiteFailure) -> QueueHead? {
    let select = try statement(sql)
    select.bind(1, key)
    return try select.first { row in
      QueueHead(bucket: key, priority: row.int(0), readyAt: row.int(1), ordinal: row.int(2))
    }
  }

  // MARK: One session

  /// The best in sessions that are reserved for the claimer. There are few offers at any time.
  private func bestInOfferedSessions(_ admitted: [Int64], for rule: ClaimRule) throws(SQLiteFailure) -> QueueHead? {
    var best: QueueHead?
    for number in try numbers(offeredTo: rule.claimer, limit: .max) {
      best = try better(best, bestInSession(number, admitted, for: rule))
    }
    return best
  }

  private func bestInSession(
    _ number: Int64, _ admitted: [Int64], for rule: ClaimRule
  ) throws(SQLiteFailure) -> QueueHead? {
    guard let entry = try entry(ofSession: number), rule.allows(entry.session) else { return nil }
    let firsts = entry.session.isFree ? entry.tops : try firstWaiting(of: number)
    return firsts.filter { first in
      admitted.contains(ReadyQueueKey.filterKey(first.bucket))
        && (!ReadyQueueKey.isScheduled(first.bucket) || first.readyAt <= now.milliseconds)
    }.min { $0.precedes($1) }
  }

  /// The first waiting task of each key in a session: one look at the index a key.
  func firstWaiting(of session: Int64) throws(SQLiteFailure) -> [QueueHead] {
    var firsts: [QueueHead] = []
    while let next = try firstWaiting(of: session, from: (firsts.last?.bucket ?? -1) + 1) { firsts.append(next) }
    return firsts
  }

  /// The first waiting task of the first key in a session that is not below `key`.
  func firstWaiting(of session: Int64, from key: Int64) throws(SQLiteFailure) -> QueueHead? {
    let select = try statement(Self.selectWaiting)
    select.bind(1, session)
    select.bind(2, key)
    return try select.first { row in
      QueueHead(bucket: row.int(0), priority: row.int(1), readyAt: row.int(2), ordinal: row.int(3))
    }
  }

  // MARK: SQL

  static let selectFirstHead: SQL = """
    SELECT priority, ready_at, ordinal FROM task INDEXED BY task_top WHERE place = 1 AND bucket = ?1
    ORDER BY priority, ready_at, ordinal LIMIT 1
    """
  /// Among sessions of which this program understands all events.
  static let selectFirstUnderstoodHead = SQL(
    composed: """
      SELECT task.priority, task.ready_at, task.ordinal FROM task INDEXED BY task_top
      CROSS JOIN session ON session.number = task.session
      WHERE task.place = 1 AND task.bucket = ?1 AND session.needed_vocabulary <= \(EventVocabulary.current)
      ORDER BY task.priority, task.ready_at, task.ordinal LIMIT 1
      """)
  static let selectWaiting: SQL = """
    SELECT bucket, priority, ready_at, ordinal FROM task INDEXED BY task_waiting
    WHERE place = 2 AND session = ?1 AND bucket >= ?2 ORDER BY bucket, priority, ready_at, ordinal LIMIT 1
    """
}
