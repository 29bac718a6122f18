package import OrchCore
package import OrchGit

/// The repository around a directory, as one request sees it: looked at when something first asks, and then kept, so that
/// everything in a request speaks of the same head. What goes on for longer looks again with `renewed`.
///
/// What cannot be read is a warning and then as if there were no repository: git never stops a claim or a release.
package final class RepositoryContext {
  private let directory: String
  private let gitDirectory: String?
  private let look: () -> Bool
  private lazy var isInRepository = look()
  private let warn: (Message) -> Void

  /// - Parameters:
  ///   - isInRepository: whether a look at the directories found one; without, libgit2 is not loaded. Asked when something
  ///     first needs it: most commands ask for nothing here.
  ///   - gitDirectory: what `GIT_DIR` says, in a hook.
  package init(
    directory: String, gitDirectory: String? = nil, isInRepository: @escaping @autoclosure () -> Bool,
    warn: @escaping (Message) -> Void
  ) {
    self.directory = directory
    self.gitDirectory = gitDirectory
    look = isInRepository
    self.warn = warn
  }

  /// The same place, with nothing looked at yet.
  package func renewed() -> RepositoryContext {
    RepositoryContext(directory: directory, gitDirectory: gitDirectory, isInRepository: self.look(), warn: warn)
  }

  /// Nowhere: no repository.
  package static var outside: RepositoryContext {
    RepositoryContext(directory: "/", isInRepository: false, warn: { _ in })
  }

  /// The repository; nil outside one, and where it cannot be opened.
  package private(set) lazy var repository: GitRepository? =
    isInRepository || gitDirectory != nil
    ? attempt {
      if let gitDirectory { return try GitRepository.open(gitDirectory: gitDirectory) }
      return try GitRepository.discover(directory)
    } : nil

  /// The repository, for a command that cannot do without.
  package func requiredRepository() throws(OrchError) -> GitRepository {
    if let repository { return repository }
    // Say why, if there is one that does not open.
    let opened: GitRepository?
    do { opened = isInRepository ? try GitRepository.discover(directory) : nil } catch { throw OrchError(error) }
    guard let opened else {
      throw OrchError(.notFound, .errorNotGitRepository, hint: .run("-C", "DIR", "…"))
    }
    return opened
  }

  /// What the repository is called wherever it is cloned.
  package private(set) lazy var identity: String? = repository.flatMap { repository in
    attempt { try repository.identity { find throws(GitError) in try RepositoryFiles(repository).root(find) } }
  }

  /// The files that are not committed; nil outside a repository.
  package private(set) lazy var uncommitted: [String]? = repository.flatMap { repository in
    attempt { try repository.uncommitted() }
  }

  package private(set) lazy var head: Head? = repository.flatMap { repository in attempt { try repository.head() } }

  /// Where the work tree stands.
  package private(set) lazy var position: CommitPosition? = {
    guard let head, let identity else { return nil }
    return CommitPosition(
      branch: head.branch, dirty: !(uncommitted ?? []).isEmpty, oid: head.commit?.hex, repository: identity,
      tree: head.tree?.hex)
  }()

  /// Where the work tree stands by now, read anew.
  func positionNow() -> CommitPosition? {
    guard let repository, let identity else { return nil }
    return attempt {
      let (head, files) = (try repository.head(), try repository.uncommitted())
      return CommitPosition(
        branch: head.branch, dirty: !files.isEmpty, oid: head.commit?.hex, repository: identity, tree: head.tree?.hex)
    }
  }

  /// A setting `orch.NAME`: the repository's, else the user's.
  package func setting(_ name: String) -> String? {
    attempt {
      if let repository { return try repository.config("orch.\(name)") }
      return try GitConfiguration.user("orch.\(name)")
    }
  }

  private func attempt<Value>(_ body: () throws -> Value?) -> Value? {
    do {
      return try body()
    } catch {
      guard let error = error as? GitError else { return nil }
      if error.kind == .noLibrary, gitDirectory == nil, !isInRepository { return nil }
      warn(error.hint.map { .warningWithHint(problem: error.message, hint: $0) } ?? error.message)
      return nil
    }
  }
}
