import OrchApp
import OrchCore
import OrchGit

/// What was done in ``rich``.
extension ReportFixtures {
  static var commits: [TracedCommit] {
    [
      TracedCommit(
        oid: "3f2a91c4b7d0e5f60718293a4b5c6d7e8f901234", subject: "feat: 일별 집계를 kpi_daily로 옮김 (company-agent)",
        author: "회사재규 <jaegyu@company.example>", agent: "company-agent", reviewer: "review-agent", task: "t-7k2f9q3h",
        date: at(3600), state: .linked, diff: DiffStat(files: 9, insertions: 374, deletions: 96)),
      TracedCommit(
        oid: "90ab12cd34ef56781234567890abcdef12345678", subject: "fixup! feat: 재시도 (home-agent)",
        author: "집재규 <jaegyu@home.example>", agent: "home-agent", task: "t-4m8n2p6q", date: at(5400), state: .rewritten,
        rewrittenTo: "b81c0d2e3f405162738495a6b7c8d9e0f1a2b3c4", diff: DiffStat(files: 1, insertions: 4, deletions: 1)),
      TracedCommit(
        oid: "b81c0d2e3f405162738495a6b7c8d9e0f1a2b3c4", subject: "feat: 배치에 재시도와 지수 백오프를 넣음 (company-agent)",
        author: "회사재규 <jaegyu@company.example>", agent: "company-agent", reviewer: "review-agent", task: "t-4m8n2p6q",
        date: at(7200), state: .linked, diff: DiffStat(files: 3, insertions: 38, deletions: 0)),
      TracedCommit(
        oid: "c0ffee00112233445566778899aabbccddeeff00", subject: "chore: 의존성 갱신",
        author: "재규 <jaegyu@users.example>", date: at(8000), state: .untracked,
        diff: DiffStat(files: 1, insertions: 2, deletions: 2))
    ]
  }

  static var checks: [CheckView] {
    func check(
      _ task: String, _ name: String, _ command: String, _ status: Int, _ milliseconds: Int, _ time: Int,
      dirty: Bool = false, isPresent: Bool = true, isRequired: Bool = true
    ) -> CheckView {
      CheckView(
        task: task, name: name, command: command, exitStatus: status, durationMilliseconds: milliseconds, at: at(time),
        by: "company-agent", oid: "b81c0d2e3f405162738495a6b7c8d9e0f1a2b3c4",
        tree: "7d5e0f1a2b3c4d5e6f708192a3b4c5d6e7f80912", dirty: dirty, outputHash: Digest.numbered(time).hex,
        isPresent: isPresent, isRequired: isRequired, event: .numbered(20))
    }
    return [
      check("t-7k2f9q3h", "test", "swift test --parallel", 0, 83_400, 4500),
      check("t-4m8n2p6q", "test", "swift test --parallel", 0, 85_120, 7500, isPresent: false),
      check("t-4m8n2p6q", "lint", "make lint | tee lint.log", 2, 3_250, 7600, dirty: true)
    ]
  }

  static var claims: [Statement] {
    [
      .init(
        .checkpoint, task: "t-7k2f9q3h", by: "company-agent", at: at(4800), text: "기존 쿼리와 30일치 결과를 비교해 차이가 없음을 확인",
        event: .numbered(21)),
      .init(
        .release, task: "t-7k2f9q3h", by: "company-agent", at: at(5000),
        text: "집계를 kpi_daily로 옮김. 대시보드 응답은 12초에서 0.3초로 줄었음", event: .numbered(22)),
      .init(
        .note, task: "t-4m8n2p6q", by: "home-agent", at: at(5600),
        text: "원본 점검은 매월 둘째 화요일 02:00~02:20\n재시도 간격을 5분 이상으로 둘 것",
        event: .numbered(23))
    ]
  }

  static var attempts: [Report.Run] {
    [
      .init(
        task: "t-7k2f9q3h",
        attempt: attempt(
          1, agent: "company-agent", host: "company-laptop", instance: "/work/kpi", startedAt: at(600),
          endedAt: at(5000),
          outcome: "done", message: "집계를 kpi_daily로 옮김", commits: ["3f2a91c4b7d0e5f60718293a4b5c6d7e8f901234"])),
      .init(
        task: "t-4m8n2p6q",
        attempt: attempt(
          1, agent: "home-agent", host: "home-desktop", instance: "/home/jaegyu/kpi", startedAt: at(5100),
          endedAt: at(6900), outcome: "expired", message: nil)),
      .init(
        task: "t-4m8n2p6q",
        attempt: attempt(
          2, agent: "company-agent", host: "company-laptop", instance: "/work/kpi", startedAt: at(6960),
          endedAt: at(7800),
          outcome: "review", message: "재시도 3회와 지수 백오프를 넣음", commits: ["b81c0d2e3f405162738495a6b7c8d9e0f1a2b3c4"])),
      .init(
        task: "t-9x1y5z7w",
        attempt: attempt(
          1, agent: "company-agent", host: "company-laptop", instance: "/work/kpi", startedAt: at(8000),
          endedAt: at(9000),
          outcome: "handoff", message: "퇴근으로 자리를 비움")),
      .init(
        task: "t-9x1y5z7w",
        attempt: attempt(
          2, agent: "home-agent", host: "home-desktop", instance: "/home/jaegyu/kpi", startedAt: at(9600), endedAt: nil,
          outcome: nil))
    ]
  }

  static var reviews: [ReviewView] {
    func submission(_ seq: Int, _ oid: String) -> Submission {
      Submission(seq: seq, oid: oid, tree: "7d5e0f1a2b3c4d5e6f708192a3b4c5d6e7f80912", branch: "kpi-retry")
    }
    let first = submission(28, "90ab12cd34ef56781234567890abcdef12345678")
    let second = submission(30, "b81c0d2e3f405162738495a6b7c8d9e0f1a2b3c4")
    return [
      ReviewView(
        task: "t-4m8n2p6q", reviewer: "home-agent", verdict: .approved, text: "간격이 충분함", at: at(7000),
        event: .numbered(24), submission: first, isStale: true, isFromAuthorsPlace: true),
      ReviewView(
        task: "t-4m8n2p6q", reviewer: "review-agent", verdict: .requested, text: "재시도 간격이 충분한지 봐 주세요", at: at(7800),
        event: .numbered(25), submission: second),
      ReviewView(
        task: "t-4m8n2p6q", reviewer: "review-agent", verdict: .rejected,
        text: "세 번째 재시도가 점검 시간 안에 끝남. 간격을 늘려 주세요.\n그 밖에는 좋음", at: at(8700), event: .numbered(26),
        submission: second)
    ]
  }
}
