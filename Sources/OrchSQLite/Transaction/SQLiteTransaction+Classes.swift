import OrchCore
import OrchStore

// Classes: what a claim's filters look at, and what spares a claim its rarer questions.

extension SQLiteTransaction {
  /// The class with a number.
  func taskClass(_ id: Int64) throws(SQLiteFailure) -> ClaimFilterKey {
    if let found = cache.classes[id] { return found }
    try loadClasses()
    guard let found = cache.classes[id] else { throw .corrupt("the class \(id) is missing") }
    return found
  }

  /// The number of a class, a new one if need be.
  func classID(_ taskClass: ClaimFilterKey) throws(SQLiteFailure) -> Int64 {
    if let id = cache.classIDs[taskClass] { return id }
    try loadClasses()
    if let id = cache.classIDs[taskClass] { return id }
    let insert = try statement(Self.insertClass)
    insert.bind(1, taskClass.kind)
    insert.bind(2, taskClass.project)
    insert.bind(3, taskClass.assignee)
    insert.bind(4, TextList.text(taskClass.reviewers))
    try insert.run()
    let id = connection.lastInsertedRow
    note(taskClass, id)
    cache.fastPathFlags?.lastClass = id
    return id
  }

  /// All classes by number.
  func classes() throws(SQLiteFailure) -> [Int64: ClaimFilterKey] {
    if Int64(cache.classes.count) < (try fastPathFlags().lastClass) { try loadClasses() }
    return cache.classes
  }

  private func loadClasses() throws(SQLiteFailure) {
    let select = try statement(Self.selectClasses)
    // Numbers have no gaps: nothing deletes a class.
    select.bind(1, cache.classes.count)
    try select.query { row throws(SQLiteFailure) in
      note(
        ClaimFilterKey(
          kind: row.text(1), project: row.optionalText(2), assignee: row.optionalText(3),
          reviewers: try TextList.list(row.optionalText(4))), row.int(0))
    }
  }

  private func note(_ taskClass: ClaimFilterKey, _ id: Int64) {
    cache.classes[id] = taskClass
    cache.classIDs[taskClass] = id
  }

  /// What spares a claim its rarer questions, read once until something that concerns it changes.
  func fastPathFlags() throws(SQLiteFailure) -> RowCache.ClaimFastPathFlags {
    if let fastPathFlags = cache.fastPathFlags { return fastPathFlags }
    let read = try statement(Self.selectGuards).first { row in
      RowCache.ClaimFastPathFlags(lastClass: row.int(0), firstDue: row.optionalInt(1), hasOffers: row.bool(2))
    }
    guard let read else { throw .corrupt("the guards do not read") }
    cache.fastPathFlags = read
    return read
  }

  // MARK: SQL

  private static let insertClass: SQL = "INSERT INTO class(kind, project, assignee, reviewers) VALUES (?1, ?2, ?3, ?4)"
  private static let selectClasses: SQL = "SELECT id, kind, project, assignee, reviewers FROM class WHERE id > ?1"
  static let selectGuards: SQL = """
    SELECT (SELECT max(id) FROM class),
      (SELECT ready_at FROM task WHERE place = 1 AND not_before IS NOT NULL ORDER BY ready_at LIMIT 1),
      EXISTS (SELECT 1 FROM session WHERE offer_expires_at IS NOT NULL)
    """
}
