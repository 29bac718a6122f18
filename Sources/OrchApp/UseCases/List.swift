package import OrchCore
package import OrchStore

extension App {
  /// Visits tasks in claim order until `visit` returns false. Pages, so that no snapshot is held for long.
  package func list(_ query: TaskQuery, _ visit: (Task, Instant) throws -> Bool) throws(OrchError) {
    try mappingErrors { try visitTasks(query, visit) }
  }

  private func visitTasks(_ query: TaskQuery, _ visit: (Task, Instant) throws -> Bool) throws {
    var cursor: TaskCursor?
    while true {
      let (page, now) = try store.read { reader in
        (try reader.tasks(query, after: cursor, limit: 500).map { try reader.named($0) }, reader.now)
      }
      for task in page where try !visit(task, now) { return }
      guard page.count == 500, let last = page.last else { return }
      cursor = TaskCursor(last)
    }
  }

  /// Whether the branch of what is submitted holds something else by now, or somebody's approval is of other content.
  package func isStale(_ task: Task) throws(OrchError) -> Bool {
    guard task.state == .review else { return false }
    return try mappingErrors {
      try !task.review.staleApprovers.isEmpty || view(task.review.submission, isOver: false)?.state == .stale
    }
  }

  /// The session of each task that is running, for its lease.
  package func lease(of task: Task) throws(OrchError) -> Lease? {
    guard task.state == .running else { return nil }
    return try read { try $0.session(task.session, logID: task.logID)?.lease }
  }
}
