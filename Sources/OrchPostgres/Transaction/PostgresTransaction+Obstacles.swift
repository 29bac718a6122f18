import OrchCore
import OrchStore

// Why there is nothing to claim: the one question that looks at all queued tasks, asked when a claim comes back empty.

extension PostgresTransaction {
  func claimDiagnosis(to query: ClaimQuery) throws -> ClaimDiagnosis {
    var values = SQLParameters()
    let agent = values.add(query.agent)
    var conditions = SQLParameters.matchingScope(by: query, &values)
    if let session = query.session { conditions.append("s.number = \(Self.numberOf(values.add(session)))") }
    let text = """
      WITH clock AS MATERIALIZED (\(clock(&values))),
      queued AS (
        SELECT t.ready_at,
          s.lease_expires_at IS NOT NULL OR (s.offer_expires_at IS NOT NULL AND s.offer_to <> \(agent)) AS taken,
          t.open_blockers > 0 AS blocked,
          t.not_before IS NOT NULL AND t.not_before > (SELECT now FROM clock) AS later,
          (t.assignee IS NULL OR t.assignee = \(agent))
            AND NOT EXISTS (SELECT 1 FROM orch.class c WHERE c.label = t.class AND \(agent) = ANY(c.reviewers)) AS mine
        FROM orch.task t JOIN orch.session s ON s.number = t.session
        WHERE t.state = 'queued' AND \(conditions.joined(separator: " AND ")))
      SELECT count(*) FILTER (WHERE taken), count(*) FILTER (WHERE NOT taken AND blocked),
        count(*) FILTER (WHERE NOT taken AND NOT blocked AND later),
        count(*) FILTER (WHERE NOT taken AND NOT blocked AND NOT later AND NOT mine),
        min(ready_at) FILTER (WHERE NOT taken AND NOT blocked AND later)
      FROM queued
      """
    guard let row = try ask(Query(text, values: values.values)).first else { return ClaimDiagnosis() }
    var claimDiagnosis = ClaimDiagnosis()
    claimDiagnosis.held = row.int(0)
    claimDiagnosis.blocked = row.int(1)
    claimDiagnosis.scheduled = row.int(2)
    claimDiagnosis.assigned = row.int(3)
    claimDiagnosis.nextReadyAt = row.optionalInstant(4)
    return claimDiagnosis
  }
}
