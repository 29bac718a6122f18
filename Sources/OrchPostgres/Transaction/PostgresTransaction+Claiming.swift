import OrchCore
import OrchStore

// The search for the best claimable task: the first few of each class that matches, never a walk over tasks. A write
// transaction locks the session of what it finds, passing over those that somebody else is at.

extension PostgresTransaction {
  func candidate(for query: ClaimQuery) throws -> (session: String, task: String)? {
    for classes in shared.takeClasses() { hold(classes) }
    func look(_ search: Search) throws -> TransactionCache.Candidate? {
      if cache.prefetched.candidates[query] == nil { try ask([question(candidate: query, search)]) }
      return cache.prefetched.candidates.removeValue(forKey: query) ?? nil
    }
    var found = try look(.quick)
    if found == nil { found = try look(.thorough) }
    // Beside a lock, nothing means nothing that is free at this moment.
    if found == nil, isWriting, capabilities.contains(.skipLocked) { found = try look(.patient) }
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

  /// What a claim asks first; whether anything has expired is asked as a transaction begins.
  func question(claim query: ClaimQuery) -> PendingQuery { question(candidate: query, .quick) }

  // MARK: Candidates

  /// How thoroughly to look.
  private enum Search {
    /// Only at the first few tasks; finds nothing where something else might come before them.
    case quick
    /// Everywhere, passing over what is locked.
    case thorough
    /// Everywhere, waiting for locks.
    case patient
  }

  private func question(candidate query: ClaimQuery, _ search: Search) -> PendingQuery {
    var values = SQLParameters(query)
    let skips = capabilities.contains(.skipLocked) && search != .patient
    let lock = isWriting ? "FOR UPDATE OF s\(skips ? " SKIP LOCKED" : "")" : ""
    let source: String
    if let session = query.session {
      source = Self.inSession(values.add(session), agent: values.agent)
    } else if search == .quick {
      source = Self.readyNow
    } else {
      source = Self.inFreeSessions + " UNION ALL " + Self.inOfferedSessions(agent: values.agent)
    }
    let text = """
      WITH clock AS MATERIALIZED (\(clock(&values))), matching AS MATERIALIZED (\(values.classes)),
      \(search == .quick && query.session == nil ? Self.due(agent: values.agent) : "") picked AS MATERIALIZED (
        SELECT \(SessionEntry.columns), best.ordinal AS candidate FROM (
          SELECT b.session, b.priority, b.ready_at, b.ordinal FROM (\(source)) AS b
          ORDER BY b.priority, b.ready_at, b.ordinal LIMIT \(search == .quick ? 16 : 64)) AS best
        JOIN orch.session s ON s.number = best.session
        WHERE s.lease_expires_at IS NULL AND (s.offer_expires_at IS NULL OR s.offer_to = \(values.agent))
        ORDER BY best.priority, best.ready_at, best.ordinal LIMIT 1 \(lock))
      SELECT \(SessionEntry.columns), \(TaskEntry.columnsBesideSession), s.candidate, old.seq, old.revision,
        EXISTS (SELECT 1 FROM matching WHERE matching.label = t.class)
          AND t.state = 'queued' AND t.open_blockers = 0
          AND (t.not_before IS NULL OR t.not_before <= (SELECT now FROM clock))
      FROM picked AS s JOIN orch.session old ON old.number = s.number
      JOIN orch.task t ON t.ordinal = ANY(ARRAY[s.candidate,
        (SELECT n.ordinal FROM orch.task n WHERE n.id = s.recovered AND n.session = s.number)])
      """
    return PendingQuery(Query(text, values: values.values)) { [self] answer throws(PostgresFailure) in
      cache.prefetched.candidates[query] = .some(try candidate(answer))
    }
  }

  /// Reads the candidate and, beside it, the task that was recovered last in its session, which goes first.
  private func candidate(_ answer: ResultSet) throws(PostgresFailure) -> TransactionCache.Candidate? {
    guard let row = answer.first else { return nil }
    let session = try SessionEntry(row)
    let first = SessionEntry.columnCount
    let last = first + TaskEntry.columnCount
    keep(session)
    // Somebody changed the session while we waited for it: its tasks as read are older than it is.
    guard session.session.seq == row.int(last + 1), session.revision == row.int(last + 2) else {
      throw PostgresFailure(.conflict, "the session changed meanwhile")
    }
    var candidate: TransactionCache.Candidate?
    for row in answer.rows {
      let task = try TaskEntry(row, from: first)
      if isWriting { cache.keep(task) }
      let isRecovered = task.task.id == session.session.recovered && row.bool(last + 3)
      if isRecovered || (candidate == nil && task.ordinal == row.int(last)) {
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

  /// More than there are ever others at, of one class.
  private static let depth = 32

  /// The first few in lane 0, and what is due of the other lanes; nothing where that is much, or a task is offered to the
  /// claimer.
  private static let readyNow = """
    SELECT f.* FROM matching CROSS JOIN LATERAL (
      SELECT session, priority, ready_at, ordinal FROM orch.ready WHERE class = matching.label AND lane = 0
      ORDER BY priority, ready_at, ordinal LIMIT 16) AS f
    WHERE (SELECT few FROM usual)
    UNION ALL
    SELECT session, priority, ready_at, ordinal FROM due
    WHERE class IN (SELECT label FROM matching) AND (SELECT few FROM usual)
    """

  /// What waited for a time and is due, and whether that is little, and nothing offered to the claimer.
  private static func due(agent: String) -> String {
    // More than there mostly are.
    let many = 33
    return """
      due AS MATERIALIZED (
        SELECT * FROM orch.ready WHERE lane > 0 AND ready_at <= (SELECT now FROM clock) ORDER BY ready_at LIMIT \(many)),
      usual AS MATERIALIZED (
        SELECT (SELECT count(*) FROM due) < \(many) AND NOT EXISTS (
          SELECT 1 FROM orch.session WHERE offer_expires_at IS NOT NULL AND offer_to = \(agent)) AS few),
      """
  }

  private static let inFreeSessions = firsts(of: "orch.ready", "true", depth)

  /// The first tasks of each matching class and lane, those of the lanes that wait only when they are due.
  private static func firsts(of table: String, _ condition: String, _ depth: Int) -> String {
    let columns = "session, priority, ready_at, ordinal"
    return """
      SELECT f.* FROM matching CROSS JOIN LATERAL (
        (SELECT \(columns) FROM \(table) WHERE class = matching.label AND lane = 0 AND \(condition)
          ORDER BY priority, ready_at, ordinal LIMIT \(depth))
        UNION ALL
        SELECT due.* FROM generate_series(1, 10) AS lanes(lane) CROSS JOIN LATERAL (
          SELECT \(columns) FROM \(table)
          WHERE class = matching.label AND lane = lanes.lane AND ready_at <= (SELECT now FROM clock) AND \(condition)
          ORDER BY priority, ready_at, ordinal LIMIT \(depth)) AS due) AS f
      """
  }

  /// The first of each session that is reserved for the claimer: there are few.
  private static func inOfferedSessions(agent: String) -> String {
    """
    SELECT w.session, w.priority, w.ready_at, w.ordinal FROM orch.session o CROSS JOIN LATERAL (
      \(firstOf("o.number"))) AS w
    WHERE o.offer_expires_at IS NOT NULL AND o.offer_to = \(agent) AND o.lease_expires_at IS NULL
    """
  }

  private static func inSession(_ name: String, agent: String) -> String {
    """
    SELECT w.session, w.priority, w.ready_at, w.ordinal FROM (SELECT \(numberOf(name)) AS number) AS o
    CROSS JOIN LATERAL (\(firstOf("o.number"))) AS w
    """
  }

  private static func firstOf(_ session: String) -> String {
    firsts(of: "orch.task", "session = \(session) AND state = 'queued' AND open_blockers = 0", 1)
  }

  // MARK: Expired leases and offers

  /// Whether anything is: mostly not, and then that is all there is to ask.
  static let anythingExpired = """
    EXISTS (SELECT 1 FROM orch.lease WHERE expires_at <= (\(serverTime)))
      OR EXISTS (SELECT 1 FROM orch.session WHERE offer_expires_at <= (\(serverTime)))
    """
  private static let serverTime = "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now"

  private func question(
    expired query: ClaimQuery?, limit: Int, _ found: @escaping ([Session]) -> Void
  ) -> PendingQuery {
    var values = query.map { SQLParameters($0) } ?? SQLParameters()
    let lock = isWriting ? "FOR UPDATE OF s\(capabilities.contains(.skipLocked) ? " SKIP LOCKED" : "")" : ""
    var condition = "true"
    if let query {
      let only = query.session.map { " AND s.number = \(Self.numberOf(values.add($0)))" } ?? ""
      condition = """
        EXISTS (SELECT 1 FROM orch.task t WHERE t.class IN (SELECT label FROM matching) AND t.session = s.number AND (
          (t.id = s.lease_task AND s.lease_expires_at <= (SELECT now FROM clock))
          OR (t.id = s.offer_task AND s.offer_expires_at <= (SELECT now FROM clock))))\(only)
        """
    }
    let text = """
      WITH clock AS MATERIALIZED (\(clock(&values))), matching AS MATERIALIZED (\(values.classes)),
      due AS (
        SELECT expires_at AS at, session AS number FROM orch.lease WHERE expires_at <= (SELECT now FROM clock)
        UNION ALL
        SELECT offer_expires_at, number FROM orch.session
        WHERE offer_expires_at <= (SELECT now FROM clock)
          AND (lease_expires_at IS NULL OR lease_expires_at > (SELECT now FROM clock)))
      SELECT \(SessionEntry.columns) FROM due JOIN orch.session s ON s.number = due.number
      WHERE (s.lease_expires_at <= (SELECT now FROM clock) OR s.offer_expires_at <= (SELECT now FROM clock))
        AND \(condition)
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

/// The values of a claim's filters, and the classes that they leave.
struct SQLParameters {
  private(set) var values: [String?] = []
  /// The parameter with the claimer's name.
  private(set) var agent = ""
  /// Selects the labels of the classes whose tasks the claimer may take.
  private(set) var classes = "SELECT label FROM orch.class"

  /// Nobody's: every class.
  init() {}

  init(_ query: ClaimQuery) {
    agent = add(query.agent)
    var conditions = Self.matchingScope(by: query, &self)
    conditions.append(isEligible)
    classes += " WHERE " + conditions.joined(separator: " AND ")
  }

  /// Whether the claimer may take tasks of a class.
  var isEligible: String { "(assignee IS NULL OR assignee = \(agent)) AND NOT (\(agent) = ANY(reviewers))" }

  /// The conditions on the kind and project of a class, or of a task.
  static func matchingScope(by query: ClaimQuery, _ values: inout SQLParameters) -> [String] {
    var conditions = ["true"]
    if !query.kinds.isEmpty { conditions.append("kind = ANY(\(values.add(query.kinds))::text[])") }
    switch query.projects {
    case .all: break
    case .current(nil): conditions.append("project IS NULL")
    case .current(let project?): conditions.append("(project IS NULL OR project = \(values.add(project)))")
    case .only(let project): conditions.append("project = \(values.add(project))")
    }
    return conditions
  }

  /// Adds values.
  ///
  /// - Returns: what a column is to be equal to: the one, or any of them.
  mutating func anyOf<Value: QueryValue>(_ list: [Value], _ type: String) -> String {
    list.count == 1 ? "\(add(list[0]))::\(type)" : "ANY(\(add(list))::\(type)[])"
  }

  /// Adds a value.
  ///
  /// - Returns: the parameter that stands for it.
  mutating func add(_ value: some QueryValue) -> String {
    values.append(value.queryText)
    return "$\(values.count)"
  }
}
