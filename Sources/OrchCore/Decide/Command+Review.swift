// What reviewing, checking and deciding commands say.

/// What a reviewer says of a submission.
package struct Verdict: Hashable, Sendable {
  package var text: String
  /// The number of the submission that the reviewer looked at; nil: whatever is submitted now.
  package var submission: Int?
  /// The id of the event that submitted it, in hexadecimal digits.
  package var event: String?
  /// Whether the submitted branch, as the reviewer sees it, holds something else by now.
  package var isStale: Bool
  /// Those of whom one is to approve last, where the submission says nothing of it.
  package var owners: [String]

  package init(
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
package struct CheckResult: Hashable, Sendable {
  package var name: String
  /// Its words, joined by blanks.
  package var command: String
  /// As a shell has it: 127 when it could not be started, 128 and the number of a signal that ended it.
  package var exitStatus: Int
  package var durationMilliseconds: Int
  /// SHA-256 of what it printed.
  package var outputHash: Digest
  /// The commit and the tree it ran on; nil outside a repository.
  package var head: String?
  package var tree: String?
  /// Whether anything was not committed, before or after, or the head moved meanwhile.
  package var dirty: Bool

  package init(
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
package struct NewDecision: Hashable, Sendable {
  package var key: String
  package var value: String
  package var because: String
  /// The decision that it takes the place of.
  package var supersedes: EventID?

  package init(key: String, value: String, because: String, supersedes: EventID?) {
    self.key = key
    self.value = value
    self.because = because
    self.supersedes = supersedes
  }
}

/// The decision about a key that is in force.
package struct CurrentDecision: Hashable, Sendable {
  package var id: EventID
  package var key: String
  package var value: String
  package var by: String?
  package var because: String?
  package var at: Instant
  /// What it took the place of.
  package var supersedes: EventID?

  package init(
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
