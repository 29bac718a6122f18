package import OrchApp
import OrchCore
import OrchGit

extension ReportFixtures {
  /// A morning of three tasks and three agents with Korean names: one done without a review, one in review with a stale
  /// approval, one that was handed over and is being worked on. 2026-11-23, from 08:00 UTC on.
  package static var rich: Report {
    var report = Report(
      scope: .session("kpi"), title: "대시보드 KPI 집계를 야간 배치로 옮기기", now: at(12_960),
      anchor: Report.Anchor(
        logID: "01hx7v9k2m4n6p8q0r1s3t5v7w",
        heads: [
          .init(session: "kpi", events: 41, id: .numbered(41)), .init(session: "kpi-docs", events: 7, id: .numbered(7))
        ], command: ShellCommand.orch("verify", "--session", "kpi", "--expect", Digest.numbered(41).hex)))
    report.project = "github.com/example/kpi"
    report.reader = "home-agent"
    report.displays = ["company-agent": "회사재규", "home-agent": "집재규", "review-agent": "검토담당"]
    report.needs = needs
    report.health = .init(
      level: .watch,
      reasons: [
        .init(.done, 1), .init(.review, 1), .init(.running, 1), .init(.staleApproval, 1), .init(.notReviewed, 1)
      ])
    report.tasks = [aggregate, batch, documents]
    report.agents = agents
    report.commits = commits
    report.checks = checks
    report.claims = claims
    report.actions = [
      .init(task: "t-4m8n2p6q", owner: "home-agent", text: "재시도 간격을 5분으로 두고 실패 알림을 붙이기", event: .numbered(31)),
      .init(task: "t-7k2f9q3h", owner: nil, text: "월 경계 테스트에 윤년 2월을 추가하기", event: .numbered(32))
    ]
    report.decisions = [
      decision(
        key: "timezone", value: "Asia/Seoul", because: "영업일 마감이 한국 시각 기준이고, UTC로 자르면 하루가 두 번 집계됨",
        by: "company-agent"),
      decision(key: "retry.limit", value: "3", because: "네 번째부터는 원본 잠금과 겹침", by: "home-agent")
    ]
    report.attempts = attempts
    report.reviews = reviews
    report.handoffs = [
      HandoffView(
        task: "t-9x1y5z7w", from: "company-agent", to: "home-agent", why: "퇴근으로 자리를 비움. 표 2까지 작성함",
        next: "표 3의 단위를 확인하고 나머지 절을 쓰기", state: .accepted, offeredAt: at(9000), expiresAt: at(95_400),
        endedAt: at(9600), answer: "표 3의 단위(건/명)를 원본과 맞춘 뒤 4절과 5절을 쓰는 것으로 이해함", event: .numbered(33))
    ]
    report.trailers = [
      .init("Author", "company-agent"), .init("Reviewer", "review-agent"), .init("Source", "openclaw:discord"),
      .init("Orch-Task", "t-7k2f9q3h"), .init("Orch-Lease", "kpi#3")
    ]
    return report
  }

  private static var needs: [Report.Need] {
    [
      .init(
        .review, task: "t-4m8n2p6q", title: "야간 배치에 재시도 넣기", who: ["review-agent"], at: at(7800),
        detail: "재시도 간격이 충분한지 봐 주세요", command: ShellCommand.orch("review", "approve", "t-4m8n2p6q", "-m", "…")),
      .init(
        .staleApproval, task: "t-4m8n2p6q", title: "야간 배치에 재시도 넣기", who: ["home-agent"], at: at(8400),
        command: ShellCommand.orch("show", "t-4m8n2p6q")),
      .init(
        .check, task: "t-4m8n2p6q", title: "야간 배치에 재시도 넣기", who: [], detail: "lint",
        command: ShellCommand.orch("check", "lint", "--task", "t-4m8n2p6q", "--", "make", "lint"))
    ]
  }

