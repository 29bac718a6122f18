import OrchCore
import OrchStore

// Pages of tasks in claim order, sessions, agents, and counts.

extension PostgresTransaction {
  func tasks(_ query: TaskQuery, after cursor: TaskCursor?, limit: Int) throws -> [Task] {
    var values = SQLParameters()
    var conditions: [String] = []
    if let session = query.session { conditions.append("t.session = \(number(ofSession: session, &values))") }
    if let kind = query.kind { conditions.append("t.kind = \(values.add(kind))") }
    if let assignee = query.assignee { conditions.append("t.assignee = \(values.add(assignee))") }
    if let key = query.key { conditions.append("t.key = \(values.add(key))") }
    if let projects = query.projects.sql("t.project", &values) { conditions.append(projects) }
    if query.source == .leases {
      // As many as there are leases.
      conditions.append("t.id IN (SELECT s.lease_task FROM orch.lease l JOIN orch.session s ON s.number = l.session)")
    }
    if let state = query.state { conditions.append(Self.condition(state, now, &values)) }
    if let cursor {
      conditions.append(
        """
        (t.priority, t.ready_at, t.ordinal)
          > (\(values.add(cursor.priority))::bigint, \(values.add(cursor.readyAt))::bigint, \(values.add(cursor.ordinal))::bigint)
        """)
    }
    let text = """
      SELECT \(TaskEntry.selectList) FROM orch.task t
      WHERE \(conditions.isEmpty ? "true" : conditions.joined(separator: " AND "))
      ORDER BY t.priority, t.ready_at, t.ordinal LIMIT \(values.add(limit))::bigint
      """
    return try tasks(Query(text, values: values.values))
  }

  private func tasks(_ query: Query) throws -> [Task] {
    let answer = try ask(query)
    return try answer.rows.map { row in try reading { () throws(PostgresFailure) in try row.task() } }
  }

  private static func condition(_ state: VisibleState, _ now: Instant, _ values: inout SQLParameters) -> String {
    let (stored, holding, failing) = state.definition
    let isTimed = (holding + failing).contains(.time)
    let now = isTimed ? "\(values.add(now))::bigint" : ""
    return
      (["t.state = '\(stored.rawValue)'"] + holding.map { $0.sql(now: now) } + failing.map { $0.sql(failing: now) })
      .joined(separator: " AND ")
  }

  func dependents(of task: String) throws -> [Task] {
    // What is waited for need not be there.
    let named = try entry(ofTask: task)?.task
    return try tasks(
      Query(
        """
        SELECT \(TaskEntry.selectList) FROM orch.dependency w JOIN orch.task t ON t.ordinal = w.task
        WHERE w.after_task = $1 AND t.origin = $2 ORDER BY t.ordinal
        """, named?.id ?? task, named.map { origin(of: $0.logID) } ?? ""))
  }

  func taskIDs(prefix: String, limit: Int) throws -> [String] {
    // No id has a character beyond the last one.
    try references(
      Query(
        "SELECT t.id, t.origin FROM orch.task t WHERE t.id >= $1 AND t.id < $2 ORDER BY t.id LIMIT $3::bigint", prefix,
        prefix + "\u{10FFFF}", limit))
  }

  func sessionIDs(after id: String?, limit: Int) throws -> [String] {
    try references(
      Query(
        """
        SELECT s.id, s.log FROM orch.session s WHERE s.number > coalesce(\(Self.number(ofSession: "$1::text")), 0)
        ORDER BY s.number LIMIT $2::bigint
        """, id, limit))
  }

  /// Names and their logs, as references.
  private func references(_ query: Query) throws -> [String] {
    try ask(query).rows.map { Reference.to($0.text(0), of: $0.text(1), in: logID) }
  }

  /// What the index of names has beside a task's id: nothing for those of this log.
  func origin(of logID: String) -> String { logID == self.logID ? "" : logID }

  func heldSessions(limit: Int) throws -> [Session] {
    let answer = try ask(
      Query(
        """
        SELECT \(SessionEntry.selectList) FROM orch.lease l JOIN orch.session s ON s.number = l.session
        ORDER BY l.expires_at, l.session LIMIT $1::bigint
        """, limit))
    return try answer.rows.map { row in try reading { () throws(PostgresFailure) in try row.session() } }
  }

  // MARK: Agents

