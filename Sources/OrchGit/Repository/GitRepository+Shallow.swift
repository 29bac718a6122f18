import CLibgit2

// libgit2 walks into the parents that a shallow clone does not have, and fails there. Such a history is short, so it is
// walked here, in memory.

extension GitRepository {
  /// Visits what `walk` would, where the parents of some commits are missing.
  func walkShallow(
    from tips: [ObjectName], hiding hidden: [ObjectName], order: WalkOrder, firstParent: Bool,
    _ body: (ObjectName) throws -> Bool
  ) throws {
    var excluded: Set<ObjectName> = []
    for (name, _) in try reachable(from: hidden, except: [], firstParent: false) { excluded.insert(name) }
    var found = try reachable(from: tips, except: excluded, firstParent: firstParent)
    // The committer's clock is all there is to tell parents from children cheaply; ties keep children first.
    let ordered = found.enumerated().sorted { ($1.element.seconds, $0.offset) < ($0.element.seconds, $1.offset) }
    found = order == .oldestFirst ? ordered.reversed().map(\.element) : ordered.map(\.element)
    for (name, _) in found where try !body(name) { return }
  }

  private func reachable(
    from tips: [ObjectName], except excluded: Set<ObjectName>, firstParent: Bool
  ) throws(GitError) -> [(name: ObjectName, seconds: Int64)] {
    var seen = excluded
    var waiting = Array(tips.reversed())
    var found: [(name: ObjectName, seconds: Int64)] = []
    while let name = waiting.popLast() {
      guard seen.insert(name).inserted, let commit = try commit(name) else { continue }
      found.append((name, commit.committer.seconds))
      waiting += firstParent ? Array(commit.parents.prefix(1)) : commit.parents.reversed()
    }
    return found
  }
}
