public import OrchCore
internal import OrchGit

/// What a release needs of the repository.
public struct SubmissionRequest: Sendable {
  /// The commit that holds the work; nil is the head.
  public var revision: String?
  /// Submit although files are not committed.
  public var allowsDirty: Bool

  public init(revision: String? = nil, allowsDirty: Bool = false) {
    self.revision = revision
    self.allowsDirty = allowsDirty
  }
}

extension App {
  /// Looks at the repository before a release: the commit that it records, and what stands in the way.
  ///
  /// - Returns: the commit as a JSON object; nil outside a repository.
  /// - Throws: `refused` for a review with files that are not committed; what does not resolve.
  public func submission(_ request: SubmissionRequest, of outcome: Outcome) throws -> JSON? {
    guard var position = settings.commit else {
      guard let revision = request.revision else { return nil }
      _ = try surroundings.requiredRepository()
      throw OrchError.notFound("\(revision) cannot be resolved here")
    }
    let dirty = surroundings.uncommitted ?? []
    if !dirty.isEmpty {
      let files = "\(dirty.count) \(dirty.count == 1 ? "file is" : "files are") not committed: \(dirty.prefix(3).joined(separator: ", "))"
      if outcome == .review, !request.allowsDirty {
        throw OrchError.refused(files, hint: "commit them; orch release review --allow-dirty submits the commit as it is")
      }
      warn(files)
    }
    let repository = try surroundings.requiredRepository()
    if let revision = request.revision {
      let name = try repository.resolve(revision)
      position.oid = name.hex
      position.tree = try repository.commit(name)?.tree.hex
      if name != surroundings.head?.commit { position.branch = nil }
    }
    if let name = position.oid.flatMap({ ObjectName($0) }), outcome == .done || outcome == .review,
      try repository.isUnpushed(name)
    {
      warn("no remote branch holds \(name.short) yet")
    }
    return position.oid == nil ? nil : position.json
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
}
