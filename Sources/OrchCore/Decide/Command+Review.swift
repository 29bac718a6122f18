// What reviewing, checking and deciding commands say.

/// What a reviewer says of a submission.
public struct Verdict: Hashable, Sendable {
  public var text: String
  /// The number of the submission that the reviewer looked at; nil: whatever is submitted now.
  public var submission: Int?
  /// The id of the event that submitted it, in hexadecimal digits.
  public var event: String?
  /// Whether the submitted branch, as the reviewer sees it, holds something else by now.
  public var isStale: Bool
  /// Those of whom one is to approve last, where the submission says nothing of it.
  public var owners: [String]

  public init(
    _ text: String, submission: Int? = nil, event: String? = nil, isStale: Bool = false, owners: [String] = []
  ) {
    self.text = text
    self.submission = submission
    self.event = event
    self.isStale = isStale
    self.owners = owners
  }
}

/// What was observed of a command that was run.
public struct CheckResult: Hashable, Sendable {
  public var name: String
  /// Its words, joined by blanks.
  public var command: String
  /// As a shell has it: 127 when it could not be started, 128 and the number of a signal that ended it.
  public var exitStatus: Int
  public var durationMilliseconds: Int
  /// SHA-256 of what it printed.
  public var outputHash: Digest
  /// The commit and the tree it ran on; nil outside a repository.
  public var head: String?
  public var tree: String?
  /// Whether anything was not committed, before or after, or the head moved meanwhile.
  public var dirty: Bool

  public init(
    name: String, command: String, exitStatus: Int, durationMilliseconds: Int, outputHash: Digest, head: String?,
    tree: String?, dirty: Bool
  ) {
    self.name = name
    self.command = command
    self.exitStatus = exitStatus
    self.durationMilliseconds = durationMilliseconds
    self.outputHash = outputHash
    self.head = head
    self.tree = tree
    self.dirty = dirty
  }
}

/// A value to be settled.
public struct NewDecision: Hashable, Sendable {
  public var key: String
  public var value: String
  public var because: String
  /// The decision that it takes the place of.
  public var supersedes: EventID?

  public init(key: String, value: String, because: String, supersedes: EventID?) {
    self.key = key
    self.value = value
    self.because = because
    self.supersedes = supersedes
  }
}

/// The decision about a key that is in force.
public struct StandingDecision: Hashable, Sendable {
  public var id: EventID
  public var key: String
  public var value: String
  public var by: String?
  public var because: String?
  public var at: Instant
  /// What it took the place of.
  public var supersedes: EventID?

  public init(
    id: EventID, key: String, value: String, by: String?, because: String?, at: Instant, supersedes: EventID? = nil
  ) {
    self.id = id
    self.key = key
    self.value = value
    self.by = by
    self.because = because
    self.at = at
    self.supersedes = supersedes
  }
}
