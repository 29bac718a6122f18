import OrchCore
import OrchStore

// The search for the best claimable task, in the ready queue that `ReadyQueue` describes: the first few heads of each
// filter key that the claim's rule admits. A write transaction locks the session of what it finds, skipping sessions that
// others have locked; so it looks at more than one head.

extension PostgresTransaction {
  func candidate(for query: ClaimQuery) throws -> (session: String, task: String)? {
    sendFilterKeys()
    func look(_ mode: SearchMode) throws -> TransactionCache.Candidate? {
      if cache.prefetched.candidates[query] == nil { try ask([question(candidate: query, mode)]) }
      return cache.prefetched.candidates.removeValue(forKey: query) ?? nil
    }
    var found = try look(.quick)
    if found == nil { found = try look(.full) }
    // What was skipped because it was locked may be claimable in the end.
    if found == nil, isWriting, capabilities.contains(.skipLocked) { found = try look(.blocking) }
    return found.map {
      (Reference.to($0.session, of: $0.logID, in: logID), Reference.to($0.task, of: $0.logID, in: logID))
    }
  }

  func expiredSessions(matching query: ClaimQuery?, limit: Int) throws -> [Session] {
    if let query, let known = cache.prefetched.expired.removeValue(forKey: query) { return known }
    var found: [Session] = []
    try ask([question(expired: query, limit: limit) { found = $0 }])
    return found
  }

  func sessionsToReplay(limit: Int) throws -> [Session] {
    if cache.prefetched.hasNothingToReplay { return [] }
    let lock = isWriting ? "FOR UPDATE OF s\(capabilities.contains(.skipLocked) ? " SKIP LOCKED" : "")" : ""
    let answer = try ask(
      Query(
        """
        SELECT \(SessionEntry.selectList) FROM orch.session s WHERE s.read_vocabulary < \(EventVocabulary.current)
        ORDER BY s.number LIMIT $1::bigint \(lock)
        """, limit))
    return try answer.rows.map { row in
      try reading { () throws(PostgresFailure) in
        let entry = try SessionEntry(row)
        if isWriting { keep(entry) }
        return entry.session
      }
    }
  }

  /// What a claim asks first; whether anything has expired is asked as a transaction begins.
  func question(claim query: ClaimQuery) -> PendingQuery { question(candidate: query, .quick) }

  func sessionsOffered(to agent: String, limit: Int) throws -> [Session] {
    if cache.prefetched.agentsWithoutOffers.contains(agent) { return [] }
    let answer = try ask(
      Query(
        """
        SELECT \(SessionEntry.selectList) FROM orch.session s
        WHERE s.offer_expires_at IS NOT NULL AND s.offer_to = $1 AND s.lease_expires_at IS NULL
        ORDER BY s.offer_expires_at, s.number LIMIT $2::bigint
        """, agent, limit))
    return try answer.rows.map { row in try reading { () throws(PostgresFailure) in try row.session() } }
  }

  // MARK: Candidates

  private enum SearchMode {
    /// Looks at the first few heads; finds nothing where something else might come before them.
    case quick
    /// Looks everywhere, skipping what is locked.
    case full
    /// Looks everywhere, waiting for locks.
    case blocking
  }

  /// Writes the filter keys that this transaction has added, which a search reads.
  func sendFilterKeys() {
    for insert in shared.takeFilterKeys() { hold(insert) }
  }

