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

extension App {
  /// The resume packet of `task`, which belongs to `session`.
  func packet(_ task: Task, _ session: Session, in reader: any StoreReader) throws -> ResumePacket {
    let task = try reader.named(task)
    let (view, decisions, history) = try reader.load(
      .all(
        view(session, in: reader), currentDecisions(of: task.project), packetHistory(of: task, session, in: reader)))
    var packet = ResumePacket(task: task, session: view)
    packet.decisions = decisions
    guard let history else { return packet }
    packet.notes = history.notes
    packet.reviews = history.reviewEvents
    packet.handoffs = history.handoffEvents
    packet.attempts = history.attempts
    packet.commits = history.lineage.present.map(\.oid)
    packet.drift = drift(since: history.workPosition)
    return packet
  }

  /// The history of a task up to its present grant; nil for one on its first attempt in a session without notes, which
  /// has none but its being added.
  private func packetHistory(of task: Task, _ session: Session, in reader: any StoreReader) -> Read<TaskHistory?> {
    guard task.attempt > 1 || session.noteSeq != nil || session.seq > 2 else { return .value(nil) }
    let query = EventQuery(.oldestFirst, task: reader.reference(to: task))
    return Read([.events(query, limit: Self.eventPage)]) { reader in
      var history = TaskHistory(task, presentFence: session.fence)
      var isFirst = true
      try reader.forEachEvent(query) { recorded in
        // The first one adds the task, which the packet shows anyway: it is not even decoded.
        if !isFirst { history.add(try recorded.entry(), id: recorded.id) }
        isFirst = false
        return true
      }
      return history
    }
  }

  func view(_ session: Session, in reader: any StoreReader) -> Read<SessionView> {
    Read.all(checkpoint(of: session, in: reader), .counts(session: reader.reference(to: session))).map {
      loaded, reader in
      SessionView(session: try reader.named(session), checkpoint: loaded.0, counts: loaded.1)
    }
  }

  /// The last checkpoint of a session.
  func checkpoint(of session: Session, in reader: any StoreReader) -> Read<Checkpoint?> {
    guard let seq = session.checkpointSeq else { return .value(nil) }
    return Read<StoredEvent?>.event(session: reader.reference(to: session), seq: seq).map { recorded, _ in
      guard let recorded else {
        throw StoreError.corrupt(.damageNoCheckpoint(session: session.id, seq: seq))
      }
      return Checkpoint(try recorded.entry(), id: recorded.id)
    }
  }

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
