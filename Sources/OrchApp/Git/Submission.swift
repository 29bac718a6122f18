package import OrchCore
import OrchGit
import OrchStore

/// What a release needs of the repository.
package struct SubmissionRequest: Sendable {
  /// The commit that holds the work; nil is the head.
  package var revision: String?
  /// Submit although files are not committed.
  package var allowsDirty: Bool

  package init(revision: String? = nil, allowsDirty: Bool = false) {
    self.revision = revision
    self.allowsDirty = allowsDirty
  }
}

extension App {
  /// Looks at the repository before a release: the commit that it records, and what stands in the way.
  ///
  /// - Parameter outcome: nil when a review is submitted again.
  /// - Returns: nil outside a repository, and on a branch without a commit.
  /// - Throws: `refused` for a review with files that are not committed; what does not resolve.
  package func submission(_ request: SubmissionRequest, of outcome: Outcome?) throws(OrchError) -> Submission? {
    try mappingErrors {
      guard let position = settings.commit else {
        guard let revision = request.revision else { return nil }
        _ = try surroundings.requiredRepository()
        throw OrchError.notFound(.errorCannotBeResolved(revision: revision))
      }
      let isReview = outcome == nil || outcome == .review
      let words = outcome == nil ? ["review", "submit"] : ["release", "review"]
      let retry = ShellCommand(isOrch: true, words + ["--allow-dirty"])
      try checkCommitted(
        refusing: isReview && !request.allowsDirty, hint: .text(.hintCommitOrReview(command: retry)))
      let repository = try surroundings.requiredRepository()
      var submission = Submission(
        oid: position.oid, tree: position.tree, branch: position.branch, repository: position.repository,
        dirty: position.dirty)
      if let revision = request.revision {
        let name = try repository.resolve(revision)
        submission.oid = name.hex
        submission.tree = try repository.commit(name)?.tree.hex
        if name != surroundings.head?.commit {
          submission.branch = try repository.tips(ofBranch: revision).contains(name) ? revision : nil
          submission.dirty = false
        }
      }
      guard let name = submission.oid.flatMap({ ObjectName($0) }) else { return nil }
      if isReview { submission.change = try repository.change(ofBranchAt: name).map(Self.digest) }
      if isReview || outcome == .done, try repository.isUnpushed(name) {
        warn(.warningNotPushed(name: name.short))
      }
      return submission
    }
  }

  /// Refuses, or warns of, files that are not committed.
  func checkCommitted(refusing: Bool, hint: NextAction) throws {
    let dirty = surroundings.uncommitted ?? []
    guard !dirty.isEmpty else { return }
    let files = Message.warningNotCommitted(count: dirty.count, files: dirty.prefix(3).joined(separator: ", "))
    guard !refusing else { throw OrchError.refused(files, hint: hint) }
    warn(files)
  }

  /// How a submission stands to what the repository around here holds now.
  ///
  /// - Parameter isOver: the task is done, or in nobody's review any more: nothing is recomputed.
  func view(_ submission: Submission?, isOver: Bool) throws -> SubmissionView? {
    guard let submission else { return nil }
    guard let name = submission.oid.flatMap({ ObjectName($0) }) else {
      return SubmissionView(submission: submission, state: .current)
    }
    guard let repository = surroundings.repository, surroundings.identity == submission.repository else {
      return SubmissionView(submission: submission, state: .unknown)
    }
    let state = try repository.state(of: submission, at: name)
    return SubmissionView(submission: submission, state: isOver && state == .stale ? .unknown : state)
  }

  /// SHA-256 over a change: a line a file, with modes, contents and path.
  static func digest(_ changes: [FileChange]) -> String {
    var hash = SHA256()
    for change in changes {
      let sides = "\(change.oldMode) \(change.oldBlob.hex) \(change.newMode) \(change.newBlob.hex) "
      hash.update(Array(sides.utf8) + change.path + [0])
    }
    return hash.digest.hex
  }
}

extension GitRepository {
  /// Whether there are remote branches, and none of them holds a commit.
  func isUnpushed(_ name: ObjectName) throws -> Bool {
    let remote = try tips("refs/remotes/*").map(\.commit)
    guard !remote.isEmpty, !remote.contains(name) else { return false }
    var isOwn = false
    try walk(from: [name], hiding: remote) { _ in
      isOwn = true
      return false
    }
    return isOwn
  }

  fileprivate func state(of submission: Submission, at name: ObjectName) throws -> SubmissionView.State {
    let main = try defaultBranch()
    let isHere = try commit(name) != nil
    if isHere, submission.branch != main?.name, try (main?.tips ?? []).contains(where: { try contains($0, name) }) {
      return .merged
    }
    guard let branch = submission.branch else { return .unknown }
    var state = SubmissionView.State.unknown
    for tip in try tips(ofBranch: branch) {
      guard tip != name else {
        state = .current
        continue
      }
      // A copy that is only behind says nothing.
      if isHere, try contains(name, tip) { continue }
      // On the default branch others go on above it.
      if isHere, branch == main?.name, try contains(tip, name) { return .merged }
      let isSame =
        try commit(tip)?.tree.hex == submission.tree
        || (submission.change != nil && change(ofBranchAt: tip).map(App.digest) == submission.change)
      guard isSame else { return .stale }
      state = .current
    }
    return state
  }
}