  private func question(candidate query: ClaimQuery, _ mode: SearchMode) -> PendingQuery {
    var values = SQLParameters()
    let rule = RenderedClaimRule(query.rule, &values)
    let skips = capabilities.contains(.skipLocked) && mode != .blocking
    // Over all sessions, and only where nothing is offered to the claimer.
    let isQuick = mode == .quick && query.session == nil
    let lock = isWriting ? "FOR UPDATE OF s\(skips ? " SKIP LOCKED" : "")" : ""
    let source: String
    if let session = query.session {
      source = Self.inSession(number(ofSession: session, &values))
    } else if isQuick {
      source = Self.firstHeads
    } else {
      source = Self.inFreeSessions + " UNION ALL " + Self.inOfferedSessions(to: rule.claimer)
    }
    let conditions = ClaimCondition.allCases.map { $0.sql(claimer: rule.claimer) }.joined(separator: " AND ")
    let text = """
      WITH clock AS MATERIALIZED (\(clock(&values))), admitted AS MATERIALIZED (\(rule.admitted)),
      \(isQuick ? Self.due(claimer: rule.claimer) : "") picked AS MATERIALIZED (
        SELECT \(SessionEntry.selectList), best.ordinal AS candidate FROM (
          SELECT b.session, b.priority, b.ready_at, b.ordinal FROM (\(source)) AS b
          ORDER BY b.priority, b.ready_at, b.ordinal LIMIT \(mode == .quick ? 16 : 64)) AS best
        JOIN orch.session s ON s.number = best.session
        WHERE \(ClaimCondition.session.sql(claimer: rule.claimer))
        ORDER BY best.priority, best.ready_at, best.ordinal LIMIT 1 \(lock))
      SELECT \(SessionEntry.selectList), \(TaskEntry.selectListBesideSession), s.candidate, old.seq, old.revision,
        EXISTS (SELECT 1 FROM admitted WHERE admitted.label = t.class) AND \(conditions)
      FROM picked AS s JOIN orch.session old ON old.number = s.number
      JOIN orch.task t ON t.ordinal = ANY(ARRAY[s.candidate,
        (SELECT n.ordinal FROM orch.task n WHERE n.id = s.recovered AND n.session = s.number)])
      """
    return PendingQuery(Query(text, values: values.values)) { [self] answer throws(PostgresFailure) in
      let found = try candidate(answer)
      cache.prefetched.candidates[query] = .some(found)
      if isQuick, found != nil { cache.prefetched.agentsWithoutOffers.insert(query.agent) }
    }
  }

  /// Reads the candidate and, beside it, the task that was recovered last in its session, which goes first where the rule
  /// allows it.
  private func candidate(_ answer: ResultSet) throws(PostgresFailure) -> TransactionCache.Candidate? {
    var candidate: TransactionCache.Candidate?
    for row in answer.rows {
      var cursor = RowCursor(row)
      let session = try SessionEntry(&cursor)
      keep(session)
      let task = try TaskEntry(&cursor)
      let ordinal = cursor.int()
      // Somebody changed the session while we waited for it: its tasks as read are older than it is.
      guard (cursor.int(), cursor.int()) == (session.session.seq, session.revision) else {
        throw PostgresFailure(.conflict, .postgresSessionChanged)
      }
      if isWriting { cache.keep(task) }
      let isClaimable = cursor.bool()
      let isRecovered = task.task.id == session.session.recovered && isClaimable
      if isRecovered || (candidate == nil && task.ordinal == ordinal) {
        candidate = TransactionCache.Candidate(
          session: session.session.id, task: task.task.id, logID: session.session.logID)
      }
      if isRecovered { break }
    }
    return candidate
  }

  /// The time of the transaction; before it is read, the server's.
  func clock(_ values: inout SQLParameters) -> String {
    guard hasBegun else { return Self.serverTime }
    return "SELECT \(values.add(now))::bigint AS now"
  }

  /// How many heads of a filter key a full search looks at: more than others hold locked at a time.
  private static let depth = 32

  /// The first few heads of partition 0, and those of other partitions that are due; nothing unless `usual`.
  private static let firstHeads = """
    SELECT f.* FROM admitted CROSS JOIN LATERAL (
      SELECT session, priority, ready_at, ordinal FROM orch.ready WHERE class = admitted.label AND lane = 0
      ORDER BY priority, ready_at, ordinal LIMIT 16) AS f
    WHERE (SELECT yes FROM usual)
    UNION ALL
    SELECT session, priority, ready_at, ordinal FROM due
    WHERE class IN (SELECT label FROM admitted) AND (SELECT yes FROM usual)
    """

  /// `due`: the scheduled heads that are due. `usual`: whether that is all of them, and nothing is offered to the claimer.
  private static func due(claimer: String) -> String {
    // More than there mostly are.
    let many = 33
    return """
      due AS MATERIALIZED (
        SELECT * FROM orch.ready WHERE lane > 0 AND ready_at <= (SELECT now FROM clock) ORDER BY ready_at LIMIT \(many)),
      usual AS MATERIALIZED (
        SELECT (SELECT count(*) FROM due) < \(many) AND NOT EXISTS (
          SELECT 1 FROM orch.session WHERE offer_expires_at IS NOT NULL AND offer_to = \(claimer)) AS yes),
      """
  }

  /// A newer program's sessions have their places in the ready queue, and may be many.
  private static let inFreeSessions = firsts(
    of: "orch.ready",
    """
    EXISTS (SELECT 1 FROM orch.session u
      WHERE u.number = ready.session AND u.needed_vocabulary <= \(EventVocabulary.current))
    """, depth)

