/// A log entry with its id.
package struct DecodedEvent: Hashable, Sendable {
  package var id: EventID
  package var entry: LogEntry

  package init(id: EventID, entry: LogEntry) {
    self.id = id
    self.entry = entry
  }
}

/// What the events of one task say: attempts, commits, notes, reviews, offers, checks and statements.
///
/// The one fold over a task's events, for everything that shows or reports a task. `add` names every event type, so a
/// new one does not compile until it is decided here what it tells, and who ignores it.
package struct TaskHistory: Sendable {
  /// The commits, where the events about commits were added too.
  package private(set) var lineage = Lineage()
  /// `note.added`, as they were written.
  package private(set) var notes: [DecodedEvent] = []
  /// `review.*`, as they were written.
  package private(set) var reviewEvents: [DecodedEvent] = []
  /// `handoff.*`, as they were written.
  package private(set) var handoffEvents: [DecodedEvent] = []
  package private(set) var reviews: [ReviewView] = []
  package private(set) var handoffs: [HandoffView] = []
  package private(set) var checks: [CheckView] = []
  package private(set) var statements: [Statement] = []
  /// What the last holder said when giving the task back.
  package private(set) var releaseMessage: String?
  /// Everybody who did anything, and when last.
  package private(set) var lastSeen: [String: Instant] = [:]
  /// Where the work tree stood at the last event of a holder, the present grant left out.
  package private(set) var workPosition: CommitPosition?

  private let task: Task
  private let presentFence: Int?
  private var ledger = AttemptLedger()
  private var submission: Submission?
  /// Where attempts were held.
  private var places: Set<Place> = []

  private struct Place: Hashable {
    var host: String?
    var instance: String?

    init(_ event: Event) {
      host = event.data.string(.host)
      instance = event.data.string(.instance)
    }
  }

  /// - Parameters:
  ///   - task: the task as it is now; its shown name stands in everything that the history tells.
  ///   - presentFence: the fence of the present grant, whose position is where the work tree stands now.
  package init(_ task: Task, presentFence: Int? = nil) {
    self.task = task
    self.presentFence = presentFence
  }

  /// The attempts, each with its commits as they stand.
  package var attempts: [Attempt] { ledger.attempts(with: lineage.present) }

  /// Adds the next event of the task, in the order of the log.
  package mutating func add(_ entry: LogEntry, id: EventID) {
    let event = entry.event
    let data = event.data
    if let actor = event.roles.actor { lastSeen[actor] = max(lastSeen[actor] ?? event.at, event.at) }
    // Only what a holder wrote was written in the task's work tree.
    if let commit = event.commit, let fence = event.fence, !event.type.isGrant || fence != presentFence {
      workPosition = commit
    }
    if let end = event.type.attemptEnd { ledger.end(entry, end) }
    switch event.type {
    case .taskClaimed:
      ledger.begin(event)
      places.insert(Place(event))
    case .leaseResumed:
      ledger.resume(event)
      places.insert(Place(event))
    case .taskDone, .taskFailed, .taskRequeued:
      addRelease(event, id)
    case .taskCancelled:
      endOffer(.cancelled, at: event.at, answer: data.string(.why))
    case .checkpointSaved:
      if let done = data.string(.lastAction) ?? data.string(.note) { addStatement(.checkpoint, event, done, id) }
    case .noteAdded:
      notes.append(DecodedEvent(id: id, entry: entry))
      addStatement(.note, event, data.string(.text) ?? "", id)
    case .reviewRequested:
      submission = Submission(data[.submission], seq: entry.seq)
      addReview(.requested, entry, id)
      addRelease(event, id)
    case .reviewApproved: addReview(.approved, entry, id)
    case .reviewRejected: addReview(.rejected, entry, id)
    case .reviewCommented: addReview(.commented, entry, id)
    case .handoffOffered:
      handoffEvents.append(DecodedEvent(id: id, entry: entry))
      handoffs.append(
        HandoffView(
          task: task.shownID, from: data.string(.from) ?? "", to: data.string(.to) ?? "", why: data.string(.why),
          next: data.string(.next), state: .offered, offeredAt: event.at,
          expiresAt: data.instant(.expiresAt) ?? event.at, event: id))
    case .handoffAccepted:
      handoffEvents.append(DecodedEvent(id: id, entry: entry))
      endOffer(.accepted, at: event.at, answer: data.string(.restate))
    case .handoffDeclined:
      handoffEvents.append(DecodedEvent(id: id, entry: entry))
      endOffer(.declined, at: event.at, answer: data.string(.why))
    case .handoffExpired:
      handoffEvents.append(DecodedEvent(id: id, entry: entry))
      endOffer(.expired, at: event.at, answer: nil)
    case .commitLinked, .commitRewritten:
      guard let commit = CommitEvent(event) else { break }
      ledger.add(commit)
      lineage.add(commit)
    case .checkRecorded: addCheck(event, id)
    case .taskAdded, .taskEdited, .taskDead, .taskRetried, .taskImported, .leaseExpired, .decisionMade,
      .agentDescribed, .unknown:
      break
    }
  }

  /// Says which approvals do not hold any more, and which checks ran on what counts now.
  ///
  /// - Parameters:
  ///   - isStale: the submitted branch holds something else by now, so no approval holds.
  ///   - presentTree: the tree that counts where nothing is submitted.
  package mutating func compare(isStale: Bool, presentTree: String?) {
    for index in reviews.indices where reviews[index].verdict == .approved {
      let isOfPresent =
        reviews[index].submission.map { mine in submission.map { mine.isSame(as: $0) } ?? false } ?? false
      reviews[index].isStale = !isOfPresent || isStale
    }
    let tree = task.review.submission?.tree ?? presentTree
    for index in checks.indices { checks[index].isPresent = checks[index].tree == tree }
  }

  private mutating func addReview(_ verdict: ReviewView.Verdict, _ entry: LogEntry, _ id: EventID) {
    reviewEvents.append(DecodedEvent(id: id, entry: entry))
    let event = entry.event
    reviews.append(
      ReviewView(
        task: task.shownID, reviewer: event.roles.reviewer, verdict: verdict,
        text: event.data.string(verdict == .requested ? .message : .text), at: event.at, event: id,
        submission: submission, isFromAuthorsPlace: verdict != .requested && places.contains(Place(event))))
  }

  private mutating func addRelease(_ event: Event, _ id: EventID) {
    guard let message = event.data.string(.message) else { return }
    // Submitting again is not what was said when giving it back.
    if event.fence != nil { releaseMessage = message }
    addStatement(.release, event, message, id)
  }

  private mutating func addStatement(_ kind: Statement.Kind, _ event: Event, _ text: String, _ id: EventID) {
    // A checkpoint repeats what it does not change.
    guard statements.last(where: { $0.kind == kind })?.text != text else { return }
    statements.append(
      Statement(kind, task: task.shownID, by: event.roles.actor, at: event.at, text: text, event: id))
  }

  private mutating func endOffer(_ state: HandoffView.State, at instant: Instant, answer: String?) {
    guard let last = handoffs.indices.last, handoffs[last].state == .offered else { return }
    handoffs[last].state = state
    handoffs[last].endedAt = instant
    handoffs[last].answer = answer
  }

  private mutating func addCheck(_ event: Event, _ id: EventID) {
    let data = event.data
    let name = data.string(.name) ?? ""
    checks.append(
      CheckView(
        task: task.shownID, name: name, command: data.string(.command) ?? "", exitStatus: data.int(.exitStatus) ?? 0,
        durationMilliseconds: data.int(.durationMs) ?? 0, at: event.at, by: event.roles.actor,
        oid: data.string(.head), tree: data.string(.tree), dirty: data.bool(.dirty),
        outputHash: data.string(.outputHash) ?? "", isPresent: false, isRequired: task.requiredChecks.contains(name),
        event: id))
  }
}
