import OrchCore
import OrchStore

// The claim rule as SQL.

extension ClaimCondition {
  /// Whether it holds of a task and its session, the row `s`.
  ///
  /// - Parameters:
  ///   - task: what stands before the names of the task's columns.
  ///   - claimer: the parameter with the claimer's name; nil: somebody to whom nothing is offered.
  ///   - now: the time, as SQL.
  func sql(task: String = "t.", claimer: String? = nil, now: String = "(SELECT now FROM clock)") -> String {
    switch self {
    case .session:
      let isOffered = claimer.map { " OR s.offer_to = \($0)" } ?? ""
      // Another program may understand it: then it has its place in the ready queue.
      let isRead = claimer == nil ? Self.isUpToItsEnd : Self.isUnderstood
      return """
        (s.lease_expires_at IS NULL AND (s.offer_expires_at IS NULL\(isOffered)) AND \(isRead))
        """
    case .state: return "\(task)state = 'queued'"
    case .blockers: return "\(task)open_blockers = 0"
    case .time: return "(\(task)not_before IS NULL OR \(task)not_before <= \(now))"
    }
  }

  /// Whether the rows of a session, the row `s`, follow from all of its events.
  private static let isUpToItsEnd = "(s.read_vocabulary IS NULL OR s.needed_vocabulary <= s.read_vocabulary)"
  /// Whether this program also understands them: `Session.isUnderstood`.
  static let isUnderstood = "\(isUpToItsEnd) AND s.needed_vocabulary <= \(EventVocabulary.current)"

  /// Whether it does not hold, of a task; as an index has it.
  func sql(failing now: String) -> String {
    switch self {
    case .time: "t.not_before > \(now)"
    case .blockers: "t.open_blockers > 0"
    case .session, .state: "NOT \(sql(now: now))"
    }
  }

  /// What the ready queue asks of a task, whatever its session's state; the index `task_waiting` says the same.
  static func waiting(task: String) -> String {
    allCases.filter { $0.isKept && $0 != .session }.map { $0.sql(task: task) }.joined(separator: " AND ")
  }
}

/// A claim's rule in a statement.
struct RenderedClaimRule {
  /// The parameter with the claimer's name.
  let claimer: String
  private let filters: [(filter: ClaimFilter, sql: String)]

  init(_ rule: ClaimRule, _ values: inout SQLParameters) {
    claimer = values.add(rule.claimer)
    var filters: [(filter: ClaimFilter, sql: String)] = []
    for filter in ClaimFilter.allCases where rule.applies(filter) {
      if let sql = Self.sql(filter, of: rule, claimer, &values) { filters.append((filter, sql)) }
    }
    self.filters = filters
  }

  /// Whether a filter holds of a row of `orch.class`; nil where it holds of all.
  private static func sql(
    _ filter: ClaimFilter, of rule: ClaimRule, _ claimer: String, _ values: inout SQLParameters
  ) -> String? {
    switch filter {
    case .kind: rule.kinds.isEmpty ? nil : "kind = ANY(\(values.add(rule.kinds))::text[])"
    case .project: rule.projects.sql("project", &values)
    case .assignee: "(assignee IS NULL OR assignee = \(claimer))"
    case .reviewers: "NOT (\(claimer) = ANY(reviewers))"
    }
  }

  /// Selects the labels of the filter keys that the rule admits.
  var admitted: String { "SELECT label FROM orch.class" + Self.condition(filters.map(\.sql)) }

  /// Selects the labels of the filter keys that are asked for, each with what keeps the claimer from its tasks.
  var askedFor: String {
    let obstacles = filters.compactMap { filter, sql in
      filter.obstacle.map { "WHEN NOT (\(sql)) THEN '\($0.rawValue)'" }
    }
    let obstacle = obstacles.isEmpty ? "NULL" : "CASE \(obstacles.joined(separator: " ")) END"
    return "SELECT label, \(obstacle) AS obstacle FROM orch.class"
      + Self.condition(filters.filter { $0.filter.obstacle == nil }.map(\.sql))
  }

  private static func condition(_ conditions: [String]) -> String {
    conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
  }
}

extension ProjectScope {
  /// Whether a column is a project of the scope; nil where each is.
  func sql(_ column: String, _ values: inout SQLParameters) -> String? {
    switch self {
    case .all: nil
    case .current(nil): "\(column) IS NULL"
    case .current(let project?): "(\(column) IS NULL OR \(column) = \(values.add(project)))"
    case .only(let project): "\(column) = \(values.add(project))"
    }
  }
}

extension ClaimFilterKey {
  /// The key's name in tables: its parts, as JSON.
  var label: String {
    JSON.array([
      .string(kind), project.map { .string($0) } ?? .null, assignee.map { .string($0) } ?? .null,
      .array(reviewers.map { .string($0) })
    ]).text()
  }
}
