import OrchCore
import OrchStore

extension PostgresStore {
  package func integrityProblems() throws -> [String] {
    let deadline = ContinuousClock.now + .seconds(3600)
    return try attempting(until: deadline) { connection in
      var queries = [Query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")]
      let checks = Self.checks + (capabilities(of: connection).contains(.triggers) ? [Self.guards] : [])
      queries += checks.map { Query($0) }
      queries.append(Query("COMMIT"))
      let answers = try connection.exchange(queries, until: deadline)
      return answers.dropFirst().dropLast().flatMap { $0.rows.map { $0.text(0) } }
    }
  }

  private static let guards = """
    SELECT 'the guard event_unchanged of the log is missing or disabled' WHERE NOT EXISTS (
      SELECT 1 FROM pg_catalog.pg_trigger WHERE tgrelid = 'orch.event'::regclass AND tgname = 'event_unchanged'
        AND tgenabled <> 'D')
    """

  /// Each selects a sentence for each thing that is wrong, the first twenty.
  private static let checks = [
    """
    SELECT format('the session %s has %s events in the log, its row says %s', s.id, e.events, s.seq)
    FROM orch.session s LEFT JOIN (
      SELECT session, count(*) AS events, max(seq) AS last, min(seq) AS first FROM orch.event GROUP BY session) AS e
      ON e.session = s.number
    WHERE s.seq <> coalesce(e.events, 0) OR s.seq <> coalesce(e.last, 0) OR coalesce(e.first, 1) <> 1 LIMIT 20
    """,
    """
    SELECT format('%s events are of a session that is not there', count(*)) FROM orch.event e
    WHERE NOT EXISTS (SELECT 1 FROM orch.session s WHERE s.number = e.session) HAVING count(*) > 0
    """,
    """
    SELECT format('the task %s names a session that is not there', t.id) FROM orch.task t
    WHERE NOT EXISTS (SELECT 1 FROM orch.session s WHERE s.number = t.session) LIMIT 20
    """,
    """
    SELECT format('the task %s waits for %s tasks, its row says %s', t.id, counted.open, t.open_blockers)
    FROM orch.task t CROSS JOIN LATERAL (
      SELECT count(*) AS open FROM jsonb_array_elements_text(coalesce(t.after_tasks, '[]')::jsonb) AS named(id)
      LEFT JOIN orch.task b ON b.id = named.id AND b.origin = t.origin WHERE b.state IS DISTINCT FROM 'done') AS counted
    WHERE t.open_blockers <> counted.open LIMIT 20
    """,
    """
    SELECT format('the session %s does not count its tasks right', s.id) FROM orch.session s LEFT JOIN (
      SELECT session, count(*) FILTER (WHERE state = 'queued') AS q, count(*) FILTER (WHERE state = 'running') AS r,
        count(*) FILTER (WHERE state = 'review') AS v, count(*) FILTER (WHERE state = 'offered') AS o,
        count(*) FILTER (WHERE state = 'done') AS d, count(*) FILTER (WHERE state = 'dead') AS x,
        count(*) FILTER (WHERE state = 'cancelled') AS c
      FROM orch.task GROUP BY session) AS t ON t.session = s.number
    WHERE (s.queued, s.running, s.review, s.offered, s.done, s.dead, s.cancelled) IS DISTINCT FROM
      (coalesce(q, 0), coalesce(r, 0), coalesce(v, 0), coalesce(o, 0), coalesce(d, 0), coalesce(x, 0), coalesce(c, 0))
    LIMIT 20
    """,
    """
    SELECT format('the lease of the session %s expires at another time than it is looked for', s.id)
    FROM orch.session s FULL JOIN orch.lease l ON l.session = s.number
    WHERE s.lease_expires_at IS DISTINCT FROM l.expires_at LIMIT 20
    """,
    """
    WITH expected AS (
      \(ReadyRows.select(of: "SELECT number FROM orch.session")))
    SELECT format('the task at %s %s', coalesce(r.ordinal, e.ordinal),
      CASE WHEN r.ordinal IS NULL THEN 'is claimable, and no claim finds it' ELSE 'is found by claims, and is not the first' END)
    FROM orch.ready r FULL JOIN expected AS e(session, class, lane, priority, ready_at, ordinal)
      ON (r.session, r.class, r.lane, r.ordinal, r.priority, r.ready_at)
        = (e.session, e.class, e.lane, e.ordinal, e.priority, e.ready_at)
    WHERE r.ordinal IS NULL OR e.ordinal IS NULL LIMIT 20
    """
  ]
}
