/// The first claimable task of each class and lane of free sessions.
enum ReadyRows {
  /// What belongs into `ready`, by what stands in the sessions and tasks: one look at the index for each class and lane,
  /// never a walk over tasks.
  ///
  /// - Parameter sessions: selects the numbers of the sessions.
  static func select(of sessions: String) -> String {
    let columns = "class, lane, priority, ready_at, ordinal"
    let first = """
      SELECT \(columns) FROM orch.task
      WHERE session = s.number AND state = 'queued' AND open_blockers = 0
      """
    return """
      SELECT s.number, f.* FROM orch.session s CROSS JOIN LATERAL (
        WITH RECURSIVE firsts AS (
          (\(first) ORDER BY \(columns) LIMIT 1)
          UNION ALL
          SELECT n.* FROM firsts CROSS JOIN LATERAL (
            \(first) AND (class, lane) > (firsts.class, firsts.lane) ORDER BY \(columns) LIMIT 1) AS n)
        SELECT \(columns) FROM firsts) AS f
      WHERE s.number IN (\(sessions)) AND s.lease_expires_at IS NULL AND s.offer_expires_at IS NULL
      """
  }

  static func insert(into sessions: String) -> String {
    "INSERT INTO orch.ready(session, class, lane, priority, ready_at, ordinal) \(select(of: sessions))"
  }
}
