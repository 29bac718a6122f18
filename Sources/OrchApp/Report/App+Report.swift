package import OrchCore
import OrchGit
import OrchStore

/// What a report is to be about.
package enum ReportRequest: Hashable, Sendable {
  case tasks([String])
  case session(String)
  /// What happened in a time.
  case time(since: Instant, until: Instant?)
  /// The commits of a range, and the tasks they are for.
  case range(String)
  /// Everything that is open.
  case open
}

extension App {
  /// Gathers a report. Reads the tasks that it is about and their events, not the rest of the log.
  ///
  /// - Parameter reader: for whom it is written, where that is known.
  package func report(_ request: ReportRequest, for reader: String? = nil) throws(OrchError) -> Report {
    try mappingErrors { try gatheredReport(request, for: reader) }
  }

  private func gatheredReport(_ request: ReportRequest, for reader: String?) throws -> Report {
    let commits = try reportedCommits(request)
    var draft = try store.read { reader in
      var draft = ReportDraft(try reported(request, commits, in: reader), now: reader.now, logID: reader.logID)
      for agent in try reader.agents() {
        draft.displays[agent.name] = agent.display
        draft.roles[agent.name] = agent.role
      }
      for task in draft.tasks { draft.add(try gathered(task, in: reader)) }
      for project in Set(draft.tasks.compactMap(\.project) + [settings.project].compactMap { $0 }).sorted() {
        draft.decisions += try reader.load(currentDecisions(of: project))
        if let session = try? reader.session(Self.session(ofProject: project)) { draft.add(session) }
      }
      return draft
    }
    try complete(&draft, commits)
    var report = draft.report(request.scope, title: title(of: request, draft))
    report.reader = reader
    report.project = draft.tasks.compactMap(\.project).first ?? settings.project
    return report
  }

  private func title(of request: ReportRequest, _ draft: ReportDraft) -> String {
    switch request {
    case .tasks: draft.tasks.count == 1 ? draft.tasks[0].title : draft.tasks.map(\.shownID).joined(separator: ", ")
    case .session(let id): id
    case .range(let range): range
    case .time, .open: settings.project ?? "orch"
    }
  }

  // MARK: Which tasks

  /// How many tasks a report names that nobody named.
  private static let reportedTasks = 200

  private func reported(
    _ request: ReportRequest, _ commits: [TracedCommit], in reader: any StoreReader
  ) throws -> [Task] {
    switch request {
    case .tasks(let references):
      var seen: Set<String> = []
      return try references.map { try reader.named(task($0, in: reader)) }.filter { seen.insert($0.shownID).inserted }
    case .session(let id):
      var query = TaskQuery()
      query.session = reader.reference(to: try session(id, in: reader))
      return try reader.tasks(query, after: nil, limit: .max).map { try reader.named($0) }
        .sorted { $0.ordinal < $1.ordinal }
    case .range:
      var seen: Set<String> = []
      return try commits.compactMap(\.task).filter { seen.insert($0).inserted }.compactMap { try reader.task($0) }
        .map { try reader.named($0) }
    case .time(let since, let until): return try tasks(since: since, until: until, in: reader)
    case .open: return try openTasks(in: reader)
    }
  }

  /// Those that anything happened to in a time, in the order of the log.
  private func tasks(since: Instant, until: Instant?, in reader: any StoreReader) throws -> [Task] {
    var names: [String] = []
    var seen: Set<String> = []
    var older = 0
    try reader.forEachEvent(EventQuery(.newestFirst)) { recorded in
      let entry = try recorded.entry()
      // Events come in the order of time, but for those that were brought here from elsewhere.
      older = entry.event.at < since ? older + 1 : 0
      guard older < 4096 else { return false }
      guard let id = entry.event.task, entry.event.at >= since, until.map({ entry.event.at <= $0 }) ?? true else {
        return true
      }
      let name = Reference.to(id, of: entry.logID, in: reader.logID)
      if seen.insert(name).inserted { names.append(name) }
      return true
    }
    return try names.reversed().compactMap { try reader.task($0) }
      .filter { settings.project == nil || $0.project == nil || $0.project == settings.project }
      .map { try reader.named($0) }
  }