  /// The first tasks of each admitted filter key and partition, scheduled ones only when they are due.
  private static func firsts(of table: String, _ condition: String, _ depth: Int) -> String {
    let columns = "session, priority, ready_at, ordinal"
    let scheduled = ReadyQueue.scheduled
    return """
      SELECT f.* FROM admitted CROSS JOIN LATERAL (
        (SELECT \(columns) FROM \(table) WHERE class = admitted.label AND lane = 0 AND \(condition)
          ORDER BY priority, ready_at, ordinal LIMIT \(depth))
        UNION ALL
        SELECT due.* FROM generate_series(\(scheduled.lowerBound), \(scheduled.upperBound)) AS p(partition)
        CROSS JOIN LATERAL (
          SELECT \(columns) FROM \(table)
          WHERE class = admitted.label AND lane = p.partition AND ready_at <= (SELECT now FROM clock) AND \(condition)
          ORDER BY priority, ready_at, ordinal LIMIT \(depth)) AS due) AS f
      """
  }

  /// The first waiting tasks of each session that is reserved for the claimer: there are few.
  private static func inOfferedSessions(to claimer: String) -> String {
    """
    SELECT w.session, w.priority, w.ready_at, w.ordinal FROM orch.session o CROSS JOIN LATERAL (
      \(firstOf("o.number"))) AS w
    WHERE o.offer_expires_at IS NOT NULL AND o.offer_to = \(claimer) AND o.lease_expires_at IS NULL
    """
  }

  private static func inSession(_ number: String) -> String {
    """
    SELECT w.session, w.priority, w.ready_at, w.ordinal FROM (SELECT \(number) AS number) AS o
    CROSS JOIN LATERAL (\(firstOf("o.number"))) AS w
    """
  }

  private static func firstOf(_ session: String) -> String {
    firsts(of: "orch.task", "session = \(session) AND \(ClaimCondition.waiting(task: ""))", 1)
  }

  // MARK: Expired leases and offers

  /// Whether anything is: mostly not, and then that is all there is to ask.
  static let anythingExpired = """
    EXISTS (SELECT 1 FROM orch.lease WHERE expires_at <= (\(serverTime)))
      OR EXISTS (SELECT 1 FROM orch.session WHERE offer_expires_at <= (\(serverTime)))
    """
  /// Whether any session is: see `sessionsToReplay`.
  static let anythingToReplay = """
    EXISTS (SELECT 1 FROM orch.session WHERE read_vocabulary < \(EventVocabulary.current))
    """
  private static let serverTime = "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now"

  private func question(
    expired query: ClaimQuery?, limit: Int, _ found: @escaping ([Session]) -> Void
  ) -> PendingQuery {
    var values = SQLParameters()
    let admitted = query.map { RenderedClaimRule($0.rule, &values).admitted } ?? "SELECT NULL AS label"
    let lock = isWriting ? "FOR UPDATE OF s\(capabilities.contains(.skipLocked) ? " SKIP LOCKED" : "")" : ""
    var condition = "true"
    if let query {
      let only = query.session.map { " AND s.number = \(number(ofSession: $0, &values))" } ?? ""
      condition = """
        EXISTS (SELECT 1 FROM orch.task t WHERE t.class IN (SELECT label FROM admitted) AND t.session = s.number AND (
          (t.id = s.lease_task AND s.lease_expires_at <= (SELECT now FROM clock))
          OR (t.id = s.offer_task AND s.offer_expires_at <= (SELECT now FROM clock))))\(only)
        """
    }
    let text = """
      WITH clock AS MATERIALIZED (\(clock(&values))), admitted AS MATERIALIZED (\(admitted)),
      due AS (
        SELECT expires_at AS at, session AS number FROM orch.lease WHERE expires_at <= (SELECT now FROM clock)
        UNION ALL
        SELECT offer_expires_at, number FROM orch.session
        WHERE offer_expires_at <= (SELECT now FROM clock)
          AND (lease_expires_at IS NULL OR lease_expires_at > (SELECT now FROM clock)))
      SELECT \(SessionEntry.selectList) FROM due JOIN orch.session s ON s.number = due.number
      WHERE (s.lease_expires_at <= (SELECT now FROM clock) OR s.offer_expires_at <= (SELECT now FROM clock))
        AND \(ClaimCondition.isUnderstood) AND \(condition)
      ORDER BY due.at, due.number LIMIT \(values.add(limit))::bigint \(lock)
      """
    return PendingQuery(Query(text, values: values.values)) { [self] answer throws(PostgresFailure) in
      var sessions: [Session] = []
      for row in answer.rows {
        let entry = try SessionEntry(row)
        if isWriting { keep(entry) }
        sessions.append(entry.session)
      }
      found(sessions)
    }
  }
}
