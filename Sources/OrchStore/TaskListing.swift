package import OrchCore

// How tasks are listed, whatever the engine: where to look for them, and what has to hold of them.

/// Where a listing looks for its tasks: the index that leads to the fewest rows in claim order.
package enum TaskSource: Hashable, Sendable {
  /// Tasks with the query's key.
  case key
  /// Tasks in a parked state: few at any time.
  case parked(TaskState)
  /// Queued tasks with open blockers.
  case blocked
  /// The tasks of the present leases.
  case leases
  /// Every task.
  case all
}

extension TaskQuery {
  package var source: TaskSource {
    guard key == nil else { return .key }
    switch state {
    case .review: return .parked(.review)
    case .offered: return .parked(.offered)
    case .dead: return .parked(.dead)
    case .cancelled: return .parked(.cancelled)
    case .blocked: return .blocked
    case .running: return .leases
    case nil, .queued, .scheduled, .done: return .all
    }
  }

  /// Whether a task's filter key decides whether it is listed.
  package var filtersKeys: Bool { kind != nil || assignee != nil || projects != .all }

  /// Whether tasks of a filter key are listed.
  package func admits(_ filterKey: ClaimFilterKey) -> Bool {
    (kind.map { $0 == filterKey.kind } ?? true) && (assignee.map { $0 == filterKey.assignee } ?? true)
      && projects.contains(filterKey.project)
  }
}

extension VisibleState {
  /// The stored state behind it and, where that is shown as several, the conditions of a claim that hold of its tasks or
  /// do not.
  package var definition: (stored: TaskState, holding: [ClaimCondition], failing: [ClaimCondition]) {
    switch self {
    case .queued: (.queued, [.blockers, .time], [])
    case .scheduled: (.queued, [.blockers], [.time])
    case .blocked: (.queued, [], [.blockers])
    case .running: (.running, [], [])
    case .review: (.review, [], [])
    case .offered: (.offered, [], [])
    case .done: (.done, [], [])
    case .dead: (.dead, [], [])
    case .cancelled: (.cancelled, [], [])
    }
  }
}
