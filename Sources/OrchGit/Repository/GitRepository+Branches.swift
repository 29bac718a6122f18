extension GitRepository {
  /// The branch that work goes to in the end: what `origin` says, else `init.defaultBranch`, `main` or `master`.
  ///
  /// - Returns: its short name, and its tips here and at the remotes; nil where there is none of these.
  package func defaultBranch() throws(GitError) -> (name: String, tips: [ObjectName])? {
    var names: [String] = []
    if let target = try symbolicTarget("refs/remotes/origin/HEAD"), target.hasPrefix("refs/remotes/origin/") {
      names.append(String(target.dropFirst("refs/remotes/origin/".count)))
    }
    if let configured = try config("init.defaultBranch"), !configured.isEmpty { names.append(configured) }
    for name in names + ["main", "master"] {
      let tips = try tips(ofBranch: name)
      if !tips.isEmpty { return (name, tips) }
    }
    return nil
  }

  /// The tips of a branch: here, and as the remotes were last seen; each once.
  package func tips(ofBranch name: String) throws(GitError) -> [ObjectName] {
    var found: [ObjectName] = []
    for (reference, commit) in try tips("refs/heads/*") where reference == "refs/heads/" + name {
      found.append(commit)
    }
    for (reference, commit) in try tips("refs/remotes/*") where !found.contains(commit) {
      // refs/remotes/REMOTE/NAME
      let rest = reference.dropFirst("refs/remotes/".count)
      if let slash = rest.firstIndex(of: "/"), rest[rest.index(after: slash)...] == name { found.append(commit) }
    }
    return found
  }

  /// What lies between the default branch and a commit, byte for byte, from the merge base on.
  ///
  /// - Returns: nil where there is nothing between them, no merge base, or no default branch.
  package func change(ofBranchAt tip: ObjectName) throws(GitError) -> [FileChange]? {
    guard let (_, tips) = try defaultBranch() else { return nil }
    // The nearest of the bases: what a remote does not have yet may be on the branch here.
    var best: (base: ObjectName, changes: [FileChange])?
    for other in tips {
      guard let base = try mergeBase(tip, other), base != tip else { continue }
      if let best, try !contains(base, best.base) { continue }
      best = (base, try change(from: base, to: tip))
    }
    guard let changes = best?.changes, !changes.isEmpty else { return nil }
    return changes
  }
}
