package import OrchCore
import OrchStore

/// What somebody who takes up a task needs to know; read in the transaction of the claim.
package struct ResumePacket: Sendable {
  package var task: Task
  package var session: SessionView
  package var attempts: [Attempt] = []
  package var notes: [DecodedEvent] = []
  package var decisions: [DecisionView] = []
  package var reviews: [DecodedEvent] = []
  package var handoffs: [DecodedEvent] = []
  /// Commits linked to the task, oldest first.
  package var commits: [String] = []
  /// Nil outside a repository, and for a task that nobody worked on.
  package var drift: Drift?

  package var checkpoint: Checkpoint? { session.checkpoint }
}

/// A session with its counts and its saved context.
package struct SessionView: Sendable {
  package var session: Session
  package var checkpoint: Checkpoint?
  package var counts: [VisibleState: Int]
}

/// A settled value.
package struct DecisionView: Sendable {
  package var id: EventID
  package var entry: LogEntry
  package var key: String { entry.event.data.string(.key) ?? "" }
  package var value: String { entry.event.data.string(.value) ?? "" }

  package init(id: EventID, entry: LogEntry) {
    self.id = id
    self.entry = entry
  }
}

extension App {
  /// The resume packet of `task`, which belongs to `session`.
  func packet(_ task: Task, _ session: Session, in reader: any StoreReader) throws -> ResumePacket {
    // A task on its first attempt in a session without notes has no history but its being added.
    let hasHistory = task.attempt > 1 || session.noteSeq != nil || session.seq > 2
    let query = EventQuery(.oldestFirst, task: reader.reference(to: task))
    let name = reader.reference(to: session)
    var foreseen: [ReadRequest] = [.counts(session: name)]
    if let seq = session.checkpointSeq { foreseen.append(.event(session: name, seq: seq)) }
    if let project = task.project { foreseen.append(.events(Self.decisions(of: project), limit: Self.eventPage)) }
    if hasHistory { foreseen.append(.events(query, limit: Self.eventPage)) }
    try reader.prefetch(foreseen)
    var packet = ResumePacket(task: try reader.named(task), session: try view(session, in: reader))
    packet.decisions = try decisions(project: task.project, in: reader)
    guard hasHistory else { return packet }
    var history = TaskHistory(packet.task, presentFence: session.fence)
    var isFirst = true
    try reader.forEachEvent(query) { recorded in
      // The first one adds the task, which the packet shows anyway: it is not even decoded.
      if !isFirst { history.add(try recorded.entry(), id: recorded.id) }
      isFirst = false
      return true
    }
    packet.notes = history.notes
    packet.reviews = history.reviewEvents
    packet.handoffs = history.handoffEvents
    packet.attempts = history.attempts
    packet.commits = history.lineage.present.map(\.oid)
    packet.drift = drift(since: history.workPosition)
    return packet
  }

  func view(_ session: Session, in reader: any StoreReader) throws -> SessionView {
    SessionView(
      session: try reader.named(session), checkpoint: try checkpoint(of: session, in: reader),
      counts: try reader.counts(session: reader.reference(to: session)))
  }

  func checkpoint(of session: Session, in reader: any StoreReader) throws -> Checkpoint? {
    guard let seq = session.checkpointSeq else { return nil }
    guard let recorded = try reader.event(session: reader.reference(to: session), seq: seq) else {
      throw StoreError.corrupt("the checkpoint of \(session.id), its event \(seq), is not in the log")
    }
    return Checkpoint(try recorded.entry(), id: recorded.id)
  }

  private static func decisions(of project: String) -> EventQuery {
    EventQuery(.oldestFirst, session: session(ofProject: project))
  }

  static func session(ofProject project: String) -> String { "project:\(project)" }

  /// The decisions in force of a project, by key.
  func decisions(project: String?, in reader: any StoreReader) throws -> [DecisionView] {
    guard let project else { return [] }
    var inForce: [String: DecisionView] = [:]
    for decision in try allDecisions(of: project, in: reader) { inForce[decision.key] = decision }
    return inForce.values.sorted { $0.key < $1.key }
  }

  /// Every decision of a project, in the order of the log.
  func allDecisions(of project: String, in reader: any StoreReader) throws -> [DecisionView] {
    var decisions: [DecisionView] = []
    func visit(_ recorded: StoredEvent) throws -> Bool {
      let entry = try recorded.entry()
      if entry.event.type == .decisionMade { decisions.append(DecisionView(id: recorded.id, entry: entry)) }
      return true
    }
    do {
      try reader.forEachEvent(Self.decisions(of: project), visit)
    } catch StoreError.ambiguous(_, let names) {
      // Of several foreign logs, none is this one's own: the first, rather than no claim.
      try reader.forEachEvent(EventQuery(.oldestFirst, session: names.first), visit)
    }
    return decisions
  }

  /// The notes on the held task that its holder has not been shown; marks them as shown in `change`.
  func notices(_ change: inout SessionChange, in reader: any StoreReader) throws -> [DecodedEvent] {
    guard let lease = change.after.lease, let last = change.before.noteSeq, last > lease.noticedSeq else { return [] }
    var notices: [DecodedEvent] = []
    try reader.forEachEvent(EventQuery(.newestFirst, session: reader.reference(to: change.before))) { recorded in
      let entry = try recorded.entry()
      guard entry.seq > lease.noticedSeq else { return false }
      let event = entry.event
      if event.type == .noteAdded, event.task == lease.task, event.roles.actor != lease.agent {
        notices.append(DecodedEvent(id: recorded.id, entry: entry))
      }
      return true
    }
    change.noticed()
    return notices.reversed()
  }
}

extension App {
  /// What a task's events say, but for those about commits, of which a task may have thousands.
  func history(of task: Task, in reader: any StoreReader) throws -> TaskHistory {
    var history = TaskHistory(task)
    try reader.forEachEvent(
      EventQuery(.oldestFirst, task: reader.reference(to: task), omitting: EventType.ofCommits)
    ) {
      history.add(try $0.entry(), id: $0.id)
      return true
    }
    return history
  }
}
