import OrchCore
import OrchGit
import OrchStore
import OrchSystem

/// What is gone from the history, and what it became.
extension Scan {
  /// How many commits are compared with a lost branch.
  private static let compared = 256

  /// Finds the linked commits that were in the history and that no reference leads to any more.
  ///
  /// - Returns: those that only references lead to which are not scanned, such as a remote branch or a stash: when these
  ///   go, nothing else tells of it.
  mutating func lookForLost(old: [ObjectName], new: [ObjectName]) throws -> [ObjectName] {
    let beyond = try unreached(from: old, by: new)
    guard !beyond.isEmpty else { return [] }
    let gone = try unreached(from: old, by: try repository.tips("refs/*").map(\.commit) + new)
    lost = try app.store.read { reader in
      try gone.filter { name in
        try reader.lineages(of: name.hex).contains { $0.lineage[name.hex]?.isPresent == true }
      }
    }
    for name in lost {
      guard let commit = try repository.commit(name) else { continue }
      lostBySignature[commit.author, default: []].append(name)
    }
    lostTips = try heads(of: gone)
    for tip in lostTips {
      if let commit = try repository.commit(tip) { lostAuthors.insert(commit.author.text) }
    }
    let names = Set(gone)
    return try heads(of: beyond.filter { !names.contains($0) })
  }

  private func unreached(from old: [ObjectName], by tips: [ObjectName]) throws -> [ObjectName] {
    var names: [ObjectName] = []
    try repository.walk(from: old, hiding: tips) {
      names.append($0); return true
    }
    return names
  }

  /// Those that are no parent of another one.
  private func heads(of names: [ObjectName]) throws -> [ObjectName] {
    var parents: Set<ObjectName> = []
    for name in names { parents.formUnion(try repository.commit(name)?.parents ?? []) }
    return names.filter { !parents.contains($0) }
  }

  private mutating func considerSuccessor(_ commit: GitCommit, _ name: ObjectName) {
    let author = commit.author
    for old in lostBySignature[author] ?? [] { successors[old, default: []].append(name) }
    if lostAuthors.contains(author.text), !commit.isMerge, byAuthor[author.text, default: []].count < Self.compared {
      byAuthor[author.text, default: []].append(name)
    }
  }

  /// Says of each lost commit what it is now: the one commit with the same change, or unknown.
  ///
  /// A branch may go long after its successor has come, and been scanned: what is compared is all that the lost branches
  /// did not hold.
  ///
  /// - Returns: false, and nothing said, where there is more to compare than `most`.
  mutating func resolveLost(among tips: [ObjectName], limit: Int) throws -> Bool {
    guard !lost.isEmpty else { return true }
    var count = 0
    try repository.walk(from: tips, hiding: lostTips) { name in
      count += 1
      guard count <= limit else { return false }
      if let commit = try repository.commit(name) { considerSuccessor(commit, name) }
      return true
    }
    guard count <= limit else { return false }
    var becomes: [ObjectName: ObjectName] = [:]
    for old in lost {
      guard let candidates = successors[old], let commit = try repository.commit(old) else { continue }
      let change = try repository.change(of: commit)
      let equal = try candidates.filter { name in
        guard !change.isEmpty, let new = try repository.commit(name) else { return false }
        return try repository.change(of: new) == change
      }
      if equal.count == 1 { becomes[old] = equal[0] }
    }
    try resolveSquashed(&becomes)
    let settled = lost
    let known = becomes
    add(
      try app.appendLinks(by: actor) { batch in
        for old in settled.reversed() {
          try batch.rewrite(old, into: known[old], known[old] == nil ? .lost : .sameChange)
        }
      })
    RepositoryFiles(repository).append(settled.map(\.hex), to: "gone.\(try app.store.read { $0.logID })")
    return true
  }

  /// A whole branch that became one commit: many → one.
  private mutating func resolveSquashed(_ becomes: inout [ObjectName: ObjectName]) throws {
    for tip in lostTips {
      guard let last = try repository.commit(tip) else { continue }
      var equal: [(base: ObjectName, new: ObjectName)] = []
      for name in byAuthor[last.author.text] ?? [] {
        guard let new = try repository.commit(name), let parent = new.parents.first,
          let base = try repository.mergeBase(tip, parent), base != tip
        else { continue }
        let change = try repository.change(from: base, to: tip)
        if !change.isEmpty, try repository.change(of: new) == change { equal.append((base, name)) }
      }
      guard equal.count == 1 else { continue }
      let isLost = Set(lost)
      try repository.walk(from: [tip], hiding: [equal[0].base]) { name in
        if isLost.contains(name), becomes[name] == nil { becomes[name] = equal[0].new }
        return true
      }
    }
  }
}

extension GitRepository {
  /// The heads of all work trees that are on no branch. What an agent commits there is no less in the history.
  var detachedHeads: [ObjectName] {
    let trees = commonDirectory + "/worktrees"
    let names = ((try? FileIO.names(in: trees)) ?? []).filter { !$0.hasPrefix(".") }
    return ([commonDirectory + "/HEAD"] + names.map { "\(trees)/\($0)/HEAD" }).compactMap { path in
      // A head on a branch reads `ref: refs/heads/…`.
      guard let head = try? FileIO.head(path, 40), head.count == 40 else { return nil }
      return ObjectName(String(decoding: head, as: UTF8.self))
    }
  }
}
