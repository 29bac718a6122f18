import OrchGit

/// The subjects of commits by their names, each read once.
struct CommitSubjects {
  private let surroundings: RepositoryContext
  private var known: [String: String?] = [:]

  init(_ surroundings: RepositoryContext) { self.surroundings = surroundings }

  /// Nil where the commit, or the repository, is not here.
  mutating func subject(of oid: String) -> String? {
    if let subject = known[oid] { return subject }
    if known.count > 4096 { known = [:] }
    let commit = ObjectName(oid).flatMap { name in try? surroundings.repository?.commit(name) }
    known[oid] = .some(commit?.subject)
    return commit?.subject
  }
}

extension App {
  /// The whole name of the commit that a revision names; 40 digits need no repository.
  package func commitName(_ revision: String) throws(OrchError) -> String {
    try mappingErrors {
      guard let repository = surroundings.repository else {
        if let name = ObjectName(revision) { return name.hex }
        return try surroundings.requiredRepository().resolve(revision).hex
      }
      do {
        return try repository.resolve(revision).hex
      } catch let error as GitError where error.kind == .notFound {
        // Gone from here; the log may still know it.
        guard let name = ObjectName(revision) else { throw error }
        return name.hex
      }
    }
  }
}
