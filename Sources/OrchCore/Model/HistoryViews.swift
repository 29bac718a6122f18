/// What somebody said of a submission.
package struct ReviewView: Hashable, Sendable {
  package enum Verdict: String, CaseIterable, Hashable, Sendable {
    case requested, approved, rejected, commented
  }

  package var task: String
  /// Who said it; of a request, who is asked first.
  package var reviewer: String?
  package var verdict: Verdict
  package var text: String?
  package var at: Instant
  package var event: EventID
  /// What it is about.
  package var submission: Submission?
  /// An approval of other content than what is submitted now, or of a branch that holds something else.
  package var isStale: Bool
  /// Said where an attempt of the task was held: the same work tree on the same host.
  package var isFromAuthorsPlace: Bool

  package init(
    task: String, reviewer: String?, verdict: Verdict, text: String?, at: Instant, event: EventID,
    submission: Submission?, isStale: Bool = false, isFromAuthorsPlace: Bool = false
  ) {
    self.task = task
    self.reviewer = reviewer
    self.verdict = verdict
    self.text = text
    self.at = at
    self.event = event
    self.submission = submission
    self.isStale = isStale
    self.isFromAuthorsPlace = isFromAuthorsPlace
  }
}

/// An offer of a task, and what became of it.
package struct HandoffView: Hashable, Sendable {
  package enum State: String, CaseIterable, Hashable, Sendable {
    case offered, accepted, declined, expired
    /// The task was cancelled, or taken back, while it was offered.
    case cancelled
  }

  package var task: String
  package var from: String
  package var to: String
  package var why: String?
  package var next: String?
  package var state: State
  package var offeredAt: Instant
  package var expiresAt: Instant
  /// When it came to its end.
  package var endedAt: Instant?
  /// What the receiver said: the read-back when accepting, the reason when declining.
  package var answer: String?
  /// The offer's event.
  package var event: EventID

  package init(
    task: String, from: String, to: String, why: String?, next: String?, state: State, offeredAt: Instant,
    expiresAt: Instant, endedAt: Instant? = nil, answer: String? = nil, event: EventID
  ) {
    self.task = task
    self.from = from
    self.to = to
    self.why = why
    self.next = next
    self.state = state
    self.offeredAt = offeredAt
    self.expiresAt = expiresAt
    self.endedAt = endedAt
    self.answer = answer
    self.event = event
  }
}

/// A check that was run, as it was observed.
package struct CheckView: Hashable, Sendable {
  package var task: String
  package var name: String
  /// The command's words, joined by blanks.
  package var command: String
  /// As a shell would have it: 128 and more for a signal.
  package var exitStatus: Int
  package var durationMilliseconds: Int
  package var at: Instant
  /// Who ran it.
  package var by: String?
  package var oid: String?
  package var tree: String?
  /// Whether anything was not committed.
  package var dirty: Bool
  /// SHA-256 of the output.
  package var outputHash: String
  /// Whether it ran on what is submitted, or on what stands now where nothing is.
  package var isPresent: Bool
  /// Whether the task requires it.
  package var isRequired: Bool
  package var event: EventID

  package init(
    task: String, name: String, command: String, exitStatus: Int, durationMilliseconds: Int, at: Instant, by: String?,
    oid: String?, tree: String?, dirty: Bool, outputHash: String, isPresent: Bool, isRequired: Bool, event: EventID
  ) {
    self.task = task
    self.name = name
    self.command = command
    self.exitStatus = exitStatus
    self.durationMilliseconds = durationMilliseconds
    self.at = at
    self.by = by
    self.oid = oid
    self.tree = tree
    self.dirty = dirty
    self.outputHash = outputHash
    self.isPresent = isPresent
    self.isRequired = isRequired
    self.event = event
  }

  package var hasPassed: Bool { exitStatus == 0 && !dirty }
}

/// What somebody said of a task and nobody observed.
package struct Statement: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    /// With a release: done, failed, requeue, review.
    case release
    /// In a checkpoint: what was done last.
    case checkpoint
    case note
  }

  package var kind: Kind
  package var task: String?
  package var by: String?
  package var at: Instant
  package var text: String
  package var event: EventID

  package init(_ kind: Kind, task: String?, by: String?, at: Instant, text: String, event: EventID) {
    self.kind = kind
    self.task = task
    self.by = by
    self.at = at
    self.text = text
    self.event = event
  }
}
