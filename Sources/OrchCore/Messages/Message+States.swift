extension TaskState {
  /// The state's name.
  package var message: Message {
    switch self {
    case .queued: .stateQueued
    case .running: .stateRunning
    case .review: .stateReview
    case .offered: .stateOffered
    case .done: .stateDone
    case .dead: .stateDead
    case .cancelled: .stateCancelled
    }
  }
}

extension VisibleState {
  /// The state's name.
  package var message: Message {
    switch self {
    case .scheduled: .stateScheduled
    case .blocked: .stateBlocked
    case .queued: .stateQueued
    case .running: .stateRunning
    case .review: .stateReview
    case .offered: .stateOffered
    case .done: .stateDone
    case .dead: .stateDead
    case .cancelled: .stateCancelled
    }
  }
}
