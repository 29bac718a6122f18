import OrchCore
import OrchStore

/// What recording a decision came to.
package struct DecisionResult: Sendable {
  package var decision: DecisionView
  /// False where the same decision was in force already.
  package var isNew: Bool
}

extension App {
  /// Records a decision of the project, in place of the one named, if one about its key is in force.
  ///
  /// - Parameter supersedes: a decision's event, or a prefix of its id.
  package func recordDecision(
    _ key: String, _ value: String, because: String, supersedes: String?
  ) throws(OrchError) -> DecisionResult {
    try mappingErrors {
      let project = try decidingProject()
      let name = Self.session(ofProject: project)
      return try store.write(.all(decisions(of: project), .session(name))) { loaded, writer in
        let (all, session) = loaded
        let current = Self.inForce(all).first { $0.key == key }
        let new = NewDecision(
          key: key, value: value, because: because,
          supersedes: try supersedes.map { try Self.decision($0, among: all, of: project) })
        let done = try execute(
          .recordDecision(new, over: current?.decision), on: session ?? Session(id: name, logID: writer.logID), nil,
          by: actor, in: writer)
        if let event = done.events.first {
          return DecisionResult(decision: DecisionView(id: event.id, entry: try event.entry()), isNew: true)
        }
        guard let current else { throw StoreError.internal("a decision that is neither new nor in force") }
        return DecisionResult(decision: current, isNew: false)
      }
    }
  }

  /// The decisions in force of the project, by key; with `all`, every one there was, in the order of the log.
  package func decisions(_ key: String?, all: Bool) throws(OrchError) -> [DecisionView] {
    try mappingErrors {
      let found = try store.read(decisions(of: decidingProject()))
      return (all ? found : Self.inForce(found)).filter { key == nil || $0.key == key }
    }
  }

  private func decidingProject() throws -> String {
    guard let project = settings.project else {
      throw OrchError.usage(.errorNoProject, hint: .text(.hintNameProject))
    }
    return project
  }

  private static func decision(_ reference: String, among all: [DecisionView], of project: String) throws -> EventID {
    let prefix = reference.lowercased()
    let found = all.filter { $0.id.hex.hasPrefix(prefix) }
    guard prefix.utf8.count >= 4, !found.isEmpty else {
      throw OrchError.notFound(
        .errorNoDecision(reference: reference, project: project), hint: .run("decisions", "--all"))
    }
    guard found.count == 1 else { throw OrchError.ambiguous(reference, found.map { String($0.id.hex.prefix(12)) }) }
    return found[0].id
  }
}
