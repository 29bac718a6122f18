import OrchCore
import CLibgit2
import OrchSystem

/// How much a commit changes.
package struct DiffStat: Hashable, Sendable {
  package var files: Int
  package var insertions: Int
  package var deletions: Int

  package init(files: Int, insertions: Int, deletions: Int) {
    self.files = files
    self.insertions = insertions
    self.deletions = deletions
  }
}

/// One file that a change touches: its path, and mode and content before and after. Zero: not there.
package struct FileChange: Hashable, Sendable, Comparable {
  package var path: [UInt8]
  package var oldMode: UInt32
  package var oldBlob: ObjectName
  package var newMode: UInt32
  package var newBlob: ObjectName

  package static func < (left: FileChange, right: FileChange) -> Bool {
    left.path.lexicographicallyPrecedes(right.path)
  }
}

extension FileChange {
  /// What stands at a path on one side; zeros where nothing does.
  fileprivate struct Side: Equatable {
    var mode: UInt32 = 0
    var name = ObjectName.zero
    var isTree: Bool { mode & 0o170000 == 0o040000 }
    var isBlob: Bool { mode != 0 && !isTree && mode & 0o170000 != 0o160000 }
  }
}

extension GitRepository {
  /// What a commit changes against its first parent, byte for byte: two commits with the same list are the same change.
  ///
  /// In a shallow clone the parent of the last commit is not here: all of it then counts as new.
  package func change(of commit: GitCommit) throws(GitError) -> [FileChange] {
    try change(from: commit.parents.first, to: commit.name)
  }

  /// What lies between two commits; nil stands for the empty tree.
  ///
  /// libgit2's own comparison reads every tree of both; this one only those that differ.
  package func change(from old: ObjectName?, to new: ObjectName) throws(GitError) -> [FileChange] {
    guard let after = try self.commit(new)?.tree else {
      throw GitError(.notFound, .gitCommitMissing(commit: new.short))
    }
    var before: ObjectName?
    if let old { before = try self.commit(old)?.tree }
    var changes: [FileChange] = []
    try compare(before, after, below: [], into: &changes)
    return changes.sorted()
  }

  /// How much a commit changes against its first parent. Files that are not text count no lines.
  package func size(of commit: GitCommit) throws(GitError) -> DiffStat {
    let changes = try change(of: commit)
    var size = DiffStat(files: changes.count, insertions: 0, deletions: 0)
    for change in changes {
      let (insertions, deletions) = try lines(of: change)
      size.insertions += insertions
      size.deletions += deletions
    }
    return size
  }

  // MARK: Trees

  private func compare(
    _ old: ObjectName?, _ new: ObjectName?, below path: [UInt8], into changes: inout [FileChange]
  ) throws(GitError) {
    if old == new { return }
    let before = try entries(of: old)
    let after = try entries(of: new)
    for name in Set(before.keys).union(after.keys) {
      let (one, other) = (before[name] ?? .init(), after[name] ?? .init())
      guard one != other else { continue }
      let whole = path.isEmpty ? name : path + [UInt8(ascii: "/")] + name
      if one.isTree || other.isTree {
        try compare(one.isTree ? one.name : nil, other.isTree ? other.name : nil, below: whole, into: &changes)
      }
      let (left, right) = (one.isTree ? .init() : one, other.isTree ? .init() : other)
      guard left != right else { continue }
      changes.append(
        FileChange(path: whole, oldMode: left.mode, oldBlob: left.name, newMode: right.mode, newBlob: right.name))
    }
  }

  private func entries(of name: ObjectName?) throws(GitError) -> [[UInt8]: FileChange.Side] {
    guard let name else { return [:] }
    var oid = name.oid
    var tree: OpaquePointer?
    try check(git.tree_lookup(&tree, handle, &oid), .gitTree(tree: name.short))
    defer { git.tree_free(tree) }
    let count = git.tree_entrycount(tree)
    var entries: [[UInt8]: FileChange.Side] = Dictionary(minimumCapacity: count)
    for index in 0..<count {
      guard let entry = git.tree_entry_byindex(tree, index), let name = git.tree_entry_name(entry),
        let id = git.tree_entry_id(entry)
      else { continue }
      let bytes = UnsafeRawBufferPointer(start: name, count: name.length)
      entries[Array(bytes)] = .init(mode: git.tree_entry_filemode(entry).rawValue, name: ObjectName(id.pointee))
    }
    return entries
  }

  private func lines(of change: FileChange) throws(GitError) -> (insertions: Int, deletions: Int) {
    let old = try blob(FileChange.Side(mode: change.oldMode, name: change.oldBlob))
    defer { if let old { git.blob_free(old) } }
    let new = try blob(FileChange.Side(mode: change.newMode, name: change.newBlob))
    defer { if let new { git.blob_free(new) } }
    var patch: OpaquePointer?
    // Of the bytes alone: as files of the repository, libgit2 would read the whole index for their attributes.
    let code = git.patch_from_buffers(
      &patch, old.flatMap { git.blob_rawcontent($0) }, old.map { Int(git.blob_rawsize($0)) } ?? 0, nil,
      new.flatMap { git.blob_rawcontent($0) }, new.map { Int(git.blob_rawsize($0)) } ?? 0, nil, nil)
    try check(code, .gitComparison)
    defer { git.patch_free(patch) }
    var (context, insertions, deletions) = (0, 0, 0)
    try check(git.patch_line_stats(&context, &insertions, &deletions, patch), .gitComparison)
    return (insertions, deletions)
  }

  private func blob(_ side: FileChange.Side) throws(GitError) -> OpaquePointer? {
    guard side.isBlob else { return nil }
    var oid = side.name.oid
    var blob: OpaquePointer?
    // A partial clone does not have every file.
    let code = git.blob_lookup(&blob, handle, &oid)
    if code == GIT_ENOTFOUND.rawValue { return nil }
    try check(code, .gitFile(file: side.name.short))
    return blob
  }
}

// MARK: Blame

/// Which commit wrote a stretch of lines last.
package struct BlamedLines: Hashable, Sendable {
  /// From 1.
  package var first: Int
  package var count: Int
  package var commit: ObjectName
}

extension GitRepository {
  /// Who wrote each line of a file as it is in `newest`, and its content. The path is from the top of the work tree.
  ///
  /// - Throws: `notFound` when there is no such file in that commit.
  package func blame(_ path: String, at newest: ObjectName) throws(GitError) -> (lines: [BlamedLines], content: [UInt8])
  {
    var options = git_blame_options()
    try check(git.blame_options_init(&options, UInt32(GIT_BLAME_OPTIONS_VERSION)), Message(verbatim: "blame"))
    options.newest_commit = newest.oid
    let content = try content(path, at: newest)
    var blame: OpaquePointer?
    try check(git.blame_file(&blame, handle, path, &options), .gitPathHistory(path: path))
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
    try check(
      git.revparse_single(&object, handle, "\(name.hex):\(path)"), .gitPathInCommit(path: path, commit: name.short))
    defer { git.object_free(object) }
    guard git.object_type(object) == GIT_OBJECT_BLOB else {
      throw GitError(.notFound, .gitPathNoFile(path: path, commit: name.short))
    }
    guard let bytes = git.blob_rawcontent(object) else { return [] }
    return Array(UnsafeRawBufferPointer(start: bytes, count: Int(git.blob_rawsize(object))))
  }
}
