public import OrchCore
internal import OrchGit
internal import OrchStore

/// What to reconcile.
public struct ScanRequest: Sendable {
  /// A revision or a range; nil is everything since the last scan.
  public var range: String?
  /// Look at no more new commits than this, as a hook does; what is left is the next scan's.
  public var most: Int
  /// The head was committed by a holder whose lease somebody had taken over.
  public var isSuperseded: Bool
  /// Who links; nil is whoever calls.
  public var actor: String?

  public init(range: String? = nil, most: Int = .max, isSuperseded: Bool = false, actor: String? = nil) {
    self.actor = actor
    self.range = range
    self.most = most
    self.isSuperseded = isSuperseded
  }
}

extension App {
  /// Reconciles the log with the history: links commits by their trailers, follows what was rewritten, and says what is
  /// lost.
  ///
  /// Visits each commit once and streams. A scan that is cut short is made again by the next one; nothing is linked twice.
  public func scan(_ request: ScanRequest = ScanRequest(), progress: (Int) -> Void = { _ in }) throws -> LinkReport {
    let repository = try surroundings.requiredRepository()
    var scan = Scan(app: self, repository: repository, isSuperseded: request.isSuperseded, actor: request.actor)
    try scan.replayPending()
    if let range = request.range {
      let (hidden, shown) = try repository.resolve(range: range)
      let isRange = !hidden.isEmpty || shown.count > 1
      try scan.visit(from: shown, hiding: hidden, most: isRange ? .max : 1, progress: progress)
      return scan.report
    }
    let files = RepositoryFiles(repository)
    let name = "tips.\(try store.read { $0.log })"
    let old = files.lines(name).compactMap { ObjectName($0) }
    let new = try repository.scannedTips()
    guard Set(old) != Set(new) else { return scan.report }
    try scan.lookForLost(old: old, new: new)
    let isComplete = try scan.visit(from: new, hiding: old, most: request.most, progress: progress)
    try scan.settleLost()
    if isComplete { files.write(new.map(\.hex), to: name) }
    return scan.report
  }

  /// Whether the log knows of everything that the branches hold.
  func isScanned(_ repository: GitRepository) throws -> Bool {
    let name = "tips.\(try store.read { $0.log })"
    return Set(RepositoryFiles(repository).lines(name).compactMap { ObjectName($0) }) == Set(try repository.scannedTips())
  }

  /// What git rewrote, as it tells its hook: pairs of an old name and a new one.
  public func rewritten(
    _ pairs: [(old: String, new: String)], reason: CommitRewrite.Reason, actor: String? = nil
  ) throws -> LinkReport {
    let names = pairs.compactMap { pair in
      ObjectName(pair.old).flatMap { old in ObjectName(pair.new).map { (old, $0) } }
    }
    return try appendLinks(by: actor) { batch in
      for (old, new) in names { try batch.rewrite(old, into: new, reason) }
    }
  }

  /// Ties a commit, or those of a range, to a task by hand; without a task, as their trailers say.
  public func link(_ revision: String, to reference: String?) throws -> LinkReport {
    guard let reference else { return try scan(ScanRequest(range: revision)) }
    let repository = try surroundings.requiredRepository()
    let (hidden, shown) = try repository.resolve(range: revision)
    var names: [ObjectName] = []
    if hidden.isEmpty, shown.count == 1 {
      names = shown
    } else {
      try repository.walk(from: shown, hiding: hidden, order: .oldestFirst) { names.append($0); return true }
    }
    return try appendLinks { batch in
      let task = try self.task(reference, in: batch.writer)
      for name in names {
        guard let commit = try repository.commit(name) else { continue }
        let known = try batch.writer.lineages(of: name.hex).first { $0.task.id == task.id }?.lineage[name.hex]
        if let known, known.isPresent, known.link.standing == .linked { continue }
        let found = FoundCommit(commit, commit.withMessage { LineageTrailers($0) })
        try batch.decide(
          .link(found.link(.linked, fence: nil, repository: self.surroundings.identity, isByHand: true)), on: task)
        batch.note(.init(oid: name.hex, subject: found.subject, task: task.id, state: .linked))
      }
    }
  }

  func appendLinks(by actor: String? = nil, _ body: (inout LinkBatch) throws -> Void) throws -> LinkReport {
    try store.write { writer in
      var batch = LinkBatch(self, writer, actor: actor)
      try body(&batch)
      try batch.append()
      var report = LinkReport()
      report.entries = batch.entries
      return report
    }
  }
}

extension GitRepository {
  /// Where a scan begins: the local branches, what tags name, and a detached head.
  func scannedTips() throws -> [ObjectName] {
    var tips = try tips("refs/heads/*").map(\.commit) + tips("refs/tags/*").map(\.commit)
    if let head = try head().commit { tips.append(head) }
    var seen: Set<ObjectName> = []
    return tips.filter { seen.insert($0).inserted }
  }
}

