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
      claimable.first { $0.id == recovered && $0.session == best.session && $0.logID == best.logID } ?? best
    return (sessionReference(of: chosen), reference(to: chosen))
  }

  private func isClaimable(_ task: Task, for query: ClaimQuery) -> Bool {
    task.state == .queued && query.matchesScope(task) && query.isEligible(task)
      && isFree(sessionReference(of: task), for: query.agent)
      && task.openBlockers == 0 && (task.notBefore.map { $0 <= now } ?? true)
  }

  /// Neither held, nor reserved for somebody else.
  private func isFree(_ session: String, for agent: String) -> Bool {
    guard let session = rows.sessions[session] else { return false }
    return session.lease == nil && (session.offer.map { $0.to == agent } ?? true)
  }

  func claimDiagnosis(to query: ClaimQuery) throws -> ClaimDiagnosis {
    var claimDiagnosis = ClaimDiagnosis()
    let only = try query.session.map { try session($0).map { reference(to: $0) } ?? "" }
    for task in rows.countedTasks
    where task.state == .queued && query.matchesScope(task) && (only == nil || sessionReference(of: task) == only) {
      if !isFree(sessionReference(of: task), for: query.agent) {
        claimDiagnosis.held += 1
      } else if task.openBlockers > 0 {
        claimDiagnosis.blocked += 1
      } else if let notBefore = task.notBefore, notBefore > now {
        claimDiagnosis.scheduled += 1
        claimDiagnosis.nextReadyAt = min(claimDiagnosis.nextReadyAt ?? notBefore, notBefore)
      } else if !query.isEligible(task) {
        claimDiagnosis.assigned += 1
      }
    }
    return claimDiagnosis
  }

  func expiredSessions(matching query: ClaimQuery?, limit: Int) throws -> [Session] {
    let only = try query?.session.map { try session($0).map { reference(to: $0) } ?? "" }
    let expired = born.filter { session in
      if let only, reference(to: session) != only { return false }
      return session.expiries.contains { expiry in
        guard expiry.at <= now else { return false }
        guard let query else { return true }
        return rows.tasks.contains {
          $0.id == expiry.task && $0.logID == session.logID && query.matchesScope($0) && query.isEligible($0)
        }
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
  func matchesScope(_ task: Task) -> Bool {
    (kinds.isEmpty || kinds.contains(task.kind)) && projects.contains(task.project)
  }

  /// Whether the task is for this agent: not assigned to another, not its own to review.
  func isEligible(_ task: Task) -> Bool {
    (task.assignee.map { $0 == agent } ?? true) && !task.reviewers.contains(agent)
  }
}
