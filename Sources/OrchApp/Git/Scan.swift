package import OrchCore
import OrchGit
import OrchStore

/// What to reconcile.
package struct ScanRequest: Sendable {
  /// A revision or a range; nil is everything since the last scan.
  package var range: String?
  /// Look at no more new commits than this, as a hook does; what is left is the next scan's.
  package var limit: Int
  /// The head was committed by a holder whose lease somebody had taken over.
  package var isSuperseded: Bool
  /// Who links; nil is whoever calls.
  package var actor: String?

  package init(range: String? = nil, limit: Int = .max, isSuperseded: Bool = false, actor: String? = nil) {
    self.actor = actor
    self.range = range
    self.limit = limit
    self.isSuperseded = isSuperseded
  }
}

extension App {
  /// Reconciles the log with the history: links commits by their trailers, follows what was rewritten, and says what is
  /// lost.
  ///
  /// Visits each new commit once and streams. A scan that is cut short is made again by the next one; nothing is linked twice.
  ///
  /// - Parameter tell: takes what was recorded, as it is; without, the report keeps all of it.
  package func scan(
    _ request: ScanRequest = ScanRequest(), tell: (([LinkReport.Entry]) -> Void)? = nil,
    progress: (Int) -> Void = { _ in }
  ) throws -> LinkReport {
    let repository = try surroundings.requiredRepository()
    var scan = Scan(
      app: self, repository: repository, isSuperseded: request.isSuperseded, actor: request.actor, tell: tell)
    try scan.replayPending()
    let files = RepositoryFiles(repository)
    let logID = try store.read { $0.logID }
    if let range = request.range {
      let (hidden, shown) = try repository.resolve(range: range)
      let isRange = !hidden.isEmpty || shown.count > 1
      try scan.visit(from: shown, hiding: hidden, limit: isRange ? .max : 1, progress: progress)
      // No scan has seen these as part of a branch: the next one is to see whether they have become so.
      if scan.report.count > 0 { files.append(shown.map(\.hex), to: "loose.\(logID)") }
      return scan.report
    }
    let old = files.lines("tips.\(logID)").compactMap { ObjectName($0) }
    let (loose, done) = files.take("loose.\(logID)")
    defer { done() }
    do {
      let new = try repository.scannedTips()
      guard Set(old) != Set(new) || !loose.isEmpty else { return scan.report }
      let held = try scan.lookForLost(old: old + loose.compactMap { ObjectName($0) }, new: new)
      var isComplete = try scan.visit(from: new, hiding: old, limit: request.limit, progress: progress)
      if isComplete { isComplete = try scan.resolveLost(among: new, limit: request.limit) }
      if isComplete { files.write(new.map(\.hex), to: "tips.\(logID)") }
      let left = isComplete ? held.map(\.hex) : loose
      if !left.isEmpty { files.append(left, to: "loose.\(logID)") }
    } catch {
      if !loose.isEmpty { files.append(loose, to: "loose.\(logID)") }
      throw error
    }
    return scan.report
  }

  /// Whether the log knows of everything that the branches hold.
  func isScanned(_ repository: GitRepository) throws -> Bool {
    let logID = try store.read { $0.logID }
    let files = RepositoryFiles(repository)
    guard files.lines("loose.\(logID)").isEmpty else { return false }
    return Set(files.lines("tips.\(logID)").compactMap { ObjectName($0) }) == Set(try repository.scannedTips())
  }

