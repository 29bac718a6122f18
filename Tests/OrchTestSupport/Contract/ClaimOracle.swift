import OrchCore
import OrchStore

/// What a claimer may take, by asking the decider about every task: slow, and right when the decider is.
final class ClaimOracle {
  let now: Instant
  let tasks: [Task]
  private(set) var sessions: [String: Session] = [:]
  /// What the decider said, by agent and task: it looks at nothing else of a query.
  private var refusals: [String: [Int: Rejection?]] = [:]

  init(_ reader: any StoreReader) throws {
    now = reader.now
    tasks = try reader.tasks(TaskQuery(), after: nil, limit: .max)
    for id in try reader.sessionIDs(after: nil, limit: .max) { sessions[id] = try reader.session(id) }
  }

  private func matching(_ query: ClaimQuery) -> [Task] {
    tasks.filter { task in
      let project =
        switch query.rule.projects {
        case .all: true
        case .current(let current): task.project == nil || task.project == current
        case .only(let only): task.project == only
        }
      return project && (query.rule.kinds.isEmpty || query.rule.kinds.contains(task.kind))
        && (query.session == nil || query.session == task.session)
    }
  }

  private func refusal(_ task: Task, _ agent: String) -> Rejection? {
    if let known = refusals[agent]?[task.ordinal] { return known }
    let refusal = decided(task, agent)
    refusals[agent, default: [:]][task.ordinal] = .some(refusal)
    return refusal
  }

  private func decided(_ task: Task, _ agent: String) -> Rejection? {
    guard let session = sessions[task.session] else { return .nothingToRecover }
    do throws(Rejection) {
      _ = try decide(
        .claim(.token(0), named: false), by: .named(agent, at: now), on: State(session: session, task: task))
      return nil
    } catch {
      return error
    }
  }

  func candidate(for query: ClaimQuery) -> Task? {
    let claimable = matching(query).filter { refusal($0, query.agent) == nil }
    let best = claimable.min { left, right in
      if left.priority != right.priority { return left.priority < right.priority }
      if left.readyAt != right.readyAt { return left.readyAt < right.readyAt }
      return left.ordinal < right.ordinal
    }
    guard let best, let recovered = sessions[best.session]?.recovered else { return best }
    return claimable.first { $0.id == recovered } ?? best
  }

  func claimDiagnosis(to query: ClaimQuery) -> ClaimDiagnosis {
    var claimDiagnosis = ClaimDiagnosis()
    for task in matching(query) where task.state == .queued {
      switch refusal(task, query.agent) {
      case nil: break
      case .leaseHeld, .reserved: claimDiagnosis.held += 1
      case .blocked: claimDiagnosis.blocked += 1
      case .scheduled(let until):
        claimDiagnosis.scheduled += 1
        claimDiagnosis.nextReadyAt = claimDiagnosis.nextReadyAt.map { min($0, until) } ?? until
      case .assigned, .claimerReviews: claimDiagnosis.assigned += 1
      default: preconditionFailure("a queued task is refused for none of these reasons")
      }
    }
    return claimDiagnosis
  }

  /// The sessions that the decider would recover, where their task is for the claimer.
  func expired(matching query: ClaimQuery?) -> Set<Session> {
    let wanted = query.map { query in
      Set(
        matching(query).filter { task in
          (task.assignee == nil || task.assignee == query.agent) && !task.reviewers.contains(query.agent)
        }.map(\.id))
    }
    return Set(
      sessions.values.filter { session in
        ends(of: session).contains { $0.at <= now && (wanted?.contains($0.task) ?? true) }
      })
  }

  /// When the session expired first.
  func expiry(of session: Session) -> Instant { ends(of: session).map(\.at).min() ?? now }

  private func ends(of session: Session) -> [(task: String, at: Instant)] {
    var ends: [(task: String, at: Instant)] = []
    if let lease = session.lease { ends.append((lease.task, lease.expiresAt)) }
    if let offer = session.offer { ends.append((offer.task, offer.expiresAt)) }
    return ends
  }
}
