package import OrchCore

/// What one decision does to one session: entries for the log and the rows that follow from them.
package struct SessionChange: Sendable {
  /// The session as it was read; its `seq` is the version that the append expects.
  package let before: Session
  /// The session with the entries applied; its `head` is the last entry's id.
  package private(set) var after: Session
  package private(set) var entries: [StoredEvent] = []
  package private(set) var tasks: [TaskChange] = []
  package private(set) var grants: [Grant] = []
  /// Descriptions of agents, where the entries are `agent.described`.
  package private(set) var agents: [AgentDescription] = []
  /// The saved context after the entries, for further decisions in the same transaction.
  package private(set) var context: Checkpoint.Context

  package struct TaskChange: Sendable {
    /// Nil when the task is new.
    package let before: Task?
    package var after: Task
  }

  package init(_ session: Session, context: Checkpoint.Context = .init()) {
    before = session
    after = session
    self.context = context
  }

  /// Applies one decision about `task` and seals its events onto the chain.
  ///
  /// - Returns: the task after it.
  /// - Throws: `StoreError.notUnderstood` when there are events, and the session is not up to date for this program;
  ///   `StoreError.internal` for an event that does not follow from the state, which no decision makes.
  @discardableResult
  package mutating func apply(_ events: [Event], to task: Task?) throws(StoreError) -> Task? {
    guard events.isEmpty ? !after.isBehind : after.isUpToDate else { throw .notUnderstood(after) }
    var state = State(session: after, task: task, context: context)
    for event in events {
      let entry = StoredEvent(
        LogEntry(
          logID: state.session.logID, session: state.session.id, seq: state.session.seq + 1, parent: state.session.head,
          event: event))
      do { state = try evolve(state, event) } catch {
        throw .internal("a decision is malformed: \(error.type.rawValue)")
      }
      add(entry, event, &state)
    }
    return take(state, before: task)
  }

  /// Applies the session's next entry, which another program wrote, as it is.
  ///
  /// - Parameter task: the task that it is about; nil when it is about none, or the task is not there.
  /// - Returns: the task after it.
  /// - Throws: `MalformedEvent`; the change stays before the entry.
  @discardableResult
  package mutating func apply(_ recorded: StoredEvent, _ entry: LogEntry, to task: Task?) throws(MalformedEvent)
    -> Task?
  {
    var state = try evolve(State(session: after, task: task, context: context), reading: entry)
    add(recorded, entry.event, &state)
    return take(state, before: task)
  }

  /// Rewrites the rows of a session from a replay of its log: of one whose rows were written by a program that
  /// understood less.
  ///
  /// - Parameters:
  ///   - session: its row as it is.
  ///   - tasks: the rows of its tasks as they are.
  ///   - grants: the tokens that are known.
  package init(replaying session: Session, by replay: Replay, tasks: [Task], grants known: Set<TokenHash>) {
    self.init(session)
    guard replay.session.isUnderstood else {
      // Rows that end earlier than those that are there would be worse than these.
      after.neededVocabulary = replay.session.neededVocabulary
      after.readVocabulary = replay.session.readVocabulary
      return
    }
    after = replay.session
    after.alias = session.alias
    // Signs of life are no events.
    if let lease = session.lease, after.lease?.tokenHash == lease.tokenHash { after.lease = lease }
    grants = replay.grants.values.filter { !known.contains($0.tokenHash) }
    for task in tasks {
      guard var replayed = replay.tasks[task.id] else { continue }
      (replayed.openBlockers, replayed.ordinal, replayed.alias) = (task.openBlockers, task.ordinal, task.alias)
      if replayed != task || grants.contains(where: { $0.task == task.id }) {
        self.tasks.append(TaskChange(before: task, after: replayed))
      }
    }
    agents = replay.agents.values.sorted { $0.name < $1.name }
  }

  private mutating func add(_ recorded: StoredEvent, _ event: Event, _ state: inout State) {
    entries.append(recorded)
    state.session.head = recorded.id
    guard state.session.isUnderstood else { return }
    if let grant = Grant(event, session: after) { grants.append(grant) }
    if let agent = AgentDescription(event) { agents.append(agent) }
  }

  private mutating func take(_ state: consuming State, before task: Task?) -> Task? {
    after = state.session
    context = state.context
    guard let result = state.task else { return nil }
    if let index = tasks.firstIndex(where: { $0.after.id == result.id }) {
      tasks[index].after = result
    } else {
      tasks.append(TaskChange(before: task, after: result))
    }
    return result
  }

  /// The holder gave a sign of life: the expiry is set.
  package mutating func renewLease(at now: Instant, ttlSeconds: Int?) {
    after.lease = after.lease?.renewed(at: now, ttlSeconds: ttlSeconds)
  }

  /// The holder has been shown every note so far.
  package mutating func noticed() {
    after.lease?.noticedSeq = after.seq
  }
}

extension Grant {
  /// The grant that `event` makes; nil unless it is a `task.claimed` or a `lease.resumed`.
  package init?(_ event: Event, session: Session) {
    guard
      event.type.isGrant, let task = event.task, let fence = event.fence,
      let hash = event.data.digest(.tokenHash)
    else { return nil }
    self.init(tokenHash: hash, session: session.id, logID: session.logID, task: task, fence: fence)
  }
}

/// How an agent is shown.
package struct AgentDescription: Hashable, Sendable {
  package var name: String
  package var display: String?
  /// `owner`, `reviewer` or `author`.
  package var role: String?

  package init(name: String, display: String?, role: String?) {
    self.name = name
    self.display = display
    self.role = role
  }

  /// The description that `event` gives; nil unless it is an `agent.described`.
  package init?(_ event: Event) {
    guard event.type == .agentDescribed, let name = event.data.string(.name) else { return nil }
    self.init(name: name, display: event.data.string(.display), role: event.data.string(.role))
  }
}