  /// What git rewrote, as it tells its hook: pairs of an old name and a new one.
  package func rewritten(
    _ pairs: [(old: String, new: String)], reason: CommitRewrite.Reason, actor: String? = nil
  ) throws -> LinkReport {
    let names = pairs.compactMap { pair in
      ObjectName(pair.old).flatMap { old in ObjectName(pair.new).map { (old, $0) } }
    }
    // What a commit became says itself what it is: its message may be another now.
    var seen: Set<ObjectName> = []
    let found = try names.compactMap { try surroundings.repository?.commit($0.1) }
      .filter { seen.insert($0.name).inserted }.compactMap { FoundCommit($0) }
    let report = try appendLinks(by: actor) { batch in
      for commit in found { try batch.link(commit, repository: self.surroundings.identity) }
      for (old, new) in names { try batch.rewrite(old, into: new, reason) }
    }
    if let repository = surroundings.repository, report.count > 0 {
      let logID = try store.read { $0.logID }
      RepositoryFiles(repository).append(names.map(\.1.hex), to: "loose.\(logID)")
      RepositoryFiles(repository).append(names.map(\.0.hex), to: "gone.\(logID)")
    }
    return report
  }

  /// Ties a commit, or those of a range, to a task by hand; without a task, as their trailers say.
  package func link(_ revision: String, to reference: String?) throws(OrchError) -> LinkReport {
    try mappingErrors {
      guard let reference else { return try scan(ScanRequest(range: revision)) }
      let repository = try surroundings.requiredRepository()
      let (hidden, shown) = try repository.resolve(range: revision)
      var names: [ObjectName] = []
      if hidden.isEmpty, shown.count == 1 {
        names = shown
      } else {
        try repository.walk(from: shown, hiding: hidden, order: .oldestFirst) {
          names.append($0); return true
        }
      }
      let report = try appendLinks { batch in
        let task = try self.task(reference, in: batch.writer)
        for name in names {
          guard let commit = try repository.commit(name) else { continue }
          let known = try batch.writer.lineages(of: name.hex).first { $0.task.id == task.id }?.lineage[name.hex]
          if let known, known.isPresent, known.link.state == .linked { continue }
          let found = FoundCommit(commit, commit.withMessage { LineageTrailers($0) })
          try batch.decide(
            .link(found.link(.linked, fence: nil, repository: self.surroundings.identity, isByHand: true)), on: task)
          batch.note(.init(oid: name.hex, subject: found.subject, task: task.id, state: .linked))
        }
      }
      if report.count > 0 {
        RepositoryFiles(repository).append(shown.map(\.hex), to: "loose.\(try store.read { $0.logID })")
      }
      var whole = report
      whole.visited = names.count
      return whole
    }
  }

  func appendLinks(
    by actor: String? = nil, trailers: KnownTrailers = KnownTrailers(), _ body: (inout LinkBatch) throws -> Void
  ) throws -> LinkReport {
    try store.write { writer in
      var batch = LinkBatch(self, writer, actor: actor, trailers: trailers)
      try body(&batch)
      try batch.append()
      var report = LinkReport()
      report.entries = batch.entries
      report.count = report.entries.count
      return report
    }
  }
}

extension GitRepository {
  /// Where a scan begins: the local branches, what tags name, and detached heads, be they another work tree's.
  func scannedTips() throws -> [ObjectName] {
    var tips = try tips("refs/heads/*").map(\.commit) + tips("refs/tags/*").map(\.commit)
    if let head = try head().commit { tips.append(head) }
    tips += detachedHeads
    var seen: Set<ObjectName> = []
    return tips.filter { seen.insert($0).inserted }
  }
}

/// One scan on its way.
struct Scan {
  let app: App
  let repository: GitRepository
  let isSuperseded: Bool
  let actor: String?
  let tell: (([LinkReport.Entry]) -> Void)?
  let trailers = KnownTrailers()
  var report = LinkReport()
  /// Linked commits that no reference leads to any more, by who wrote them when.
  var lost: [ObjectName] = []
  var lostBySignature: [GitCommit.Signature: [ObjectName]] = [:]
  var lostTips: [ObjectName] = []
  /// What may be a lost commit's successor: the same author at the same time, or, of a tip, the same author.
  var successors: [ObjectName: [ObjectName]] = [:]
  var byAuthor: [String: [ObjectName]] = [:]
  var lostAuthors: Set<String> = []

  init(
    app: App, repository: GitRepository, isSuperseded: Bool, actor: String?, tell: (([LinkReport.Entry]) -> Void)? = nil
  ) {
    self.actor = actor
    self.tell = tell
    self.app = app
    self.repository = repository
    self.isSuperseded = isSuperseded
  }

