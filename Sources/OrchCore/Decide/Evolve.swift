/// The state after `event`: the one place where state comes from. Replaying a log is folding this over it.
///
/// The chain (`head`) is not touched: hashing belongs to the store.
///
/// - Throws: `MalformedEvent` when the event lacks what its type requires, or does not fit the state. An unknown type is
///   nothing that state can follow from; `evolve(_:reading:)` takes those.
package func evolve(_ state: consuming State, _ event: Event) throws(MalformedEvent) -> State {
  try event.checkKinds()
  var state = state
  state.session.seq += 1
  state.session.at = event.at
  try state.checkTask(event)
  try state.apply(event)
  state.session.neededVocabulary = max(state.session.neededVocabulary, event.type.vocabulary)
  if event.task != nil { state.task?.updatedAt = event.at }
  return state
}

extension State {
  private var seq: Int { session.seq }

  /// Checks that the event is about the task of this state: that there is one, or, when it adds it, none.
  fileprivate func checkTask(_ event: Event) throws(MalformedEvent) {
    switch event.type {
    case .taskAdded, .taskImported:
      let id = try event.required(event.task, "task")
      guard task == nil else { throw event.malformed(.eventTaskExists(task: id)) }
    case .taskEdited, .taskClaimed, .taskDone, .taskFailed, .taskDead, .taskRequeued, .taskCancelled, .taskRetried,
      .leaseExpired, .leaseResumed, .reviewRequested, .reviewApproved, .reviewRejected, .reviewCommented,
      .handoffOffered, .handoffAccepted, .handoffDeclined, .handoffExpired, .commitLinked, .commitRewritten,
      .checkRecorded:
      let id = try event.required(event.task, "task")
      guard task?.id == id else { throw event.malformed(.eventNoTask(task: id)) }
    case .checkpointSaved, .noteAdded, .decisionMade, .agentDescribed:
      guard let id = event.task, task?.id != id else { break }
      throw event.malformed(.eventNoTask(task: id))
    case .unknown: throw event.malformed(.eventUnknownType)
    }
  }

  fileprivate mutating func apply(_ event: Event) throws(MalformedEvent) {
    let data = event.data
    switch event.type {
    case .taskAdded, .taskImported:
      task = try Task(added: event, session: session.id)
      task?.logID = session.logID
    case .taskEdited:
      task?.apply(edit: data)
    case .taskClaimed, .leaseResumed:
      try grant(event)
    case .taskDone:
      if let result = data.string(.result) { task?.content.result = result }
      end(.done, event)
    case .taskFailed:
      task?.failures = try event.required(.failures, EventData.int)
      task?.lastError = TaskError(code: data.string(.code), message: data.string(.message))
      if let result = data.string(.result) { task?.content.result = result }
      if let notBefore = data.instant(.notBefore) {
        task?.notBefore = notBefore
        task?.readyAt = notBefore
      }
      end(.queued, event)
    case .taskDead:
      end(.dead, event)
    case .taskRequeued:
      end(.queued, event)
    case .taskCancelled:
      end(.cancelled, event)
    case .taskRetried:
      task?.failures = 0
      task?.review = Review()
      task?.passedChecks = []
      task?.notBefore = nil
      if let readyAt = data.instant(.readyAt) { task?.readyAt = readyAt }
      end(.queued, event)
    case .leaseExpired:
      task?.failures = try event.required(.failures, EventData.int)
      end(.queued, event)
      session.recovered = event.task
    case .checkpointSaved:
      session.checkpointSeq = seq
      context = Checkpoint.Context(data: data)
    case .noteAdded:
      _ = try event.required(.text, EventData.string)
      session.noteSeq = seq
    case .reviewRequested:
      if let reviewers = data.strings(.reviewers) { task?.reviewers = reviewers }
      // Approvals stay: they hold again where the content is the same, and are shown as stale where it is not.
      let submission = Submission(data[.submission], seq: seq)
      task?.review.submission = submission
      task?.review.owners = data.strings(.owners) ?? []
      end(.review, event)
    case .reviewApproved:
      let reviewer = try event.required(event.roles.reviewer, "reviewer")
      guard let submission = task?.review.submission else { throw event.malformed(.eventNothingSubmitted) }
      task?.review.approvals.removeAll { $0.reviewer == reviewer }
      task?.review.approvals.append(Approval(reviewer: reviewer, submission: submission))
      if let owners = data.strings(.owners) { task?.review.owners = owners }
    case .reviewRejected:
      let reviewer = try event.required(event.roles.reviewer, "reviewer")
      task?.review.approvals.removeAll { $0.reviewer == reviewer }
      let author = task?.lastAuthor
      task?.assignee = author
      end(.queued, event)
    case .handoffOffered:
      try offer(event)
    case .handoffAccepted:
      // The grant that follows in the same transaction makes it running.
      _ = try answered(event)
    case .handoffDeclined:
      let offer = try answered(event)
      task?.assignee = offer.from
      task?.state = .queued
    case .handoffExpired:
      _ = try answered(event)
      task?.state = .queued
    case .checkRecorded:
      let name = try event.required(.name, EventData.string)
      let exitStatus = try event.required(.exitStatus, EventData.int)
      // What ran on something else than what is committed says nothing of the tree, for or against.
      guard !data.bool(.dirty) else { break }
      let check = PassedCheck(name: name, tree: data.string(.tree))
      task?.passedChecks.removeAll { $0 == check }
      if exitStatus == 0 { task?.passedChecks.append(check) }
      if let count = task?.passedChecks.count, count > Self.keptChecks { task?.passedChecks.removeFirst() }
    case .commitLinked:
      _ = try event.required(.oid, EventData.string)
    case .commitRewritten:
      _ = try event.required(.old, EventData.string)
    case .decisionMade:
      _ = try event.required(.key, EventData.string)
      _ = try event.required(.value, EventData.string)
    case .agentDescribed:
      _ = try event.required(.name, EventData.string)
    case .reviewCommented, .unknown:
      break
    }
  }

