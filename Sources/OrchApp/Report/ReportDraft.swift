import OrchCore
import OrchStore

/// What a report is made of, as it is gathered.
struct ReportDraft {
  /// What the events of one task say.
  struct TaskDossier {
    var task: Task
    var session: Session
    var history: TaskHistory
    var checkpoint: Checkpoint?
    var attempts: [Attempt] = []
    var commits: [TracedCommit] = []
    var submission: SubmissionView?
    /// One of the tasks that it waits for is dead or cancelled.
    var waitsForTheDead = false
  }

  let tasks: [Task]
  let now: Instant
  let logID: String
  var gathered: [TaskDossier] = []
  var decisions: [DecisionView] = []
  var commits: [TracedCommit] = []
  var displays: [String: String] = [:]
  var roles: [String: String] = [:]
  private var sessions: [Session] = []

  init(_ tasks: [Task], now: Instant, logID: String) {
    self.tasks = tasks
    self.now = now
    self.logID = logID
  }

  mutating func add(_ task: TaskDossier) {
    gathered.append(task)
    add(task.session)
  }

  mutating func add(_ session: Session) {
    guard !sessions.contains(where: { $0.id == session.id && $0.logID == session.logID }) else { return }
    sessions.append(session)
  }

  /// The report, of which only `project` and `reader` are left to be said.
  func report(_ scope: Report.Scope, title: String) -> Report {
    let window = scope.window
    func isIn(_ instant: Instant?) -> Bool { instant.map { window.contains($0) } ?? true }
    var report = Report(scope: scope, title: title, now: now, anchor: anchor)
    report.displays = displays
    report.tasks = gathered.map { item($0) }
    report.commits = commits.filter { isIn($0.date) }
    report.checks = gathered.flatMap(\.history.checks).filter { isIn($0.at) }.stablySorted { $0.at }
    report.claims = gathered.flatMap(\.history.statements).filter { isIn($0.at) }.stablySorted { $0.at }
    report.decisions = decisions
    report.attempts = gathered.flatMap { gathered in
      gathered.attempts.filter { $0.startedAt <= window.upperBound && ($0.endedAt ?? now) >= window.lowerBound }
        .map { Report.Run(task: gathered.task.shownID, attempt: $0) }
    }
    report.reviews = gathered.flatMap(\.history.reviews).filter { isIn($0.at) }.stablySorted { $0.at }
    report.handoffs = gathered.flatMap(\.history.handoffs).filter { isIn($0.endedAt ?? $0.offeredAt) }
      .stablySorted { $0.offeredAt }
    report.actions = gathered.flatMap { actions($0) }
    report.needs = gathered.flatMap { needs($0) }
    report.health = health(report)
    report.agents = shares(report)
    report.trailers = trailers
    return report
  }

  private func item(_ gathered: TaskDossier) -> Report.Item {
    let task = gathered.task
    var item = Report.Item(task: task, state: task.visibleState(at: now))
    item.lease = gathered.session.lease.flatMap { $0.task == task.id ? $0 : nil }
    item.checkpoint = gathered.checkpoint
    item.outcome = gathered.history.releaseMessage
    item.isUnreviewed = task.state == .done && task.review.approvers.isEmpty
    // Work without git is submitted by its event, which stands among the reviews.
    item.submission = gathered.submission.flatMap { $0.submission.oid == nil ? nil : $0 }
    return item
  }

  private var anchor: Report.Anchor {
    let heads = sessions.compactMap { session in
      session.head.map { Report.Anchor.Head(session: session.shownID, events: session.seq, id: $0) }
    }
    return Report.Anchor(
      logID: logID, heads: heads,
      command: heads.first.map { ShellCommand.orch("verify", "--expect", $0.id.hex) } ?? ShellCommand.orch("verify"))
  }
}

extension Report.Scope {
  /// The time that it is about.
  fileprivate var window: ClosedRange<Instant> {
    guard case .time(let since, let until) = self else {
      return Instant(milliseconds: .min)...Instant(milliseconds: .max)
    }
    let end = until ?? Instant(milliseconds: .max)
    return since...max(since, end)
  }
}

extension Sequence {
  /// In the order of a key; what has the same one keeps its order.
  func stablySorted<Key: Comparable>(_ key: (Element) -> Key) -> [Element] {
    enumerated().map { (key($0.element), $0.offset, $0.element) }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
  }
}
