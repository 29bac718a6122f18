import OrchCore
import OrchStore

// Sessions and tasks by reference. In a write transaction every row read here is locked: the session's, and with a task the
// session's it belongs to.

extension PostgresTransaction {
  func session(_ id: String) throws -> Session? { try entry(ofSession: id)?.session }

  func session(_ id: String, logID: String) throws -> Session? { try entry(ofSession: id, logID: logID)?.session }

  /// The row of the session that a reference names.
  func entry(ofSession reference: String) throws -> SessionEntry? {
    if let entry = known(session: reference) { return entry }
    return try Reference.resolve(reference, own: logID, row: entry(ofSession:logID:)) { id in
      try read(sessions: id)
      return cache.sessions(id).map(\.session.logID)
    }
  }

  /// The row of the session that a reference names, where it was read.
  func known(session reference: String) -> SessionEntry? {
    if let entry = cache.session(reference, logID: logID) { return entry }
    return Reference.split(reference).flatMap { cache.session($0.0, logID: $0.1) }
  }

  /// The row of a session of a log.
  func entry(ofSession id: String, logID: String) throws -> SessionEntry? {
    if let entry = cache.session(id, logID: logID) { return entry }
    try read(sessions: id)
    return cache.session(id, logID: logID)
  }

  func task(_ id: String) throws -> Task? { try entry(ofTask: id)?.task }

  func task(_ id: String, logID: String) throws -> Task? { try entry(ofTask: id, logID: logID)?.task }

  /// The row of the task that a reference names.
  func entry(ofTask reference: String) throws -> TaskEntry? {
    if let entry = known(task: reference) { return entry }
    return try Reference.resolve(reference, own: logID, row: entry(ofTask:logID:)) { id in
      try read(tasks: id)
      return cache.tasks(id).map(\.task.logID)
    }
  }

  /// The row of the task that a reference names, where it was read.
  func known(task reference: String) -> TaskEntry? {
    if let entry = cache.task(reference, logID: logID) { return entry }
    return Reference.split(reference).flatMap { cache.task($0.0, logID: $0.1) }
  }

  /// The row of a task of a log.
  func entry(ofTask id: String, logID: String) throws -> TaskEntry? {
    if let entry = cache.task(id, logID: logID) { return entry }
    try read(tasks: id)
    return cache.task(id, logID: logID)
  }

  func grant(_ tokenHash: TokenHash) throws -> Grant? {
    while true {
      if let known = cache.grants[tokenHash] { return known }
      try prefetch([.grant(tokenHash)])
    }
  }

  func session(holding tokenHash: TokenHash) throws -> Session? {
    // A token that was never granted has no lease.
    if case .some(nil) = cache.grants[tokenHash] { return nil }
    if !cache.knownHoldings.contains(tokenHash) { try prefetch([.holding(tokenHash)]) }
    return cache.session(holding: tokenHash)
  }

  func openTask(key: String) throws -> Task? { try openTask(key: key, logID: logID) }

  func openTask(key: String, logID: String) throws -> Task? {
    if cache.prefetched.openTasks[key] == nil { try prefetch([.openTask(key: key)]) }
    guard let id = cache.prefetched.openTasks[key]?.first(where: { $0.logID == logID })?.row else { return nil }
    let task = try task(id, logID: logID)
    // Its session was locked after it was found.
    return task?.key == key && task?.state.isOpen == true ? task : nil
  }

  func hasActor(_ name: String) throws -> Bool {
    if shared.hasActor(name) || shared.known.actors.contains(name) { return true }
    if cache.prefetched.actors[name] == nil { try prefetch([.hasActor(name)]) }
    return cache.prefetched.actors[name] ?? false
  }

  func knownNames() throws -> Set<String> {
    if let names = cache.prefetched.names { return names }
    return try Set(ask(Query(Self.selectNames)).rows.map { $0.text(0) })
  }

  private static let selectNames = """
    SELECT value AS name FROM orch.event_block WHERE \(SkipIndex.isOf(.actor)) GROUP BY value UNION SELECT name FROM orch.agent
    """

