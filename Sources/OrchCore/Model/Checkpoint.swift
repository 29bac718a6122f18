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

/// What a holder changes of the saved context: nil keeps a value, an inner nil clears it.
package struct CheckpointChange: Hashable, Sendable {
  package var phase: String??
  package var lastAction: String??
  package var nextAction: String??
  package var reference: String??
  package var note: String??
  package var data: String??
  /// Moves the next action to the last one, before the rest is applied.
  package var done = false

  package init() {}
}

extension Checkpoint.Context {
  /// The context after `change`.
  package func applying(_ change: CheckpointChange) -> Checkpoint.Context {
    var context = self
    if change.done {
      context.lastAction = context.nextAction ?? context.lastAction
      context.nextAction = nil
    }
    if let phase = change.phase { context.phase = phase }
    if let lastAction = change.lastAction { context.lastAction = lastAction }
    if let nextAction = change.nextAction { context.nextAction = nextAction }
    if let reference = change.reference { context.reference = reference }
    if let note = change.note { context.note = note }
    if let data = change.data { context.data = data }
    return context
  }
}
