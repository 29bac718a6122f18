package import OrchCore

// What engines have in common in how they lay out the rows that follow from the log.

extension Session {
  /// Whether anybody may take its tasks: neither held nor reserved, and its rows say how it is now.
  package var isFree: Bool { lease == nil && offer == nil && !isBehind }
}

/// How many tasks of a session are in each stored state.
package struct StateCounts: Equatable, Sendable {
  package var queued: Int64
  package var running: Int64
  package var review: Int64
  package var offered: Int64
  package var done: Int64
  package var dead: Int64
  package var cancelled: Int64

  package init(
    queued: Int64 = 0, running: Int64 = 0, review: Int64 = 0, offered: Int64 = 0, done: Int64 = 0, dead: Int64 = 0,
    cancelled: Int64 = 0
  ) {
    self.queued = queued
    self.running = running
    self.review = review
    self.offered = offered
    self.done = done
    self.dead = dead
    self.cancelled = cancelled
  }

  package var total: Int64 { queued + running + review + offered + done + dead + cancelled }

  /// Counts in visible states, without those that are zero.
  ///
  /// - Parameters:
  ///   - blocked: how many of the queued tasks have open blockers.
  ///   - scheduled: how many of the others wait for their time.
  package func visible(blocked: Int64, scheduled: Int64) -> [VisibleState: Int] {
    let counts: [VisibleState: Int64] = [
      .queued: queued - blocked - scheduled, .blocked: blocked, .scheduled: scheduled, .running: running,
      .review: review, .offered: offered, .done: done, .dead: dead, .cancelled: cancelled
    ]
    return counts.filter { $0.value > 0 }.mapValues { Int($0) }
  }

  /// Counts one task more, or one less, in a state.
  package mutating func add(_ count: Int64, _ state: TaskState) {
    switch state {
    case .queued: queued += count
    case .running: running += count
    case .review: review += count
    case .offered: offered += count
    case .done: done += count
    case .dead: dead += count
    case .cancelled: cancelled += count
    }
  }
}

extension TaskState {
  /// Whether it is a parked state: one outside the flow from queued to done, which few tasks are in.
  package var isParked: Bool {
    switch self {
    case .review, .offered, .dead, .cancelled: true
    case .queued, .running, .done: false
    }
  }
}
