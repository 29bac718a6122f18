import OrchCore
import OrchStore

// What a claimer may take, and what stands in its way.

extension MemoryTransaction {
  func candidate(for query: ClaimQuery) throws -> (session: String, task: String)? {
    let claimable = try searched(by: query).filter { query.rule.allows($0.task, in: $0.session, at: now) }.map(\.task)
    guard let best = claimable.min(by: { TaskCursor($0) < TaskCursor($1) }) else { return nil }
    let recovered = rows.sessions[sessionReference(of: best)]?.recovered
    let chosen =
      claimable.first { $0.id == recovered && $0.session == best.session && $0.logID == best.logID } ?? best
    return (sessionReference(of: chosen), reference(to: chosen))
  }

  func claimDiagnosis(to query: ClaimQuery) throws -> ClaimDiagnosis {
    var diagnosis = ClaimDiagnosis()
    for (task, session) in try searched(by: query) {
      guard let obstacle = query.rule.obstacle(to: task, in: session, at: now) else { continue }
      diagnosis.add(1, obstacle, readyAt: task.notBefore)
    }
    return diagnosis
  }

  /// The tasks of the sessions that a query is about, with their sessions.
  private func searched(by query: ClaimQuery) throws -> [(task: Task, session: Session)] {
    let only = try query.session.map { try session($0).map { reference(to: $0) } ?? "" }
    return rows.countedTasks.compactMap { task in
      let reference = sessionReference(of: task)
      guard only == nil || only == reference, let session = rows.sessions[reference] else { return nil }
      return (task, session)
    }
  }

  func expiredSessions(matching query: ClaimQuery?, limit: Int) throws -> [Session] {
    let only = try query?.session.map { try session($0).map { reference(to: $0) } ?? "" }
    let expired = born.filter { session in
      guard session.isUnderstood else { return false }
      if let only, reference(to: session) != only { return false }
      return session.expiries.contains { expiry in
        guard expiry.at <= now else { return false }
        guard let query else { return true }
        return rows.tasks.contains {
          $0.id == expiry.task && $0.logID == session.logID && query.rule.admits(ClaimFilterKey($0))
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
