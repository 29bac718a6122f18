package import OrchCore
package import OrchGit
package import OrchStore

/// A commit, and what it is to a task.
package struct TracedCommit: Sendable {
  package var oid: String
  package var subject: String
  /// As git has it.
  package var author: String
  /// Whose work it records, as far as the log or the message says.
  package var agent: String?
  package var reviewer: String?
  package var task: String?
  package var date: Instant?
  package var state: CommitState
  package var rewrittenTo: String?
  /// Nil where the commit is not in this repository.
  package var diff: DiffStat?
  /// Made by a holder whose lease somebody had taken over.
  package var isSuperseded = false

  package init(
    oid: String, subject: String, author: String, agent: String? = nil, reviewer: String? = nil, task: String? = nil,
    date: Instant? = nil, state: CommitState, rewrittenTo: String? = nil, diff: DiffStat? = nil,
    isSuperseded: Bool = false
  ) {
    self.oid = oid
    self.subject = subject
    self.author = author
    self.agent = agent
    self.reviewer = reviewer
    self.task = task
    self.date = date
    self.state = state
    self.rewrittenTo = rewrittenTo
    self.diff = diff
    self.isSuperseded = isSuperseded
  }
}

/// The lineage of one task; or of a commit that is none's.
package struct Trace: Sendable {
  package var task: Task?
  /// While somebody holds the task.
  package var lease: Lease?
  package var attempts: [Attempt] = []
  package var commits: [TracedCommit] = []
  package var events: [StoredEvent] = []
  package var now: Instant
}

extension App {
  /// The lineage of what a reference names: a task, a session, a commit or a range of commits.
  package func trace(_ reference: String) throws(OrchError) -> [Trace] {
    try mappingErrors {
      let (kind, name) = Self.split(reference)
      if kind == nil || kind == "task" || kind == "session" {
        let named = try store.read { reader -> [Task]? in
          if kind != "session", let task = try reader.task(name) { return [task] }
          if kind != "task", let session = try reader.session(name) {
            var query = TaskQuery()
            query.session = reader.reference(to: session)
            return try reader.tasks(query, after: nil, limit: .max)
          }
          if kind != "session", name.hasPrefix("t-") {
            let ids = try reader.taskIDs(prefix: name, limit: 6)
            if ids.count == 1, let id = ids.first { return try reader.task(id).map { [$0] } }
            if ids.count > 1 { throw OrchError.ambiguous(name, ids) }
          }
          return nil
        }
        if let named { return try named.map { try trace($0) } }
        if let kind { throw OrchError.notFound(.errorNoSuch(kind: Message.kind(kind), name: name), hint: .run("list")) }
      }
      return try traceCommits(name)
    }
  }

  // MARK: Tasks

  private func trace(_ task: Task) throws -> Trace {
    var trace = try store.read { reader -> Trace in
      var trace = Trace(now: reader.now)
      trace.task = try reader.task(task.id, logID: task.logID)
      trace.lease = try reader.session(task.session, logID: task.logID)?.lease.flatMap { $0.task == task.id ? $0 : nil }
      var history = TaskHistory(task)
      try reader.forEachEvent(EventQuery(.oldestFirst, task: reader.reference(to: task))) { recorded in
        trace.events.append(recorded)
        history.add(try recorded.entry(), id: recorded.id)
        return true
      }
      trace.attempts = history.attempts
      trace.commits = history.lineage.commits.map { Self.traced($0, task: task.id) }
      return trace
    }
    try complete(&trace.commits)
    return trace
  }

  static func traced(_ commit: Lineage.Commit, task: String) -> TracedCommit {
    let link = commit.link
    let state: CommitState =
      if link.state == .unverified {
        .unverified
      } else if commit.rewrittenTo != nil {
        .rewritten
      } else if commit.isLost {
        .unresolved
      } else {
        .linked
      }
    return TracedCommit(
      oid: link.oid, subject: link.subject, author: link.author, agent: link.agent, reviewer: link.reviewer, task: task,
      date: link.date, state: state, rewrittenTo: commit.rewrittenTo, isSuperseded: link.isSuperseded)
  }

  /// Adds what only the repository knows: how large each is, and, where the log has not seen the last of the history,
  /// whether each is still there.
  func complete(_ commits: inout [TracedCommit]) throws {
    guard let repository = surroundings.repository else { return }
    let isScanned = try isScanned(repository)
    let tips = isScanned ? [] : try repository.tips("refs/*").map(\.commit) + repository.scannedTips()
    for index in commits.indices {
      guard let name = ObjectName(commits[index].oid) else { continue }
      let commit = try repository.commit(name)
      if let commit {
        commits[index].diff = try repository.size(of: commit)
        if commits[index].subject.isEmpty { commits[index].subject = commit.subject }
        if commits[index].author.isEmpty { commits[index].author = commit.author.text }
      }
      guard !isScanned, commits[index].state == .linked else { continue }
      if try commit == nil ? surroundings.identity == nil : !repository.isReachable(name, from: tips) {
        commits[index].state = .unresolved
      }
    }
  }

  // MARK: Commits

