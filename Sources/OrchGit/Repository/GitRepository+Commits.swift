import CLibgit2

extension GitRepository {
  /// A commit by its name; nil where it is not (any more, or here).
  package func commit(_ name: ObjectName) throws(GitError) -> GitCommit? {
    var oid = name.oid
    var commit: OpaquePointer?
    let code = git.commit_lookup(&commit, handle, &oid)
    if code == GIT_ENOTFOUND.rawValue { return nil }
    try check(code, .gitCommit(commit: name.short))
    return commit.map { GitCommit($0, git) }
  }

  /// The commit that a revision names, as git resolves it: `HEAD~2`, a branch, a tag, a prefix.
  ///
  /// - Throws: `notFound`, `ambiguous`, `invalid`.
  package func resolve(_ revision: String) throws(GitError) -> ObjectName {
    var object: OpaquePointer?
    try check(git.revparse_single(&object, handle, revision), .gitRevision(revision: revision))
    defer { git.object_free(object) }
    var commit: OpaquePointer?
    try check(git.object_peel(&commit, object, GIT_OBJECT_COMMIT), .gitRevisionNoCommit(revision: revision))
    defer { git.object_free(commit) }
    guard let id = git.object_id(commit) else { throw GitError(.failed, .gitRevisionUnreadable(revision: revision)) }
    return ObjectName(id.pointee)
  }

  /// The ends of a range such as `main..HEAD` or `a...b`; a single revision has no beginning.
  package func resolve(range: String) throws(GitError) -> (hidden: [ObjectName], shown: [ObjectName]) {
    var spec = git_revspec()
    try check(git.revparse(&spec, handle, range), .gitRange(range: range))
    defer {
      if let from = spec.from { git.object_free(from) }
      if let to = spec.to { git.object_free(to) }
    }
    func name(_ object: OpaquePointer?) throws(GitError) -> ObjectName? {
      guard let object else { return nil }
      var commit: OpaquePointer?
      try check(git.object_peel(&commit, object, GIT_OBJECT_COMMIT), .gitRangeNoCommits(range: range))
      defer { git.object_free(commit) }
      return git.object_id(commit).map { ObjectName($0.pointee) }
    }
    guard let from = try name(spec.from) else { throw GitError(.notFound, .gitRangeEmpty(range: range)) }
    guard spec.flags & UInt32(GIT_REVSPEC_RANGE.rawValue) != 0, let to = try name(spec.to) else { return ([], [from]) }
    guard spec.flags & UInt32(GIT_REVSPEC_MERGE_BASE.rawValue) != 0 else { return ([from], [to]) }
    return (try mergeBase(from, to).map { [$0] } ?? [], [from, to])
  }

  package func mergeBase(_ one: ObjectName, _ two: ObjectName) throws(GitError) -> ObjectName? {
    var (first, second, base) = (one.oid, two.oid, git_oid())
    let code = git.merge_base(&base, handle, &first, &second)
    if code == GIT_ENOTFOUND.rawValue { return nil }
    try check(code, .gitMergeBase(one: one.short, two: two.short))
    return ObjectName(base)
  }

  /// Whether `name` is `tip` or one of its ancestors.
  package func contains(_ tip: ObjectName, _ name: ObjectName) throws(GitError) -> Bool {
    if tip == name { return true }
    var (top, below) = (tip.oid, name.oid)
    return try check(git.graph_descendant_of(handle, &top, &below), .gitAncestors(commit: tip.short)) == 1
  }

  /// The order of a walk.
  package enum WalkOrder: Sendable {
    /// As they come, mostly newest first: it streams.
    case any
    /// Parents before children: the whole walk is made before the first commit comes.
    case oldestFirst
    /// Children before parents, newest first.
    case newestFirst
  }

  /// Visits the commits themselves, in any order; memory grows by their names alone.
  ///
  /// Each is read once, which libgit2's own walk does not do. Where the process allows it, what is read from here on is
  /// not kept (`GitLibrary.Options`).
  package func walkCommits(
    from tips: [ObjectName], hiding hidden: [ObjectName] = [], _ body: (GitCommit) throws -> Bool
  ) throws {
    var git = git
    GitLibrary.beginStreaming(&git)
    guard hidden.isEmpty else {
      return try walk(from: tips, hiding: hidden) { name in
        guard let commit = try self.commit(name) else { return true }
        return try body(commit)
      }
    }
    var seen = ObjectNameSet()
    var waiting: [ObjectName] = tips.reversed()
    while let name = waiting.popLast() {
      // What is missing, as the parents in a shallow clone, ends the walk there.
      guard seen.insert(name), let commit = try commit(name) else { continue }
      guard try body(commit) else { return }
      for parent in commit.parents.reversed() where !seen.contains(parent) { waiting.append(parent) }
    }
  }

  /// Visits every commit that can be reached from `tips` and not from `hidden`, once, until `body` says false.
  ///
  /// Names that are not here, because a clone is shallow or an old tip is gone, are passed over.
  package func walk(
    from tips: [ObjectName], hiding hidden: [ObjectName] = [], order: WalkOrder = .any,
    firstParent: Bool = false, _ body: (ObjectName) throws -> Bool
  ) throws {
    guard !tips.isEmpty else { return }
    guard !isShallow else {
      return try walkShallow(from: tips, hiding: hidden, order: order, firstParent: firstParent, body)
    }
    var walk: OpaquePointer?
    try check(git.revwalk_new(&walk, handle), .gitHistory(place: gitDirectory))
    defer { git.revwalk_free(walk) }
    let sorting: UInt32 =
      switch order {
      case .any: GIT_SORT_NONE.rawValue
      case .oldestFirst: GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_REVERSE.rawValue
      case .newestFirst: GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue
      }
    if sorting != 0 { try check(git.revwalk_sorting(walk, sorting), .gitOrder) }
    if firstParent { _ = git.revwalk_simplify_first_parent(walk) }
    for name in tips {
      var oid = name.oid
      _ = git.revwalk_push(walk, &oid)
    }
    for name in hidden {
      var oid = name.oid
      _ = git.revwalk_hide(walk, &oid)
    }
    var oid = git_oid()
    while true {
      let code = git.revwalk_next(&oid, walk)
      if code == GIT_ITEROVER.rawValue { return }
      try check(code, .gitHistory(place: gitDirectory))
      guard try body(ObjectName(oid)) else { return }
    }
  }
}
