import OrchApp
import OrchCore

/// Values of a report that are long to write down.
extension ReportFixtures {
  static func lease(_ task: String, agent: String, host: String, from start: Int = 0) -> Lease {
    Lease(
      task: task, attempt: 1, agent: agent, instance: "/w", host: host, fence: 3, tokenHash: .numbered(1),
      acquiredAt: at(start), heartbeatAt: at(start + 60), expiresAt: at(start + 1860), ttlSeconds: 1800, noticedSeq: 0)
  }

  /// The checkpoint that an event with this context records.
  static func checkpoint(
    _ context: Checkpoint.Context, task: String, agent: String = "company-agent", at time: Instant = at(600)
  ) -> Checkpoint? {
    var data = EventData()
    data[.phase] = JSON(context.phase)
    data[.lastAction] = JSON(context.lastAction)
    data[.nextAction] = JSON(context.nextAction)
    data[.reference] = JSON(context.reference)
    data[.note] = JSON(context.note)
    data[.data] = JSON(context.data)
    return Checkpoint(entry(.checkpointSaved, by: agent, at: time, task: task, data), id: .numbered(9))
  }

  static func decision(
    key: String, value: String, because: String, by agent: String, at time: Instant = at(300)
  ) -> DecisionView {
    let data: EventData = [.because: .string(because), .key: .string(key), .value: .string(value)]
    return DecisionView(id: .numbered(10), entry: entry(.decisionMade, by: agent, at: time, task: nil, data))
  }

  private static func entry(
    _ type: EventType, by agent: String, at time: Instant, task: String?, _ data: EventData
  ) -> LogEntry {
    LogEntry(
      logID: "01hx0000000000000000000000", session: "kpi", seq: 2, parent: .numbered(1),
      event: Event(
        type, at: time, task: task, roles: Roles(actor: agent, author: nil, reviewer: nil, source: nil), fence: 1,
        commit: nil, data: data))
  }

  static func attempt(
    _ number: Int, agent: String, host: String, instance: String? = nil, startedAt: Instant, endedAt: Instant?,
    outcome: String?, message: String? = nil, commits: [String] = []
  ) -> Attempt {
    let claim = Event(
      .taskClaimed, at: startedAt, task: "t", roles: Roles(actor: agent, author: nil, reviewer: nil, source: nil),
      fence: number, commit: nil,
      data: [
        .attempt: .int(number), .host: .string(host), .instance: instance.map { .string($0) }
      ])
    var history = TaskHistory(Task(.titled("t"), session: "s", createdAt: startedAt, createdBy: nil, source: nil))
    history.add(LogEntry(logID: "l", session: "s", seq: 1, parent: nil, event: claim), id: .numbered(1))
    var attempt = history.attempts[0]
    attempt.endedAt = endedAt
    attempt.outcome = endedAt == nil ? nil : outcome
    attempt.message = endedAt == nil ? nil : message
    attempt.commits = commits
    return attempt
  }
}
