import OrchCore
import OrchStore

/// The columns of a session's row: the session, and what the engine keeps beside it.
struct SessionRow: ColumnRecord {
  var number: Int64
  var session: Session
  /// The position of its last event: the head of its chain.
  var lastEvent: Int64?
  /// Its tasks at place 1.
  var tops: [QueueHead]
  var tally: StateCounts

  static let blank = SessionRow(number: 0, session: .blank, lastEvent: nil, tops: [], tally: .blank)

  mutating func columns(_ pass: inout ColumnPass) throws(UnreadableColumn) {
    try pass.column("number", .fixed, &number)
    try session.columns(&pass)
    try pass.column("last_event", .hot, &lastEvent)
    try pass.column("heads", .hot, &tops)
    try tally.columns(&pass)
  }

  static let all = columns()
  static let updated = columns(.updated)
  static let selectList = selected.list()
}

/// The columns of a task's row: the task, but for its content and its filter key, and what the engine keeps beside it.
struct TaskRow: ColumnRecord {
  var ordinal: Int64
  /// Its session's number.
  var session: Int64
  /// The log of its session, empty where that is the database's own.
  var origin = ""
  var place: Int64 = 0
  var bucket: Int64
  /// The position of its last event: the head of its chain.
  var lastEvent: Int64
  /// Whether there is a row in `task_content`.
  var hasContent = false
  var task: Task

  static let blank = TaskRow(ordinal: 0, session: 0, bucket: 0, lastEvent: 0, task: .blank)

  mutating func columns(_ pass: inout ColumnPass) throws(UnreadableColumn) {
    try pass.column("ordinal", .fixed, &ordinal)
    try pass.column("session", .fixed, &session)
    try pass.column("origin", .fixed, &origin)
    try pass.column("place", .cold, &place)
    try pass.column("bucket", .cold, &bucket)
    try pass.column("last_event", .hot, &lastEvent)
    try pass.column("has_content", .cold, &hasContent)
    try pass.column("open_blockers", .cold, &task.openBlockers)
    // The state of tasks that are not in the queue's flow, for the index that lists them.
    pass.derived("aside", .cold, optional: task.state.isParked ? task.state.rawValue : nil)
    try task.columns(&pass)
  }

  static let all = columns()
  static let updated = columns(.updated)
  static let hot = columns(.hot)
  /// Selects from `task` and `session`.
  static let selectList = selected.list(of: "task") + ", session.id"
  fileprivate static let sessionIDColumn = Int32(selected.count)
}

extension ColumnPass {
  mutating func column(_ name: String, _ kind: ColumnKind, _ value: inout [QueueHead]) throws(UnreadableColumn) {
    var stored = isReading ? nil : QueueHead.stored(value)
    try column(name, kind, &stored)
    guard isReading else { return }
    guard let heads = QueueHead.list(stored: stored) else { throw UnreadableColumn(name) }
    value = heads
  }
}

extension QueueHead {
  static func stored(_ heads: [QueueHead]) -> String? {
    guard !heads.isEmpty else { return nil }
    return String(unsafeUninitializedCapacity: heads.count * longest) { write(heads, into: $0) }
  }

  /// Nil where the column does not read.
  static func list(stored: String?) -> [QueueHead]? {
    guard var stored else { return [] }
    return stored.withUTF8 { list($0) }
  }
}

/// A session's row as it was read or written. Never changed, but replaced.
final class SessionEntry {
  let row: SessionRow

  var number: Int64 { row.number }
  var session: Session { row.session }
  var lastEvent: Int64? { row.lastEvent }
  var tops: [QueueHead] { row.tops }
  var tally: StateCounts { row.tally }

  init(_ row: SessionRow) { self.row = row }

  convenience init(
    number: Int64, session: Session, lastEvent: Int64? = nil, tops: [QueueHead] = [], tally: StateCounts = StateCounts()
  ) {
    self.init(SessionRow(number: number, session: session, lastEvent: lastEvent, tops: tops, tally: tally))
  }

  /// Reads `SessionRow.selectList`.
  convenience init(_ row: borrowing Row) throws(SQLiteFailure) { self.init(try row.record("a session")) }
}

/// A task's row as it was read or written, and its content and filter key. Never changed, but replaced.
final class TaskEntry {
  /// Without a place, which follows from other rows too.
  let row: TaskRow

  var ordinal: Int64 { row.ordinal }
  /// Its session's number.
  var session: Int64 { row.session }
  var bucket: Int64 { row.bucket }
  var lastEvent: Int64 { row.lastEvent }
  var task: Task { row.task }

  fileprivate init(_ row: TaskRow) {
    self.row = row
  }

  convenience init(ordinal: Int64, session: Int64, origin: String, bucket: Int64, lastEvent: Int64, task: Task) {
    self.init(
      TaskRow(
        ordinal: ordinal, session: session, origin: origin, bucket: bucket, lastEvent: lastEvent,
        hasContent: task.content != .blank, task: task))
  }

  /// Its place in the order of claims.
  var top: QueueHead {
    QueueHead(bucket: bucket, priority: Int64(task.priority), readyAt: task.readyAt.milliseconds, ordinal: ordinal)
  }

  /// Whether the narrow update of the hot columns is enough to store it over `old`.
  func onlyHotColumnsChanged(from old: TaskEntry) -> Bool {
    bucket == old.bucket && task.content == old.task.content && row.storedValues(.cold) == old.row.storedValues(.cold)
  }
}

extension SQLiteTransaction {
  /// Reads `TaskRow.selectList`, the class and the content.
  func taskEntry(_ row: borrowing Row) throws(SQLiteFailure) -> TaskEntry {
    var found: TaskRow = try row.record("a task")
    found.place = 0
    found.task.session = row.text(TaskRow.sessionIDColumn)
    found.task.logID = found.origin.isEmpty ? logID : found.origin
    found.task.ordinal = Int(truncatingIfNeeded: found.ordinal)
    found.task.filterKey = try filterKey(ReadyQueueKey.filterKey(found.bucket))
    if found.hasContent { found.task.content = try content(of: found.ordinal) }
    return TaskEntry(found)
  }

  private func content(of ordinal: Int64) throws(SQLiteFailure) -> TaskContent {
    let select = try statement(Self.selectContent)
    select.bind(1, ordinal)
    let content: TaskContent? = try select.first { row throws(SQLiteFailure) in try row.record("a task's content") }
    guard let content else { throw .corrupt(.damageTaskContent(ordinal: Int(ordinal))) }
    return content
  }

  private static let selectContent = SQL(
    composed: "SELECT \(TaskContent.selected.list()) FROM task_content WHERE task = ?1")
}
