public import OrchCore

// What engines have in common in how they lay out the rows that follow from the log.

extension Session {
  /// Whether anybody may take its tasks: neither held nor reserved.
  public var isFree: Bool { lease == nil && offer == nil }
}

/// How many tasks of a session are in each stored state.
public struct Tally: Equatable, Sendable {
  public var queued: Int64
  public var running: Int64
  public var review: Int64
  public var offered: Int64
  public var done: Int64
  public var dead: Int64
  public var cancelled: Int64

  public init(
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
  public mutating func add(_ count: Int64, _ state: TaskState) {
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
public struct TaskClass: Hashable, Sendable {
  public var kind: String
  public var project: String?
  public var assignee: String?
  public var reviewers: [String]

  public init(_ task: Task) {
    self.init(kind: task.kind, project: task.project, assignee: task.assignee, reviewers: task.reviewers)
  }

  public init(kind: String, project: String?, assignee: String?, reviewers: [String]) {
    self.kind = kind
    self.project = project
    self.assignee = assignee
    self.reviewers = reviewers
  }
}

extension ClaimQuery {
  /// Whether tasks of this class are among those asked for: by kind and project.
  public func concerns(_ taskClass: TaskClass) -> Bool {
    (kinds.isEmpty || kinds.contains(taskClass.kind)) && projects.contains(taskClass.project)
  }

  /// Whether tasks of this class are for this agent: neither assigned to another, nor waiting for its review.
  public func mayTake(_ taskClass: TaskClass) -> Bool {
    (taskClass.assignee.map { $0 == agent } ?? true) && !taskClass.reviewers.contains(agent)
  }
}

extension ProjectScope {
  public func contains(_ project: String?) -> Bool {
    switch self {
    case .all: true
    case .current(let current): project == nil || project == current
    case .only(let only): project == only
    }
  }
}

extension TaskState {
  /// Whether it is one of the states beside the main road, which few tasks are in.
  public var isAside: Bool {
    switch self {
    case .review, .offered, .dead, .cancelled: true
    case .queued, .running, .done: false
    }
  }
}

extension Task {
  /// Whether a claim's filters see no difference.
  public func hasClass(of other: Task) -> Bool {
    kind == other.kind && project == other.project && assignee == other.assignee && reviewers == other.reviewers
  }

  /// Whether nothing differs from `old` but what changes while a task is worked on, and no index of the others' has to
  /// know: state, attempt, failures, error, authors, approvals, checks, and when it was updated.
  public func isProgress(from old: Task) -> Bool {
    priority == old.priority && readyAt == old.readyAt && notBefore == old.notBefore
      && openBlockers == old.openBlockers && state.isAside == old.state.isAside
      && (!state.isAside || state == old.state) && key == old.key && (key == nil || state.isOpen == old.state.isOpen)
      && offer == old.offer && content == old.content && title == old.title && kind == old.kind
      && project == old.project && assignee == old.assignee && after == old.after && reviewers == old.reviewers
      && requireReview == old.requireReview && requiredChecks == old.requiredChecks
      && maxAttempts == old.maxAttempts && ttlSeconds == old.ttlSeconds && source == old.source
      && createdAt == old.createdAt && createdBy == old.createdBy
  }
}
