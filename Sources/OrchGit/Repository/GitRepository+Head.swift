import OrchCore
import CLibgit2

/// Where the head of a work tree stands.
package struct Head: Hashable, Sendable {
  /// The short name of the branch; nil when detached.
  package var branch: String?
  /// Nil on a branch without a commit.
  package var commit: ObjectName?
  package var tree: ObjectName?
}

extension GitRepository {
  package func head() throws(GitError) -> Head {
    var reference: OpaquePointer?
    let code = git.repository_head(&reference, handle)
    if code == GIT_EUNBORNBRANCH.rawValue || code == GIT_ENOTFOUND.rawValue {
      return Head(branch: try unbornBranch(), commit: nil, tree: nil)
    }
    try check(code, .gitHead(place: gitDirectory))
    defer { git.reference_free(reference) }
    let isDetached = git.repository_head_detached(handle) == 1
    var peeled: OpaquePointer?
    try check(git.reference_peel(&peeled, reference, GIT_OBJECT_COMMIT), .gitHeadCommit)
    defer { git.object_free(peeled) }
    guard let id = git.object_id(peeled), let tree = git.commit_tree_id(peeled) else {
      throw GitError(.failed, .gitHeadUnreadable)
    }
    return Head(
      branch: isDetached ? nil : git.reference_shorthand(reference).map { decoded($0) },
      commit: ObjectName(id.pointee), tree: ObjectName(tree.pointee))
  }

  private func unbornBranch() throws(GitError) -> String? {
    guard let name = try symbolicTarget("HEAD") else { return nil }
    return name.hasPrefix("refs/heads/") ? String(name.dropFirst("refs/heads/".count)) : name
  }

  /// What a symbolic reference points to; nil where there is none, or it points to a commit itself.
  func symbolicTarget(_ name: String) throws(GitError) -> String? {
    var reference: OpaquePointer?
    guard git.reference_lookup(&reference, handle, name) == 0 else { return nil }
    defer { git.reference_free(reference) }
    return git.reference_symbolic_target(reference).map { decoded($0) }
  }

  /// The files that are not committed: in the index, tracked and changed, or untracked and not ignored; in order.
  ///
  /// The index on the disk stays as it is.
  package func uncommitted() throws(GitError) -> [String] {
    guard !isBare else { return [] }
    var options = git_status_options()
    try check(git.status_options_init(&options, UInt32(GIT_STATUS_OPTIONS_VERSION)), Message(verbatim: "status"))
    options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR
    options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED.rawValue
    var list: OpaquePointer?
    try check(git.status_list_new(&list, handle, &options), .gitStatus(place: workTree ?? gitDirectory))
    defer { git.status_list_free(list) }
    var paths: [String] = []
    var index: OpaquePointer?
    defer { if let index { git.index_free(index) } }
    for number in 0..<git.status_list_entrycount(list) {
      guard let entry = git.status_byindex(list, number)?.pointee else { continue }
      let delta = entry.index_to_workdir ?? entry.head_to_index
      guard let path = delta?.pointee.new_file.path ?? delta?.pointee.old_file.path else { continue }
      if entry.status == GIT_STATUS_WT_DELETED {
        // A file that a sparse checkout leaves out is not missing; libgit2 does not know.
        if index == nil { try check(git.repository_index(&index, handle), .gitIndex(place: gitDirectory)) }
        let isLeftOut = git.index_get_bypath(index, path, 0).map {
          UInt32($0.pointee.flags_extended) & GIT_INDEX_ENTRY_SKIP_WORKTREE.rawValue != 0
        }
        if isLeftOut ?? false { continue }
      }
      paths.append(decoded(path))
    }
    return paths
  }

  /// The tips that name commits: their references' full names, and what they point to in the end.
  ///
  /// - Parameter glob: such as `refs/heads/*`.
  package func tips(_ glob: String) throws(GitError) -> [(name: String, commit: ObjectName)] {
    var iterator: OpaquePointer?
    try check(git.reference_iterator_glob_new(&iterator, handle, glob), .gitReferences(place: gitDirectory))
    defer { git.reference_iterator_free(iterator) }
    var tips: [(name: String, commit: ObjectName)] = []
    var reference: OpaquePointer?
    while git.reference_next(&reference, iterator) == 0 {
      defer { git.reference_free(reference) }
      var peeled: OpaquePointer?
      guard git.reference_peel(&peeled, reference, GIT_OBJECT_COMMIT) == 0 else { continue }
      defer { git.object_free(peeled) }
      guard let name = git.reference_name(reference), let id = git.object_id(peeled) else { continue }
      tips.append((decoded(name), ObjectName(id.pointee)))
    }
    return tips
  }

  /// Bytes of git's as text; what is not UTF-8 becomes U+FFFD.
  func decoded(_ text: UnsafePointer<CChar>) -> String { String(cString: text) }
}
