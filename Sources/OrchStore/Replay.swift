package import OrchCore

/// State rebuilt from the log alone.
package struct Replay: Sendable {
  package private(set) var session: Session
  package private(set) var tasks: [String: Task] = [:]
  package private(set) var agents: [String: AgentDescription] = [:]
  package private(set) var grants: [TokenHash: Grant] = [:]
  private var context = Checkpoint.Context()

  package init(session id: String, logID: String) {
    session = Session(id: id, logID: logID)
  }

  /// Applies the next entry of the session, as far as this program understands it.
  ///
  /// - Throws: `MalformedEvent`; the replay stays before the entry.
  package mutating func apply(_ entry: LogEntry, id: EventID) throws(MalformedEvent) {
    let event = entry.event
    var state = try evolve(
      State(session: session, task: event.task.flatMap { tasks[$0] }, context: context), reading: entry)
    state.session.head = id
    session = state.session
    context = state.context
    if let task = state.task, event.task != nil { tasks[task.id] = task }
    guard session.isUnderstood else { return }
    if let grant = Grant(event, session: session) { grants[grant.tokenHash] = grant }
    if let agent = AgentDescription(event) { agents[agent.name] = agent }
  }
}
