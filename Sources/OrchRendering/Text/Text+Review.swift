package import OrchApp
package import OrchCore
import OrchStore

extension Reader {
  /// A line of `review list`.
  package func review(_ review: ReviewView, now: Instant) -> String {
    let who = review.reviewer.map { line($0) } ?? "?"
    let what =
      switch review.verdict {
      case .requested: say("waits for \(who)", "\(who) 검토 대기")
      case .approved: say("approved by \(who)", "\(who) 승인")
      case .rejected: say("rejected by \(who)", "\(who) 반려")
      case .commented: say("comment by \(who)", "\(who) 의견")
      }
    return [
      line(review.task), what, submitted(review.submission), review.isStale ? alarm(say("stale", "낡음")) : nil,
      ago(review.at, now: now), review.text.map { excerpt($0, 120) }
    ].compactMap { $0 }.joined(separator: "   ")
  }

  /// What a verdict did.
  package func reviewed(_ reviewed: Reviewed) -> String {
    let (task, review) = (reviewed.task, reviewed.review)
    let waiting = task.awaitedReviewers.joined(separator: ", ")
    switch review.verdict {
    case .approved where task.state == .done:
      return say("approved \(task.shownID): done", "\(task.shownID) 승인: 완료")
    case .approved:
      return say("approved \(task.shownID); waits for \(waiting)", "\(task.shownID) 승인, \(waiting) 대기")
    case .rejected:
      let author = task.assignee ?? "?"
      return say("rejected \(task.shownID); back to \(author)", "\(task.shownID) 반려, \(author)에게 되돌림")
    case .commented, .requested: return say("commented on \(task.shownID)", "\(task.shownID)에 의견을 남김")
    }
  }

  /// A line of `handoff list`.
  package func handoff(_ handoff: HandoffView, now: Instant) -> String {
    let state =
      switch handoff.state {
      case .offered:
        handoff.expiresAt > now
          ? say("until \(clock(handoff.expiresAt, now: now))", "\(clock(handoff.expiresAt, now: now))까지")
          : alarm(say("expired \(ago(handoff.expiresAt, now: now))", "\(ago(handoff.expiresAt, now: now)) 기한 지남"))
      case .accepted: say("accepted", "수락")
      case .declined: say("declined", "거절")
      case .expired: say("expired", "만료")
      case .cancelled: say("cancelled", "취소")
      }
    return [
      line(handoff.task), "\(line(handoff.from)) → \(line(handoff.to))", state, handoff.why.map { excerpt($0, 120) },
      handoff.next.map { say("next ", "다음 ") + excerpt($0, 120) },
      handoff.answer.map { say("answer ", "답 ") + excerpt($0, 120) }
    ].compactMap { $0 }.joined(separator: "   ")
  }

  /// What an offer, or its answer, did.
  package func offered(_ offered: Offered) -> String {
    let (task, handoff) = (offered.task, offered.handoff)
    guard handoff.state == .offered else {
      return say(
        "\(task.shownID) goes back to \(line(handoff.from))", "\(task.shownID)을(를) \(line(handoff.from))에게 되돌림")
    }
    let until = clock(handoff.expiresAt, now: offered.now)
    return say(
      "offered \(task.shownID) to \(line(handoff.to)) until \(until)",
      "\(task.shownID)을(를) \(line(handoff.to))에게 넘기겠다고 제안함, 기한 \(until)")
  }

  /// What was recorded of a check.
  package func recorded(_ check: CheckView) -> String {
    let verdict =
      if check.exitStatus != 0 {
        say("failed with \(check.exitStatus)", "실패 (\(check.exitStatus))")
      } else if check.dirty {
        say("passed, but not on what is committed: it does not count", "통과했으나 커밋되지 않은 내용이 있어 인정되지 않음")
      } else {
        say("passed", "통과")
      }
    let place = check.oid.map { say(" at \($0.prefix(7))", ", 커밋 \($0.prefix(7))") } ?? ""
    return say(
      "orch: check \(check.name) of \(check.task) \(verdict)\(place)",
      "orch: \(check.task)의 점검 \(check.name) \(verdict)\(place)")
  }

  /// What settling a value came to.
  package func settled(_ settled: DecisionResult) -> String {
    let decision = settled.decision
    let text = "\(line(decision.key))=\(line(decision.value))   \(decision.id.hex.prefix(10))"
    return settled.isNew ? say("decided ", "결정함 ") + text : say("decided already ", "이미 결정됨 ") + text
  }

  /// A line of `decisions`.
  package func decision(_ decision: DecisionView, now: Instant) -> String {
    let event = decision.entry.event
    return [
      "\(line(decision.key))=\(line(decision.value))", line(event.roles.actor ?? "?"), ago(event.at, now: now),
      String(decision.id.hex.prefix(10)), event.data.string(.because).map { excerpt($0, 200) }
    ].compactMap { $0 }.joined(separator: "   ")
  }

  /// What is submitted: the commit and its branch, or that it is work without git.
  func submitted(_ submission: Submission?) -> String? {
    guard let submission else { return nil }
    guard let oid = submission.oid else { return say("without git", "git 없음") }
    return "\(oid.prefix(7))\(submission.branch.map { " (\(line($0)))" } ?? "")"
  }
}
