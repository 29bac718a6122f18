package import OrchCore
import OrchStore

/// What somebody who takes up a task needs to know; read in the transaction of the claim.
package struct ResumePacket: Sendable {
  package var task: Task
  package var session: SessionView
  package var attempts: [Attempt] = []
  package var notes: [Remark] = []
  package var decisions: [DecisionView] = []
  package var reviews: [Remark] = []
  package var handoffs: [Remark] = []
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

/// An event that says something about a task.
package struct Remark: Sendable {
  package var id: EventID
  package var entry: LogEntry
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
    let history = EventQuery(.oldestFirst, task: reader.reference(to: task))
    let name = reader.reference(to: session)
    var foreseen: [Foresight] = [.counts(session: name)]
    if let seq = session.checkpointSeq { foreseen.append(.event(session: name, seq: seq)) }
    if let project = task.project { foreseen.append(.events(Self.decisions(of: project), limit: Self.eventPage)) }
    if hasHistory { foreseen.append(.events(history, limit: Self.eventPage)) }
    try reader.foresee(foreseen)
    var packet = ResumePacket(task: try reader.named(task), session: try view(session, in: reader))
    packet.decisions = try decisions(project: task.project, in: reader)
    guard hasHistory else { return packet }
    var entries: [LogEntry] = []
    var isFirst = true
    var lineage = Lineage()
    var position: CommitPosition?
    try reader.forEachEvent(history) { recorded in
      // The first is the task's being added, which is nothing to the packet: it is not even decoded.
      defer { isFirst = false }
      guard !isFirst else { return true }
      let entry = try recorded.entry()
      // The present grant was written where the work tree stands now.
      let isGrant = entry.event.type == .taskClaimed || entry.event.type == .leaseResumed
      // What others said of the task they said from other work trees.
      if let commit = entry.event.commit, let fence = entry.event.fence, !isGrant || fence != session.fence {
        position = commit
      }
      switch entry.event.type {
      case .noteAdded: packet.notes.append(Remark(id: recorded.id, entry: entry))
      case .reviewRequested, .reviewApproved, .reviewRejected, .reviewCommented:
        packet.reviews.append(Remark(id: recorded.id, entry: entry))
      case .handoffOffered, .handoffAccepted, .handoffDeclined, .handoffExpired:
        packet.handoffs.append(Remark(id: recorded.id, entry: entry))
      case .commitLinked, .commitRewritten:
        lineage.add(entry.event)
      case .taskAdded, .taskEdited, .taskClaimed, .taskDone, .taskFailed, .taskDead, .taskRequeued, .taskCancelled,
        .taskRetried, .taskImported, .leaseExpired, .leaseResumed, .checkpointSaved,
        .checkRecorded, .decisionMade, .agentDescribed:
        break
      }
      if entry.event.type != .checkpointSaved { entries.append(entry) }
      return true
    }
    packet.attempts = Attempt.fold(entries)
    packet.commits = lineage.present.map(\.oid)
    packet.drift = drift(since: position)
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
  func notices(_ change: inout SessionChange, in reader: any StoreReader) throws -> [Remark] {
    guard let lease = change.after.lease, let last = change.before.noteSeq, last > lease.noticedSeq else { return [] }
    var notices: [Remark] = []
    try reader.forEachEvent(EventQuery(.newestFirst, session: reader.reference(to: change.before))) { recorded in
      let entry = try recorded.entry()
      guard entry.seq > lease.noticedSeq else { return false }
      let event = entry.event
      if event.type == .noteAdded, event.task == lease.task, event.roles.actor != lease.agent {
        notices.append(Remark(id: recorded.id, entry: entry))
      }
      return true
    }
    change.noticed()
    return notices.reversed()
  }
}
