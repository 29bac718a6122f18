package import OrchApp
package import OrchCore

extension JSON {
  /// What `report --format json` prints: all that the other formats show, and the ids that they shorten.
  package static func report(_ report: Report) -> JSON {
    .object([
      "scope": .scope(report.scope), "title": .string(report.title), "project": .text(report.project),
      "reader": .text(report.reader), "now": .instant(report.now), "needs": .array(report.needs.map { .need($0) }),
      "status": .health(report.health), "tasks": .array(report.tasks.map { .item($0, at: report.now) }),
      "agents": .array(report.agents.map { .share($0) }), "commits": .array(report.commits.map { .commit($0) }),
      "checks": .array(report.checks.map { .check($0) }), "claims": .array(report.claims.map { .claimed($0) }),
      "actions": .array(report.actions.map { .action($0) }),
      "decisions": .array(report.decisions.map { .decision($0) }),
      "attempts": .array(report.attempts.map { .run($0) }), "reviews": .array(report.reviews.map { .review($0) }),
      "handoffs": .array(report.handoffs.map { .handoff($0) }), "anchor": .anchor(report.anchor),
      "trailers": .array(
        report.trailers.map { .object(["key": .string($0.key), "value": .string($0.value)]) }),
      "displays": .object(
        report.displays.sorted { $0.key < $1.key }.map { JSONMember(key: $0.key, value: .string($0.value)) })
    ])
  }

  private static func scope(_ scope: Report.Scope) -> JSON {
    func object(
      _ kind: String, tasks: [String]? = nil, session: String? = nil, since: Instant? = nil, until: Instant? = nil,
      range: String? = nil
    ) -> JSON {
      .object([
        "kind": .string(kind), "tasks": tasks.map { .strings($0) } ?? .null, "session": .text(session),
        "since": .time(since), "until": .time(until), "range": .text(range)
      ])
    }
    return switch scope {
    case .tasks(let tasks): object("tasks", tasks: tasks)
    case .session(let session): object("session", session: session)
    case .time(let since, let until): object("time", since: since, until: until)
    case .range(let range): object("range", range: range)
    case .open: object("open")
    }
  }

  private static func need(_ need: Report.Need) -> JSON {
    .object([
      "kind": .string(need.kind.rawValue), "task": .text(need.task), "title": .text(need.title),
      "who": .strings(need.who), "at": .time(need.at), "detail": .text(need.detail),
      "command": .string(need.command.text)
    ])
  }

  private static func health(_ health: Report.Health) -> JSON {
    .object([
      "level": .string(health.level.rawValue),
      "reasons": .array(
        health.reasons.map { .object(["code": .string($0.code.rawValue), "count": .int($0.count)]) })
    ])
  }

  private static func item(_ item: Report.Item, at now: Instant) -> JSON {
    .object([
      "task": .task(item.task, lease: item.lease, at: now), "state": .string(item.state.rawValue),
      "authors": .strings(item.task.holders), "checkpoint": item.checkpoint.map { .checkpoint($0) } ?? .null,
      "outcome": .text(item.outcome), "unreviewed": .bool(item.isUnreviewed),
      "submission": .submission(item.submission)
    ])
  }

  private static func share(_ share: Report.Share) -> JSON {
    .object([
      "agent": .string(share.agent), "role": .text(share.role), "attempts": .int(share.attempts),
      "done": .int(share.done), "commits": .int(share.commits), "insertions": .int(share.insertions),
      "deletions": .int(share.deletions), "checks": .int(share.checks), "reviews": .int(share.reviews),
      "lastSeenAt": .time(share.lastSeenAt)
    ])
  }

  private static func claimed(_ claim: Statement) -> JSON {
    .object([
      "kind": .string(claim.kind.rawValue), "task": .text(claim.task), "by": .text(claim.by), "at": .instant(claim.at),
      "text": .string(claim.text), "event": .string(claim.event.hex)
    ])
  }

  private static func action(_ action: Report.Action) -> JSON {
    .object([
      "task": .string(action.task), "owner": .text(action.owner), "text": .string(action.text),
      "event": .text(action.event?.hex)
    ])
  }

  private static func run(_ run: Report.Run) -> JSON {
    .object([
      "task": .string(run.task), "host": .text(run.attempt.host), "instance": .text(run.attempt.instance),
      "attempt": .attempt(run.attempt)
    ])
  }

  private static func anchor(_ anchor: Report.Anchor) -> JSON {
    .object([
      "log": .string(anchor.logID), "command": .string(anchor.command.text),
      "heads": .array(
        anchor.heads.map {
          .object(["session": .string($0.session), "events": .int($0.events), "id": .string($0.id.hex)])
        })
    ])
  }
}
