import OrchCore
import OrchGit
import OrchStore

/// What linking did, by what became of each commit.
package struct LinkReport: Sendable, Hashable {
  /// A commit and what it is to a task.
  package struct Entry: Sendable, Hashable {
    package var oid: String
    package var subject: String
    package var task: String
    package var state: CommitState
    /// What it was rewritten into.
    package var rewrittenTo: String?
  }

  /// Empty where they were told as they came.
  package var entries: [Entry] = []
  /// How many entries there are, or were told.
  package var count = 0
  /// How many commits were looked at.
  package var visited = 0

  package init() {}
}

/// What a commit is to a task.
package enum CommitState: String, Sendable, CaseIterable {
  /// Tied to it by an event of its session, or by hand.
  case linked
  /// It was tied to it, and is another commit now.
  case rewritten
  /// It was tied to it, is gone, and nothing tells where to.
  case unresolved
  /// It names the task, and nothing bears that out.
  case unverified
  /// It names a task of another log.
  case elsewhere
  /// It names no task.
  case untracked
}

extension StoreReader {
  /// The tasks that a commit is tied to, each with what its events say of the commit and of those it came from.
  ///
  /// Reads the events about these commits alone, not all of the tasks'.
  func lineages(of oid: String) throws -> [(task: Task, lineage: Lineage)] {
    var about: [Int: LogEntry] = [:]
    var waiting = [oid]
    var seen: Set<String> = [oid]
    while let next = waiting.popLast() {
      try forEachEvent(EventQuery(.oldestFirst, facet: .link(next))) { recorded in
        guard recorded.dataHolds(next) else { return true }
        let entry = try recorded.entry()
        let event = entry.event
        guard event.linkedCommits.contains(next) else { return true }
        about[recorded.position] = entry
        if let rewrite = CommitRewrite(event), rewrite.new == next, seen.insert(rewrite.old).inserted {
          waiting.append(rewrite.old)
        }
        return true
      }
    }
    var lineages: [(task: String, lineage: Lineage)] = []
    for (_, entry) in about.sorted(by: { $0.key < $1.key }) {
      let event = entry.event
      guard let task = event.task.map({ Reference.to($0, of: entry.logID, in: logID) }) else { continue }
      if let index = lineages.firstIndex(where: { $0.task == task }) {
        CommitEvent(event).map { lineages[index].lineage.add($0) }
      } else {
        lineages.append((task, Lineage([event])))
      }
    }
    return try lineages.compactMap { found in
      guard found.lineage[oid] != nil, let task = try task(found.task) else { return nil }
      return (task, found.lineage)
    }
  }

  /// The commits of a task.
  func lineage(of task: String) throws -> Lineage {
    var events: [Event] = []
    try forEachEvent(EventQuery(.oldestFirst, task: task)) { recorded in
      events.append(try recorded.entry().event)
      return true
    }
    return Lineage(events)
  }

  /// What the trailers of a commit make it to the task that they name.
  ///
  /// The name alone is nothing, since anybody can type it: an event of that task's own session has to stand beside it.
  func state(of trailer: LineageTrailers.Task) throws -> (state: CommitState, task: Task?) {
    // The event tells whose log it is.
    let task =
      try trailer.event.flatMap { try self.task(trailer.task, logID: $0.logID.uppercased()) } ?? task(trailer.task)
    if let event = trailer.event {
      guard let session = try task.flatMap({ try session($0.session, logID: $0.logID) }),
        session.logID.lowercased() == event.logID
      else {
        // Of this log, then it is forged or mistyped; of another, it is that one's to say.
        return (event.logID == logID.lowercased() ? .unverified : .elsewhere, nil)
      }
      let found = try events(idPrefix: event.id, limit: 2)
      guard found.count == 1, let entry = try found.first?.entry(), entry.session == session.id,
        entry.logID == session.logID
      else { return (.unverified, task) }
      return (.linked, task)
    }
    return (.unverified, task)
  }
}

extension StoreReader {
  /// Whether the event that stands beside a task was there only after the lease that stands there had been lost: the
  /// commit's own word, for when the hook that would have noted it did not reach the log.
  func isLate(_ trailer: LineageTrailers.Task) throws -> Bool {
    guard let lease = trailer.lease, let name = trailer.event,
      let made = try events(idPrefix: name.id, limit: 1).first?.entry(),
      made.session == lease.session
    else { return false }
    var entries: [LogEntry] = []
    try forEachEvent(
      EventQuery(
        .oldestFirst, task: Reference.to(trailer.task, of: made.logID, in: logID), omitting: EventType.ofCommits)
    ) {
      entries.append(try $0.entry())
      return true
    }
    var isLate = false
    for entry in entries.reversed() {
      let event = entry.event
      guard let fence = event.fence else { continue }
      guard fence >= lease.fence else { break }
      if entry.seq <= made.seq {
        isLate = isLate || (fence > lease.fence ? event.type.isGrant : event.type.attemptEnd == .expired)
      }
      if event.type.isGrant, fence == lease.fence { break }
    }
    return isLate
  }
}

/// What was found out of trailers: the same ones come again and again, and events do not change.
final class KnownTrailers {
  var states: [LineageTrailers.Task: (state: CommitState, task: Task?)] = [:]
  var late: [LineageTrailers.Task: Bool] = [:]

  /// Forgets all when it is much: in a long history every message may name another event.
  func limit() {
    guard states.count >= 1024 else { return }
    states.removeAll()
    late.removeAll()
  }
}

