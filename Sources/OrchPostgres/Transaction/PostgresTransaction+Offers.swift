import OrchCore
import OrchStore

extension PostgresTransaction {
  func sessionsOffered(to agent: String, limit: Int) throws -> [Session] {
    // A quick look at candidates finds nothing where anything is offered to the claimer: what it found says enough.
    if cache.prefetched.candidates.contains(where: { $0.key.agent == agent && $0.key.session == nil && $0.value != nil }
    ) {
      return []
    }
    let answer = try ask(
      Query(
        """
        SELECT \(SessionEntry.columns) FROM orch.session s
        WHERE s.offer_expires_at IS NOT NULL AND s.offer_to = $1 AND s.lease_expires_at IS NULL
        ORDER BY s.offer_expires_at, s.number LIMIT $2::bigint
        """, agent, limit))
    return try answer.rows.map { row in try reading { () throws(PostgresFailure) in try SessionEntry(row).session } }
  }
}
