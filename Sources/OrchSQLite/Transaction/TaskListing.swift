import OrchCore
import OrchStore

/// The statement of a listing.
///
/// What differs from page to page and from session to session are parameters, so that the text stays the same.
struct TaskListing {
  private let taskSource: TaskSource
  private let isOfSession: Bool
  private var conditions: [String] = []
  private var values: [StoredValue] = []

  init(_ query: TaskQuery, session: Int64?, now: Instant) {
    taskSource = query.source
    isOfSession = session != nil
    if let session { conditions.append("task.session = \(parameter(.integer(session)))") }
    if let key = query.key { conditions.append("task.key = \(parameter(.text(key)))") }
    if taskSource == .blocked { conditions.append("place = \(QueueSlot.blocked)") }
    if taskSource == .leases { conditions.append("holder.lease_expires_at IS NOT NULL") }
    if let state = query.state { conditions.append(Self.condition(state, now.milliseconds)) }
  }

  /// Only tasks of these filter keys.
  mutating func restrict(toFilterKeys filterKeys: some Collection<Int64>) {
    let list = filterKeys.map { "\($0)" }.joined(separator: ",")
    conditions.append("bucket >> \(ReadyQueueKey.partitionBits) IN (\(list))")
  }

  /// Only tasks that come after.
  mutating func begin(after cursor: TaskCursor) {
    let place = [Int64(cursor.priority), cursor.readyAt.milliseconds, Int64(cursor.ordinal)]
      .map { parameter(.integer($0)) }
    conditions.append("(priority, ready_at, ordinal) > (\(place.joined(separator: ", ")))")
  }

  /// The statement for at most `limit` tasks, ready to run.
  mutating func statement(limit: Int, on connection: Connection) throws(SQLiteFailure) -> Statement {
    let limit = parameter(.integer(Int64(limit)))
    let statement = try connection.prepareAgain(
      """
      SELECT \(TaskRow.selectList) FROM \(source) CROSS JOIN session ON session.number = task.session
      WHERE \(conditions.isEmpty ? "true" : conditions.joined(separator: " AND "))
      ORDER BY priority, ready_at, ordinal LIMIT \(limit)
      """)
    for (index, value) in values.enumerated() { value.write(to: statement, at: index + 1) }
    return statement
  }

  /// A parameter with a value.
  private mutating func parameter(_ value: StoredValue) -> String {
    values.append(value)
    return "?\(values.count)"
  }

  /// The table and its index.
  private var source: String {
    switch taskSource {
    case .key: "task INDEXED BY task_key"
    case .parked: "task INDEXED BY task_aside"
    case .blocked: "task INDEXED BY \(isOfSession ? "task_blocked_session" : "task_blocked")"
    case .leases:
      """
      session AS holder INDEXED BY session_lease CROSS JOIN task
        ON task.id = holder.lease_task AND task.session = holder.number
      """
    case .all: "task INDEXED BY \(isOfSession ? "task_session" : "task_order")"
    }
  }

  private static func condition(_ state: VisibleState, _ now: Int64) -> String {
    let (stored, holding, failing) = state.definition
    // The column that the index is on has the parked states alone.
    let column = stored.isParked ? "aside" : "task.state"
    return
      (["\(column) = '\(stored.rawValue)'"] + holding.map { "\($0.sql(now: now))" }
      + failing.map { "NOT \($0.sql(now: now))" }).joined(separator: " AND ")
  }
}