  /// Reads all sessions of an id, once.
  private func read(sessions id: String) throws {
    guard !cache.knownSessions.contains(id) else { return }
    try ask([question(RowNames(sessions: [id]))])
  }

  /// Reads all tasks of an id, once.
  private func read(tasks id: String) throws {
    // Twice where somebody changed their session while we waited for it.
    while !cache.knownTasks.contains(id) { try ask([question(RowNames(tasks: [id]))]) }
  }

  // MARK: Prefetching

  func prefetch(_ requests: [ReadRequest]) throws {
    try ask(pendingQueries(for: requests))
  }

  /// The statements for what is requested and not known yet: first the one that locks, in one order, then those that only
  /// read.
  func pendingQueries(for requests: [ReadRequest]) -> [PendingQuery] {
    var names = RowNames()
    var questions: [PendingQuery] = []
    for request in requests {
      switch request {
      case .grant(let hash): if cache.grants[hash] == nil, !names.tokens.contains(hash) { names.tokens.append(hash) }
      case .newGrant(let hash): if cache.grants[hash] == nil { questions.append(question(newToken: hash)) }
      case .holding(let hash):
        if !cache.knownHoldings.contains(hash), !names.holdings.contains(hash) { names.holdings.append(hash) }
      case .task(let id):
        if cache.task(id, logID: logID) == nil, !cache.knownTasks.contains(id), !names.tasks.contains(id) {
          names.tasks.append(id)
        }
      case .session(let id):
        if cache.session(id, logID: logID) == nil, !cache.knownSessions.contains(id), !names.sessions.contains(id) {
          names.sessions.append(id)
        }
      case .openTask(let key): questions.append(question(openTask: key))
      case .claim(let query): questions.append(question(claim: query))
      case .hasActor(let name):
        if !shared.known.actors.contains(name) { questions.append(question(actor: name)) }
      case .event(let session, let seq): questions.append(question(session, seq))
      case .events(let query, let limit): questions.append(question(query, limit: limit))
      case .counts(let session):
        if cache.session(session, logID: logID)?.tally.queued != 0 { questions.append(question(counts: session)) }
      }
    }
    return names.isEmpty ? questions : [question(names)] + questions
  }

  /// Names of rows to be read.
  private struct RowNames {
    var tokens: [TokenHash] = []
    /// Those of which only the session counts.
    var holdings: [TokenHash] = []
    var tasks: [String] = []
    var sessions: [String] = []
    var hasTasks: Bool { !tokens.isEmpty || !tasks.isEmpty }
    var isEmpty: Bool { !hasTasks && holdings.isEmpty && sessions.isEmpty }
  }

  private func question(_ names: RowNames) -> PendingQuery {
    PendingQuery(select(names)) { [self] answer throws(PostgresFailure) in
      cache.knownSessions.formUnion(names.sessions)
      cache.knownHoldings.append(contentsOf: names.holdings)
      var tasks: [TaskEntry] = []
      var grants: [Grant] = []
      var isCurrent = true
      for row in answer.rows {
        var cursor = RowCursor(row)
        let session = try SessionEntry(&cursor)
        keep(session)
        guard names.hasTasks else { continue }
        let task = try TaskEntry.ifPresent(&cursor)
        let version = (cursor.int(), cursor.int())
        if version != (session.session.seq, session.revision) { isCurrent = false }
        guard let task else { continue }
        tasks.append(task)
        guard let hash = cursor.digest() else { continue }
        grants.append(
          Grant(
            tokenHash: hash, session: session.session.id, logID: session.session.logID, task: task.task.id,
            fence: cursor.int()))
      }
      // Somebody changed a session while we waited for it: its tasks as read are older than it is, and are asked for again.
      guard names.hasTasks, isCurrent else { return }
      cache.knownTasks.formUnion(names.tasks)
      for hash in names.tokens { cache.grants[hash] = .some(nil) }
      cache.knownHoldings += names.tokens
      for task in tasks { cache.keep(task) }
      for grant in grants { cache.grants[grant.tokenHash] = grant }
    }
  }