  /// How many commits go into one transaction.
  private static let batch = 256

  /// What a hook could not record: because the database was not to be had, or because it was too early to tell.
  mutating func replayPending() throws {
    let files = RepositoryFiles(repository)
    let (lines, done) = files.take("rewritten")
    guard !lines.isEmpty else { return done() }
    defer { done() }
    do {
      let pairs = lines.compactMap { line -> (reason: CommitRewrite.Reason, old: String, new: String)? in
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 3, let reason = CommitRewrite.Reason(rawValue: words[0]) else { return nil }
        return (reason, words[1], words[2])
      }
      let becomes = Dictionary(pairs.map { ($0.old, $0.new) }) { $1 }
      let tips = try repository.scannedTips()
      var real: [CommitRewrite.Reason: [(old: String, new: String)]] = [:]
      for pair in pairs {
        // The steps on the way were nobody's, and a rebase that was aborted has rewritten nothing.
        guard let last = Self.end(of: pair.new, becomes), try repository.commit(last) != nil,
          try repository.isReachable(last, from: tips)
        else { continue }
        real[pair.reason, default: []].append((pair.old, last.hex))
      }
      for reason in [CommitRewrite.Reason.amend, .rebase] {
        if let pairs = real[reason] { add(try app.rewritten(pairs, reason: reason, actor: actor)) }
      }
    } catch {
      files.append(lines, to: "rewritten")
      throw error
    }
  }

  /// What a commit became in the end.
  private static func end(of oid: String, _ becomes: [String: String]) -> ObjectName? {
    var (oid, seen) = (oid, Set<String>())
    while let next = becomes[oid], seen.insert(oid).inserted { oid = next }
    return ObjectName(oid)
  }

  mutating func add(_ other: LinkReport) {
    report.count += other.count
    if let tell { tell(other.entries) } else { report.entries += other.entries }
  }

  /// Visits what can be reached from `tips` and not from `hidden`; false when it was cut short.
  @discardableResult
  mutating func visit(
    from tips: [ObjectName], hiding hidden: [ObjectName], limit: Int, progress: (Int) -> Void
  ) throws -> Bool {
    var found: [FoundCommit] = []
    var isComplete = true
    let head = isSuperseded ? try repository.head().commit : nil
    var count = 0
    // A commit that names no task may have been linked by hand.
    let gone = Set(
      RepositoryFiles(repository).lines("gone.\(try app.store.read { $0.logID })").compactMap { ObjectName($0) })
    var back: [ObjectName] = []
    try repository.walkCommits(from: tips, hiding: hidden) { commit in
      guard count < limit else {
        isComplete = false
        return false
      }
      count += 1
      if count % 1000 == 0 { progress(count) }
      if let named = FoundCommit(commit) { found.append(named) }
      if !gone.isEmpty, gone.contains(commit.name) { back.append(commit.name) }
      if found.count == Self.batch {
        try flush(&found, head)
      }
      return true
    }
    try flush(&found, head)
    if !back.isEmpty {
      let names = back
      add(try app.appendLinks(by: actor) { batch in for name in names { try batch.restore(name) } })
    }
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
      try app.appendLinks(by: actor, trailers: trailers) { batch in
        for commit in commits {
          try batch.link(commit, repository: identity, isSuperseded: isSuperseded && commit.name == head)
        }
      })
  }
}

/// Rewrites that could not be recorded.
package enum HookRewrites {
  /// Keeps pairs in the repository for the next scan. That can fail too; then the commits show as unresolved.
  package static func keep(
    _ pairs: [(old: String, new: String)], reason: CommitRewrite.Reason, in surroundings: RepositoryContext
  ) {
    guard let repository = surroundings.repository else { return }
    RepositoryFiles(repository).append(pairs.map { "\(reason.rawValue) \($0.old) \($0.new)" }, to: "rewritten")
  }
}