  func actors() throws -> [ActorSighting] {
    // The first and the last block with an actor, and in them its first and last event.
    let answer = try ask(
      Query(
        """
        SELECT a.value, first.body, last.body FROM (
          SELECT value, min(block) AS low, max(block) AS high FROM orch.event_block WHERE \(SkipIndex.isOf(.actor)) GROUP BY value) AS a
        CROSS JOIN LATERAL (
          SELECT e.body FROM orch.event e WHERE \(SkipIndex.isIn("a.low", "e.pos"))
            AND (e.body::jsonb ->> 'actor') = a.value ORDER BY e.pos LIMIT 1) AS first
        CROSS JOIN LATERAL (
          SELECT e.body FROM orch.event e WHERE \(SkipIndex.isIn("a.high", "e.pos"))
            AND (e.body::jsonb ->> 'actor') = a.value ORDER BY e.pos DESC LIMIT 1) AS last
        ORDER BY a.value
        """))
    return try answer.rows.map { row in
      func at(_ column: Int) throws -> Instant {
        do {
          return try LogEntry(json: row.bytes(column)).event.at
        } catch {
          throw fail(.corrupt(.damageEventUnreadable(problem: error.message)))
        }
      }
      let (first, last) = (try at(1), try at(2))
      // Sessions keep their own order of time.
      return ActorSighting(name: row.text(0), firstSeenAt: min(first, last), lastSeenAt: max(first, last))
    }
  }

  func agents() throws -> [AgentDescription] {
    try ask(Query("SELECT name, display, role FROM orch.agent ORDER BY name")).rows.map {
      AgentDescription(name: $0.text(0), display: $0.optionalText(1), role: $0.optionalText(2))
    }
  }

  // MARK: Counts

  func counts(session: String?) throws -> [VisibleState: Int] {
    guard let session else { return try counts(ask(Self.countAll(now))) }
    if let known = cache.prefetched.counts[session] { return known }
    // What the row says is all there is to know of a session without queued tasks.
    if let entry = cache.session(session, logID: logID), entry.tally.queued == 0 { return Self.counts(entry.tally) }
    try prefetch([.counts(session: session)])
    return cache.prefetched.counts[session] ?? [:]
  }

  func question(counts session: String) -> PendingQuery {
    var values = SQLParameters()
    let now = values.add(hasBegun ? now : nil)
    let text = """
      SELECT s.queued, s.running, s.review, s.offered, s.done, s.dead, s.cancelled,
        (SELECT count(*) FROM orch.task t WHERE t.session = s.number AND t.state = 'queued' AND t.open_blockers > 0),
        (SELECT count(*) FROM orch.task t WHERE t.session = s.number AND t.state = 'queued' AND t.open_blockers = 0
          AND t.lane > 0 AND t.not_before > coalesce(\(now)::bigint, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint))
      FROM orch.session s WHERE s.number = \(number(ofSession: session, &values))
      """
    return PendingQuery(Query(text, values: values.values)) { [self] answer in
      cache.prefetched.counts[session] = counts(answer)
    }
  }

  private static func countAll(_ now: Instant) -> Query {
    Query(
      """
      SELECT coalesce(sum(queued), 0)::bigint, coalesce(sum(running), 0)::bigint, coalesce(sum(review), 0)::bigint,
        coalesce(sum(offered), 0)::bigint, coalesce(sum(done), 0)::bigint, coalesce(sum(dead), 0)::bigint,
        coalesce(sum(cancelled), 0)::bigint,
        (SELECT count(*) FROM orch.task t WHERE t.state = 'queued' AND t.open_blockers > 0),
        (SELECT count(*) FROM orch.task t WHERE t.state = 'queued' AND t.not_before IS NOT NULL AND t.open_blockers = 0
          AND t.ready_at > $1::bigint AND t.not_before > $1::bigint)
      FROM orch.session
      """, now)
  }

  private func counts(_ answer: ResultSet) -> [VisibleState: Int] {
    guard let row = answer.first else { return [:] }
    let tally = StateCounts(
      queued: Int64(row.int(0)), running: Int64(row.int(1)), review: Int64(row.int(2)), offered: Int64(row.int(3)),
      done: Int64(row.int(4)), dead: Int64(row.int(5)), cancelled: Int64(row.int(6)))
    return Self.counts(tally, blocked: row.int(7), scheduled: row.int(8))
  }

  private static func counts(_ tally: StateCounts, blocked: Int = 0, scheduled: Int = 0) -> [VisibleState: Int] {
    let counts: [VisibleState: Int] = [
      .queued: Int(tally.queued) - blocked - scheduled, .blocked: blocked, .scheduled: scheduled,
      .running: Int(tally.running), .review: Int(tally.review), .offered: Int(tally.offered), .done: Int(tally.done),
      .dead: Int(tally.dead), .cancelled: Int(tally.cancelled)
    ]
    return counts.filter { $0.value > 0 }
  }
}