/// Links that are collected, and appended session by session in one transaction.
struct LinkBatch {
  let app: App
  let writer: any StoreWriter
  /// Who links: in a hook the agent that commits.
  let actor: String
  private var changes: [String: SessionChange] = [:]
  private var order: [String] = []
  private let trailers: KnownTrailers
  private(set) var entries: [LinkReport.Entry] = []

  init(_ app: App, _ writer: any StoreWriter, actor: String?, trailers: KnownTrailers) {
    self.trailers = trailers
    self.app = app
    self.writer = writer
    self.actor = actor ?? app.actor
  }

  /// Decides on a task, in the change of its session.
  mutating func decide(_ command: Command, on task: Task) throws {
    // Taken out while it grows: a second reference would copy all of it each time.
    var change: SessionChange
    if let begun = changes.removeValue(forKey: writer.sessionReference(of: task)) {
      change = begun
    } else {
      change = SessionChange(try app.session(of: task, in: writer))
      order.append(writer.sessionReference(of: task))
    }
    defer { changes[writer.sessionReference(of: task)] = change }
    let current = change.tasks.first { $0.after.id == task.id }?.after ?? task
    try app.apply(command, to: current, by: app.caller(actor, at: writer.now), in: &change)
  }

  /// What a trailer makes a commit to its task; the same trailers come again and again.
  private func state(of trailer: LineageTrailers.Task) throws -> (state: CommitState, task: Task?) {
    if let known = trailers.states[trailer] { return known }
    let state = try writer.state(of: trailer)
    trailers.limit()
    trailers.states[trailer] = state
    return state
  }

  private func isLate(_ trailer: LineageTrailers.Task) throws -> Bool {
    if let known = trailers.late[trailer] { return known }
    let isLate = try writer.isLate(trailer)
    trailers.late[trailer] = isLate
    return isLate
  }

  mutating func note(_ entry: LinkReport.Entry) { entries.append(entry) }

  /// Links a commit as its trailers say, where that says more than the log does already.
  mutating func link(_ commit: FoundCommit, repository: String?, isSuperseded: Bool = false) throws {
    let oid = commit.name.hex
    var seen: Set<String> = []
    for trailer in commit.trailers.tasks where seen.insert(trailer.task).inserted {
      let (state, task) = try state(of: trailer)
      guard let task,
        let linkState: CommitLink.State = state == .linked ? .linked : state == .unverified ? .unverified : nil
      else {
        note(.init(oid: oid, subject: commit.subject, task: trailer.task, state: state))
        continue
      }
      if let known = try known(oid, task) {
        // It stands in the history, whatever was said of it: an amendment can be undone.
        let isBack = try isBack(known)
        guard isBack || (known.link.state == .unverified && linkState == .linked) else { continue }
        if isBack, known.link.state == linkState {
          try decide(.rewrite(CommitRewrite(old: oid, new: oid, reason: .restored)), on: task)
          note(.init(oid: oid, subject: commit.subject, task: task.id, state: .linked))
          continue
        }
      }
      let link = commit.link(
        linkState, fence: trailer.lease.flatMap { $0.session == task.session ? $0.fence : nil }, repository: repository,
        isSuperseded: isSuperseded ? true : linkState == .linked ? try isLate(trailer) : false)
      try decide(.link(link), on: task)
      note(.init(oid: oid, subject: commit.subject, task: task.id, state: state))
    }
  }

  /// Says of a commit which stands in the history, and of which the log says otherwise, that it is there again.
  mutating func restore(_ name: ObjectName) throws {
    for (task, lineage) in try writer.lineages(of: name.hex) {
      guard let commit = lineage[name.hex], try isBack(commit) else { continue }
      try decide(.rewrite(CommitRewrite(old: name.hex, new: name.hex, reason: .restored)), on: task)
      note(.init(oid: name.hex, subject: commit.link.subject, task: task.id, state: .linked))
    }
  }

  /// - Parameter commit: one that stands in the history.
  private func isBack(_ commit: Lineage.Commit) throws -> Bool {
    if commit.isLost { return true }
    guard let new = commit.rewrittenTo else { return false }
    return try isGone(new)
  }

  /// Whether a commit is here, and no reference leads to it. One that is not here may well stand in another clone.
  private func isGone(_ oid: String) throws -> Bool {
    guard let repository = app.surroundings.repository, let name = ObjectName(oid), try repository.commit(name) != nil
    else { return false }
    return try !repository.isReachable(name, from: repository.tips("refs/*").map(\.commit) + repository.scannedTips())
  }

  /// What the log says of a commit of a task. Of most commits nothing, which one look tells.
  private func known(_ oid: String, _ task: Task) throws -> Lineage.Commit? {
    guard try !writer.events(EventQuery(.newestFirst, facet: .link(oid)), beyond: nil, limit: 1).isEmpty else {
      return nil
    }
    return try writer.lineages(of: oid).first { $0.task.id == task.id && $0.task.logID == task.logID }?.lineage[oid]
  }

  /// Records that a linked commit is another one now, or is lost.
  mutating func rewrite(_ old: ObjectName, into new: ObjectName?, _ reason: CommitRewrite.Reason) throws {
    guard old != new else { return }
    for (task, lineage) in try writer.lineages(of: old.hex) {
      guard let commit = lineage[old.hex], commit.isPresent || (commit.isLost && new != nil) else { continue }
      try decide(.rewrite(CommitRewrite(old: old.hex, new: new?.hex, reason: reason)), on: task)
      note(
        .init(
          oid: old.hex, subject: commit.link.subject, task: task.id, state: new == nil ? .unresolved : .rewritten,
          rewrittenTo: new?.hex))
    }
  }

  /// Appends what was collected.
  func append() throws {
    for session in order {
      if let change = changes[session], !change.entries.isEmpty { try writer.append(change) }
    }
  }
}
