import OrchCore
import CLibgit2
import OrchSystem

/// A repository, read through libgit2. Nothing of it is changed but its configuration, and that only on request.
///
/// Belongs to one thread at a time.
package final class GitRepository {
  let handle: OpaquePointer
  let git: orch_git

  init(handle: OpaquePointer) {
    self.handle = handle
    git = GitLibrary.table
  }

  deinit { git.repository_free(handle) }

  /// The repository that a directory is in; nil outside any.
  ///
  /// A repository that is there but cannot be opened is an error, and never passed over for one around it.
  ///
  /// - Throws: `noLibrary`, `unsupported`, `owner`, `failed`.
  package static func discover(_ directory: String) throws(GitError) -> GitRepository? {
    try open(directory, flags: 0)
  }

  /// The repository whose git directory is at a path, as `GIT_DIR` names it.
  package static func open(gitDirectory path: String) throws(GitError) -> GitRepository? {
    try open(path, flags: GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue | GIT_REPOSITORY_OPEN_NO_DOTGIT.rawValue)
  }

  private static func open(_ path: String, flags: UInt32) throws(GitError) -> GitRepository? {
    let git = try GitLibrary.functions()
    var handle: OpaquePointer?
    let code = git.repository_open_ext(&handle, path, flags, nil)
    if code == 0, let handle { return GitRepository(handle: handle) }
    let place = flags == 0 ? enclosing(path) : path
    guard let place else { return nil }
    let reason = GitError.lastReason?.verbatim ?? ""
    let failure = GitError(code: code, Message(verbatim: place))
    // With no safe.directory at all an owner mismatch is reported as an absence.
    if code == GIT_EOWNER.rawValue || (code == GIT_ENOTFOUND.rawValue && belongsToAnother(place)) {
      throw GitError(
        .owner, .gitForeignOwner(place: place),
        hint: .shell("git", "config", "--global", "--add", "safe.directory", place))
    }
    if code == GIT_ENOTFOUND.rawValue { return nil }
    if reason.contains("extension") || reason.contains("repository version") {
      throw GitError(
        .unsupported, .gitUnsupported(place: place, reason: reason.split(separator: ": ").last.map(String.init) ?? ""),
        hint: .text(.hintGitUnsupported(version: GitLibrary.version ?? "")))
    }
    throw failure
  }

  /// The nearest directory from a path upwards that has a `.git`, or is a bare repository.
  private static func enclosing(_ path: String) -> String? {
    guard var directory = try? FileIO.realPath(path) else { return nil }
    while true {
      if FileIO.exists(directory + "/.git") { return directory }
      if FileIO.exists(directory + "/HEAD"), FileIO.exists(directory + "/objects") { return directory }
      guard let slash = directory.lastIndex(of: "/"), directory != "/" else { return nil }
      directory = slash == directory.startIndex ? "/" : String(directory[..<slash])
    }
  }

  private static func belongsToAnother(_ path: String) -> Bool {
    [path, path + "/.git"].contains { name in
      (try? FileStatus(of: name)).map { $0.owner != CurrentProcess.effectiveUserID } ?? false
    }
  }

  // MARK: Where it lies

  /// The git directory of this work tree, without a slash at its end.
  package var gitDirectory: String { path(git.repository_path(handle)) ?? "" }

  /// The git directory that all its work trees share.
  package var commonDirectory: String { path(git.repository_commondir(handle)) ?? gitDirectory }

  /// The top of the work tree; nil of a bare repository.
  package var workTree: String? { path(git.repository_workdir(handle)) }

  package var isBare: Bool { git.repository_is_bare(handle) == 1 }
  package var isShallow: Bool { git.repository_is_shallow(handle) == 1 }

  private func path(_ text: UnsafePointer<CChar>?) -> String? {
    guard let text else { return nil }
    let path = String(cString: text)
    return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  // MARK: What is going on in it

  /// What git is in the middle of.
  package enum Activity: Sendable {
    case none, merge
    /// Commits are made anew from others: rebase, cherry-pick, revert, am.
    case replay
    case bisect
  }

  package var activity: Activity {
    switch git_repository_state_t(rawValue: UInt32(max(git.repository_state(handle), 0))) {
    case GIT_REPOSITORY_STATE_NONE: .none
    case GIT_REPOSITORY_STATE_MERGE: .merge
    case GIT_REPOSITORY_STATE_BISECT: .bisect
    default: .replay
    }
  }
}
