package import OrchApp
package import OrchCore

extension JSON {
  /// The `Review` object.
  package static func review(_ review: ReviewView) -> JSON {
    .object([
      "task": .string(review.task), "reviewer": .text(review.reviewer), "verdict": .string(review.verdict.rawValue),
      "text": .text(review.text), "at": .instant(review.at), "event": .string(review.event.hex),
      "oid": .text(review.submission?.oid), "tree": .text(review.submission?.tree), "stale": .bool(review.isStale),
      "change": .text(review.submission?.change), "branch": .text(review.submission?.branch),
      "fromAuthorsPlace": .bool(review.isFromAuthorsPlace)
    ])
  }

  /// The `Handoff` object.
  package static func handoff(_ offer: HandoffView) -> JSON {
    .object([
      "task": .string(offer.task), "from": .string(offer.from), "to": .string(offer.to), "why": .text(offer.why),
      "next": .text(offer.next), "state": .string(offer.state.rawValue), "expiresAt": .instant(offer.expiresAt),
      "event": .string(offer.event.hex), "offeredAt": .instant(offer.offeredAt), "endedAt": .time(offer.endedAt),
      "answer": .text(offer.answer)
    ])
  }

  /// The `Check` object.
  package static func check(_ check: CheckView) -> JSON {
    .object([
      "task": .string(check.task), "name": .string(check.name), "command": .string(check.command),
      "exitStatus": .int(check.exitStatus), "passed": .bool(check.hasPassed),
      "durationMs": .int(check.durationMilliseconds), "at": .instant(check.at), "by": .text(check.by),
      "oid": .text(check.oid), "tree": .text(check.tree), "dirty": .bool(check.dirty),
      "outputHash": .string(check.outputHash), "present": .bool(check.isPresent), "required": .bool(check.isRequired),
      "event": .string(check.event.hex)
    ])
  }

  /// What was submitted, and how it stands to what the repository holds now; null where nothing was.
  package static func submission(_ view: SubmissionView?) -> JSON {
    guard let view else { return .null }
    let submission = view.submission
    return .object([
      "oid": .text(submission.oid), "tree": .text(submission.tree), "change": .text(submission.change),
      "branch": .text(submission.branch), "repository": .text(submission.repository),
      "dirty": .bool(submission.dirty), "standing": .string(view.state.rawValue)
    ])
  }
}
