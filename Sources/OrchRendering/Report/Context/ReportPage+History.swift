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
          "outcome": .text(outcome(attempt)), "why": .remark(attempt.message),
          "commits": attempt.commits.isEmpty
            ? .nothing : .list(attempt.commits.map { .object(["oid": short($0)]) })
        ])
      })
  }

  /// How an attempt ended, in the reader's language; as the log has it where it is none that is known.
  func outcome(_ attempt: Attempt) -> String {
    guard attempt.endedAt != nil else { return words("outcome.running") }
    let outcome = attempt.outcome ?? "?"
    return words.has("outcome.\(outcome)") ? words("outcome.\(outcome)") : outcome
  }

  var reviews: TemplateValue {
    .rows(
      report.reviews.map { review in
        .object([
          "task": .code(review.task), "reviewer": name(review.reviewer), "verdict": .text(review.verdict.rawValue),
          "label": .text(words("verdict.\(review.verdict.rawValue)")), "mark": .text(Self.mark(review)),
          "text": .remark(review.text), "when": date(review.at), "commit": short(review.submission?.oid),
          "branch": .code(review.submission?.branch), "isStale": .flag(review.isStale),
          "isFromAuthorsPlace": .flag(review.isFromAuthorsPlace), "event": short(review.event)
        ])
      })
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
          "why": .remark(offer.why), "next": .remark(offer.next), "state": .text(offer.state.rawValue),
          "label": .text(words("handoff.\(offer.state.rawValue)")), "offered": date(offer.offeredAt),
          "expires": date(offer.expiresAt), "ended": date(offer.endedAt), "answer": .remark(offer.answer),
          "event": short(offer.event)
        ])
      })
  }
}
