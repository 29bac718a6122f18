import OrchApp
import OrchCore

extension ReportPage {
  /// What waits for somebody.
  var needs: TemplateValue {
    .rows(
      report.needs.map { need in
        .object([
          "kind": .text(need.kind.rawValue), "text": .text(sentence(need)), "task": .code(need.task),
          "title": .text(need.title), "who": names(need.who), "when": .text(time(need)),
          // A check's name stands in the sentence.
          "detail": need.kind == .check ? .nothing : .comment(need.detail), "command": .code(need.command.text)
        ])
      })
  }

  private func sentence(_ need: Report.Need) -> String {
    let who = need.who.map(name).joined(separator: ", ")
    let check = need.detail ?? "?"
    func others(_ sentence: Message) -> Message {
      who.isEmpty ? sentence : .reportNeedOthers(sentence: sentence, who: who)
    }
    let text: Message =
      switch need.kind {
      case .review: who.isEmpty ? .reportNeedReview : .reportNeedReviewWho(who: who)
      case .offer: who.isEmpty ? .reportNeedOffer : .reportNeedOfferWho(who: who)
      case .staleApproval: who.isEmpty ? .reportNeedStaleApproval : .reportNeedStaleApprovalWho(who: who)
      case .staleSubmission: who.isEmpty ? .reportNeedStaleSubmission : .reportNeedStaleSubmissionWho(who: who)
      case .check: who.isEmpty ? .reportNeedCheck(detail: check) : .reportNeedCheckWho(who: who, detail: check)
      case .dead: others(.reportNeedDead)
      case .staleLease: others(.reportNeedStaleLease)
      case .dependencyDead: others(.reportNeedDependencyDead)
      }
    return localized(text)
  }

  private func time(_ need: Report.Need) -> String? {
    guard let at = need.at.map({ text.longDate($0) }) else { return nil }
    return localized(need.kind == .offer ? .reportNeedUntil(at: at) : .reportNeedSince(at: at))
  }

  /// How things stand, with a mark whose shape says it, too.
  var status: TemplateValue {
    let level = report.health.level
    let (mark, label): (String, Message) =
      switch level {
      case .onTrack: ("●", .reportStatusOnTrack)
      case .watch: ("▲", .reportStatusWatch)
      case .blocked: ("■", .reportStatusBlocked)
      }
    let reasons = report.health.reasons.map { localized($0.label) }
    return .object([
      "level": .text(level.rawValue), "label": .text(localized(label)), "mark": .text(mark),
      "reasons": reasons.isEmpty ? .nothing : .text(reasons.joined(separator: ", "))
    ])
  }
}

extension Report.Health.Reason {
  fileprivate var label: Message {
    switch code {
    case .done: .reportReasonDone(count: count)
    case .running: .reportReasonRunning(count: count)
    case .queued: .reportReasonQueued(count: count)
    case .review: .reportReasonReview(count: count)
    case .offered: .reportReasonOffered(count: count)
    case .blocked: .reportReasonBlocked(count: count)
    case .scheduled: .reportReasonScheduled(count: count)
    case .dead: .reportReasonDead(count: count)
    case .cancelled: .reportReasonCancelled(count: count)
    case .staleLease: .reportReasonStaleLease(count: count)
    case .staleApproval: .reportReasonStaleApproval(count: count)
    case .staleSubmission: .reportReasonStaleSubmission(count: count)
    case .dependencyDead: .reportReasonDependencyDead(count: count)
    case .failedCheck: .reportReasonFailedCheck(count: count)
    case .missingCheck: .reportReasonMissingCheck(count: count)
    case .notReviewed: .reportReasonDoneNotReviewed(count: count)
    case .unresolvedCommit: .reportReasonUnresolvedCommit(count: count)
    }
  }
}