  private static func task(
    _ id: String, _ title: String, body: String?, state: TaskState, holders: [String], reviewers: [String],
    source: String? = "openclaw:discord"
  ) -> Task {
    var new = NewTask(id: id, title: title)
    new.body = body
    new.reviewers = reviewers
    var task = Task(new, session: "kpi", createdAt: at(0), createdBy: "jaegyu", source: source)
    task.state = state
    task.holders = holders
    task.attempt = holders.count
    return task
  }

  private static var aggregate: Report.Item {
    var item = Report.Item(
      task: task(
        "t-7k2f9q3h", "일별 KPI 집계 쿼리를 배치로 옮기기",
        body:
          "지금은 대시보드를 열 때마다 집계한다. 08시에 몰리면 응답이 12초까지 늘어난다.\n\n- 전일 분을 02:00에 집계\n- 결과는 kpi_daily에 저장\n- 재실행해도 같은 값이 나와야 함",
        state: .done, holders: ["company-agent"], reviewers: ["review-agent"]), state: .done)
    item.isUnreviewed = true
    item.outcome = "집계를 kpi_daily로 옮김. 대시보드 응답은 12초에서 0.3초로 줄었음"
    item.checkpoint = checkpoint(
      Checkpoint.Context(
        phase: "마무리", lastAction: "기존 쿼리와 30일치 결과를 비교해 차이가 없음을 확인", nextAction: "월 경계 테스트에 윤년 2월을 추가",
        reference: "docs/kpi.md#batch", note: nil, data: nil), task: "t-7k2f9q3h", at: at(4800))
    item.submission = SubmissionView(
      submission: Submission(seq: 12, oid: "3f2a91c4b7d0e5f60718293a4b5c6d7e8f901234", branch: "kpi-batch"),
      state: .merged)
    return item
  }

  private static var batch: Report.Item {
    var item = Report.Item(
      task: task(
        "t-4m8n2p6q", "야간 배치에 재시도 넣기", body: "원본 DB가 점검 중이면 그날 집계가 비어 버린다.", state: .review,
        holders: ["home-agent", "company-agent"], reviewers: ["review-agent", "home-agent"]), state: .review)
    item.outcome = "재시도 3회와 지수 백오프를 넣음. 검토 요청"
    item.submission = SubmissionView(
      submission: Submission(seq: 30, oid: "b81c0d2e3f405162738495a6b7c8d9e0f1a2b3c4", branch: "kpi-retry"),
      state: .stale)
    return item
  }

  private static var documents: Report.Item {
    var item = Report.Item(
      task: task(
        "t-9x1y5z7w", "KPI 정의 문서 갱신", body: nil, state: .running, holders: ["company-agent", "home-agent"],
        reviewers: [], source: "cli:laptop"), state: .running)
    item.lease = lease("t-9x1y5z7w", agent: "home-agent", host: "home-desktop", from: 12_600)
    item.checkpoint = checkpoint(
      Checkpoint.Context(
        phase: "작성", lastAction: "표 3의 단위를 원본과 대조", nextAction: "4절 이어서 쓰기", reference: nil,
        note: "단위 표기는 '건'으로 통일", data: nil), task: "t-9x1y5z7w", agent: "home-agent", at: at(12_000))
    return item
  }

  private static var agents: [Report.Share] {
    func share(
      _ agent: String, _ role: String, _ attempts: Int, _ done: Int, _ commits: Int, _ lines: (Int, Int), _ checks: Int,
      _ reviews: Int, _ seen: Int
    ) -> Report.Share {
      var share = Report.Share(agent: agent)
      share.role = role
      share.attempts = attempts
      share.done = done
      share.commits = commits
      (share.insertions, share.deletions) = lines
      share.checks = checks
      share.reviews = reviews
      share.lastSeenAt = at(seen)
      return share
    }
    return [
      share("company-agent", "작성", 3, 1, 2, (412, 96), 3, 0, 9000),
      share("home-agent", "작성", 2, 0, 1, (58, 7), 0, 1, 12_900),
      share("review-agent", "검토", 0, 0, 0, (0, 0), 0, 1, 8700)
    ]
  }
}
