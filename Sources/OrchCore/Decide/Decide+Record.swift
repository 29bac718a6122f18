// What is only recorded, and moves no task: checks that were observed, values that were settled.

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

  /// A settled value is changed only by who names the decision that settled it. Settling it alike is nothing new.
  func settle(_ new: NewDecision, over standing: CurrentDecision?) throws(Rejection) -> [Event] {
    if let standing {
      guard new.supersedes == standing.id else {
        // In place of the same one: an answer may have been lost.
        guard standing.value == new.value, new.supersedes == nil || new.supersedes == standing.supersedes else {
          throw .decided(standing)
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
}
