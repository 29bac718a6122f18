import OrchCore
import OrchStore

/// What settling a value came to.
package struct DecisionResult: Sendable {
  package var decision: DecisionView
  /// False where it was settled alike already.
  package var isNew: Bool
}

extension App {
  /// Settles a value for the project, in place of the decision named, if one is in force.
  ///
  /// - Parameter supersedes: a decision's event, or a prefix of its id.
  package func settle(_ key: String, _ value: String, because: String, supersedes: String?) throws -> DecisionResult {
    let project = try decidingProject()
    return try store.write(requesting: [.session(Self.session(ofProject: project))]) { writer in
      let inForce = try decisions(project: project, in: writer).first { $0.key == key }
      let id = try supersedes.map { try decision($0, of: project, in: writer) }
      let session =
        try writer.session(Self.session(ofProject: project))
        ?? Session(id: Self.session(ofProject: project), logID: writer.logID)
      let new = NewDecision(key: key, value: value, because: because, supersedes: id)
      let events = try decided(
        .settle(new, over: inForce?.standing), by: caller(actor, at: writer.now), session: session, task: nil)
      guard !events.isEmpty else {
        guard let inForce else { throw StoreError.internal("a decision that is neither new nor in force") }
        return DecisionResult(decision: inForce, isNew: false)
      }
      var change = SessionChange(session)
      try change.apply(events, to: nil)
      try writer.append(change)
      guard let recorded = change.entries.first else { throw StoreError.internal("a decision without an event") }
      return DecisionResult(decision: DecisionView(id: recorded.id, entry: try recorded.entry()), isNew: true)
    }
  }

  /// The decisions in force of the project, by key; with `all`, every one there was, in the order of the log.
  package func decisions(_ key: String?, all: Bool) throws -> [DecisionView] {
    let project = try decidingProject()
    return try store.read { reader in
      let found = all ? try allDecisions(of: project, in: reader) : try decisions(project: project, in: reader)
      return found.filter { key == nil || $0.key == key }
    }
  }

  private func decidingProject() throws -> String {
    guard let project = settings.project else {
      throw OrchError.usage("a decision is a project's, and this is in none", hint: "--project NAME, or orch -C DIR")
    }
    return project
  }

  private func decision(_ reference: String, of project: String, in reader: any StoreReader) throws -> EventID {
    let prefix = reference.lowercased()
    let found = try allDecisions(of: project, in: reader).filter { $0.id.hex.hasPrefix(prefix) }
    guard prefix.utf8.count >= 4, !found.isEmpty else {
      throw OrchError.notFound("\(reference) is no decision of \(project)", hint: "orch decisions --all")
    }
    guard found.count == 1 else { throw OrchError.ambiguous(reference, found.map { String($0.id.hex.prefix(12)) }) }
    return found[0].id
  }
}

extension DecisionView {
  var standing: CurrentDecision {
    let event = entry.event
    return CurrentDecision(
      id: id, key: key, value: value, by: event.roles.actor, because: event.data.string(.because), at: event.at,
      supersedes: event.data.string(.supersedes).flatMap { EventID(hex: $0) })
  }
}
