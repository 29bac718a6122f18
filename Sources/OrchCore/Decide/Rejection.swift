/// Why a decision was refused. Every case is a rule; the words for people are chosen at the edge.
package enum Rejection: Error, Hashable, Sendable {
  /// A newer program wrote events of the session that this one does not understand.
  indirect case notUnderstood(Session)
  /// Another holder has the session.
  case leaseHeld(Lease)
  /// The session is reserved for the receiver of an offered task.
  case reserved(task: String, to: String, until: Instant)
  /// The token is not, or no longer, that of the present holder.
  case leaseLost
  /// The task was cancelled under its holder.
  case taskCancelled
  /// The attempt was ended by this very token with another outcome.
  case endedOtherwise
  /// The task's state does not allow it.
  case wrongState(TaskState, Verb)
  case blocked(open: Int)
  case scheduled(until: Instant)
  case assigned(to: String)
  /// A plain claim does not take what the claimer is to review.
  case claimerReviews
  /// `--agent` names somebody else than the holder.
  case notTheHolder(holder: String)
  case reviewRequired
  case checksMissing([String])
  /// No reviewer is named who held none of the attempts.
  case noEligibleReviewer
  /// The reviewer held an attempt of the task.
  case reviewerIsAuthor
  case notAReviewer([String])
  /// Only who held an attempt submits it again.
  case notAnAuthor([String])
  /// It was submitted again after the reviewer looked.
  case resubmitted
  /// The submitted branch holds something else by now.
  case staleSubmission(branch: String?)
  /// The owner approves after these.
  case ownerIsLast([String])
  /// What is not committed has passed no check.
  case uncommitted
  /// A settled value is not changed without naming the decision that settled it.
  case decided(CurrentDecision)
  /// There is no decision to take the place of.
  case nothingDecided
  case notTheReceiver(to: String)
  case offerToSelf
  /// A lease that is live can be ended by force only.
  case notStale(Lease)
  case nothingToRecover
  case taskExists
  case outOfRange(String)

  /// What a command wanted to do to a task.
  package enum Verb: Hashable, Sendable {
    case claim, edit, cancel, retry, handOver, submit, review
  }
}
