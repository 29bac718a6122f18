package import OrchCore

/// A claimer's search for the best task that its rule allows.
package struct ClaimQuery: Hashable, Sendable {
  package var rule: ClaimRule
  /// The session to search in, as a reference; nil: everywhere.
  package var session: String?

  package var agent: String { rule.claimer }

  /// - Parameter kinds: empty for any.
  package init(agent: String, kinds: [String] = [], projects: ProjectScope = .all, session: String? = nil) {
    rule = ClaimRule(claimer: agent, kinds: kinds, projects: projects)
    self.session = session
  }
}

/// Why a query finds nothing to claim: the queued tasks that it asks for, counted by the first thing that keeps the
/// claimer from them.
package struct ClaimDiagnosis: Hashable, Sendable {
  package var held = 0
  package var blocked = 0
  package var scheduled = 0
  package var assigned = 0
  /// When the first scheduled one becomes ready.
  package var nextReadyAt: Instant?

  package init() {}

  /// Counts tasks that an obstacle keeps the claimer from.
  ///
  /// - Parameter readyAt: of scheduled tasks, when the first of them becomes ready.
  package mutating func add(_ count: Int, _ obstacle: ClaimObstacle, readyAt: Instant? = nil) {
    guard count > 0 else { return }
    switch obstacle {
    case .held: held += count
    case .blocked: blocked += count
    case .scheduled:
      scheduled += count
      if let readyAt { nextReadyAt = min(nextReadyAt ?? readyAt, readyAt) }
    case .assigned: assigned += count
    }
  }
}

/// Which tasks to list, in claim order: priority, ready time, insertion.
package struct TaskQuery: Hashable, Sendable {
  package var state: VisibleState?
  package var kind: String?
  package var session: String?
  package var projects: ProjectScope = .all
  package var assignee: String?
  package var key: String?

  package init() {}
}

/// A place in claim order, at which a page of tasks ended.
package struct TaskCursor: Hashable, Comparable, Sendable {
  package var priority: Int
  package var readyAt: Instant
  /// The order of insertion.
  package var ordinal: Int

  package init(_ task: Task) {
    priority = task.priority
    readyAt = task.readyAt
    ordinal = task.ordinal
  }

  package static func < (left: TaskCursor, right: TaskCursor) -> Bool {
    (left.priority, left.readyAt, left.ordinal) < (right.priority, right.readyAt, right.ordinal)
  }
}

/// Which entries to read.
package struct EventQuery: Hashable, Sendable {
  package enum Order: Hashable, Sendable {
    case oldestFirst, newestFirst
  }

  package var order: Order
  package var session: String?
  package var task: String?
  package var facet: Facet?
  /// A hint by which an engine may pass over entries of these types: it may return them all the same.
  package var omitted: [EventType]

  package init(
    _ order: Order, session: String? = nil, task: String? = nil, facet: Facet? = nil, omitting omitted: [EventType] = []
  ) {
    self.omitted = omitted
    self.order = order
    self.session = session
    self.task = task
    self.facet = facet
  }
}

/// An actor of the log and when it was seen.
package struct ActorSighting: Hashable, Sendable {
  package var name: String
  package var firstSeenAt: Instant
  package var lastSeenAt: Instant

  package init(name: String, firstSeenAt: Instant, lastSeenAt: Instant) {
    self.name = name
    self.firstSeenAt = firstSeenAt
    self.lastSeenAt = lastSeenAt
  }
}
