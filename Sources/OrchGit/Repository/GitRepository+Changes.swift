internal import CLibgit2

/// How much a commit changes.
public struct DiffStat: Hashable, Sendable {
  public var files: Int
  public var insertions: Int
  public var deletions: Int
}

/// One file that a change touches: its path, and mode and content before and after. Zero: not there.
public struct FileChange: Hashable, Sendable, Comparable {
  public var path: [UInt8]
  public var oldMode: UInt32
  public var oldBlob: ObjectName
  public var newMode: UInt32
  public var newBlob: ObjectName

  public static func < (left: FileChange, right: FileChange) -> Bool {
    left.path.lexicographicallyPrecedes(right.path)
  }
}

extension GitRepository {
  /// What a commit changes against its first parent, byte for byte: two commits with the same list are the same change.
  public func change(of commit: GitCommit) throws(GitError) -> [FileChange] {
    try change(from: commit.parents.first, to: commit.name)
  }

  /// What lies between two commits; nil stands for the empty tree.
  public func change(from old: ObjectName?, to new: ObjectName) throws(GitError) -> [FileChange] {
    let diff = try diff(from: old, to: new)
    defer { git.diff_free(diff) }
    var changes: [FileChange] = []
    let code = withUnsafeMutablePointer(to: &changes) { changes in
      git.diff_foreach(
        diff,
        { delta, _, payload in
          guard let delta = delta?.pointee, let payload else { return 0 }
          let path = delta.new_file.path ?? delta.old_file.path
          payload.assumingMemoryBound(to: [FileChange].self).pointee.append(
            FileChange(
              path: path.map { Array(String(cString: $0).utf8) } ?? [], oldMode: UInt32(delta.old_file.mode),
              oldBlob: ObjectName(delta.old_file.id), newMode: UInt32(delta.new_file.mode),
              newBlob: ObjectName(delta.new_file.id)))
          return 0
        }, nil, nil, nil, changes)
    }
    try check(code, "the change of \(new.short)")
    return changes.sorted()
  }

  /// How much a commit changes against its first parent.
  public func size(of commit: GitCommit) throws(GitError) -> DiffStat {
    let diff = try diff(from: commit.parents.first, to: commit.name)
    defer { git.diff_free(diff) }
    var stats: OpaquePointer?
    try check(git.diff_get_stats(&stats, diff), "the size of \(commit.name.short)")
    defer { git.diff_stats_free(stats) }
    return DiffStat(
      files: git.diff_stats_files_changed(stats), insertions: git.diff_stats_insertions(stats),
      deletions: git.diff_stats_deletions(stats))
  }

  private func diff(from old: ObjectName?, to new: ObjectName) throws(GitError) -> OpaquePointer? {
    // In a shallow clone the parent of the last commit is not here: it then counts as new.
    let before = try old.flatMap { name throws(GitError) in try tree(of: name) }
    defer { if let before { git.tree_free(before) } }
    guard let after = try tree(of: new) else { throw GitError(.notFound, "the commit \(new.short) is not here") }
    defer { git.tree_free(after) }
    var options = git_diff_options()
    try check(git.diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION)), "a comparison")
    options.context_lines = 0
    var diff: OpaquePointer?
    try check(git.diff_tree_to_tree(&diff, handle, before, after, &options), "the change of \(new.short)")
    return diff
  }

  private func tree(of name: ObjectName) throws(GitError) -> OpaquePointer? {
    guard let commit = try commit(name) else { return nil }
    var tree: OpaquePointer?
    try check(git.commit_tree(&tree, commit.handle), "the tree of \(name.short)")
    return tree
  }
}

extension Optional {
  fileprivate func flatMap<Result, Failure: Error>(
    _ body: (Wrapped) throws(Failure) -> Result?
  ) throws(Failure) -> Result? {
    guard let self else { return nil }
    return try body(self)
  }
}

// MARK: Blame

/// Which commit wrote a stretch of lines last.
public struct BlamedLines: Hashable, Sendable {
  /// From 1.
  public var first: Int
  public var count: Int
  public var commit: ObjectName
}

extension GitRepository {
  /// Who wrote each line of a file as it is in `newest`, and its content. The path is from the top of the work tree.
  ///
  /// - Throws: `notFound` when there is no such file in that commit.
  public func blame(_ path: String, at newest: ObjectName) throws(GitError) -> (lines: [BlamedLines], content: [UInt8]) {
    var options = git_blame_options()
    try check(git.blame_options_init(&options, UInt32(GIT_BLAME_OPTIONS_VERSION)), "blame")
    options.newest_commit = newest.oid
    let content = try content(path, at: newest)
    var blame: OpaquePointer?
    try check(git.blame_file(&blame, handle, path, &options), "the history of \(path)")
    defer { git.blame_free(blame) }
    var lines: [BlamedLines] = []
    for index in 0..<git.blame_get_hunk_count(blame) {
      guard let hunk = git.blame_get_hunk_byindex(blame, index)?.pointee else { continue }
      lines.append(
        BlamedLines(
          first: hunk.final_start_line_number, count: hunk.lines_in_hunk, commit: ObjectName(hunk.final_commit_id)))
    }
    return (lines, content)
  }

  private func content(_ path: String, at name: ObjectName) throws(GitError) -> [UInt8] {
    var object: OpaquePointer?
    try check(git.revparse_single(&object, handle, "\(name.hex):\(path)"), "\(path) in \(name.short)")
    defer { git.object_free(object) }
    guard git.object_type(object) == GIT_OBJECT_BLOB else {
      throw GitError(.notFound, "\(path) is no file in \(name.short)")
    }
    guard let bytes = git.blob_rawcontent(object) else { return [] }
    return Array(UnsafeRawBufferPointer(start: bytes, count: Int(git.blob_rawsize(object))))
  }
}