  /// How many passed checks of an attempt are kept; of more, the last ones.
  private static let keptChecks = 64

  private mutating func grant(_ event: Event) throws(MalformedEvent) {
    let id = try event.required(event.task, "task")
    let fence = try event.required(event.fence, "fence")
    let agent = try event.required(event.roles.actor, "actor")
    let acquiredAt = try event.required(.acquiredAt, EventData.instant)
    let expiresAt = try event.required(.expiresAt, EventData.instant)
    let ttl = try event.required(.ttlSeconds, EventData.int)
    let hash = try event.required(.tokenHash, EventData.digest)
    guard fence > session.fence else { throw event.malformed(.eventFenceUsed(fence: fence)) }
    let attempt = event.data.int(.attempt) ?? 1
    session.fence = fence
    session.lease = Lease(
      task: id, attempt: attempt, agent: agent, instance: event.data.string(.instance),
      host: event.data.string(.host) ?? "", fence: fence, tokenHash: hash, acquiredAt: acquiredAt,
      heartbeatAt: acquiredAt, expiresAt: expiresAt, ttlSeconds: ttl, noticedSeq: seq)
    if session.recovered == id { session.recovered = nil }
    guard event.type == .taskClaimed, task != nil else { return }
    task?.state = .running
    task?.attempt = attempt
    task?.lastAuthor = agent
    task?.notBefore = nil
    task?.offer = nil
    task?.passedChecks = []
    if task?.holders.contains(agent) == false { task?.holders.append(agent) }
  }

  /// The task is in `next`, and whatever lease or reservation it had is over.
  private mutating func end(_ next: TaskState, _ event: Event) {
    task?.state = next
    if session.lease?.task == event.task { session.lease = nil }
    if next != .queued, session.recovered == event.task { session.recovered = nil }
    if task?.offer != nil { endOffer(event) }
  }

  private mutating func offer(_ event: Event) throws(MalformedEvent) {
    let id = try event.required(event.task, "task")
    let from = try event.required(.from, EventData.string)
    let to = try event.required(.to, EventData.string)
    let expiresAt = try event.required(.expiresAt, EventData.instant)
    end(.offered, event)
    task?.offer = Offer(
      from: from, to: to, why: event.data.string(.why), next: event.data.string(.next), expiresAt: expiresAt)
    session.offer = Session.Reservation(task: id, to: to, expiresAt: expiresAt)
  }

  /// Ends the offer that the event answers.
  private mutating func answered(_ event: Event) throws(MalformedEvent) -> Offer {
    guard let offer = task?.offer else { throw event.malformed(.eventNothingOffered) }
    endOffer(event)
    return offer
  }

  private mutating func endOffer(_ event: Event) {
    task?.offer = nil
    if session.offer?.task == event.task { session.offer = nil }
  }
}
