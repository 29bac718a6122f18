/// The catalogue of events. Nothing else is ever written to the log.
package enum EventType: String, CaseIterable, Hashable, Sendable {
  case taskAdded = "task.added"
  case taskEdited = "task.edited"
  case taskClaimed = "task.claimed"
  case taskDone = "task.done"
  case taskFailed = "task.failed"
  case taskDead = "task.dead"
  case taskRequeued = "task.requeued"
  case taskCancelled = "task.cancelled"
  case taskRetried = "task.retried"
  case taskImported = "task.imported"
  case leaseExpired = "lease.expired"
  case leaseResumed = "lease.resumed"
  case checkpointSaved = "checkpoint.saved"
  case noteAdded = "note.added"
  case reviewRequested = "review.requested"
  case reviewApproved = "review.approved"
  case reviewRejected = "review.rejected"
  case reviewCommented = "review.commented"
  case handoffOffered = "handoff.offered"
  case handoffAccepted = "handoff.accepted"
  case handoffDeclined = "handoff.declined"
  case handoffExpired = "handoff.expired"
  case commitLinked = "commit.linked"
  case commitRewritten = "commit.rewritten"
  case checkRecorded = "check.recorded"
  case decisionMade = "decision.made"
  case agentDescribed = "agent.described"

  /// What ties commits to a task, and says what became of them. A task may have thousands of these, and the rest of its
  /// events are few.
  package static let ofCommits: [EventType] = [.commitLinked, .commitRewritten]

  package var isOfCommits: Bool { Self.ofCommits.contains(self) }

  /// Whether it grants a lease: the event carries a token's hash and the session's next fence.
  package var isGrant: Bool {
    switch self {
    case .taskClaimed, .leaseResumed:
      true
    case .taskAdded, .taskEdited, .taskDone, .taskFailed, .taskDead, .taskRequeued, .taskCancelled, .taskRetried,
      .taskImported, .leaseExpired, .checkpointSaved, .noteAdded, .reviewRequested, .reviewApproved, .reviewRejected,
      .reviewCommented, .handoffOffered, .handoffAccepted, .handoffDeclined, .handoffExpired, .commitLinked,
      .commitRewritten, .checkRecorded, .decisionMade, .agentDescribed:
      false
    }
  }

  /// How it ends the attempt under whose fence it was written; nil when it ends none.
  package var attemptEnd: AttemptEnd? {
    switch self {
    case .taskDone: .released(.done)
    case .taskFailed: .released(.failed)
    case .taskRequeued: .released(.requeue)
    case .reviewRequested: .released(.review)
    case .handoffOffered: .handedOver
    case .taskCancelled: .cancelled
    case .leaseExpired: .expired
    case .taskAdded, .taskEdited, .taskClaimed, .taskDead, .taskRetried, .taskImported, .leaseResumed,
      .checkpointSaved, .noteAdded, .reviewApproved, .reviewRejected, .reviewCommented, .handoffAccepted,
      .handoffDeclined, .handoffExpired, .commitLinked, .commitRewritten, .checkRecorded, .decisionMade,
      .agentDescribed:
      nil
    }
  }
}

/// How an attempt ended.
package enum AttemptEnd: Hashable, Sendable {
  /// By its holder's `release`.
  case released(Outcome)
  /// Offered to another agent by its holder.
  case handedOver
  case cancelled
  /// Its lease was recovered.
  case expired

  /// As attempts are shown: the outcome, `handoff`, `cancelled` or `expired`.
  package var name: String {
    switch self {
    case .released(let outcome): outcome.rawValue
    case .handedOver: "handoff"
    case .cancelled: "cancelled"
    case .expired: "expired"
    }
  }
}
