import OrchCore
import OrchStore

/// How the lease of a token came to its end.
enum LeaseEndReason {
  /// By its own release or handoff: the outcome, nil for a handoff, and what was recorded.
  case own(Outcome?, StoredEvent)
  case cancelled(LeaseLossInfo)
  case superseded(LeaseLossInfo)
}

extension App {
  /// How the lease of a token ended, from its task's events, the newest first.
  func leaseEnd(of token: ResolvedToken, in reader: any StoreReader) throws -> LeaseEndReason {
    var reason: LeaseEndReason?
    try reader.forEachEvent(EventQuery(.newestFirst, task: reader.reference(to: token.task))) { recorded in
      let event = try recorded.entry().event
      guard let fence = event.fence, fence >= token.grant.fence else { return event.fence == nil }
      let loss = LeaseLossInfo(
        agent: event.roles.actor ?? "somebody", host: event.data.string(.host), since: event.at,
        how: event.type.attemptEnd == .expired ? .recovered : .takenOver)
      guard fence == token.grant.fence else {
        // A later grant of the task; the first of them took it.
        if event.type.isGrant { reason = .superseded(loss) }
        return true
      }
      switch event.type.attemptEnd {
      case .released(let outcome): reason = .own(outcome, recorded)
      case .handedOver: reason = .own(nil, recorded)
      case .cancelled: reason = .cancelled(loss)
      case .expired: reason = reason ?? .superseded(loss)
      case nil: break
      }
      return !event.type.isGrant
    }
    return reason
      ?? .superseded(LeaseLossInfo(agent: "somebody", host: nil, since: token.session.at, how: .takenOver))
  }

  /// The error for a command under a token whose lease is over, unless it repeats what ended the lease.
  func leaseEndedError(_ token: ResolvedToken, in reader: any StoreReader) throws -> OrchError {
    switch try leaseEnd(of: token, in: reader) {
    case .cancelled(let loss): return OrchError(.taskCancelled, task: token.task.id, loss: loss)
    case .superseded(let loss): return .lost(task: token.task.id, loss)
    case .own(_, let recorded):
      let event = try recorded.entry().event
      let what = Message.errorGivenBack(task: token.task.id, event: event.type.rawValue, at: event.at)
      guard token.file == nil else { return OrchError(.nothingHeld, what, hint: .run("claim")) }
      return OrchError(
        .leaseLost, .errorLeaseOver(what: what), hint: .run("claim"),
        details: [JSONMember(key: "holder", value: .null)])
    }
  }
}
