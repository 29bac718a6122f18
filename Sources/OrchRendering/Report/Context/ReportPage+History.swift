import OrchApp
import OrchCore

extension ReportPage {
  var attempts: TemplateValue {
    .rows(
      report.attempts.map { run in
        let attempt = run.attempt
        return .object([
          "task": .code(run.task), "number": .number(attempt.number), "agent": name(attempt.agent),
          "host": .text(attempt.host), "instance": .text(attempt.instance), "fence": .number(attempt.fence),
          "start": date(attempt.startedAt), "end": date(attempt.endedAt),
          "outcome": .text(outcome(attempt)), "why": .comment(attempt.message),
          "commits": attempt.commits.isEmpty
            ? .nothing : .list(attempt.commits.map { .object(["oid": short($0)]) })
        ])
      })
  }

  /// How an attempt ended; as the log has it where it is no outcome that is known.
  func outcome(_ attempt: Attempt) -> String {
    guard attempt.endedAt != nil else { return localized(.reportOutcomeRunning) }
    switch attempt.outcome {
    case "done": return localized(.reportOutcomeDone)
    case "failed": return localized(.reportOutcomeFailed)
    case "requeue": return localized(.reportOutcomeRequeue)
    case "review": return localized(.reportOutcomeReview)
    case "expired": return localized(.reportOutcomeExpired)
    case "cancelled": return localized(.reportOutcomeCancelled)
    case "handoff": return localized(.reportOutcomeHandoff)
    case let outcome: return outcome ?? "?"
    }
  }

  var reviews: TemplateValue {
    .rows(
      report.reviews.map { review in
        .object([
          "task": .code(review.task), "reviewer": name(review.reviewer), "verdict": .text(review.verdict.rawValue),
          "label": .text(label(review.verdict)), "mark": .text(Self.mark(review)),
          "text": .comment(review.text), "when": date(review.at), "commit": short(review.submission?.oid),
          "branch": .code(review.submission?.branch), "isStale": .flag(review.isStale),
          "isFromAuthorsPlace": .flag(review.isFromAuthorsPlace), "event": short(review.event)
        ])
      })
  }

  func label(_ verdict: ReviewView.Verdict) -> String {
    let message: Message =
      switch verdict {
      case .requested: .reportVerdictRequested
      case .approved: .reportVerdictApproved
      case .rejected: .reportVerdictRejected
      case .commented: .reportVerdictCommented
      }
    return localized(message)
  }

  private func label(_ state: HandoffView.State) -> String {
    let message: Message =
      switch state {
      case .offered: .reportHandoffOffered
      case .accepted: .reportHandoffAccepted
      case .declined: .reportHandoffDeclined
      case .expired: .reportHandoffExpired
      case .cancelled: .reportHandoffCancelled
      }
    return localized(message)
  }

  private static func mark(_ review: ReviewView) -> String {
    switch review.verdict {
    case .requested: "◆"
    case .approved: review.isStale ? "▲" : "✔"
    case .rejected: "✖"
    case .commented: "…"
    }
  }

  var handoffs: TemplateValue {
    .rows(
      report.handoffs.map { offer in
        .object([
          "task": .code(offer.task), "from": .text(name(offer.from)), "to": .text(name(offer.to)),
          "why": .comment(offer.why), "next": .comment(offer.next), "state": .text(offer.state.rawValue),
          "label": .text(label(offer.state)), "offered": date(offer.offeredAt),
          "expires": date(offer.expiresAt), "ended": date(offer.endedAt), "answer": .comment(offer.answer),
          "event": short(offer.event)
        ])
      })
  }
}
