/// The saved context of a session, in full: what a checkpoint did not name keeps its value.
package struct Checkpoint: Hashable, Sendable {
  package var at: Instant
  package var event: EventID
  package var task: String?
  package var agent: String?
  package var context: Context
  package var commit: CommitPosition?

  /// What a holder says about where it stands.
  package struct Context: Hashable, Sendable {
    package var phase: String?
    package var lastAction: String?
    package var nextAction: String?
    package var reference: String?
    package var note: String?
    /// JSON as the user gave it.
    package var data: String?

    package init(
      phase: String? = nil, lastAction: String? = nil, nextAction: String? = nil, reference: String? = nil,
      note: String? = nil, data: String? = nil
    ) {
      self.phase = phase
      self.lastAction = lastAction
      self.nextAction = nextAction
      self.reference = reference
      self.note = note
      self.data = data
    }

    init(data: EventData) {
      self.init(
        phase: data.string(.phase), lastAction: data.string(.lastAction), nextAction: data.string(.nextAction),
        reference: data.string(.reference), note: data.string(.note), data: data.string(.data))
    }
  }

  /// The checkpoint that `entry`, a `checkpoint.saved`, records; nil for another event.
  package init?(_ entry: LogEntry, id: EventID) {
    guard entry.event.type == .checkpointSaved else { return nil }
    at = entry.event.at
    event = id
    task = entry.event.task
    agent = entry.event.roles.actor
    context = Context(data: entry.event.data)
    commit = entry.event.commit
  }
}
