import OrchApp
import OrchCore

extension ReportPage {
  var tasks: TemplateValue { .rows(report.tasks.map { task($0) }) }

  private func task(_ item: Report.Item) -> TemplateValue {
    let task = item.task
    let context = item.checkpoint?.context
    return .object([
      "id": .code(task.id), "title": .text(task.title), "state": .text(item.state.rawValue),
      "stateLabel": .text(label(item.state)), "stateMark": .text(Self.mark(item.state)),
      "isUnreviewed": .flag(item.isUnreviewed), "body": .block(task.content.body), "asked": name(task.createdBy),
      "source": .text(task.source), "authors": names(task.holders), "reviewers": names(task.reviewers),
      "holder": .text(
        item.lease.map {
          localized(.reportHeld(agent: name($0.agent), host: $0.host, until: text.longDate($0.expiresAt)))
        }),
      "outcome": .block(item.outcome), "checkpointAt": date(item.checkpoint?.at),
      "hasCheckpoint": .flag(item.checkpoint != nil), "phase": .text(context?.phase),
      "lastAction": .comment(context?.lastAction), "nextAction": .comment(context?.nextAction),
      "reference": .text(context?.reference), "note": .comment(context?.note),
      "submission": item.submission.map { submission($0) } ?? .nothing
    ])
  }

  private func submission(_ view: SubmissionView) -> TemplateValue {
    .object([
      "commit": short(view.submission.oid), "branch": .code(view.submission.branch),
      "standing": .text(view.state.rawValue), "label": .text(label(view.state)),
      "isStale": .flag(view.state == .stale), "isDirty": .flag(view.submission.dirty)
    ])
  }

  private func label(_ state: SubmissionView.State) -> String {
    let message: Message =
      switch state {
      case .current: .reportSubmissionCurrent
      case .stale: .reportSubmissionStale
      case .merged: .reportSubmissionMerged
      case .unknown: .reportSubmissionUnknown
      }
    return localized(message)
  }

  private func label(_ state: VisibleState) -> String {
    let message: Message =
      switch state {
      case .queued: .reportStateQueued
      case .scheduled: .reportStateScheduled
      case .blocked: .reportStateBlocked
      case .running: .reportStateRunning
      case .review: .reportStateReview
      case .offered: .reportStateOffered
      case .done: .reportStateDone
      case .dead: .reportStateDead
      case .cancelled: .reportStateCancelled
      }
    return localized(message)
  }

  /// A shape for each kind of state, so that none is told by its colour alone.
  private static func mark(_ state: VisibleState) -> String {
    switch state {
    case .done: "✔"
    case .running: "▶"
    case .queued, .scheduled: "○"
    case .review, .offered: "◆"
    case .blocked: "■"
    case .dead: "✖"
    case .cancelled: "–"
    }
  }

  var agents: TemplateValue {
    .rows(
      report.agents.map { share in
        .object([
          "agent": .text(name(share.agent)), "role": .text(share.role), "attempts": .number(share.attempts),
          "done": .number(share.done), "commits": .number(share.commits),
          "lines": .text("+\(share.insertions) −\(share.deletions)"), "checks": .number(share.checks),
          "reviews": .number(share.reviews), "seen": date(share.lastSeenAt)
        ])
      })
  }
}
