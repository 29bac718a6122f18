package import OrchCore
import OrchStore

extension PostgresStore {
  package func integrityProblems() throws -> [Message] {
    let deadline = ContinuousClock.now + .seconds(3600)
    return try attempting(until: deadline) { connection in
      var queries = [Query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")]
      let checks = Self.checks + (capabilities(of: connection).contains(.triggers) ? [Self.guards] : [])
      queries += checks.map { Query($0.sql) }
      queries.append(Query("COMMIT"))
      let answers = try connection.exchange(queries, until: deadline)
      return zip(checks, answers.dropFirst()).flatMap { check, answer in answer.rows.map(check.problem) }
    }
  }

  /// A query for what is wrong, the first twenty, and the sentence for each row that it finds.
  private struct Check {
    let sql: String
    let problem: @Sendable (Row) -> Message

    init(_ sql: String, _ problem: @escaping @Sendable (Row) -> Message) {
      self.sql = sql
      self.problem = problem
    }
  }

  private static let guards = Check(
    """
    SELECT 1 WHERE NOT EXISTS (
      SELECT 1 FROM pg_catalog.pg_trigger WHERE tgrelid = 'orch.event'::regclass AND tgname = 'event_unchanged'
        AND tgenabled <> 'D')
    """
  ) { _ in .findingGuardDisabled }

  private static let checks = [
    Check(
      """
      SELECT s.id, coalesce(e.events, 0), s.seq
      FROM orch.session s LEFT JOIN (
        SELECT session, count(*) AS events, max(seq) AS last, min(seq) AS first FROM orch.event GROUP BY session) AS e
        ON e.session = s.number
      WHERE s.seq <> coalesce(e.events, 0) OR s.seq <> coalesce(e.last, 0) OR coalesce(e.first, 1) <> 1 LIMIT 20
      """
    ) { .findingEventCount(session: $0.text(0), events: $0.int(1), stored: $0.int(2)) },
    Check(
      """
      SELECT count(*) FROM orch.event e
      WHERE NOT EXISTS (SELECT 1 FROM orch.session s WHERE s.number = e.session) HAVING count(*) > 0
      """
    ) { .findingEventsWithoutSession(events: $0.int(0)) },
    Check(
      """
      SELECT t.id FROM orch.task t
      WHERE NOT EXISTS (SELECT 1 FROM orch.session s WHERE s.number = t.session) LIMIT 20
      """
    ) { .findingTaskWithoutSession(task: $0.text(0)) },
    Check(
      """
      SELECT t.id, counted.open, t.open_blockers
      FROM orch.task t CROSS JOIN LATERAL (
        SELECT count(*) AS open FROM jsonb_array_elements_text(coalesce(t.after_tasks, '[]')::jsonb) AS named(id)
        LEFT JOIN orch.task b ON b.id = named.id AND b.origin = t.origin WHERE b.state IS DISTINCT FROM 'done') AS counted
      WHERE t.open_blockers <> counted.open LIMIT 20
      """
    ) { .findingOpenBlockers(task: $0.text(0), open: $0.int(1), stored: $0.int(2)) },
    Check(
      """
      SELECT s.id FROM orch.session s LEFT JOIN (
        SELECT session, count(*) FILTER (WHERE state = 'queued') AS q, count(*) FILTER (WHERE state = 'running') AS r,
          count(*) FILTER (WHERE state = 'review') AS v, count(*) FILTER (WHERE state = 'offered') AS o,
          count(*) FILTER (WHERE state = 'done') AS d, count(*) FILTER (WHERE state = 'dead') AS x,
          count(*) FILTER (WHERE state = 'cancelled') AS c
        FROM orch.task GROUP BY session) AS t ON t.session = s.number
      WHERE (s.queued, s.running, s.review, s.offered, s.done, s.dead, s.cancelled) IS DISTINCT FROM
        (coalesce(q, 0), coalesce(r, 0), coalesce(v, 0), coalesce(o, 0), coalesce(d, 0), coalesce(x, 0), coalesce(c, 0))
      LIMIT 20
      """
    ) { .findingStateCounts(session: $0.text(0)) },
    Check(
      """
      SELECT s.id FROM orch.session s FULL JOIN orch.lease l ON l.session = s.number
      WHERE s.lease_expires_at IS DISTINCT FROM l.expires_at LIMIT 20
      """
    ) { .findingLeaseTime(session: $0.optionalText(0) ?? "") },
    Check(
      """
      WITH expected AS (
        \(ReadyRows.select(of: "SELECT number FROM orch.session")))
      SELECT coalesce(r.ordinal, e.ordinal), r.ordinal IS NULL
      FROM orch.ready r FULL JOIN expected AS e(session, class, lane, priority, ready_at, ordinal)
        ON (r.session, r.class, r.lane, r.ordinal, r.priority, r.ready_at)
          = (e.session, e.class, e.lane, e.ordinal, e.priority, e.ready_at)
      WHERE r.ordinal IS NULL OR e.ordinal IS NULL LIMIT 20
      """
    ) { $0.bool(1) ? .findingNotFound(ordinal: $0.int(0)) : .findingNotFirst(ordinal: $0.int(0)) }
  ]
}
