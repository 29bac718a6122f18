import OrchCore
import OrchGit
import OrchStore

/// A line of a file, and who wrote it for which task.
package struct BlamedLine: Sendable {
  /// From 1.
  package var number: Int
  package var text: String
  package var commit: TracedCommit
}

extension App {
  /// Who wrote each line of a file as it is committed, for which task, reviewed by whom.
  ///
  /// - Parameters:
  ///   - path: from the current directory.
  ///   - revision: the commit to look at; nil is the head.
  package func blame(_ path: String, from directory: String, at revision: String?) throws(OrchError) -> [BlamedLine] {
    try mappingErrors {
      let repository = try surroundings.requiredRepository()
      guard let top = repository.workTree.map({ $0 == "/" ? "" : $0 }) ?? (repository.isBare ? "" : nil) else {
        throw OrchError.notFound(.errorNoWorkTree)
      }
      let inside = try Self.inside(path, directory, top: repository.isBare ? nil : top)
      guard let newest = try revision.map({ try repository.resolve($0) }) ?? surroundings.head?.commit else {
        throw OrchError.notFound(.errorNoCommitYet, hint: .shell("git", "commit"))
      }
      if surroundings.uncommitted?.contains(inside) == true, revision == nil {
        warn(.warningUncommittedLines(inside: inside))
      }
      let (stretches, content) = try repository.blame(inside, at: newest)
      var texts = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      if texts.last?.isEmpty == true { texts.removeLast() }
      var known: [ObjectName: TracedCommit] = [:]
      return try store.read { reader in
        var lines: [BlamedLine] = []
        for stretch in stretches {
          let commit = try known[stretch.commit] ?? self.owner(of: stretch.commit, in: reader)
          known[stretch.commit] = commit
          for number in stretch.first..<(stretch.first + stretch.count) where number <= texts.count {
            lines.append(
              BlamedLine(number: number, text: String(decoding: texts[number - 1], as: UTF8.self), commit: commit))
          }
        }
        return lines
      }
    }
  }

  /// The one answer to whose a commit is.
  private func owner(of name: ObjectName, in reader: any StoreReader) throws -> TracedCommit {
    let (tasks, stray) = try look(at: name.hex, name, in: reader)
    if let stray { return stray }
    let own = tasks.flatMap(\.1).filter { $0.oid == name.hex }
    guard var commit = own.first(where: { $0.state == .linked }) ?? own.first else {
      throw StoreError.internal("a commit without a link")
    }
    if commit.reviewer == nil, let task = tasks.first(where: { $0.0.id == commit.task })?.0 {
      commit.reviewer = task.reviewers.first
    }
    return commit
  }

  /// A path from the top of the work tree.
  private static func inside(_ path: String, _ directory: String, top: String?) throws -> String {
    guard let top else { return path }
    var parts: [Substring] = []
    for part in (path.hasPrefix("/") ? path : directory + "/" + path).split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    let whole = "/" + parts.joined(separator: "/")
    guard whole.hasPrefix(top + "/") else { throw OrchError.notFound(.errorNotWorkTree(path: path, top: top)) }
    return String(whole.dropFirst(top.count + 1))
  }
}
