package import OrchCore

// What engines have in common in how they lay out the rows that follow from the log.

extension Session {
  /// Whether anybody may take its tasks: neither held nor reserved.
  package var isFree: Bool { lease == nil && offer == nil }
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

/// What a claim's filters look at.
package struct ClaimFilterKey: Hashable, Sendable {
  package var kind: String
  package var project: String?
  package var assignee: String?
  package var reviewers: [String]

  package init(_ task: Task) {
    self.init(kind: task.kind, project: task.project, assignee: task.assignee, reviewers: task.reviewers)
  }

  package init(kind: String, project: String?, assignee: String?, reviewers: [String]) {
    self.kind = kind
    self.project = project
    self.assignee = assignee
    self.reviewers = reviewers
  }
}

extension ClaimQuery {
  /// Whether tasks of this class are among those asked for: by kind and project.
  package func matchesScope(_ taskClass: ClaimFilterKey) -> Bool {
    (kinds.isEmpty || kinds.contains(taskClass.kind)) && projects.contains(taskClass.project)
  }

  /// Whether tasks of this class are for this agent: neither assigned to another, nor waiting for its review.
  package func isEligible(_ taskClass: ClaimFilterKey) -> Bool {
    (taskClass.assignee.map { $0 == agent } ?? true) && !taskClass.reviewers.contains(agent)
  }
}

extension ProjectScope {
  package func contains(_ project: String?) -> Bool {
    switch self {
    case .all: true
    case .current(let current): project == nil || project == current
    case .only(let only): project == only
    }
  }
}

extension TaskState {
  /// Whether it is one of the states beside the main road, which few tasks are in.
  package var isParked: Bool {
    switch self {
    case .review, .offered, .dead, .cancelled: true
    case .queued, .running, .done: false
    }
  }
}

extension Task {
  /// Whether a claim's filters see no difference.
  package func hasSameFilterKey(of other: Task) -> Bool {
    kind == other.kind && project == other.project && assignee == other.assignee && reviewers == other.reviewers
  }

  /// Whether nothing differs from `old` but what changes while a task is worked on, and no index of the others' has to
  /// know: state, attempt, failures, error, authors, approvals, checks, and when it was updated.
  package func onlyHotColumnsChanged(from old: Task) -> Bool {
    priority == old.priority && readyAt == old.readyAt && notBefore == old.notBefore
      && openBlockers == old.openBlockers && state.isParked == old.state.isParked
      && (!state.isParked || state == old.state) && key == old.key && (key == nil || state.isOpen == old.state.isOpen)
      && offer == old.offer && content == old.content && title == old.title && kind == old.kind
      && project == old.project && assignee == old.assignee && after == old.after && reviewers == old.reviewers
      && requireReview == old.requireReview && requiredChecks == old.requiredChecks
      && maxAttempts == old.maxAttempts && ttlSeconds == old.ttlSeconds && source == old.source
      && createdAt == old.createdAt && createdBy == old.createdBy
  }
}
