import OrchCore
import OrchStore

/// A session's row: the session, and what the engine keeps beside it.
struct SessionEntry: ColumnRecord {
  var number: Int
  var session: Session
  /// The position of its last event.
  var lastEvent: Int?
  var tally: StateCounts
  /// Counts the changes of its tasks from outside, by statements of its own.
  var revision = 0

  static let blank = SessionEntry(number: 0, session: .blank, tally: .blank)

  mutating func columns(_ pass: inout ColumnPass) throws(UnreadableColumn) {
    try pass.column("number", .fixed, &number)
    try session.columns(&pass)
    try pass.column("last_event", .hot, &lastEvent)
    try tally.columns(&pass)
    try pass.column("revision", .fixed, &revision)
  }

  static let all = columns()
  static let updated = columns(.updated)
  /// Selects from the table named `s`.
  static let selectList = selected.list(of: "s")

  /// Inserts the row unless its name is taken; waits for whoever is about to take it.
  var insertedIfNew: Query {
    Query(
      "INSERT INTO orch.session(\(Self.all.list())) VALUES (\(Self.all.parameters("$"))) ON CONFLICT DO NOTHING",
      values: parameters())
  }
}

/// A task's row: the task, and what the engine keeps beside it.
struct TaskEntry: ColumnRecord {
  /// The position of its first event.
  var ordinal: Int
  /// Its session's number.
  var session: Int
  /// The log of its session, empty where that is the database's own.
  var origin = ""
  var task: Task
  /// Whether any task waits for this one. Not a column: another table says it.
  var hasDependents: Bool

  static let blank = TaskEntry(ordinal: 0, session: 0, task: .blank, hasDependents: false)

  mutating func columns(_ pass: inout ColumnPass) throws(UnreadableColumn) {
    try pass.column("ordinal", .fixed, &ordinal)
    try pass.column("session", .fixed, &session)
    try pass.column("origin", .fixed, &origin)
    try task.columns(&pass)
    try task.filterKey.columns(&pass)
    try task.content.columns(&pass)
    // Counted by statements of its own, relatively: others count at the same time.
    try pass.column("open_blockers", .fixed, &task.openBlockers)
    pass.derived("class", .cold, task.filterKey.label)
    pass.derived("lane", .cold, ReadyQueue.partition(task))
  }

  static let all = columns()
  static let updated = columns(.updated)
  static let hot = columns(.hot)
  /// Selects from the table named `t`.
  static let selectList = selectList(
    sessionID: "(SELECT s.id FROM orch.session s WHERE s.number = t.session)",
    sessionLog: "(SELECT s.log FROM orch.session s WHERE s.number = t.session)")
  /// The same, where the task's session is the row `s`.
  static let selectListBesideSession = selectList(sessionID: "s.id", sessionLog: "s.log")
  private static let selectedCount = selected.count + 3

  private static func selectList(sessionID: String, sessionLog: String) -> String {
    """
    \(selected.list(of: "t")),
    EXISTS (SELECT 1 FROM orch.dependency d WHERE d.after_task = t.id), \(sessionID), \(sessionLog)
    """
  }

  /// Reads `selectList`; nil where an outer join found no task.
  static func ifPresent(_ row: inout RowCursor) throws(PostgresFailure) -> TaskEntry? {
    if !row.isNull { return try TaskEntry(&row) }
    row.skip(selectedCount)
    return nil
  }

  /// Whether the narrow update of the hot columns is enough to store it over `old`.
  func onlyHotColumnsChanged(from old: TaskEntry) -> Bool {
    task.filterKey == old.task.filterKey && task.content == old.task.content
      && task.storedValues(.cold) == old.task.storedValues(.cold)
  }
}

extension SessionEntry {
  /// Reads `selectList`.
  init(_ row: inout RowCursor) throws(PostgresFailure) { self = try row.record("a session") }

  init(_ row: Row) throws(PostgresFailure) { self = try row.record("a session") }
}

extension TaskEntry {
  /// Reads `selectList`.
  init(_ row: inout RowCursor) throws(PostgresFailure) {
    self = try row.record("a task")
    hasDependents = row.bool()
    guard let session = row.optionalText(), let logID = row.optionalText() else {
      throw .corrupt(.damageSessionOf(task: task.id))
    }
    task.session = session
    task.logID = logID
    task.ordinal = ordinal
  }
}

extension Row {
  /// Reads `SessionEntry.selectList`.
  func session() throws(PostgresFailure) -> Session { try SessionEntry(self).session }

  /// Reads `TaskEntry.selectList`.
  func task() throws(PostgresFailure) -> Task {
    var cursor = RowCursor(self)
    return try TaskEntry(&cursor).task
  }
}
