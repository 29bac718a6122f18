public import OrchCore

/// What somebody said of a submission.
public struct ReviewView: Hashable, Sendable {
  public enum Verdict: String, CaseIterable, Hashable, Sendable {
    case requested, approved, rejected, commented
  }

  public var task: String
  /// Who said it; of a request, who is asked first.
  public var reviewer: String?
  public var verdict: Verdict
  public var text: String?
  public var at: Instant
  public var event: EventID
  /// What it is about.
  public var submission: Submission?
  /// An approval of other content than what is submitted now, or of a branch that holds something else.
  public var isStale: Bool
  /// Said where an attempt of the task was held: the same work tree on the same host.
  public var isFromAuthorsPlace: Bool

  public init(
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

/// How a submission stands to what the repository holds now.
public struct SubmissionView: Hashable, Sendable {
  public enum Standing: String, CaseIterable, Hashable, Sendable {
    /// The branch still holds it, or the same content.
    case current
    /// The branch holds something else by now.
    case stale
    /// It is part of the default branch.
    case merged
    /// There is no such branch here, or no repository: nobody can tell.
    case unknown
  }

  public var submission: Submission
  public var standing: Standing

  public init(submission: Submission, standing: Standing) {
    self.submission = submission
    self.standing = standing
  }
}

/// An offer of a task, and what became of it.
public struct HandoffView: Hashable, Sendable {
  public enum State: String, CaseIterable, Hashable, Sendable {
    case offered, accepted, declined, expired
    /// The task was cancelled, or taken back, while it was offered.
    case cancelled
  }

  public var task: String
  public var from: String
  public var to: String
  public var why: String?
  public var next: String?
  public var state: State
  public var offeredAt: Instant
  public var expiresAt: Instant
  /// When it came to its end.
  public var endedAt: Instant?
  /// What the receiver said: the read-back when accepting, the reason when declining.
  public var answer: String?
  /// The offer's event.
  public var event: EventID

  public init(
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
public struct CheckView: Hashable, Sendable {
  public var task: String
  public var name: String
  /// The command's words, joined by blanks.
  public var command: String
  /// As a shell would have it: 128 and more for a signal.
  public var exitStatus: Int
  public var durationMilliseconds: Int
  public var at: Instant
  /// Who ran it.
  public var by: String?
  public var oid: String?
  public var tree: String?
  /// Whether anything was not committed.
  public var dirty: Bool
  /// SHA-256 of the output.
  public var outputHash: String
  /// Whether it ran on what is submitted, or on what stands now where nothing is.
  public var isPresent: Bool
  /// Whether the task requires it.
  public var isRequired: Bool
  public var event: EventID

  public init(
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

  public var hasPassed: Bool { exitStatus == 0 && !dirty }
}
