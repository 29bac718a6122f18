package import OrchApp
import OrchCore

extension Reader {
  /// The longest text of a claim, in characters.
  static let claimBudget = 6000

  /// What `claim`, `resume` and `add --claim` say. Written to be read by agents; the token is never in it.
  package func claim(_ claim: Claim) -> String {
    let task = claim.task
    let packet = claim.packet
    let label = Terminal.padded(say("then", "다음"), columns: LabeledText.indent)
    var sheet = LabeledText(
      budget: Self.claimBudget, whole: say("cut here; all of it: ", "여기서 줄임, 전체: ") + "orch show \(task.shownID)",
      ending: [label + "orch checkpoint --next … | orch release done|review|failed|requeue -m …"])
    let ttl = DurationFormat.format(seconds: claim.lease.ttlSeconds)
    let until = clock(claim.lease.expiresAt, now: claim.now)
    sheet.plain(
      [
        "\(task.shownID)  \(excerpt(task.title, 300))",
        packet.session.session.id == task.id ? nil : packet.session.session.shownID,
        say("attempt \(task.attempt)/\(task.maxAttempts)", "시도 \(task.attempt)/\(task.maxAttempts)"),
        say("lease until \(until) (\(ttl))", "임대 \(until)까지 (\(ttl))")
      ].compactMap { $0 }.joined(separator: "   "))
    let source = task.source.map { line($0) }
    sheet.line(
      say("asked by", "요청"),
      [
        task.createdBy.map { line($0) }, source.map { say("source ", "출처 ") + $0 },
        task.reviewers.isEmpty ? nil : say("reviewer ", "검토자 ") + task.reviewers.joined(separator: ", "),
        task.requireReview ? say("review required", "검토 필수") : nil,
        task.requiredChecks.isEmpty ? nil : say("checks ", "점검 ") + task.requiredChecks.joined(separator: ", ")
      ])
    if let body = task.content.body { sheet.block(body, limit: 1800) }
    sheet.line(say("payload", "페이로드"), [task.content.payload.map { line($0) }], limit: 800)
    for attempt in packet.attempts.dropLast().suffix(3) {
      sheet.line(say("earlier", "이전 시도"), [earlier(attempt, now: claim.now)], limit: 400)
    }
    leftOff(packet, claim.now, &sheet)
    if let drift = packet.drift, drift.isSome { sheet.line(say("moved", "이동"), [moved(drift)], limit: 400) }
    for note in packet.notes.suffix(5) { sheet.line(say("notes", "메모"), [statement(note)], limit: 500) }
    for review in packet.reviews.suffix(3) {
      sheet.line(say("reviews", "검토"), [statement(review, typed: true)], limit: 400)
    }
    for handoff in packet.handoffs.suffix(2) {
      sheet.line(say("handoffs", "인계"), [statement(handoff, typed: true)], limit: 400)
    }
    for decision in packet.decisions.suffix(10) {
      sheet.line(
        say("decided", "결정"),
        ["\(line(decision.key))=\(line(decision.value)) (\(line(decision.entry.event.roles.actor ?? "?")))"], limit: 200
      )
    }
    return sheet.finished()
  }

  private func leftOff(_ packet: ResumePacket, _ now: Instant, _ sheet: inout LabeledText) {
    guard let checkpoint = packet.checkpoint else { return }
    let context = checkpoint.context
    let which =
      checkpoint.task == packet.task.id
      ? say("this task", "이 작업") : say("task \(checkpoint.task ?? "?")", "작업 \(checkpoint.task ?? "?")")
    func quoted(_ label: String, _ text: String?) -> String? { text.map { "\(label) \"\(line($0))\"" } }
    sheet.line(
      say("left off", "중단 지점"),
      [
        context.phase.map { say("phase ", "단계 ") + line($0) }, quoted(say("last", "마지막"), context.lastAction),
        quoted(say("next", "다음"), context.nextAction), context.reference.map { say("ref ", "참조 ") + line($0) },
        quoted(say("note", "메모"), context.note), "(\(ago(checkpoint.at, now: now)), \(which))"
      ], limit: 1200)
    sheet.line(say("saved data", "저장 자료"), [context.data.map { line($0) }], limit: 800)
  }

  /// How the work tree moved since.
  private func moved(_ drift: Drift) -> String {
    func short(_ oid: String?) -> String { oid.map { String($0.prefix(7)) } ?? say("no commit", "커밋 없음") }
    var parts: [String] = []
    if drift.branchChanged {
      parts.append(
        say("branch ", "브랜치 ") + line(drift.at.branch ?? say("none", "없음")) + " → "
          + line(drift.now.branch ?? say("none", "없음")))
    }
    if drift.headChanged { parts.append("head \(short(drift.at.oid)) → \(short(drift.now.oid))") }
    if !drift.dirty.isEmpty {
      let count = drift.dirty.count
      parts.append(
        say("\(count) \(count == 1 ? "file" : "files") not committed", "커밋하지 않은 파일 \(count)개"))
    }
    return parts.joined(separator: "; ")
  }

  private func earlier(_ attempt: Attempt, now: Instant) -> String {
    let agent = attempt.agent ?? "?"
    let end = attempt.endedAt.map { clock($0, now: now) } ?? ""
    let how: String =
      switch attempt.outcome {
      case "expired": say("lease expired \(end)", "\(end) 임대 만료")
      case "cancelled": say("cancelled \(end)", "\(end) 취소")
      case let outcome?: "\(outcome) \(end)"
      case nil: say("not ended", "끝나지 않음")
      }
    let message = attempt.message.map { ": \(line($0))" } ?? ""
    let commits = attempt.commits.map { String($0.prefix(7)) }.joined(separator: " ")
    let seen =
      commits.isEmpty
      ? "" : say("; commits \(commits): look before redoing", "; 커밋 \(commits): 다시 하기 전에 확인")
    return "\(agent): \(how)\(message)\(seen)"
  }

  /// What an event says, and who: a note, a review or a handoff.
  func statement(_ decoded: DecodedEvent, typed: Bool = false) -> String {
    let event = decoded.entry.event
    let text =
      event.data.string(.text) ?? event.data.string(.message) ?? event.data.string(.why) ?? event.data.string(.restate)
    let who = event.roles.actor ?? "?"
    let type = typed ? " \(event.type.rawValue)" : ""
    let next = event.type == .handoffOffered ? event.data.string(.next) : nil
    return
      "\(line(who))\(type)\(text.map { ": \(line($0))" } ?? "")\(next.map { "   \(say("next", "다음")) \(line($0))" } ?? "")"
  }

  /// User text on one line, made safe for a terminal.
  func line(_ text: String) -> String {
    Terminal.escaped(text.contains("\n") ? text.split(separator: "\n").joined(separator: " ⏎ ") : text)
  }

  /// User text on one line, at most `most` characters of it.
  func excerpt(_ text: String, _ limit: Int) -> String {
    let line = line(text)
    return line.count > limit ? String(line.prefix(limit)) + "…" : line
  }
}