  /// What somebody is at, or has to look at; then the queue.
  private func openTasks(in reader: any StoreReader) throws -> [Task] {
    var query = TaskQuery()
    query.projects = settings.project.map { .current($0) } ?? .all
    var tasks: [Task] = []
    for state in [VisibleState.review, .offered, .dead, .running, .queued, .blocked, .scheduled] {
      query.state = state
      let limit = Self.reportedTasks - tasks.count
      guard limit > 0 else { break }
      tasks += try reader.tasks(query, after: nil, limit: limit)
    }
    if tasks.count == Self.reportedTasks {
      warn(.warningReportLimit(reportedTasks: Self.reportedTasks))
    }
    return try tasks.map { try reader.named($0) }
  }

  // MARK: One task

  private func gathered(_ task: Task, in reader: any StoreReader) throws -> ReportDraft.TaskDossier {
    let session = try session(of: task, in: reader)
    var gathered = ReportDraft.TaskDossier(task: task, session: try reader.named(session), history: TaskHistory(task))
    gathered.checkpoint = try reader.load(checkpoint(of: session, in: reader)).flatMap { $0.task == task.id ? $0 : nil }
    gathered.waitsForTheDead = try !task.after.allSatisfy { id in
      guard let other = try reader.task(id, logID: task.logID) else { return true }
      return other.state != .dead && other.state != .cancelled
    }
    try reader.forEachEvent(EventQuery(.oldestFirst, task: reader.reference(to: task))) { recorded in
      gathered.history.add(try recorded.entry(), id: recorded.id)
      return true
    }
    gathered.attempts = gathered.history.attempts
    gathered.commits = gathered.history.lineage.commits.map { Self.traced($0, task: task.shownID) }
    return gathered
  }

  // MARK: The repository

  /// The commits of a range; of another request none.
  private func reportedCommits(_ request: ReportRequest) throws -> [TracedCommit] {
    guard case .range(let range) = request else { return [] }
    let repository = try surroundings.requiredRepository()
    let (hidden, shown) = try repository.resolve(range: range)
    let names =
      hidden.isEmpty && shown.count == 1
      ? (hidden: try repository.commit(shown[0])?.parents ?? [], shown) : (hidden, shown)
    return try found(from: names.1, hiding: names.0, in: repository)
  }

  /// Commits with what the log or their messages say of them, oldest first; merges are left out.
  private func found(
    from tips: [ObjectName], hiding hidden: [ObjectName], in repository: GitRepository
  ) throws -> [TracedCommit] {
    var names: [ObjectName] = []
    try repository.walk(from: tips, hiding: hidden, order: .oldestFirst) {
      names.append($0); return true
    }
    return try store.read { reader in
      try names.flatMap { name -> [TracedCommit] in
        guard let commit = try repository.commit(name), !commit.isMerge else { return [] }
        let (tasks, stray) = try self.look(at: name.hex, name, in: reader)
        let own = tasks.flatMap { task, commits in
          commits.filter { $0.oid == name.hex }.map { commit in
            var commit = commit
            commit.task = task.shownID
            return commit
          }
        }
        return stray.map { [$0] } ?? own
      }
    }
  }

  /// Adds what only the repository knows.
  private func complete(_ draft: inout ReportDraft, _ ranged: [TracedCommit]) throws {
    for index in draft.gathered.indices {
      let task = draft.gathered[index].task
      let view = try view(task.review.submission, isOver: task.state != .review)
      draft.gathered[index].submission = view
      draft.gathered[index].history.compare(
        isStale: task.state == .review && view?.state == .stale, presentTree: settings.commit?.tree)
    }
    draft.commits = ranged.isEmpty ? draft.gathered.flatMap(\.commits) : ranged
    guard let repository = surroundings.repository else { return }
    if ranged.isEmpty { draft.commits += try unlinkedCommits(draft, in: repository) }
    try complete(&draft.commits)
  }

  /// Commits of the submitted branches that no link covers.
  private func unlinkedCommits(_ draft: ReportDraft, in repository: GitRepository) throws -> [TracedCommit] {
    let main = try repository.defaultBranch()?.tips ?? []
    let tips = try draft.tasks.compactMap { $0.review.submission?.oid.flatMap { ObjectName($0) } }
      .filter { try repository.commit($0) != nil && !main.contains($0) }
    guard !tips.isEmpty, !main.isEmpty else { return [] }
    let known = Set(draft.commits.map(\.oid))
    return try found(from: tips, hiding: main, in: repository).filter { !known.contains($0.oid) }
  }
}

extension ReportRequest {
  var scope: Report.Scope {
    switch self {
    case .tasks(let tasks): .tasks(tasks)
    case .session(let session): .session(session)
    case .time(let since, let until): .time(since: since, until: until)
    case .range(let range): .range(range)
    case .open: .open
    }
  }
}
