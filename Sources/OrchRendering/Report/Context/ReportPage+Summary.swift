import OrchApp
import OrchCore

extension ReportPage {
  var tasks: TemplateValue { .rows(report.tasks.map { task($0) }) }

  private func task(_ item: Report.Item) -> TemplateValue {
    let task = item.task
    let context = item.checkpoint?.context
    return .object([
      "id": .code(task.id), "title": .text(task.title), "state": .text(item.state.rawValue),
      "stateLabel": .text(words("state.\(item.state.rawValue)")), "stateMark": .text(Self.mark(item.state)),
      "isUnreviewed": .flag(item.isUnreviewed), "body": .passage(task.content.body), "asked": name(task.createdBy),
      "source": .text(task.source), "authors": names(task.holders), "reviewers": names(task.reviewers),
      "holder": .text(
        item.lease.map {
          words("held", ["agent": name($0.agent), "host": $0.host, "until": reader.longDate($0.expiresAt)])
        }),
      "outcome": .passage(item.outcome), "checkpointAt": date(item.checkpoint?.at),
      "hasCheckpoint": .flag(item.checkpoint != nil), "phase": .text(context?.phase),
      "lastAction": .remark(context?.lastAction), "nextAction": .remark(context?.nextAction),
      "reference": .text(context?.reference), "note": .remark(context?.note),
      "submission": item.submission.map { submission($0) } ?? .nothing
    ])
  }

  private func submission(_ view: SubmissionView) -> TemplateValue {
    .object([
      "commit": short(view.submission.oid), "branch": .code(view.submission.branch),
      "standing": .text(view.standing.rawValue), "label": .text(words("submission.\(view.standing.rawValue)")),
      "isStale": .flag(view.standing == .stale), "isDirty": .flag(view.submission.dirty)
    ])
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
