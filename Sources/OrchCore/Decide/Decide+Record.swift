// What is only recorded, and moves no task: checks, decisions, descriptions of agents.

extension Decision {
  /// Anybody may observe a check; who holds the task does so under the fence.
  func check(_ result: CheckResult, fence: Int?) throws(Rejection) -> [Event] {
    let lease: Lease? = if let fence { try held(under: fence) } else { nil }
    return [
      event(
        .checkRecorded, fence: fence,
        data: [
          .command: .string(result.command), .dirty: .bool(result.dirty),
          .durationMs: .int(result.durationMilliseconds),
          .exitStatus: .int(result.exitStatus), .head: result.head.json, .host: .string(caller.host),
          .instance: caller.instance.json, .late: lease.flatMap { late($0) }, .name: .string(result.name),
          .outputHash: .string(result.outputHash.hex), .tree: result.tree.json
        ])
    ]
  }

  /// Supersedes the current decision only when it is named. The same decision again is no event.
  func record(_ new: NewDecision, over current: CurrentDecision?) throws(Rejection) -> [Event] {
    if let current {
      guard new.supersedes == current.id else {
        // The same command again: its first answer may have been lost.
        guard current.value == new.value, new.supersedes == nil || new.supersedes == current.supersedes else {
          throw .decided(current)
        }
        return []
      }
    } else if new.supersedes != nil {
      throw .nothingDecided
    }
    return [
      event(
        .decisionMade,
        data: [
          .because: .string(new.because), .host: .string(caller.host), .instance: caller.instance.json,
          .key: .string(new.key), .supersedes: new.supersedes.map { .string($0.hex) }, .value: .string(new.value)
        ])
    ]
  }

  func describe(agent: String, display: String?, role: String?) -> [Event] {
    [event(.agentDescribed, data: [.display: display.json, .name: .string(agent), .role: role.json])]
  }
}
