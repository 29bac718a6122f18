import OrchCore
import OrchStore

// Why there is nothing to claim: the one question that looks at all queued tasks, asked when a claim finds none.

extension PostgresTransaction {
  func claimDiagnosis(to query: ClaimQuery) throws -> ClaimDiagnosis {
    sendFilterKeys()
    var values = SQLParameters()
    let rule = RenderedClaimRule(query.rule, &values)
    let conditions = ClaimCondition.allCases.map { condition in
      (obstacle: condition.obstacle, sql: condition.sql(claimer: rule.claimer))
    }
    let obstacles = conditions.compactMap { condition in
      condition.obstacle.map { "WHEN NOT (\(condition.sql)) THEN '\($0.rawValue)'" }
    }
    var restrictions = conditions.filter { $0.obstacle == nil }.map(\.sql)
    if let session = query.session { restrictions.append("s.number = \(number(ofSession: session, &values))") }
    let text = """
      WITH clock AS MATERIALIZED (\(clock(&values))), asked AS MATERIALIZED (\(rule.askedFor)),
      counted AS (
        SELECT t.ready_at, CASE \(obstacles.joined(separator: " ")) ELSE asked.obstacle END AS obstacle
        FROM asked JOIN orch.task t ON t.class = asked.label JOIN orch.session s ON s.number = t.session
        WHERE \(restrictions.joined(separator: " AND ")))
      SELECT obstacle, count(*), min(ready_at) FROM counted WHERE obstacle IS NOT NULL GROUP BY obstacle
      """
    var diagnosis = ClaimDiagnosis()
    for row in try ask(Query(text, values: values.values)).rows {
      guard let obstacle = ClaimObstacle(rawValue: row.text(0)) else { continue }
      diagnosis.add(row.int(1), obstacle, readyAt: row.instant(2))
    }
    return diagnosis
  }
}
