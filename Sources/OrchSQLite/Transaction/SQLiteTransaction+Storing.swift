import OrchCore
import OrchStore

// The statements of an append.

extension SQLiteTransaction {
  /// Appends entries and stores the rows that follow from them.
  ///
  /// - Parameter entry: the session's row, nil for a new session.
  func store(_ change: SessionChange, _ entry: SessionEntry?) throws {
    if let entry { return try Append(change, entry: entry, isNew: false, in: self).run(change) }
    let number = try counters().session + 1
    cache.counters?.session = number
    try Append(change, entry: SessionEntry(number: number, session: change.before), isNew: true, in: self).run(change)
  }

  /// The ordinal of the next task.
  func nextOrdinal() throws(SQLiteFailure) -> Int64 {
    let ordinal = try counters().ordinal + 1
    cache.counters?.ordinal = ordinal
    return ordinal
  }

  /// Inserts a session, or updates the one at the number `before`; false when it is not there.
  func store(_ entry: SessionEntry, before: Int?) throws(SQLiteFailure) -> Bool {
    if let before {
      let update = try statement(Self.updateSession)
      update.bind(1, entry.number)
      update.bind(2, before)
      entry.row.write(.updated, to: update, from: 3)
      try update.run()
    } else {
      let insert = try statement(Self.insertSession)
      entry.row.write(to: insert)
      try insert.run()
    }
    return connection.changes == 1
  }

  func storeTops(of places: ReadyQueueHeads) throws(SQLiteFailure) {
    let update = try statement(Self.updateTops)
    update.bind(1, places.session)
    update.bind(2, QueueHead.stored(places.tops))
    try update.run()
  }

  /// Stores a task's row: all of it, or what changes while it is worked on.
  ///
  /// - Parameter oldPlace: nil when it is not known.
  func store(_ entry: TaskEntry, place: Int64, old: TaskEntry?, oldPlace: Int64?) throws(SQLiteFailure) {
    var row = entry.row
    row.place = place
    guard let old else {
      let insert = try statement(Self.insertTask)
      row.write(to: insert)
      try insert.run()
      return try storeDetails(entry, old: nil)
    }
    guard entry.onlyHotColumnsChanged(from: old) else {
      let update = try statement(Self.updateTask)
      update.bind(1, entry.ordinal)
      row.write(.updated, to: update, from: 2)
      try update.run()
      return try storeDetails(entry, old: old)
    }
    let moves = place != oldPlace
    let update = try statement(moves ? Self.updateProgressAndPlace : Self.updateProgress)
    update.bind(1, entry.ordinal)
    if moves { update.bind(2, place) }
    row.write(.hot, to: update, from: moves ? 3 : 2)
    try update.run()
  }

  /// The content and what the task waits for, where they changed.
  private func storeDetails(_ entry: TaskEntry, old: TaskEntry?) throws(SQLiteFailure) {
    let content = entry.task.content
    if content != old?.task.content ?? .blank {
      let store = try statement(Self.storeContent)
      store.bind(1, entry.ordinal)
      content.write(to: store, from: 2)
      try store.run()
    }
    let before = Set(old?.task.after ?? [])
    let after = Set(entry.task.after)
    guard before != after else { return }
    try eachDependency(before.subtracting(after), of: entry.ordinal, Self.deleteDependency)
    try eachDependency(after.subtracting(before), of: entry.ordinal, Self.insertDependency)
  }

  private func eachDependency(_ ids: Set<String>, of ordinal: Int64, _ sql: SQL) throws(SQLiteFailure) {
    for id in ids {
      let change = try statement(sql)
      change.bind(1, id)
      change.bind(2, ordinal)
      try change.run()
    }
  }

  func store(_ grant: Grant, session: Int64, task: Int64) throws(SQLiteFailure) {
    let insert = try statement(Self.insertGrant)
    insert.bind(1, grant.tokenHash)
    insert.bind(2, session)
    insert.bind(3, task)
    insert.bind(4, grant.fence)
    try insert.run()
  }

  func store(_ agent: AgentDescription) throws(SQLiteFailure) {
    let store = try statement(Self.storeAgent)
    store.bind(1, agent.name)
    store.bind(2, agent.display)
    store.bind(3, agent.role)
    try store.run()
  }

  // MARK: SQL

  static let insertSession = SQL(
    composed: """
      INSERT INTO session(\(SessionRow.all.list()))
      VALUES (\(SessionRow.all.parameters("?")))
      """)
  static let updateSession = SQL(
    composed: """
      UPDATE session SET \(SessionRow.updated.assignments("?", from: 3)) WHERE number = ?1 AND seq = ?2
      """)
  private static let updateTops: SQL = "UPDATE session SET heads = ?2 WHERE number = ?1"
  static let updateProgress = SQL(
    composed: "UPDATE task SET \(TaskRow.hot.assignments("?", from: 2)) WHERE ordinal = ?1")
  static let updateProgressAndPlace = SQL(
    composed: "UPDATE task SET place = ?2, \(TaskRow.hot.assignments("?", from: 3)) WHERE ordinal = ?1")
  private static let updateTask = SQL(
    composed: "UPDATE task SET \(TaskRow.updated.assignments("?", from: 2)) WHERE ordinal = ?1")
  private static let insertTask = SQL(
    composed: """
      INSERT INTO task(\(TaskRow.all.list())) VALUES (\(TaskRow.all.parameters("?")))
      """)
  private static let storeContent = SQL(
    composed: """
      INSERT INTO task_content(task, \(TaskContent.columns().list()))
      VALUES (?1, \(TaskContent.columns().parameters("?", from: 2)))
      ON CONFLICT(task) DO UPDATE SET \(TaskContent.columns().assignments("?", from: 2))
      """)
  private static let insertDependency: SQL = "INSERT INTO dependency(after_task, task) VALUES (?1, ?2)"
  private static let deleteDependency: SQL = "DELETE FROM dependency WHERE after_task = ?1 AND task = ?2"
  private static let insertGrant: SQL = """
    INSERT INTO grant_token(token_hash, session, task, fence) VALUES (?1, ?2, ?3, ?4)
    """
  private static let storeAgent: SQL = """
    INSERT INTO agent(name, display, role) VALUES (?1, ?2, ?3)
    ON CONFLICT(name) DO UPDATE SET display = excluded.display, role = excluded.role
    """
}
