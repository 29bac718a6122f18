/// The states that are stored. `scheduled` and `blocked` are derived from `queued`.
package enum TaskState: String, CaseIterable, Hashable, Sendable {
  case queued, running, review, offered, done, dead, cancelled

  /// Whether the task may still be worked on without being retried: its key is taken, others may wait for it.
  package var isOpen: Bool {
    switch self {
    case .queued, .running, .review, .offered: true
    case .done, .dead, .cancelled: false
    }
  }
}

/// What a state looks like from outside: the stored ones and the two derived ones.
package enum VisibleState: String, CaseIterable, Hashable, Sendable {
  case queued, scheduled, blocked, running, review, offered, done, dead, cancelled
}

/// How a holder ends an attempt with `release`.
package enum Outcome: String, CaseIterable, Hashable, Sendable {
  case done, failed, requeue, review
}
