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

extension Session {
  /// The session without what heartbeats change: what a replay must give again.
  package var replayable: Session {
    var session = self
    session.lease?.heartbeatAt = Instant(milliseconds: 0)
    session.lease?.expiresAt = Instant(milliseconds: 0)
    session.lease?.ttlSeconds = 0
    session.lease?.noticedSeq = 0
    // Of a session that an older schema of the database wrote it is only known not to be less.
    session.neededVocabulary = 0
    return session
  }
}

extension Task {
  /// The task without what the engine counts: what a replay must give again.
  package var replayable: Task {
    var task = self
    task.openBlockers = 0
    task.ordinal = 0
    return task
  }
}
