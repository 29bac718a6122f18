import OrchCore
import OrchGit

// What nobody said, and follows from what is there.

extension ReportDraft {
  /// What waits for somebody.
  func needs(_ gathered: TaskDossier) -> [Report.Need] {
    let task = gathered.task
    let id = task.shownID
    var needs: [Report.Need] = []
    func need(
      _ kind: Report.Need.Kind, _ who: [String] = [], at instant: Instant? = nil, _ detail: String? = nil,
      _ command: ShellCommand
    ) {
      needs.append(
        Report.Need(kind, task: id, title: task.title, who: who, at: instant, detail: detail, command: command))
    }
    switch task.state {
    case .review:
      let request = gathered.history.reviews.last { $0.verdict == .requested }
      if gathered.submission?.state == .stale {
        need(
          .staleSubmission, [task.lastAuthor].compactMap { $0 }, at: request?.at, task.review.submission?.branch,
          ShellCommand.orch("review", "submit", id))
        // Nobody can approve it before that.
        break
      }
      for name in task.missingChecks(on: task.review.submission?.tree) {
        need(
          .check, [task.lastAuthor].compactMap { $0 }, at: request?.at, name,
          ShellCommand.orch("check", name, "--task", id, "--", "COMMAND"))
      }
      for reviewer in task.review.staleApprovers where task.awaitedReviewers.contains(reviewer) {
        need(.staleApproval, [reviewer], at: request?.at, nil, ShellCommand.orch("review", "approve", id, "-m", "TEXT"))
      }
      let fresh = task.awaitedReviewers.filter { !task.review.staleApprovers.contains($0) }
      if !fresh.isEmpty {
        need(.review, fresh, at: request?.at, request?.text, ShellCommand.orch("review", "approve", id, "-m", "TEXT"))
      }
    case .offered:
      if let offer = task.offer {
        need(
          .offer, [offer.to], at: offer.expiresAt, offer.why,
          ShellCommand.orch("handoff", "accept", id, "--restate", "TEXT"))
      }
    case .dead: need(.dead, at: task.updatedAt, task.lastError?.message, ShellCommand.orch("retry", id, "-m", "WHY"))
    case .running:
      if let lease = gathered.session.lease, lease.task == task.id, lease.isStale(at: now) {
        need(.staleLease, at: lease.heartbeatAt, lease.agent, ShellCommand.orch("recover", id))
      }
    case .queued:
      if gathered.waitsForTheDead {
        need(.dependencyDead, at: nil, nil, ShellCommand.orch("edit", id, "--drop-after", "TASK"))
      }
    case .done, .cancelled: break
    }
    return needs
  }

  /// What is to be done next, and by whom.
  func actions(_ gathered: TaskDossier) -> [Report.Action] {
    let task = gathered.task
    guard task.state.isOpen else { return [] }
    var actions: [Report.Action] = []
    if task.state == .offered, let offer = task.offer, let next = offer.next {
      let event = gathered.history.handoffs.last?.event
      return [Report.Action(task: task.shownID, owner: offer.to, text: next, event: event)]
    }
    if task.state == .queued, let verdict = gathered.history.reviews.last(where: { $0.verdict != .commented }),
      verdict.verdict == .rejected, let text = verdict.text
    {
      actions.append(Report.Action(task: task.shownID, owner: task.assignee, text: text, event: verdict.event))
    }
    let owner = gathered.session.lease.flatMap { $0.task == task.id ? $0.agent : nil } ?? task.assignee
    if let checkpoint = gathered.checkpoint, let next = checkpoint.context.nextAction {
      actions.append(Report.Action(task: task.shownID, owner: owner, text: next, event: checkpoint.event))
    }
    return actions
  }