  private func traceCommits(_ name: String) throws -> [Trace] {
    guard let repository = surroundings.repository else {
      guard ObjectName(name) != nil else {
        _ = try surroundings.requiredRepository()
        throw OrchError.notFound(.errorNoCommit(name: name))
      }
      return try traces(of: [(name.lowercased(), nil)])
    }
    do {
      let (hidden, shown) = try repository.resolve(range: name)
      guard !hidden.isEmpty || shown.count > 1 else { return try traces(of: [(shown[0].hex, shown[0])]) }
      var names: [(String, ObjectName?)] = []
      try repository.walk(from: shown, hiding: hidden, order: .oldestFirst) {
        names.append(($0.hex, $0)); return true
      }
      return try traces(of: names)
    } catch let error as GitError where error.kind == .notFound && ObjectName(name) == nil {
      throw OrchError.notFound(.errorNoTaskSessionCommit(name: name), hint: .text(.hintListOrLog))
    } catch let error as GitError where error.kind == .notFound {
      // Gone from the repository; the log may still know it.
      return try traces(of: [(name.lowercased(), nil)])
    }
  }

  /// One trace a task that has any of the commits, and one for those that are none's.
  private func traces(of names: [(oid: String, name: ObjectName?)]) throws -> [Trace] {
    var traces: [Trace] = []
    var unlinkedCommits = Trace(now: try store.read { $0.now })
    for (oid, name) in names {
      let (found, stray) = try store.read { reader in try self.look(at: oid, name, in: reader) }
      for (task, commits) in found {
        if let index = traces.firstIndex(where: { $0.task?.id == task.id }) {
          for commit in commits where !traces[index].commits.contains(where: { $0.oid == commit.oid }) {
            traces[index].commits.append(commit)
          }
        } else {
          var trace = Trace(now: unlinkedCommits.now)
          trace.task = task
          trace.commits = commits
          traces.append(trace)
        }
      }
      if let stray { unlinkedCommits.commits.append(stray) }
    }
    for index in traces.indices {
      try complete(&traces[index].commits)
      try addEvents(&traces[index])
    }
    try complete(&unlinkedCommits.commits)
    if !unlinkedCommits.commits.isEmpty { traces.append(unlinkedCommits) }
    return traces
  }

  /// The attempts of the task and the events about the commits.
  private func addEvents(_ trace: inout Trace) throws {
    guard let task = trace.task else { return }
    let oids = Set(trace.commits.map(\.oid))
    trace.lease = try lease(of: task)
    let (attempts, events) = try store.read { reader -> ([Attempt], [StoredEvent]) in
      var entries: [DecodedEvent] = []
      var events: [StoredEvent] = []
      // Of the commits only those that are asked for: a task may have thousands.
      try reader.forEachEvent(EventQuery(.oldestFirst, task: reader.reference(to: task), omitting: EventType.ofCommits))
      {
        let entry = try $0.entry()
        if !entry.event.type.isOfCommits { entries.append(DecodedEvent(id: $0.id, entry: entry)) }
        return true
      }
      var about: Set<Int> = []
      for oid in oids {
        try reader.forEachEvent(EventQuery(.oldestFirst, facet: .link(oid))) { recorded in
          guard recorded.dataHolds(oid) else { return true }
          let event = try recorded.entry().event
          guard event.task == task.id, event.linkedCommits.contains(oid), about.insert(recorded.position).inserted
          else {
            return true
          }
          events.append(recorded)
          return true
        }
      }
      events.sort { $0.position < $1.position }
      for event in events { entries.append(DecodedEvent(id: event.id, entry: try event.entry())) }
      entries.sort { $0.entry.seq < $1.entry.seq }
      var history = TaskHistory(task)
      for event in entries { history.add(event.entry, id: event.id) }
      return (history.attempts, events)
    }
    trace.attempts = attempts
    trace.events = events
  }

  /// What the log says of a commit; what its message says, where the log says nothing.
  func look(
    at oid: String, _ name: ObjectName?, in reader: any StoreReader
  ) throws -> (tasks: [(Task, [TracedCommit])], stray: TracedCommit?) {
    let lineages = try reader.lineages(of: oid)
    guard lineages.isEmpty else {
      return (
        lineages.map { task, lineage in (task, lineage.commits.map { Self.traced($0, task: task.id) }) }, nil
      )
    }
    guard let name, let repository = surroundings.repository, let commit = try repository.commit(name) else {
      throw OrchError.notFound(.errorUnknownCommit(oid: oid.prefix(12)))
    }
    let trailers = commit.withMessage { LineageTrailers($0) }
    var stray = TracedCommit(
      oid: oid, subject: commit.subject, author: commit.author.text, agent: trailers.author,
      reviewer: trailers.reviewer,
      date: Instant(milliseconds: commit.author.seconds * 1000), state: .untracked)
    if let first = trailers.tasks.first {
      let state = try reader.state(of: first).state
      // What would be linked and is not: the next scan's. Until then it is what its own event says.
      stray.state = state
      stray.task = first.task
    } else if !trailers.malformed.isEmpty {
      stray.state = .unverified
    }
    return ([], stray)
  }
}

extension GitRepository {
  /// Whether one of the tips leads to a commit.
  func isReachable(_ name: ObjectName, from tips: [ObjectName]) throws -> Bool {
    if tips.contains(name) { return true }
    var isGone = false
    try walk(from: [name], hiding: tips) { _ in
      isGone = true
      return false
    }
    return !isGone
  }
}
