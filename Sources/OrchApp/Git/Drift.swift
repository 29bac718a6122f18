package import OrchCore

/// How the work tree stands now against how it stood when the task was last worked on.
package struct Drift: Sendable {
  package var branchChanged: Bool
  package var headChanged: Bool
  /// The files that are not committed now.
  package var dirty: [String]
  package var at: CommitPosition
  package var now: CommitPosition

  /// Nil where the two cannot be compared: outside a repository, or in another one.
  init?(at: CommitPosition?, now: CommitPosition?, dirty: [String]) {
    guard let at, let now, at.repository == now.repository else { return nil }
    self.at = at
    self.now = now
    self.dirty = dirty
    branchChanged = at.branch != now.branch
    headChanged = at.oid != now.oid
  }

  /// Whether there is anything to tell.
  package var isSome: Bool { branchChanged || headChanged || !dirty.isEmpty }
}

extension App {
  /// - Parameter at: the position of the task's last event before the present grant.
  func drift(since at: CommitPosition?) -> Drift? {
    // The position was taken before the transaction; where it was not, nothing is compared.
    guard settings.commit != nil else { return nil }
    return Drift(at: at, now: settings.commit, dirty: surroundings.uncommitted ?? [])
  }
}
