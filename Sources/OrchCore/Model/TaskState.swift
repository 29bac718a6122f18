/// The states that are stored. `scheduled` and `blocked` are derived from `queued`.
public enum TaskState: String, CaseIterable, Hashable, Sendable {
  case queued, running, review, offered, done, dead, cancelled

  /// Whether the task may still be worked on without being retried: its key is taken, others may wait for it.
  public var isOpen: Bool {
    switch self {
    case .queued, .running, .review, .offered: true
    case .done, .dead, .cancelled: false
    }
  }
}

/// What a state looks like from outside: the stored ones and the two derived ones.
public enum VisibleState: String, CaseIterable, Hashable, Sendable {
  case queued, scheduled, blocked, running, review, offered, done, dead, cancelled
}

/// How a holder ends an attempt with `release`.
public enum Outcome: String, CaseIterable, Hashable, Sendable {
  case done, failed, requeue, review
}
