package import OrchApp
import OrchCore
import OrchStore

extension Reader {
  /// How many events a text shows of a task or a session.
  private static let shownEvents = 200

  package func shown(_ shown: Shown) throws -> String {
    switch shown {
    case .task(let detail): try self.detail(detail)
    case .session(let detail): try self.detail(detail)
    case .commit(let traces): traces.map { trace($0) }.joined(separator: "\n\n")
    case .event(let recorded): try entry(LogLine(recorded: recorded, title: nil)) + recordedData(recorded)
    }
  }

  private func detail(_ detail: TaskDetail) throws -> String {
    let task = detail.packet.task
    var sheet = LabeledText(budget: .max, whole: "")
    sheet.plain(row(task, lease: detail.lease, at: detail.now))
    sheet.line(
      say("session", "세션"),
      [task.shownSession, task.project.map { say("project ", "프로젝트 ") + $0 }, "\(say("kind", "종류")) \(task.kind)"])
    sheet.line(
      say("asked by", "요청"),
      [
        task.createdBy.map { line($0) }, task.source.map { say("source ", "출처 ") + line($0) },
        clock(task.createdAt, now: detail.now), task.key.map { say("key ", "키 ") + $0 }
      ])
    sheet.line(
      say("review", "검토"),
      [
        task.reviewers.isEmpty ? nil : task.reviewers.joined(separator: ", "),
        task.requireReview ? say("required", "필수") : nil,
        task.review.approvers.isEmpty
          ? nil : say("approved by ", "승인 ") + task.review.approvers.joined(separator: ", "),
        task.review.staleApprovers.isEmpty
          ? nil : say("stale approval by ", "낡은 승인 ") + task.review.staleApprovers.joined(separator: ", ")
      ])
    sheet.line(
      say("submitted", "제출"),
      [submitted(detail.submission?.submission), detail.submission.flatMap { standing($0.standing) }])
    for review in detail.reviews.suffix(5) where review.verdict != .requested {
      sheet.line(say("reviewed", "검토 기록"), [self.review(review, now: detail.now)])
    }
    if task.state == .offered, let offer = detail.handoffs.last {
      sheet.line(say("offered", "인계"), [handoff(offer, now: detail.now)])
    }
    sheet.line(say("checks", "점검"), task.requiredChecks.map { name in check(name, detail) })
    sheet.line(say("after", "선행 작업"), task.after)
    sheet.line(
      say("attempts", "시도"),
      [
        "\(task.attempt)",
        say("failures \(task.failures) of \(task.maxAttempts)", "실패 \(task.failures)/\(task.maxAttempts)")
      ])
    sheet.line(say("not before", "시작 시각"), [task.notBefore.map { clock($0, now: detail.now) }])
    sheet.line(
      say("last error", "최근 오류"), [task.lastError?.code.map { line($0) }, task.lastError?.message.map { line($0) }],
      limit: .max)
    if let body = task.content.body { sheet.block(body, limit: .max) }
    sheet.line(say("payload", "페이로드"), [task.content.payload.map { line($0) }], limit: .max)
    sheet.line(say("result", "결과"), [task.content.result.map { line($0) }], limit: .max)
    for note in detail.packet.notes { sheet.line(say("note", "메모"), [statement(note)], limit: .max) }
    sheet.plain("")
    try list(detail.events, &sheet)
    return sheet.finished()
  }

  /// How a submission stands to what the repository holds now.
  private func standing(_ standing: SubmissionView.Standing) -> String? {
    switch standing {
    case .current, .unknown: nil
    case .merged: say("merged", "병합됨")
    case .stale: alarm(say("stale: the branch holds something else by now", "낡음: 브랜치 내용이 바뀜"))
    }
  }

  /// A required check, and how it went last on what counts now.
  private func check(_ name: String, _ detail: TaskDetail) -> String {
    guard let last = detail.checks.last(where: { $0.name == name && $0.isPresent }) else {
      return "\(name) (\(say("not run on this", "현재 내용에서 미실행")))"
    }
    return "\(name) (\(last.hasPassed ? say("passed", "통과") : say("failed", "실패")))"
  }

  private func detail(_ detail: SessionDetail) throws -> String {
    let view = detail.view
    var sheet = LabeledText(budget: .max, whole: "")
    sheet.plain(
      "\(say("session", "세션")) \(view.session.shownID)   \(say("fence", "펜스")) \(view.session.fence)   "
        + say("\(view.session.seq) events", "이벤트 \(view.session.seq)건"))
    if let lease = view.session.lease {
      sheet.line(say("held by", "점유자"), [lease.agent, line(lease.host), lease.task, left(lease, detail.now)])
    }
    if let context = view.checkpoint?.context {
      sheet.line(
        say("left off", "중단 지점"),
        [
          context.phase.map { say("phase ", "단계 ") + line($0) },
          context.lastAction.map { say("last ", "마지막 ") + line($0) },
          context.nextAction.map { say("next ", "다음 ") + line($0) },
          context.reference.map { say("ref ", "참조 ") + line($0) }
        ], limit: .max)
    }
    for task in detail.tasks.prefix(Self.shownEvents) {
      let lease = view.session.lease
      sheet.plain(row(task, lease: lease?.task == task.id ? lease : nil, at: detail.now))
    }
    sheet.plain("")
    try list(detail.events, &sheet)
    return sheet.finished()
  }

  private func list(_ events: [StoredEvent], _ sheet: inout LabeledText) throws {
    let hidden = events.count - Self.shownEvents
    if hidden > 0 {
      sheet.plain(say("… \(hidden) earlier events: orch log --reverse", "… 이전 이벤트 \(hidden)건: orch log --reverse"))
    }
    for recorded in events.suffix(Self.shownEvents) {
      sheet.plain(try oneline(LogLine(recorded: recorded, title: nil)))
    }
  }

  private func recordedData(_ recorded: StoredEvent) throws -> String {
    "    " + Terminal.escaped(try recorded.entry().event.data.json.text())
  }
}