  func health(_ report: Report) -> Report.Health {
    var counts: [Report.Health.Reason.Code: Int] = [:]
    func count(_ code: Report.Health.Reason.Code, _ number: Int = 1) {
      if number > 0 { counts[code, default: 0] += number }
    }
    for gathered in gathered {
      switch gathered.task.visibleState(at: now) {
      case .done: count(gathered.task.review.approvers.isEmpty ? .notReviewed : .done)
      case .running: count(.running)
      case .queued: count(.queued)
      case .review: count(.review)
      case .offered: count(.offered)
      case .blocked: count(.blocked)
      case .scheduled: count(.scheduled)
      case .dead: count(.dead)
      case .cancelled: count(.cancelled)
      }
      // Of each check the last run counts, on what is there now.
      guard gathered.task.state.isOpen else { continue }
      var last: [String: CheckView] = [:]
      for check in gathered.history.checks where check.isPresent { last[check.name] = check }
      count(.failedCheck, last.values.count { !$0.hasPassed })
    }
    for need in report.needs {
      switch need.kind {
      case .staleLease: count(.staleLease)
      case .staleApproval: count(.staleApproval)
      case .staleSubmission: count(.staleSubmission)
      case .dependencyDead: count(.dependencyDead)
      case .check: count(.missingCheck)
      case .review, .offer, .dead: break
      }
    }
    count(.unresolvedCommit, report.commits.count { $0.state == .unresolved })
    let reasons = Report.Health.Reason.Code.allCases.compactMap { code in
      counts[code].map { Report.Health.Reason(code, $0) }
    }
    let worst = reasons.map(\.code.level).max { $0.rank < $1.rank } ?? .onTrack
    return Report.Health(level: worst, reasons: reasons)
  }

  /// A row an agent, in the order in which they first did anything.
  func shares(_ report: Report) -> [Report.Share] {
    var shares: [Report.Share] = []
    func share(_ agent: String?, _ change: (inout Report.Share) -> Void) {
      guard let agent else { return }
      if let index = shares.firstIndex(where: { $0.agent == agent }) { return change(&shares[index]) }
      var new = Report.Share(agent: agent)
      new.role = roles[agent]
      change(&new)
      shares.append(new)
    }
    for run in report.attempts {
      share(run.attempt.agent) {
        $0.attempts += 1
        if run.attempt.outcome == Outcome.done.rawValue || run.attempt.outcome == Outcome.review.rawValue {
          $0.done += 1
        }
      }
    }
    for commit in report.commits where commit.state == .linked || commit.state == .untracked {
      share(commit.agent) {
        $0.commits += 1
        $0.insertions += commit.diff?.insertions ?? 0
        $0.deletions += commit.diff?.deletions ?? 0
      }
    }
    for check in report.checks { share(check.by) { $0.checks += 1 } }
    for review in report.reviews where review.verdict != .requested { share(review.reviewer) { $0.reviews += 1 } }
    for index in shares.indices {
      shares[index].lastSeenAt = gathered.compactMap { $0.history.lastSeen[shares[index].agent] }.max()
    }
    return shares
  }

  /// What a squash of the work is to carry.
  var trailers: [Report.Line] {
    var lines: [Report.Line] = []
    func add(_ key: LineageKey, _ values: [String]) {
      for value in values where !lines.contains(Report.Line(key.rawValue, value)) {
        lines.append(Report.Line(key.rawValue, value))
      }
    }
    add(.author, gathered.compactMap(\.task.lastAuthor))
    add(
      .reviewer,
      gathered.flatMap { $0.task.review.approvers.isEmpty ? $0.task.eligibleReviewers : $0.task.review.approvers })
    add(.source, gathered.compactMap(\.task.source))
    add(.task, gathered.map(\.task.id))
    for gathered in gathered where gathered.session.fence > 0 {
      add(.lease, [LineageTrailers.Lease(session: gathered.session.id, fence: gathered.session.fence).description])
      guard let head = gathered.session.head else { continue }
      add(.event, [LineageTrailers.Event(logID: gathered.session.logID.lowercased(), id: head.hex).description])
    }
    return lines
  }
}

extension Report.Health.Reason.Code {
  /// How bad it is.
  fileprivate var level: Report.Health.Level {
    switch self {
    case .dead, .dependencyDead: .blocked
    case .staleLease, .staleApproval, .staleSubmission, .failedCheck, .missingCheck, .unresolvedCommit, .offered: .watch
    case .done, .running, .queued, .review, .blocked, .scheduled, .cancelled, .notReviewed: .onTrack
    }
  }
}

extension Report.Health.Level {
  fileprivate var rank: Int {
    switch self {
    case .onTrack: 0
    case .watch: 1
    case .blocked: 2
    }
  }
}