/// One scan on its way.
private struct Scan {
  let app: App
  let repository: GitRepository
  let isSuperseded: Bool
  let actor: String?
  var report = LinkReport()
  /// Linked commits that no reference leads to any more, by who wrote them when.
  private var lost: [ObjectName] = []
  private var lostBySignature: [GitCommit.Signature: [ObjectName]] = [:]
  private var lostTips: [ObjectName] = []
  /// What may be a lost commit's successor: the same author at the same time, or, of a tip, the same author.
  private var successors: [ObjectName: [ObjectName]] = [:]
  private var byAuthor: [String: [ObjectName]] = [:]
  private var lostAuthors: Set<String> = []

  init(app: App, repository: GitRepository, isSuperseded: Bool, actor: String?) {
    self.actor = actor
    self.app = app
    self.repository = repository
    self.isSuperseded = isSuperseded
  }

  /// How many commits go into one transaction.
  private static let batch = 256
  /// How many new commits are compared with a lost branch.
  private static let compared = 256

  /// What a hook could not record, because the database was not to be had.
  mutating func replayPending() throws {
    let files = RepositoryFiles(repository)
    let (lines, done) = files.take("rewritten")
    guard !lines.isEmpty else { return }
    do {
      for line in lines {
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 3, let reason = CommitRewrite.Reason(rawValue: words[0]) else { continue }
        add(try app.rewritten([(words[1], words[2])], reason: reason, actor: actor))
      }
      done()
    } catch {
      files.append(lines, to: "rewritten")
      done()
      throw error
    }
  }

  private mutating func add(_ other: LinkReport) { report.entries += other.entries }

  /// Visits what can be reached from `tips` and not from `hidden`; false when it was cut short.
  @discardableResult
  mutating func visit(
    from tips: [ObjectName], hiding hidden: [ObjectName], most: Int, progress: (Int) -> Void
  ) throws -> Bool {
    var found: [FoundCommit] = []
    var isComplete = true
    let head = isSuperseded ? try repository.head().commit : nil
    var count = 0
    try repository.walk(from: tips, hiding: hidden) { name in
      guard count < most else {
        isComplete = false
        return false
      }
      count += 1
      if count % 1000 == 0 { progress(count) }
      guard let commit = try repository.commit(name) else { return true }
      if let commit = FoundCommit(commit) { found.append(commit) }
      if !lost.isEmpty { considerSuccessor(commit, name) }
      if found.count == Self.batch {
        try flush(&found, head)
      }
      return true
    }
    try flush(&found, head)
    report.visited += count
    return isComplete
  }

  /// Links what was found, oldest first.
  private mutating func flush(_ found: inout [FoundCommit], _ head: ObjectName?) throws {
    guard !found.isEmpty else { return }
    let commits = found.reversed()
    found.removeAll(keepingCapacity: true)
    let identity = app.surroundings.identity
    add(
      try app.appendLinks(by: actor) { batch in
        for commit in commits {
          try batch.link(commit, repository: identity, isSuperseded: isSuperseded && commit.name == head)
        }
      })
  }

  // MARK: What is gone

  /// Finds the linked commits that were in the history and that no reference leads to any more.
  mutating func lookForLost(old: [ObjectName], new: [ObjectName]) throws {
    let present = try repository.tips("refs/*").map(\.commit) + new
    var gone: [ObjectName] = []
    try repository.walk(from: old, hiding: present) { gone.append($0); return true }
    guard !gone.isEmpty else { return }
    let all = gone
    lost = try app.store.read { reader in
      try all.filter { name in
        try reader.lineages(of: name.hex).contains { $0.lineage[name.hex]?.isPresent == true }
      }
    }
    let names = Set(gone)
    lostTips = old.filter { names.contains($0) }
    for name in lost {
      guard let commit = try repository.commit(name) else { continue }
      lostBySignature[commit.author, default: []].append(name)
    }
    for tip in lostTips {
      if let commit = try repository.commit(tip) { lostAuthors.insert(commit.author.text) }
    }
  }

  private mutating func considerSuccessor(_ commit: GitCommit, _ name: ObjectName) {
    let author = commit.author
    for old in lostBySignature[author] ?? [] { successors[old, default: []].append(name) }
    if lostAuthors.contains(author.text), !commit.isMerge, byAuthor[author.text, default: []].count < Self.compared {
      byAuthor[author.text, default: []].append(name)
    }
  }

  /// Says of each lost commit what it is now: the one commit with the same change, or unknown.
  mutating func settleLost() throws {
    guard !lost.isEmpty else { return }
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
    try settleSquashed(&becomes)
    let settled = lost
    let known = becomes
    add(
      try app.appendLinks(by: actor) { batch in
        for old in settled.reversed() {
          try batch.rewrite(old, into: known[old], known[old] == nil ? .lost : .sameChange)
        }
      })
  }

  /// A whole branch that became one commit: many → one.
  private mutating func settleSquashed(_ becomes: inout [ObjectName: ObjectName]) throws {
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

/// Rewrites that could not be recorded.
public enum HookRewrites {
  /// Keeps pairs in the repository for the next scan. That can fail too; then the commits show as unresolved.
  public static func keep(
    _ pairs: [(old: String, new: String)], reason: CommitRewrite.Reason, in surroundings: Surroundings
  ) {
    guard let repository = surroundings.repository else { return }
    RepositoryFiles(repository).append(pairs.map { "\(reason.rawValue) \($0.old) \($0.new)" }, to: "rewritten")
  }
}
