package import OrchApp
import OrchCore
import OrchGit

extension ReportFixtures {
  /// A report with every section and every text of the data, each made by `text` of the name of its place.
  package static func filled(_ text: (String) -> String) -> Report {
    let task = text("task.id")
    var report = Report(
      scope: .range(text("scope")), title: text("title"), now: at(9000),
      anchor: Report.Anchor(
        logID: text("anchor.log"),
        heads: [.init(session: text("anchor.session"), events: 12, id: .numbered(12))],
        command: ShellCommand.words(text("anchor.command")))
    )
    report.project = text("project")
    report.reader = text("reader")
    report.displays = [text("attempt.agent"): text("display")]
    report.needs = Report.Need.Kind.allCases.map { kind in
      Report.Need(
        kind, task: text("need.task"), title: text("need.title"), who: [text("need.who")], at: at(60),
        detail: text("need.detail.\(kind.rawValue)"), command: ShellCommand.words(text("need.command")))
    }
    report.health = .init(level: .blocked, reasons: Report.Health.Reason.Code.allCases.map { .init($0, 2) })
    report.tasks = [item(text)]
    var share = Report.Share(agent: text("share.agent"))
    share.role = text("share.role")
    share.lastSeenAt = at(3600)
    report.agents = [share]
    report.commits = CommitState.allCases.map { state in
      TracedCommit(
        oid: "3f2a91c4b7d03f2a91c4b7d03f2a91c4b7d00001", subject: text("commit.subject"), author: text("commit.author"),
        agent: state == .untracked ? nil : text("commit.agent"), reviewer: text("commit.reviewer"),
        task: text("commit.task"), date: at(1200), state: state,
        rewrittenTo: state == .rewritten ? "0123456789abcdef0123456789abcdef01234567" : nil,
        diff: DiffStat(files: 2, insertions: 10, deletions: 3), isSuperseded: true)
    }
    report.checks = [0, 1, 139].map { status in
      CheckView(
        task: task, name: text("check.name"), command: text("check.command"), exitStatus: status,
        durationMilliseconds: 61_200, at: at(1300), by: text("check.by"), oid: String(repeating: "a", count: 40),
        tree: String(repeating: "b", count: 40), dirty: status == 0, outputHash: String(repeating: "c", count: 64),
        isPresent: false, isRequired: true, event: .numbered(3))
    }
    report.claims = Statement.Kind.allCases.map {
      Statement(
        $0, task: text("claim.task"), by: text("claim.by"), at: at(1400), text: text("claim.text"), event: .numbered(4))
    }
    report.actions = [
      .init(task: task, owner: text("action.owner"), text: text("action.text"), event: .numbered(5)),
      .init(task: task, owner: nil, text: text("action.text"), event: nil)
    ]
    report.decisions = [
      decision(
        key: text("decision.key"), value: text("decision.value"), because: text("decision.because"),
        by: text("decision.by"))
    ]
    report.attempts = [run(text, 1, endedAt: at(1200)), run(text, 2, endedAt: at(1200)), run(text, 3, endedAt: nil)]
    report.reviews = ReviewView.Verdict.allCases.map { verdict in
      ReviewView(
        task: text("review.task"), reviewer: text("review.reviewer"), verdict: verdict, text: text("review.text"),
        at: at(2000), event: .numbered(6), submission: submission(text), isStale: true, isFromAuthorsPlace: true)
    }
    report.handoffs = HandoffView.State.allCases.map { state in
      HandoffView(
        task: text("handoff.task"), from: text("handoff.from"), to: text("handoff.to"), why: text("handoff.why"),
        next: text("handoff.next"), state: state, offeredAt: at(2400), expiresAt: at(88_800), endedAt: at(3000),
        answer: text("handoff.answer"), event: .numbered(7))
    }
    report.trailers = [
      .init("Author", text("trailer.author")), .init("Source", text("trailer.source")), .init("Orch-Task", "t-7k2f9q3h")
    ]
    return report
  }

  private static func item(_ text: (String) -> String) -> Report.Item {
    var new = NewTask(id: text("task.id"), title: text("task.title"))
    new.body = text("task.body")
    new.reviewers = [text("task.reviewer")]
    var task = Task(
      new, session: text("task.session"), createdAt: at(0), createdBy: text("task.createdBy"),
      source: text("task.source"))
    task.holders = [text("task.holder")]
    task.state = .done
    var item = Report.Item(task: task, state: .done)
    item.isUnreviewed = true
    item.outcome = text("item.outcome")
    item.lease = lease(task.id, agent: text("lease.agent"), host: text("lease.host"))
    item.submission = SubmissionView(submission: submission(text), state: .stale)
    item.checkpoint = checkpoint(
      Checkpoint.Context(
        phase: text("checkpoint.phase"), lastAction: text("checkpoint.lastAction"),
        nextAction: text("checkpoint.nextAction"), reference: text("checkpoint.reference"),
        note: text("checkpoint.note"), data: "{\"a\":1}"), task: task.id)
    return item
  }

  private static func submission(_ text: (String) -> String) -> Submission {
    Submission(
      seq: 8, oid: String(repeating: "d", count: 40), tree: String(repeating: "e", count: 40),
      change: String(repeating: "f", count: 64), branch: text("submission.branch"), repository: "local:x", dirty: true)
  }

  private static func run(_ text: (String) -> String, _ number: Int, endedAt: Instant?) -> Report.Run {
    Report.Run(
      task: text("run.task"),
      attempt: attempt(
        number, agent: text("attempt.agent"), host: text("attempt.host"), instance: text("attempt.instance"),
        startedAt: at(1200 * (number - 1)), endedAt: endedAt, outcome: text("attempt.outcome"),
        message: text("attempt.message")))
  }
}
