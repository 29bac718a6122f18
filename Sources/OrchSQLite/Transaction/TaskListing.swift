import OrchCore
import OrchStore

/// A statement that lists tasks, by the index that fits the question.
///
/// Numbers stand in its text; the key, the one text of a question, is `?1`.
struct TaskListing {
  private let state: VisibleState?
  private let hasKey: Bool
  private let isOfSession: Bool
  private var conditions: [String] = []

  init(_ query: TaskQuery, session: Int64?, now: Instant) {
    state = query.state
    hasKey = query.key != nil
    isOfSession = session != nil
    if let session { conditions.append("task.session = \(session)") }
    if hasKey { conditions.append("task.key = ?1") }
    if let state { conditions.append(Self.condition(state, now.milliseconds)) }
  }

  /// Only tasks of these classes.
  mutating func restrict(toClasses classes: some Collection<Int64>) {
    conditions.append("bucket >> 4 IN (\(classes.map { "\($0)" }.joined(separator: ",")))")
  }

  /// Only tasks that come after.
  mutating func begin(after cursor: TaskCursor) {
    conditions.append(
      "(priority, ready_at, ordinal) > (\(cursor.priority), \(cursor.readyAt.milliseconds), \(cursor.ordinal))")
  }

  func text(limit: Int) -> String {
    """
    SELECT task.*, session.id FROM \(source) CROSS JOIN session ON session.number = task.session
    WHERE \(conditions.isEmpty ? "true" : conditions.joined(separator: " AND "))
    ORDER BY priority, ready_at, ordinal LIMIT \(limit)
    """
  }

  /// The table, by the index that leads to the fewest rows in order.
  private var source: String {
    if hasKey { return "task INDEXED BY task_key" }
    switch state {
    case .review, .offered, .dead, .cancelled: return "task INDEXED BY task_aside"
    case .blocked: return "task INDEXED BY \(isOfSession ? "task_blocked_session" : "task_blocked")"
    case .running:
      // As many as there are leases.
      return
        "session AS holder INDEXED BY session_lease CROSS JOIN task\n      ON task.id = holder.lease_task AND task.session = holder.number"
    case nil, .queued, .scheduled, .done:
      return "task INDEXED BY \(isOfSession ? "task_session" : "task_order")"
    }
  }

  private static func condition(_ state: VisibleState, _ now: Int64) -> String {
    switch state {
    case .queued: "place IN (1, 2) AND (not_before IS NULL OR not_before <= \(now))"
    case .scheduled: "place IN (1, 2) AND not_before > \(now)"
    case .blocked: "place = 3"
    case .running: "holder.lease_expires_at IS NOT NULL AND state = 'running'"
    case .review, .offered, .dead, .cancelled: "aside = '\(state.rawValue)'"
    case .done: "state = 'done'"
    }
  }
}
