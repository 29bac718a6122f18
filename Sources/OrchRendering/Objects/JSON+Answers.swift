package import OrchApp
package import OrchCore

extension JSON {
  package static func added(_ added: Added) -> JSON {
    .object(["task": .task(added.task, lease: nil, at: added.now), "created": .bool(added.created)])
  }

  package static func transition(_ transition: Transition) -> JSON {
    .object(["task": .task(transition.task, lease: nil, at: transition.now), "event": .event(transition.event)])
  }

  package static func renewal(_ renewal: LeaseRenewal) -> JSON {
    .object([
      "lease": .lease(renewal.lease, session: renewal.session, at: renewal.now),
      "notices": .array(renewal.notices.map { .note($0) })
    ])
  }

  package static func checkpoint(_ saved: Saved) -> JSON {
    .object([
      "checkpoint": .checkpoint(saved.checkpoint),
      "lease": .lease(saved.renewal.lease, session: saved.renewal.session, at: saved.renewal.now),
      "notices": .array(saved.renewal.notices.map { .note($0) })
    ])
  }

  package static func recovery(_ recovery: Recovery) -> JSON {
    .object([
      "session": .string(recovery.session), "task": .string(recovery.task), "agent": .string(recovery.agent),
      "fence": .int(recovery.fence), "heartbeatAt": .time(recovery.heartbeatAt),
      "expiresAt": .instant(recovery.expiresAt), "action": .string(recovery.action.rawValue)
    ])
  }

  package static func shown(_ shown: Shown) -> JSON {
    switch shown {
    case .task(let detail):
      .object([
        "task": .task(detail.packet.task, lease: detail.lease, at: detail.now),
        "attempts": .array(detail.packet.attempts.map { .attempt($0) }),
        "notes": .array(detail.packet.notes.map { .note($0) }), "events": .array(detail.events.map { .event($0) }),
        "commits": .strings(detail.packet.commits), "submission": .submission(detail.submission),
        "reviews": .array(detail.reviews.map { .review($0) }), "checks": .array(detail.checks.map { .check($0) }),
        "handoffs": .array(detail.handoffs.map { .handoff($0) })
      ])
    case .session(let detail):
      .object([
        "session": .session(detail.view, at: detail.now),
        "tasks": .array(
          detail.tasks.map { task in
            let lease = detail.view.session.lease
            return .task(task, lease: lease?.task == task.id ? lease : nil, at: detail.now)
          }),
        "events": .array(detail.events.map { .event($0) })
      ])
    case .event(let recorded): .event(recorded)
    case .commit(let traces): traces.count == 1 ? .trace(traces[0]) : .array(traces.map { .trace($0) })
    }
  }

  package static func status(_ status: Status) -> JSON {
    let english = StringTable()
    return .object([
      "sessions": .array(status.sessions.map { .session($0, at: status.now) }), "counts": .counts(status.counts),
      "stale": .array(status.stale.map { .recovery($0) }), "alerts": .array(status.alerts.map { .alert($0, english) })
    ])
  }

  package static func brief(_ brief: Brief) -> JSON {
    let english = StringTable()
    func tasks(_ tasks: [Task]) -> JSON { .array(tasks.map { .task($0, lease: nil, at: brief.now) }) }
    return .object([
      "agent": .string(brief.agent),
      "held": .array(brief.held.map { .task($0.task, lease: $0.lease, at: brief.now) }),
      "assigned": tasks(brief.assigned), "reviews": tasks(brief.reviews), "handoffs": tasks(brief.handoffs),
      "decisions": .array(brief.decisions.map { .decision($0) }),
      "alerts": .array(brief.alerts.map { .alert($0, english) })
    ])
  }

  private static func alert(_ alert: Alert, _ english: StringTable) -> JSON {
    .object([
      "code": .string(alert.code.rawValue), "task": .text(alert.task), "session": .text(alert.session),
      "message": .string(english.text(alert.message))
    ])
  }

  package static func agent(_ agent: Agent) -> JSON {
    .object([
      "name": .string(agent.name), "display": .text(agent.display), "role": .text(agent.role),
      "firstSeenAt": .time(agent.firstSeenAt), "lastSeenAt": .time(agent.lastSeenAt)
    ])
  }

  package static func verification(_ result: Verification) -> JSON {
    let english = StringTable()
    return .object([
      "ok": .bool(result.isSound), "events": .int(result.events), "sessions": .int(result.sessions),
      "head": .string(result.head), "anchors": .strings(result.anchors.map { english.text($0) }),
      "findings": .array(
        result.findings.map {
          .object([
            "session": .text($0.session), "seq": .number($0.seq), "event": .text($0.event),
            "problem": .string(english.text($0.problem))
          ])
        })
    ])
  }

  /// The error object that stands on stderr with `--json`.
  ///
  /// - Parameter english: the table of English, which JSON is in whatever the language.
  package static func error(_ error: OrchError, _ english: StringTable) -> JSON {
    .object([
      "error": .object(
        [
          JSONMember(key: "code", value: .string(error.code.rawValue)),
          JSONMember(key: "exitStatus", value: .int(Int(error.code.exitStatus))),
          JSONMember(key: "hint", value: .text(error.hint.map { english.text($0) })),
          JSONMember(key: "message", value: .string(english.text(error.message)))
        ] + error.details)
    ])
  }
}
