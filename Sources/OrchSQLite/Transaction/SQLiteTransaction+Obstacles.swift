import OrchCore
import OrchStore

// Why there is nothing to claim: the one question that looks at all queued tasks, asked when a claim comes back empty.

extension SQLiteTransaction {
  func claimDiagnosis(to query: ClaimQuery) throws -> ClaimDiagnosis {
    var only: Int64?
    if let id = query.session {
      guard let entry = try entry(ofSession: id) else { return .init() }
      only = entry.number
    }
    var survey = try Survey(
      matchingScope: classes().filter { query.matchesScope($0.value) }.mapValues { query.isEligible($0) }, only: only,
      taken: taken(for: query.agent), now: now.milliseconds)
    for sql in [Self.surveyTops, Self.surveyWaiting] {
      let select = try statement(sql)
      select.bind(1, now.milliseconds)
      try select.query { row in survey.count(row, isBlocked: false) }
    }
    try statement(Self.surveyBlocked).query { row in survey.count(row, isBlocked: true) }
    return survey.claimDiagnosis
  }

  /// The numbers of the sessions that are held, or reserved for somebody else.
  private func taken(for agent: String) throws(SQLiteFailure) -> Set<Int64> {
    let held = try statement(Self.selectTaken).numbers { $0.bind(1, agent) }
    return Set(held)
  }

  /// Queued tasks by session and bucket.
  private struct Survey {
    /// The classes that the query is about, and whether the claimer may take their tasks.
    let matchingScope: [Int64: Bool]
    let only: Int64?
    let taken: Set<Int64>
    let now: Int64
    var claimDiagnosis = ClaimDiagnosis()

    /// Reads `session, bucket, count, due later, first due later`.
    mutating func count(_ row: borrowing Row, isBlocked: Bool) {
      let bucket = row.int(1)
      guard let isEligible = matchingScope[ReadyQueueKey.classID(bucket)], only == nil || only == row.int(0) else {
        return
      }
      let all = row.count(2)
      if taken.contains(row.int(0)) {
        claimDiagnosis.held += all
      } else if isBlocked {
        claimDiagnosis.blocked += all
      } else {
        var later = 0
        if ReadyQueueKey.isScheduled(bucket), row.count(3) > 0 {
          later = row.count(3)
          claimDiagnosis.scheduled += later
          claimDiagnosis.nextReadyAt = min(claimDiagnosis.nextReadyAt ?? row.instant(4), row.instant(4))
        }
        if !isEligible { claimDiagnosis.assigned += all - later }
      }
    }
  }

  private static let selectTaken: SQL = """
    SELECT number FROM session WHERE lease_expires_at IS NOT NULL
    UNION ALL SELECT number FROM session WHERE offer_expires_at IS NOT NULL AND offer_to <> ?1
    """
  private static let surveyTops: SQL = """
    SELECT session, bucket, 1, ready_at > ?1, ready_at FROM task INDEXED BY task_top WHERE place = 1
    """
  private static let surveyWaiting: SQL = """
    SELECT session, bucket, count(*), sum(ready_at > ?1), min(CASE WHEN ready_at > ?1 THEN ready_at END)
    FROM task INDEXED BY task_waiting WHERE place = 2 GROUP BY session, bucket
    """
  private static let surveyBlocked: SQL = """
    SELECT session, bucket, count(*) FROM task INDEXED BY task_blocked_session WHERE place = 3 GROUP BY session, bucket
    """
}
