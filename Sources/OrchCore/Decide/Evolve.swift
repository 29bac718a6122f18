/// The state after `event`: the one place where state comes from. Replaying a log is folding this over it.
///
/// The chain (`head`) is not touched: hashing belongs to the store.
package func evolve(_ state: State, _ event: Event) -> State {
  var state = state
  state.session.seq += 1
  state.session.at = event.at
  state.apply(event)
  if event.task != nil { state.task?.updatedAt = event.at }
  return state
}

extension State {
  private var seq: Int { session.seq }

  fileprivate mutating func apply(_ event: Event) {
    let data = event.data
    switch event.type {
    case .taskAdded, .taskImported:
      task = Task(added: event, session: session.id)
      task?.logID = session.logID
    case .taskEdited:
      task?.apply(edit: data)
    case .taskClaimed, .leaseResumed:
      grant(event)
    case .taskDone:
      if let result = data.string(.result) { task?.content.result = result }
      end(.done, event)
    case .taskFailed:
      task?.failures = data.int(.failures) ?? 0
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
      task?.failures = data.int(.failures) ?? 0
      end(.queued, event)
      session.recovered = event.task
    case .checkpointSaved:
      session.checkpointSeq = seq
      context = Checkpoint.Context(data: data)
    case .noteAdded:
      session.noteSeq = seq
    case .reviewRequested:
      if let reviewers = data.strings(.reviewers) { task?.reviewers = reviewers }
      // Approvals stay: they hold again where the content is the same, and are shown as stale where it is not.
      let submission = Submission(data[.submission], seq: seq)
      task?.review.submission = submission
      task?.review.owners = data.strings(.owners) ?? []
      end(.review, event)
    case .reviewApproved:
      guard let reviewer = event.roles.reviewer, let submission = task?.review.submission else { break }
      task?.review.approvals.removeAll { $0.reviewer == reviewer }
      task?.review.approvals.append(Approval(reviewer: reviewer, submission: submission))
      if let owners = data.strings(.owners) { task?.review.owners = owners }
    case .reviewRejected:
      task?.review.approvals.removeAll { $0.reviewer == event.roles.reviewer }
      let author = task?.lastAuthor
      task?.assignee = author
      end(.queued, event)
    case .handoffOffered:
      offer(event)
    case .handoffAccepted:
      // The grant that follows in the same transaction makes it running.
      endOffer(event)
    case .handoffDeclined:
      let giver = task?.offer?.from
      endOffer(event)
      task?.assignee = giver
      task?.state = .queued
    case .handoffExpired:
      endOffer(event)
      task?.state = .queued
    case .checkRecorded:
      // What ran on something else than what is committed says nothing of the tree, for or against.
      guard let name = data.string(.name), !data.bool(.dirty) else { break }
      let check = PassedCheck(name: name, tree: data.string(.tree))
      task?.passedChecks.removeAll { $0 == check }
      if data.int(.exitStatus) == 0 { task?.passedChecks.append(check) }
      if let count = task?.passedChecks.count, count > Self.keptChecks { task?.passedChecks.removeFirst() }
    case .reviewCommented, .commitLinked, .commitRewritten, .decisionMade, .agentDescribed:
      break
    }
  }

  /// How many passed checks of an attempt are kept; of more, the last ones.
  private static let keptChecks = 64

  private mutating func grant(_ event: Event) {
    guard
      let id = event.task, let fence = event.fence, let agent = event.roles.actor,
      let acquiredAt = event.data.instant(.acquiredAt), let expiresAt = event.data.instant(.expiresAt),
      let ttl = event.data.int(.ttlSeconds), let hash = event.data.digest(.tokenHash)
    else { return }
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

  private mutating func offer(_ event: Event) {
    guard
      let id = event.task, let from = event.data.string(.from), let to = event.data.string(.to),
      let expiresAt = event.data.instant(.expiresAt)
    else { return }
    end(.offered, event)
    task?.offer = Offer(
      from: from, to: to, why: event.data.string(.why), next: event.data.string(.next), expiresAt: expiresAt)
    session.offer = Session.Reservation(task: id, to: to, expiresAt: expiresAt)
  }

  private mutating func endOffer(_ event: Event) {
    task?.offer = nil
    if session.offer?.task == event.task { session.offer = nil }
  }
}
