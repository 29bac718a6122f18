import OrchCore
import OrchGit
import OrchStore

/// Who did what in a range of commits.
package struct Contributions: Sendable {
  package struct Contributor: Sendable {
    package var name: String
    /// As a person reads it.
    package var display: String?
    package var authored: [TracedCommit] = []
    package var reviewed: [TracedCommit] = []
  }

  /// By the first commit of each; those who are no agents by their name in git.
  package var contributors: [Contributor] = []
  /// Every commit, oldest first.
  package var commits: [TracedCommit] = []

  package init() {}
}

extension App {
  /// Every commit of a range by role, from links, trailers and the tags of subjects, each under its present name.
  ///
  /// - Parameter range: nil is the history of the head. Merges are left out.
  package func contributions(_ range: String?) throws(OrchError) -> Contributions {
    try mappingErrors {
      let repository = try surroundings.requiredRepository()
      let (hidden, shown) =
        try range.map { try repository.resolve(range: $0) } ?? ([], surroundings.head?.commit.map { [$0] } ?? [])
      var names: [ObjectName] = []
      try repository.walk(from: shown, hiding: hidden, order: .oldestFirst) {
        names.append($0); return true
      }
      var result = Contributions()
      try store.read { reader in
        let described = Dictionary(try reader.agents().map { ($0.name, $0.display) }, uniquingKeysWith: { $1 })
        var indices: [String: Int] = [:]
        func index(of name: String) -> Int {
          if let index = indices[name] { return index }
          indices[name] = result.contributors.count
          result.contributors.append(.init(name: name, display: described[name] ?? nil))
          return result.contributors.count - 1
        }
        for name in names {
          guard let commit = try repository.commit(name), !commit.isMerge else { continue }
          let (tasks, stray) = try self.look(at: name.hex, name, in: reader)
          var traced =
            stray ?? tasks.flatMap(\.1).first { $0.oid == name.hex && $0.state == .linked }
            ?? tasks.flatMap(\.1).first { $0.oid == name.hex }
          guard traced != nil else { continue }
          if traced?.agent == nil {
            traced?.agent = CommitMessage(Array(commit.message.utf8), cleanup: .none).subjectTag
          }
          guard let traced else { continue }
          result.commits.append(traced)
          result.contributors[index(of: traced.agent ?? commit.author.name)].authored.append(traced)
          if let reviewer = traced.reviewer { result.contributors[index(of: reviewer)].reviewed.append(traced) }
        }
      }
      return result
    }
  }
}
