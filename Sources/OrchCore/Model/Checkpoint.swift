/// The saved context of a session, in full: what a checkpoint did not name keeps its value.
public struct Checkpoint: Hashable, Sendable {
  public var at: Instant
  public var event: EventID
  public var task: String?
  public var agent: String?
  public var context: Context
  public var commit: CommitPosition?

  /// What a holder says about where it stands.
  public struct Context: Hashable, Sendable {
    public var phase: String?
    public var lastAction: String?
    public var nextAction: String?
    public var reference: String?
    public var note: String?
    /// JSON as the user gave it.
    public var data: String?

    public init(
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
  public init?(_ entry: LogEntry, id: EventID) {
    guard entry.event.type == .checkpointSaved else { return nil }
    at = entry.event.at
    event = id
    task = entry.event.task
    agent = entry.event.roles.actor
    context = Context(data: entry.event.data)
    commit = entry.event.commit
  }
}
