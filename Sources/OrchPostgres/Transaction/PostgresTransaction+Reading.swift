internal import OrchCore
internal import OrchStore

// Sessions and tasks by name. In a write transaction every row read here is locked: the session's, and with a task the
// session's it belongs to.

extension PostgresTransaction {
  func session(_ id: String) throws -> Session? { try entry(ofSession: id)?.session }

  func session(_ id: String, log: String) throws -> Session? { try entry(ofSession: id, log: log)?.session }

  /// The row of the session that a reference names.
  func entry(ofSession reference: String) throws -> SessionEntry? {
    if let entry = cache.session(reference, log: log) { return entry }
    if let (name, log) = Reference.split(reference), let entry = cache.session(name, log: log) { return entry }
    try read(sessions: reference)
    return try Reference.choose(reference, own: log, named: cache.sessions(named: reference)) {
      guard let (name, _) = Reference.split(reference) else { return [] }
      try read(sessions: name)
      return cache.sessions(named: name)
    }
  }

  /// The row of a session of a log.
  func entry(ofSession id: String, log: String) throws -> SessionEntry? {
    if let entry = cache.session(id, log: log) { return entry }
    try read(sessions: id)
    return cache.session(id, log: log)
  }

  func task(_ id: String) throws -> Task? { try entry(ofTask: id)?.task }

  func task(_ id: String, log: String) throws -> Task? { try entry(ofTask: id, log: log)?.task }

  /// The row of the task that a reference names.
  func entry(ofTask reference: String) throws -> TaskEntry? {
    if let entry = cache.task(reference, log: log) { return entry }
    if let (name, log) = Reference.split(reference), let entry = cache.task(name, log: log) { return entry }
    try read(tasks: reference)
    return try Reference.choose(reference, own: log, named: cache.tasks(named: reference)) {
      guard let (name, _) = Reference.split(reference) else { return [] }
      try read(tasks: name)
      return cache.tasks(named: name)
    }
  }

  /// The row of a task of a log.
  func entry(ofTask id: String, log: String) throws -> TaskEntry? {
    if let entry = cache.task(id, log: log) { return entry }
    try read(tasks: id)
    return cache.task(id, log: log)
  }

  func grant(_ tokenHash: TokenHash) throws -> Grant? {
    if let known = cache.grants[tokenHash] { return known }
    try foresee([.token(tokenHash)])
    return cache.grants[tokenHash] ?? nil
  }

  func openTask(key: String) throws -> Task? { try openTask(key: key, log: log) }

  func openTask(key: String, log: String) throws -> Task? {
    if cache.foreseen.openTasks[key] == nil { try foresee([.openTask(key: key)]) }
    guard let id = cache.foreseen.openTasks[key]?.first(where: { $0.log == log })?.row else { return nil }
    let task = try task(id, log: log)
    // Its session was locked after it was found.
    return task?.key == key && task?.state.isOpen == true ? task : nil
  }

  func hasActor(_ name: String) throws -> Bool {
    if shared.hasActor(name) || shared.known.actors.contains(name) { return true }
    if cache.foreseen.actors[name] == nil { try foresee([.hasActor(name)]) }
    return cache.foreseen.actors[name] ?? false
  }

  func knownNames() throws -> Set<String> {
    if let names = cache.foreseen.names { return names }
    return try Set(ask(Query(Self.selectNames)).rows.map { $0.text(0) })
  }

  private static let selectNames = """
    SELECT value AS name FROM orch.event_block WHERE facet = 1 GROUP BY value UNION SELECT name FROM orch.agent
    """

  /// Reads all sessions of a name, once.
  private func read(sessions name: String) throws {
    guard !cache.knownSessions.contains(name) else { return }
    try ask(questions(RowNames(sessions: [name])))
  }

  /// Reads all tasks of a name, once.
  private func read(tasks name: String) throws {
    guard !cache.knownTasks.contains(name) else { return }
    try ask(questions(RowNames(tasks: [name])))
  }

  // MARK: Foreseeing

  func foresee(_ questions: [Foresight]) throws {
    try ask(try self.questions(questions))
  }

  /// The statements for what is foreseen and not yet known: first one that locks, in one order, then those that read.
  func questions(_ foreseen: [Foresight]) throws -> [Question] {
    var names = RowNames()
    var questions: [Question] = []
    for foresight in foreseen {
      switch foresight {
      case .token(let hash): if cache.grants[hash] == nil { names.tokens.append(hash) }
      case .task(let id):
        if cache.task(id, log: log) == nil, !cache.knownTasks.contains(id) { names.tasks.append(id) }
      case .session(let id):
        if cache.session(id, log: log) == nil, !cache.knownSessions.contains(id) { names.sessions.append(id) }
      case .openTask(let key): questions.append(question(openTask: key))
      case .claim(let query, let recoveries): questions += self.questions(claim: query, recoveries: recoveries)
      case .hasActor(let name):
        if !shared.known.actors.contains(name) { questions.append(question(actor: name)) }
      case .event(let session, let seq): questions.append(question(session, seq))
      case .events(let query, let limit): questions.append(question(query, limit: limit))
      case .counts(let session):
        if cache.session(session, log: log)?.tally.queued != 0 { questions.append(question(counts: session)) }
      }
    }
    return self.questions(names) + questions
  }

