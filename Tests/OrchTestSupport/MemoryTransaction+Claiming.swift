import OrchCore
import OrchStore

// What a claimer may take, and what stands in its way.

extension MemoryTransaction {
  func candidate(for query: ClaimQuery) throws -> (session: String, task: String)? {
    let only = try query.session.map { try session($0).map { reference(to: $0) } ?? "" }
    let claimable = rows.countedTasks.filter {
      isClaimable($0, for: query) && (only == nil || sessionReference(of: $0) == only)
    }
    guard let best = claimable.min(by: { TaskCursor($0).precedes(TaskCursor($1)) }) else { return nil }
    let recovered = rows.sessions[sessionReference(of: best)]?.recovered
    let chosen =
      claimable.first { $0.id == recovered && $0.session == best.session && $0.log == best.log } ?? best
    return (sessionReference(of: chosen), reference(to: chosen))
  }

  private func isClaimable(_ task: Task, for query: ClaimQuery) -> Bool {
    task.state == .queued && query.concerns(task) && query.mayTake(task) && isFree(sessionReference(of: task), for: query.agent)
      && task.openBlockers == 0 && (task.notBefore.map { $0 <= now } ?? true)
  }

  /// Neither held, nor reserved for somebody else.
  private func isFree(_ session: String, for agent: String) -> Bool {
    guard let session = rows.sessions[session] else { return false }
    return session.lease == nil && (session.offer.map { $0.to == agent } ?? true)
  }

  func obstacles(to query: ClaimQuery) throws -> ClaimObstacles {
    var obstacles = ClaimObstacles()
    let only = try query.session.map { try session($0).map { reference(to: $0) } ?? "" }
    for task in rows.countedTasks
    where task.state == .queued && query.concerns(task) && (only == nil || sessionReference(of: task) == only) {
      if !isFree(sessionReference(of: task), for: query.agent) {
        obstacles.held += 1
      } else if task.openBlockers > 0 {
        obstacles.blocked += 1
      } else if let notBefore = task.notBefore, notBefore > now {
        obstacles.scheduled += 1
        obstacles.nextReadyAt = min(obstacles.nextReadyAt ?? notBefore, notBefore)
      } else if !query.mayTake(task) {
        obstacles.assigned += 1
      }
    }
    return obstacles
  }

  func expiredSessions(matching query: ClaimQuery?, limit: Int) throws -> [Session] {
    let only = try query?.session.map { try session($0).map { reference(to: $0) } ?? "" }
    let expired = born.filter { session in
      if let only, reference(to: session) != only { return false }
      return session.expiries.contains { expiry in
        guard expiry.at <= now else { return false }
        guard let query else { return true }
        return rows.tasks.contains { $0.id == expiry.task && $0.log == session.log && query.concerns($0) && query.mayTake($0) }
      }
    }
    let sorted = expired.stablySorted { $0.expiries.map(\.at).min() ?? now }
    return Array(sorted.prefix(limit))
  }
}

extension Session {
  /// Its lease and its offer: the task, and when it expires.
  var expiries: [(task: String, at: Instant)] {
    [lease.map { ($0.task, $0.expiresAt) }, offer.map { ($0.task, $0.expiresAt) }].compactMap { $0 }
  }
}

extension ClaimQuery {
  /// Whether the task is one of those asked for: by kind and project.
  func concerns(_ task: Task) -> Bool {
    (kinds.isEmpty || kinds.contains(task.kind)) && projects.contains(task.project)
  }

  /// Whether the task is for this agent: not assigned to another, not its own to review.
  func mayTake(_ task: Task) -> Bool {
    (task.assignee.map { $0 == agent } ?? true) && !task.reviewers.contains(agent)
  }
}
