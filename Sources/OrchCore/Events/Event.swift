/// Something that happened, as the deciders say it: without its place in the log.
package struct Event: Hashable, Sendable {
  package var type: EventType
  /// Max of the engine's time and the time of the event before it in its session.
  package var at: Instant
  /// The task it is about, or nil.
  package var task: String?
  package var roles: Roles
  /// The fence under which it was written; of `lease.expired` the one that ended; else nil.
  package var fence: Int?
  /// Where the work tree stood, or nil outside a repository.
  package var commit: CommitPosition?
  package var data: EventData

  package init(
    _ type: EventType, at: Instant, task: String?, roles: Roles, fence: Int?, commit: CommitPosition?,
    data: EventData
  ) {
    self.type = type
    self.at = at
    self.task = task
    self.roles = roles
    self.fence = fence
    self.commit = commit
    self.data = data
  }
}

/// Who caused an event, whose work it records, who reviews that work and where the request came from.
package struct Roles: Hashable, Sendable {
  package var actor: String?
  package var author: String?
  package var reviewer: String?
  package var source: String?

  package init(actor: String?, author: String?, reviewer: String?, source: String?) {
    self.actor = actor
    self.author = author
    self.reviewer = reviewer
    self.source = source
  }
}

extension Event {
  /// The commits that it is about, and the one that the work tree stood at.
  package var commits: [String] {
    var commits = linkedCommits
    if let oid = commit?.oid, !commits.contains(oid) { commits.append(oid) }
    return commits
  }

  /// The commits that it links, or says what became of.
  package var linkedCommits: [String] {
    guard type == .commitLinked || type == .commitRewritten else { return [] }
    var commits: [String] = []
    for key in [EventKey.oid, .old, .new] {
      if let oid = data.string(key), !commits.contains(oid) { commits.append(oid) }
    }
    return commits
  }
}

/// Where a work tree stands: a branch, a commit and its tree, and whether anything is not committed.
package struct CommitPosition: Hashable, Sendable {
  package var branch: String?
  package var dirty: Bool
  /// Nil on a branch without a commit.
  package var oid: String?
  /// The normalised URL of `origin` without credentials, else `local:` and a hash of the first root commit.
  package var repository: String
  package var tree: String?

  package init(branch: String?, dirty: Bool, oid: String?, repository: String, tree: String?) {
    self.branch = branch
    self.dirty = dirty
    self.oid = oid
    self.repository = repository
    self.tree = tree
  }

  package var json: JSON {
    .object([
      JSONMember(key: "branch", value: branch.map { .string($0) } ?? .null),
      JSONMember(key: "dirty", value: .bool(dirty)),
      JSONMember(key: "oid", value: oid.map { .string($0) } ?? .null),
      JSONMember(key: "repository", value: .string(repository)),
      JSONMember(key: "tree", value: tree.map { .string($0) } ?? .null)
    ])
  }

  /// The keys that it has in an event.
  static let keys: Set<String> = ["branch", "dirty", "oid", "repository", "tree"]

  init?(json: JSON) {
    guard case .object = json, let repository = json["repository"]?.stringValue, let dirty = json["dirty"]?.boolValue
    else { return nil }
    self.init(
      branch: json["branch"]?.stringValue, dirty: dirty, oid: json["oid"]?.stringValue, repository: repository,
      tree: json["tree"]?.stringValue)
  }
}
