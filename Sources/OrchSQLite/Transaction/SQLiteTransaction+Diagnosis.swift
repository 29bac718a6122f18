import OrchCore
import OrchStore

// Why there is nothing to claim: the one question that looks at all queued tasks, asked when a claim finds none.

extension SQLiteTransaction {
  func claimDiagnosis(to query: ClaimQuery) throws -> ClaimDiagnosis {
    var only: Int64?
    if let id = query.session {
      guard let entry = try entry(ofSession: id) else { return .init() }
      only = entry.number
    }
    let askedFor = try filterKeys().filter { query.rule.asks(for: $0.value) }
    let obstacles = askedFor.compactMapValues { query.rule.obstacle(to: $0) }
    let unavailable = try Set(statement(Self.selectUnavailable).numbers { $0.bind(1, query.agent) })
    var diagnosis = ClaimDiagnosis()
    func count(_ row: borrowing Row, isBlocked: Bool) {
      let (session, key) = (row.int(0), row.int(1))
      let filterKey = ReadyQueueKey.filterKey(key)
      guard askedFor[filterKey] != nil, only == nil || only == session else { return }
      // What the conditions before leave is counted by the next one that fails.
      var left = row.count(2)
      for condition in ClaimCondition.allCases {
        var (failing, readyAt): (Int, Instant?) = (0, nil)
        switch condition {
        case .session: failing = unavailable.contains(session) ? left : 0
        // Only queued tasks are selected.
        case .state: break
        case .blockers: failing = isBlocked ? left : 0
        case .time:
          guard !isBlocked, ReadyQueueKey.isScheduled(key), row.count(3) > 0 else { break }
          (failing, readyAt) = (min(left, row.count(3)), row.instant(4))
        }
        if let obstacle = condition.obstacle { diagnosis.add(failing, obstacle, readyAt: readyAt) }
        left -= failing
      }
      if let obstacle = obstacles[filterKey] { diagnosis.add(left, obstacle) }
    }
    for sql in [Self.countHeads, Self.countWaiting] {
      let select = try statement(sql)
      select.bind(1, now.milliseconds)
      try select.query { row in count(row, isBlocked: false) }
    }
    try statement(Self.countBlocked).query { row in count(row, isBlocked: true) }
    return diagnosis
  }

  // MARK: SQL

  /// Sessions that are held, or reserved for somebody else.
  private static let selectUnavailable: SQL = """
    SELECT number FROM session WHERE lease_expires_at IS NOT NULL
    UNION ALL SELECT number FROM session WHERE offer_expires_at IS NOT NULL AND offer_to <> ?1
    """
  // Each selects the session, the key, how many tasks there are, how many of them are due later, and the first of those.
  private static let countHeads: SQL = """
    SELECT session, bucket, 1, ready_at > ?1, ready_at FROM task INDEXED BY task_top WHERE place = 1
    """
  private static let countWaiting: SQL = """
    SELECT session, bucket, count(*), sum(ready_at > ?1), min(CASE WHEN ready_at > ?1 THEN ready_at END)
    FROM task INDEXED BY task_waiting WHERE place = 2 GROUP BY session, bucket
    """
  private static let countBlocked: SQL = """
    SELECT session, bucket, count(*) FROM task INDEXED BY task_blocked_session WHERE place = 3 GROUP BY session, bucket
    """
}
