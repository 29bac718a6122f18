import OrchCore
import OrchStore

// Tasks by reference, by key and by what they wait for; tokens.

extension SQLiteTransaction {
  func task(_ id: String) throws -> Task? { try entry(ofTask: id)?.task }

  func task(_ id: String, logID: String) throws -> Task? { try entry(ofTask: id, logID: logID)?.task }

  /// The row of the task that a reference names.
  func entry(ofTask reference: String) throws -> TaskEntry? {
    try Reference.resolve(reference, own: logID, row: entry(ofTask:logID:), logs: logs(ofTask:))
  }

  /// The row of a task of a log.
  func entry(ofTask id: String, logID: String) throws(SQLiteFailure) -> TaskEntry? {
    if let entry = cache.tasks[key(id, logID)] { return entry }
    let select = try statement(Self.selectTaskByID)
    select.bind(1, id)
    select.bind(2, logID == self.logID ? "" : logID)
    return try first(select)
  }

  /// What the index of names has beside a task's id: nothing for those of this log.
  func origin(of task: Task) -> String { task.logID == logID ? "" : task.logID }

  /// The logs that have a task of an id.
  private func logs(ofTask id: String) throws(SQLiteFailure) -> [String] {
    let select = try statement(Self.selectOrigins)
    select.bind(1, id)
    var logs: [String] = []
    try select.query { row in logs.append(row.text(0).isEmpty ? logID : row.text(0)) }
    return logs
  }

  /// Keeps a row for later questions of this transaction.
  func keep(_ entry: TaskEntry) { cache.tasks[key(entry.task.id, entry.task.logID)] = entry }

  /// The row of the task with an ordinal.
  func entry(ofTask ordinal: Int64) throws(SQLiteFailure) -> TaskEntry? {
    let select = try statement(Self.selectTaskByOrdinal)
    select.bind(1, ordinal)
    return try first(select)
  }

  private func first(_ select: Statement) throws(SQLiteFailure) -> TaskEntry? {
    let entry = try select.first { row throws(SQLiteFailure) in try self.taskEntry(row) }
    if let entry { keep(entry) }
    return entry
  }

  func openTask(key: String) throws -> Task? { try openTask(key: key, logID: logID) }

  func openTask(key: String, logID: String) throws -> Task? {
    let select = try statement(Self.selectByOpenKey)
    select.bind(1, key)
    select.bind(2, logID == self.logID ? "" : logID)
    return try first(select)?.task
  }

  func dependents(of task: String) throws -> [Task] {
    // What is waited for need not be there.
    let named = try entry(ofTask: task)?.task
    let ordinals = try statement(Self.selectDependents).numbers { $0.bind(1, named?.id ?? task) }
    return try ordinals.compactMap { try entry(ofTask: $0)?.task }.filter { $0.logID == named?.logID ?? logID }
  }

  func taskIDs(prefix: String, limit: Int) throws -> [String] {
    let select = try statement(Self.selectIDsByPrefix)
    select.bind(1, prefix)
    // No id has a character beyond the last one.
    select.bind(2, prefix + "\u{10FFFF}")
    select.bind(3, limit)
    var ids: [String] = []
    try select.query { row in ids.append(Reference.to(row.text(0), of: row.text(1), in: logID)) }
    return ids
  }

  func grant(_ tokenHash: TokenHash) throws -> Grant? {
    if let grant = cache.grants[tokenHash] { return grant }
    let select = try statement(Self.selectGrant)
    select.bind(1, tokenHash)
    let grant = try select.first { row in
      Grant(tokenHash: tokenHash, session: row.text(0), logID: row.text(3), task: row.text(1), fence: row.count(2))
    }
    if let grant { cache.grants[tokenHash] = grant }
    return grant
  }

  // MARK: SQL

  static let selectTaskByID = select("task.id = ?1 AND task.origin = ?2")
  static let selectTaskByOrdinal = select("ordinal = ?1")
  private static let selectByOpenKey = select("open_key = ?1 AND origin = ?2")

  private static func select(_ condition: String) -> SQL {
    SQL(
      composed: """
        SELECT \(TaskRow.selectList) FROM task CROSS JOIN session ON session.number = task.session WHERE \(condition)
        """)
  }

  private static let selectOrigins: SQL = "SELECT origin FROM task WHERE id = ?1"
  private static let selectDependents: SQL = "SELECT task FROM dependency WHERE after_task = ?1 ORDER BY task"
  private static let selectIDsByPrefix: SQL =
    "SELECT id, origin FROM task WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3"
  private static let selectGrant: SQL = """
    SELECT session.id, task.id, grant_token.fence, session.log FROM grant_token
    CROSS JOIN session ON session.number = grant_token.session CROSS JOIN task ON task.ordinal = grant_token.task
    WHERE token_hash = ?1
    """
}
