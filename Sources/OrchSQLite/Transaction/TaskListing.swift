import OrchCore
import OrchStore

/// The statement of a listing.
///
/// Numbers stand in its text; the key, the one text of a query, is `?1`.
struct TaskListing {
  private let taskSource: TaskSource
  private let isOfSession: Bool
  private var conditions: [String] = []

  init(_ query: TaskQuery, session: Int64?, now: Instant) {
    taskSource = query.source
    isOfSession = session != nil
    if let session { conditions.append("task.session = \(session)") }
    if query.key != nil { conditions.append("task.key = ?1") }
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
    conditions.append(
      "(priority, ready_at, ordinal) > (\(cursor.priority), \(cursor.readyAt.milliseconds), \(cursor.ordinal))")
  }

  func text(limit: Int) -> String {
    """
    SELECT \(TaskRow.selectList) FROM \(source) CROSS JOIN session ON session.number = task.session
    WHERE \(conditions.isEmpty ? "true" : conditions.joined(separator: " AND "))
    ORDER BY priority, ready_at, ordinal LIMIT \(limit)
    """
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
