package import OrchCore

/// How a submission stands to what the repository holds now.
package struct SubmissionView: Hashable, Sendable {
  package enum State: String, CaseIterable, Hashable, Sendable {
    /// The branch still holds it, or the same content.
    case current
    /// The branch holds something else by now.
    case stale
    /// It is part of the default branch.
    case merged
    /// There is no such branch here, or no repository: nobody can tell.
    case unknown
  }

  package var submission: Submission
  package var state: State

  package init(submission: Submission, state: State) {
    self.submission = submission
    self.state = state
  }
}
