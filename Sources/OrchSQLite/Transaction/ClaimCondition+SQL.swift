import OrchCore
import OrchStore

// The claim rule as SQL. Filters are not rendered here: a claim evaluates them on the filter keys, which are in memory.

extension ClaimCondition {
  /// Whether it holds of a row of `task` and its row of `session`, for a claimer to whom nothing is offered.
  func sql(now: Int64) -> String {
    switch self {
    case .session:
      """
      (session.lease_expires_at IS NULL AND session.offer_expires_at IS NULL
        AND (session.read_vocabulary IS NULL OR session.needed_vocabulary <= session.read_vocabulary))
      """
    case .state: "(task.state = 'queued')"
    case .blockers: "(task.open_blockers = 0)"
    case .time: "(task.not_before IS NULL OR task.not_before <= \(now))"
    }
  }
}
