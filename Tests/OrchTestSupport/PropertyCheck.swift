import OrchApp
import OrchCore
package import OrchStore

/// A script on a store, its invariants checked after each step; of a script that fails, the shortest part that does.
package enum PropertyCheck {
  /// - Returns: what is wrong, and after which step; nil when nothing is.
  package static func problem(
    _ script: [Step], on store: any Store, clock: TestClock, atEngineTime: Bool = true
  ) throws -> String? {
    let runner = ScriptRunner(store, clock: clock, atEngineTime: atEngineTime)
    var invariants = Invariants()
    for (index, step) in script.enumerated() {
      let before = try tokenState(step, in: store)
      let count = try store.read { try $0.eventCount() }
      let outcome = try runner.run(step)
      try invariants.check(store)
      var problems = invariants.problems
      if before == .superseded {
        if !outcome.events.isEmpty { problems.append("a superseded token changed something") }
        if outcome.answer == .done, !step.action.isAnsweredAgain { problems.append("a superseded token was obeyed") }
      }
      for id in outcome.events where try store.read({ try $0.events(idPrefix: id.hex, limit: 2).count }) != 1 {
        problems.append("event \(id.hex.prefix(10)) was acknowledged and is not in the log")
      }
      if try store.read({ try $0.eventCount() }) != count + outcome.events.count {
        problems.append("the log has other events than were acknowledged")
      }
      if let first = problems.first { return "step \(index), \(step): \(first)" }
    }
    return nil
  }

  private enum TokenState { case noToken, live, superseded }

  /// Whether the token of a step is the present holder's before the step is taken.
  private static func tokenState(_ step: Step, in store: any Store) throws -> TokenState {
    guard let token = step.action.presented else { return .noToken }
    return try store.read { reader in
      guard let grant = try reader.grant(Token.numbered(token).hash) else { return .superseded }
      return try reader.session(grant.session)?.lease?.tokenHash == grant.tokenHash ? .live : .superseded
    }
  }

  /// The script without the steps that the failure does not need.
  package static func shrunk(_ script: [Step], fails: ([Step]) throws -> Bool) rethrows -> [Step] {
    var script = script
    var size = max(1, script.count / 2)
    while true {
      var start = 0
      while start < script.count {
        var shorter = script
        shorter.removeSubrange(start..<min(start + size, script.count))
        if try fails(shorter) { script = shorter } else { start += size }
      }
      guard size > 1 else { return script }
      size /= 2
    }
  }
}

extension Step.Action {
  /// Whether a holder who has given the lease back is answered again what was recorded.
  var isAnsweredAgain: Bool {
    switch self {
    case .release, .offer: true
    case .wait, .add, .edit, .note, .claim, .resume, .takeUp, .heartbeat, .checkpoint, .recover, .force, .cancel,
      .retry,
      .accept, .decline, .resubmit, .approve, .reject, .comment, .check, .link, .rewrite:
      false
    }
  }

  /// The token that the step presents as a holder's.
  var presented: Int? {
    switch self {
    case .resume(let token, _), .heartbeat(let token, _), .checkpoint(let token, _), .release(let token, _),
      .offer(let token, _, _):
      token
    case .wait, .add, .edit, .note, .claim, .takeUp, .recover, .force, .cancel, .retry, .accept, .decline, .resubmit,
      .approve, .reject, .comment, .check, .link, .rewrite:
      nil
    }
  }
}
