package import OrchCore
import OrchStore

/// Who holds what, and what needs somebody.
package struct Status: Sendable {
  package var sessions: [SessionView]
  package var counts: [VisibleState: Int]
  package var stale: [Recovery]
  package var alerts: [Alert]
  /// The titles of the tasks that are held, in the order of `sessions`.
  package var titles: [String]
  package var now: Instant
}

/// What an agent needs at its start.
package struct Brief: Sendable {
  package var agent: String
  package var held: [(task: Task, lease: Lease)]
  package var assigned: [Task]
  package var reviews: [Task]
  package var handoffs: [Task]
  package var decisions: [DecisionView]
  package var alerts: [Alert]
  package var now: Instant

  package var isEmpty: Bool {
    held.isEmpty && assigned.isEmpty && reviews.isEmpty && handoffs.isEmpty && decisions.isEmpty && alerts.isEmpty
  }
}

extension App {
  package func status() throws(OrchError) -> Status {
    var planned = RecoverRequest()
    planned.dryRun = true
    planned.limit = Self.statusLimit
    var stale: [Recovery] = []
    try recover(planned) { stale.append($0) }
    return try read { reader in
      let held = try reader.heldSessions(limit: Self.statusLimit)
      let titles = try held.map { session in
        try session.lease.flatMap { try reader.task($0.task, logID: session.logID) }?.title ?? ""
      }
      return Status(
        sessions: try held.map { try reader.load(view($0, in: reader)) }, counts: try reader.counts(session: nil),
        stale: stale,
        alerts: try alerts(in: reader), titles: titles, now: reader.now)
    }
  }

  /// How many sessions a status names at most.
  static let statusLimit = 10_000

  /// How many tasks of a kind a brief names at most.
  static let briefLimit = 1000

  /// What an agent needs at its start; changes nothing.
  package func brief() throws(OrchError) -> Brief {
    let agent = try agent()
    return try read { reader in
      func tasks(_ change: (inout TaskQuery) -> Void) throws -> [Task] {
        var query = TaskQuery()
        change(&query)
        return try reader.tasks(query, after: nil, limit: Self.briefLimit)
      }
      let held = try reader.heldSessions(limit: .max).compactMap { session -> (task: Task, lease: Lease)? in
        guard let lease = session.lease, lease.agent == agent else { return nil }
        return (try reader.named(task(lease.task, of: session, in: reader)), lease)
      }
      return Brief(
        agent: agent, held: held,
        assigned: try [VisibleState.queued, .scheduled, .blocked].flatMap { state in
          try tasks {
            $0.assignee = agent
            $0.state = state
          }
        },
        reviews: try tasks { $0.state = .review }
          .filter { $0.awaitedReviewers.contains(agent) }.map { try reader.named($0) },
        handoffs: try tasks { $0.state = .offered }.filter { $0.offer?.to == agent }.map { try reader.named($0) },
        decisions: try reader.load(currentDecisions(of: settings.project)), alerts: try alerts(in: reader),
        now: reader.now)
    }
  }
}
