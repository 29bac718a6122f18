package import OrchApp
package import OrchCore
import OrchStore

extension TextRenderer {
  /// A line of `review list`.
  package func review(_ review: ReviewView, now: Instant) -> String {
    let who = review.reviewer.map { line($0) } ?? "?"
    let what: Message =
      switch review.verdict {
      case .requested: .reviewRequested(agent: who)
      case .approved: .reviewApproved(agent: who)
      case .rejected: .reviewRejected(agent: who)
      case .commented: .reviewCommented(agent: who)
      }
    return [
      line(review.task), localized(what), submitted(review.submission),
      review.isStale ? alarm(localized(.reviewStale)) : nil, ago(review.at, now: now),
      review.text.map { excerpt($0, 120) }
    ].compactMap { $0 }.joined(separator: "   ")
  }

  /// What a verdict did.
  package func reviewed(_ reviewed: Reviewed) -> String {
    let (task, review) = (reviewed.task, reviewed.review)
    let message: Message =
      switch review.verdict {
      case .approved where task.state == .done: .reviewedDone(task: task.shownID)
      case .approved:
        .reviewedApproved(task: task.shownID, agents: task.awaitedReviewers.joined(separator: ", "))
      case .rejected: .reviewedRejected(task: task.shownID, agent: task.assignee ?? "?")
      case .commented, .requested: .reviewedCommented(task: task.shownID)
      }
    return localized(message)
  }

  /// A line of `handoff list`.
  package func handoff(_ handoff: HandoffView, now: Instant) -> String {
    let isOverdue = handoff.state == .offered && handoff.expiresAt <= now
    let label: Message =
      switch handoff.state {
      case .offered:
        isOverdue
          ? .handoffOverdue(ago: ago(handoff.expiresAt, now: now))
          : .handoffUntil(until: clock(handoff.expiresAt, now: now))
      case .accepted: .handoffAccepted
      case .declined: .handoffDeclined
      case .expired: .handoffExpired
      case .cancelled: .handoffCancelled
      }
    let state = isOverdue ? alarm(localized(label)) : localized(label)
    return [
      line(handoff.task), "\(line(handoff.from)) → \(line(handoff.to))", state, handoff.why.map { excerpt($0, 120) },
      handoff.next.map { localized(.fieldNext(text: excerpt($0, 120))) },
      handoff.answer.map { localized(.handoffAnswer(text: excerpt($0, 120))) }
    ].compactMap { $0 }.joined(separator: "   ")
  }

  /// What an offer, or its answer, did.
  package func offered(_ offered: Offered) -> String {
    let (task, handoff) = (offered.task, offered.handoff)
    guard handoff.state == .offered else {
      return localized(.offeredBack(task: task.shownID, agent: line(handoff.from)))
    }
    let until = clock(handoff.expiresAt, now: offered.now)
    return localized(.offeredTo(task: task.shownID, agent: line(handoff.to), until: until))
  }

  /// What was recorded of a check.
  package func recorded(_ check: CheckView) -> String {
    let verdict: Message =
      if check.exitStatus != 0 {
        .checkFailed(status: check.exitStatus)
      } else {
        check.dirty ? .checkDirty : .checkPassed
      }
    return localized(
      check.oid.map {
        .checkRecordedAt(name: check.name, task: check.task, verdict: verdict, commit: $0.prefix(7))
      } ?? .checkRecorded(name: check.name, task: check.task, verdict: verdict))
  }

  /// What deciding a value did.
  package func settled(_ settled: DecisionResult) -> String {
    let decision = settled.decision
    let text = "\(line(decision.key))=\(line(decision.value))   \(decision.id.hex.prefix(10))"
    return localized(settled.isNew ? .decidedNew(decision: text) : .decidedAlready(decision: text))
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
    guard let oid = submission.oid else { return localized(.reviewWithoutGit) }
    return "\(oid.prefix(7))\(submission.branch.map { " (\(line($0)))" } ?? "")"
  }
}
