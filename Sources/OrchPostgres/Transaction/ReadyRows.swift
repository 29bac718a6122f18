import OrchCore
import OrchStore

/// The rows of `orch.ready`: the ready queue that `ReadyQueue` describes, a row a head.
///
/// `class` is the label of the filter key, `lane` the schedule partition. Upkeep is by session: a transaction that
/// changes tasks of a free session, or sets it free, deletes the session's rows and inserts what `select` gives.
enum ReadyRows {
  /// Selects the heads of sessions from what their tasks' rows say: one look at the index for each filter key and
  /// partition, by jumping to the next one from the last.
  ///
  /// - Parameter sessions: selects the numbers of the sessions.
  static func select(of sessions: String) -> String {
    let columns = "class, lane, priority, ready_at, ordinal"
    let first = """
      SELECT \(columns) FROM orch.task
      WHERE session = s.number AND \(ClaimCondition.waiting(task: ""))
      """
    return """
      SELECT s.number, f.* FROM orch.session s CROSS JOIN LATERAL (
        WITH RECURSIVE firsts AS (
          (\(first) ORDER BY \(columns) LIMIT 1)
          UNION ALL
          SELECT n.* FROM firsts CROSS JOIN LATERAL (
            \(first) AND (class, lane) > (firsts.class, firsts.lane) ORDER BY \(columns) LIMIT 1) AS n)
        SELECT \(columns) FROM firsts) AS f
      WHERE s.number IN (\(sessions)) AND \(ClaimCondition.session.sql())
      """
  }

  static func insert(into sessions: String) -> String {
    "INSERT INTO orch.ready(session, class, lane, priority, ready_at, ordinal) \(select(of: sessions))"
  }
}
