package import OrchApp
package import OrchCore
package import OrchStore

extension JSON {
  /// What `claim`, `resume` and `add --claim` answer.
  package static func claim(_ claim: Claim) -> JSON {
    .object([
      "task": .task(claim.task, lease: claim.lease, at: claim.now),
      "lease": .lease(claim.lease, session: claim.packet.session.session.id, at: claim.now, token: claim.token),
      "packet": .packet(claim.packet, lease: claim.lease, at: claim.now)
    ])
  }

  /// The `Packet` object.
  static func packet(_ packet: ResumePacket, lease: Lease?, at now: Instant) -> JSON {
    .object([
      "task": .task(packet.task, lease: lease, at: now), "session": .session(packet.session, at: now),
      "checkpoint": packet.checkpoint.map { .checkpoint($0) } ?? .null,
      "attempts": .array(packet.attempts.map { .attempt($0) }), "notes": .array(packet.notes.map { .note($0) }),
      "decisions": .array(packet.decisions.map { .decision($0) }),
      "reviews": .array(packet.reviews.map { .statement($0) }),
      "handoffs": .array(packet.handoffs.map { .statement($0) }),
      "commits": .strings(packet.commits), "drift": packet.drift.map { .drift($0) } ?? .null
    ])
  }

  static func drift(_ drift: Drift) -> JSON {
    .object([
      "branchChanged": .bool(drift.branchChanged), "headChanged": .bool(drift.headChanged),
      "dirty": .strings(drift.dirty), "at": drift.at.json, "now": drift.now.json
    ])
  }

  /// The `Session` object.
  package static func session(_ view: SessionView, at now: Instant) -> JSON {
    let session = view.session
    let context = view.checkpoint?.context
    return .object([
      "id": .string(session.id), "log": .string(session.logID), "phase": .text(context?.phase),
      "lastAction": .text(context?.lastAction), "nextAction": .text(context?.nextAction),
      "reference": .text(context?.reference), "checkpoint": view.checkpoint.map { .checkpoint($0) } ?? .null,
      "lease": session.lease.map { .lease($0, session: session.id, at: now) } ?? .null,
      "fence": .int(session.fence), "events": .int(session.seq), "head": .text(session.head?.hex),
      "tasks": .counts(view.counts)
    ])
  }

  /// How many tasks are in each of the nine visible states.
  package static func counts(_ counts: [VisibleState: Int]) -> JSON {
    .object(VisibleState.allCases.map { JSONMember(key: $0.rawValue, value: .int(counts[$0] ?? 0)) })
  }

  /// The `Checkpoint` object.
  package static func checkpoint(_ checkpoint: Checkpoint) -> JSON {
    let context = checkpoint.context
    return .object([
      "at": .instant(checkpoint.at), "event": .string(checkpoint.event.hex), "task": .text(checkpoint.task),
      "agent": .text(checkpoint.agent), "phase": .text(context.phase), "lastAction": .text(context.lastAction),
      "nextAction": .text(context.nextAction), "reference": .text(context.reference), "note": .text(context.note),
      "data": .verbatim(context.data), "commit": checkpoint.commit?.json ?? .null
    ])
  }

  /// The `Attempt` object.
  static func attempt(_ attempt: Attempt) -> JSON {
    .object([
      "number": .int(attempt.number), "agent": .text(attempt.agent), "fence": .int(attempt.fence),
      "startedAt": .instant(attempt.startedAt), "endedAt": .time(attempt.endedAt), "outcome": .text(attempt.outcome),
      "message": .text(attempt.message), "commits": .strings(attempt.commits)
    ])
  }

  /// A note on a task.
  package static func note(_ note: DecodedEvent) -> JSON {
    .object([
      "at": .instant(note.entry.event.at), "by": .text(note.entry.event.roles.actor),
      "text": .text(note.entry.event.data.string(.text)), "event": .string(note.id.hex)
    ])
  }

  /// A review or a handoff: its event's type and what the event says.
  static func statement(_ decoded: DecodedEvent) -> JSON {
    let event = decoded.entry.event
    return .object([
      "type": .string(event.type.rawValue), "at": .instant(event.at), "by": .text(event.roles.actor),
      "reviewer": .text(event.roles.reviewer),
      "text": .text(
        event.data.string(.text) ?? event.data.string(.message) ?? event.data.string(.why)
          ?? event.data.string(.restate)),
      "next": .text(event.data.string(.next)), "event": .string(decoded.id.hex)
    ])
  }

  package static func decision(_ decision: DecisionView) -> JSON {
    let event = decision.entry.event
    return .object([
      "key": .string(decision.key), "value": .string(decision.value), "because": .text(event.data.string(.because)),
      "by": .text(event.roles.actor), "at": .instant(event.at), "event": .string(decision.id.hex),
      "supersedes": .text(event.data.string(.supersedes)), "session": .string(decision.entry.session)
    ])
  }

  /// The `Event` object: the envelope, byte for byte, with its id in front.
  package static func event(_ recorded: StoredEvent?) -> JSON {
    guard let recorded else { return .null }
    return .raw("{\"id\":\"\(recorded.id.hex)\"," + String(decoding: recorded.bytes.dropFirst(), as: UTF8.self))
  }
}
