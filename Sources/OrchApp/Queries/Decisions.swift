package import OrchCore
import OrchStore

/// A decision of a project, as it was recorded.
package struct DecisionView: Sendable {
  package var id: EventID
  package var entry: LogEntry
  package var key: String { entry.event.data.string(.key) ?? "" }
  package var value: String { entry.event.data.string(.value) ?? "" }

  package init(id: EventID, entry: LogEntry) {
    self.id = id
    self.entry = entry
  }

  /// What the decider compares a new decision with.
  var decision: CurrentDecision {
    let event = entry.event
    return CurrentDecision(
      id: id, key: key, value: value, by: event.roles.actor, because: event.data.string(.because), at: event.at,
      supersedes: event.data.string(.supersedes).flatMap { EventID(hex: $0) })
  }
}

extension App {
  /// The session that has a project's decisions.
  static func session(ofProject project: String) -> String { "project:\(project)" }

  /// Every decision of a project, in the order of the log.
  func decisions(of project: String) -> Read<[DecisionView]> {
    let query = EventQuery(.oldestFirst, session: Self.session(ofProject: project))
    return Read([.events(query, limit: Self.eventPage)]) { reader in
      var decisions: [DecisionView] = []
      func visit(_ recorded: StoredEvent) throws -> Bool {
        let entry = try recorded.entry()
        if entry.event.type == .decisionMade { decisions.append(DecisionView(id: recorded.id, entry: entry)) }
        return true
      }
      do {
        try reader.forEachEvent(query, visit)
      } catch StoreError.ambiguous(_, let names) {
        // Several foreign logs have decisions of the project, and this one has none: the first, rather than no answer.
        try reader.forEachEvent(EventQuery(.oldestFirst, session: names.first), visit)
      }
      return decisions
    }
  }

  /// The decisions in force of a project, by key; none where there is no project.
  func currentDecisions(of project: String?) -> Read<[DecisionView]> {
    guard let project else { return .value([]) }
    return decisions(of: project).map { all, _ in Self.inForce(all) }
  }

  /// Of decisions in the order of the log, those in force, by key.
  static func inForce(_ decisions: [DecisionView]) -> [DecisionView] {
    var current: [String: DecisionView] = [:]
    for decision in decisions { current[decision.key] = decision }
    return current.values.sorted { $0.key < $1.key }
  }
}