  /// Keeps a row that is locked, where rows are.
  func keep(_ entry: SessionEntry) {
    cache.keep(entry)
    touch(entry.session.id)
  }

  /// Only with what is asked for: planning costs more than looking, and a plan for any number of names is not one for one.
  private func select(_ names: RowNames) -> Query {
    var values = SQLParameters()
    var parts: [String] = []
    if !names.tokens.isEmpty {
      let token = "g.token_hash = \(values.anyOf(names.tokens, "bytea"))"
      parts.append(
        "SELECT g.session AS number, g.task AS ordinal, g.token_hash, g.fence FROM orch.grant_token g WHERE \(token)")
    }
    if !names.tasks.isEmpty {
      let id = "n.id = \(values.anyOf(names.tasks, "text"))"
      parts.append(
        """
        SELECT n.session AS number, n.ordinal, NULL::bytea AS token_hash, NULL::bigint AS fence FROM orch.task n WHERE \(id)
        """)
    }
    let noTask = names.hasTasks ? ", NULL::bigint, NULL::bytea, NULL::bigint" : ""
    if !names.holdings.isEmpty {
      let token = "g.token_hash = \(values.anyOf(names.holdings, "bytea"))"
      parts.append("SELECT g.session AS number\(noTask) FROM orch.grant_token g WHERE \(token)")
    }
    if !names.sessions.isEmpty {
      let id = "n.id = \(values.anyOf(names.sessions, "text"))"
      parts.append("SELECT n.number\(noTask) FROM orch.session n WHERE \(id)")
    }
    // What the statement saw as it began, beside what it waited for.
    let before = isWriting ? "o.seq, o.revision" : "s.seq, s.revision"
    let tasks = names.hasTasks ? ", \(TaskEntry.selectListBesideSession), \(before), named.token_hash, named.fence" : ""
    let join = names.hasTasks ? "LEFT JOIN orch.task t ON t.ordinal = named.ordinal" : ""
    let isOne = parts.count == 1 && names.tokens.count + names.holdings.count == 1
    let old = names.hasTasks && isWriting ? "JOIN orch.session o ON o.number = named.number" : ""
    return Query(
      """
      SELECT \(SessionEntry.selectList)\(tasks) FROM (\(parts.joined(separator: " UNION ALL "))) AS named
      JOIN orch.session s ON s.number = named.number \(old) \(join)
      \(isOne ? "" : "ORDER BY s.number") \(isWriting ? "FOR UPDATE OF s" : "")
      """, values: values.values)
  }

  /// Of a token that was granted before, the rest is asked when it is needed.
  private func question(newToken hash: TokenHash) -> PendingQuery {
    PendingQuery(Query("SELECT 1 FROM orch.grant_token WHERE token_hash = $1::bytea", hash)) { [self] answer in
      if answer.count == 0 { cache.grants[hash] = .some(nil) }
    }
  }

  private func question(openTask key: String) -> PendingQuery {
    PendingQuery(
      Query(
        """
        SELECT t.id, s.log FROM orch.task t JOIN orch.session s ON s.number = t.session WHERE t.open_key = $1
        """, key)
    ) { [self] answer in
      cache.prefetched.openTasks[key] = answer.rows.map { ($0.text(1), $0.text(0)) }
    }
  }

  private func question(actor name: String) -> PendingQuery {
    // The names are put together only when this one is not among them.
    let query = Query(
      """
      SELECT k.known, CASE WHEN k.known THEN NULL ELSE array_to_json(ARRAY(\(Self.selectNames)))::text END FROM (
        SELECT EXISTS (SELECT 1 FROM orch.event_block WHERE \(SkipIndex.isOf(.actor)) AND value = $1) AS known) AS k
      """, name)
    return PendingQuery(query) { [self] answer throws(PostgresFailure) in
      guard let row = answer.first else { return }
      cache.prefetched.actors[name] = row.bool(0)
      if row.bool(0) { shared.known.add(actor: name) }
      if !row.bool(0) { cache.prefetched.names = Set(try row.list(1)) }
    }
  }
}