  /// Names of rows to be read.
  private struct RowNames {
    var tokens: [TokenHash] = []
    var tasks: [String] = []
    var sessions: [String] = []
    var isEmpty: Bool { tokens.isEmpty && tasks.isEmpty && sessions.isEmpty }
  }

  private func questions(_ names: RowNames) -> [Question] {
    guard !names.isEmpty else { return [] }
    let sessions = Question(
      Self.selectSessions(names, lock: isWriting ? "FOR UPDATE OF s" : "")
    ) { [self] answer throws(PostgresFailure) in
      cache.knownSessions.formUnion(names.sessions)
      for row in answer.rows { keep(try SessionEntry(row)) }
    }
    guard !names.tokens.isEmpty || !names.tasks.isEmpty else { return [sessions] }
    // A statement of its own: it sees what the one before waited for.
    let tasks = Question(Self.selectTasks(names)) { [self] answer throws(PostgresFailure) in
      cache.knownTasks.formUnion(names.tasks)
      for hash in names.tokens { cache.grants[hash] = .some(nil) }
      for row in answer.rows {
        let entry = try TaskEntry(row)
        cache.keep(entry)
        guard !row.isNull(TaskEntry.columnCount) else { continue }
        let hash = try row.digest(TaskEntry.columnCount)
        cache.grants[hash] = Grant(
          tokenHash: hash, session: entry.task.session, log: entry.task.log, task: entry.task.id,
          fence: row.int(TaskEntry.columnCount + 1))
      }
    }
    return [sessions, tasks]
  }

  /// Keeps a row that is locked, where rows are.
  func keep(_ entry: SessionEntry) {
    cache.keep(entry)
    touch(entry.session.id)
  }

  /// Only with what is asked for: planning costs more than looking, and a plan for any number of names is not one for one.
  private static func selectSessions(_ names: RowNames, lock: String) -> Query {
    var values = ClaimValues()
    var numbers: [String] = []
    if !names.tokens.isEmpty {
      numbers.append(
        "SELECT g.session FROM orch.grant_token g WHERE g.token_hash = \(values.anyOf(names.tokens, "bytea"))")
    }
    if !names.tasks.isEmpty {
      numbers.append("SELECT t.session FROM orch.task t WHERE t.id = \(values.anyOf(names.tasks, "text"))")
    }
    if !names.sessions.isEmpty {
      numbers.append("SELECT n.number FROM orch.session n WHERE n.id = \(values.anyOf(names.sessions, "text"))")
    }
    let isOne = numbers.count == 1 && names.tokens.count == 1
    let condition = isOne
      ? "= (\(numbers[0]))" : "= ANY(\(numbers.map { "ARRAY(\($0))" }.joined(separator: " || "))) ORDER BY s.number"
    return Query(
      "SELECT \(SessionEntry.columns) FROM orch.session s WHERE s.number \(condition) \(lock)", values: values.values)
  }

  private static func selectTasks(_ names: RowNames) -> Query {
    var values = ClaimValues()
    guard !names.tokens.isEmpty else {
      return Query(
        "SELECT \(TaskEntry.columns), NULL, NULL FROM orch.task t WHERE t.id = \(values.anyOf(names.tasks, "text"))",
        values: values.values)
    }
    let tokens = "g.token_hash = \(values.anyOf(names.tokens, "bytea"))"
    guard !names.tasks.isEmpty else {
      return Query(
        """
        SELECT \(TaskEntry.columns), g.token_hash, g.fence FROM orch.grant_token g JOIN orch.task t ON t.ordinal = g.task
        WHERE \(tokens)
        """, values: values.values)
    }
    let ordinals = """
      ARRAY(SELECT g.task FROM orch.grant_token g WHERE \(tokens))
        || ARRAY(SELECT n.ordinal FROM orch.task n WHERE n.id = \(values.anyOf(names.tasks, "text")))
      """
    return Query(
      """
      SELECT \(TaskEntry.columns), g.token_hash, g.fence FROM orch.task t
      LEFT JOIN orch.grant_token g ON g.task = t.ordinal AND \(tokens) WHERE t.ordinal = ANY(\(ordinals))
      """, values: values.values)
  }

  private func question(openTask key: String) -> Question {
    Question(
      Query(
        """
        SELECT t.id, s.log FROM orch.task t JOIN orch.session s ON s.number = t.session WHERE t.open_key = $1
        """, key)
    ) { [self] answer in
      cache.foreseen.openTasks[key] = answer.rows.map { ($0.text(1), $0.text(0)) }
    }
  }

  private func question(actor name: String) -> Question {
    // The names are put together only when this one is not among them.
    let query = Query(
      """
      SELECT k.known, CASE WHEN k.known THEN NULL ELSE array_to_json(ARRAY(\(Self.selectNames)))::text END FROM (
        SELECT EXISTS (SELECT 1 FROM orch.event_block WHERE facet = 1 AND value = $1) AS known) AS k
      """, name)
    return Question(query) { [self] answer throws(PostgresFailure) in
      guard let row = answer.first else { return }
      cache.foreseen.actors[name] = row.bool(0)
      if row.bool(0) { shared.known.add(actor: name) }
      if !row.bool(0) { cache.foreseen.names = Set(try row.list(1)) }
    }
  }
}
