/// Decides a command: the events that it means in this state, or why it is refused.
///
/// Pure: time, identity and chance arrive in `caller`. The events are to be appended to the session in one
/// transaction, under the condition that the session still is at `state.session.seq`.
///
/// - Throws: `Rejection`, the rule that forbids it.
package func decide(_ command: Command, by caller: Caller, on state: State) throws(Rejection) -> [Event] {
  let decision = Decision(state: state, caller: caller)
  switch command {
  case .add(let new): return try decision.add(new)
  case .edit(let edit): return try decision.edit(edit)
  case .note(let text): return try decision.note(text)
  case .claim(let lease, let named): return try decision.claim(lease, named: named)
  case .resume(let lease, let fence): return try decision.resume(lease, fence: fence)
  case .heartbeat(let fence): return try decision.heartbeat(fence: fence)
  case .checkpoint(let change, let fence): return try decision.checkpoint(change, fence: fence)
  case .release(let release, let fence): return try decision.release(release, fence: fence)
  case .expire(let forced, let why): return try decision.expire(forced: forced, why: why)
  case .cancel(let why): return try decision.cancel(why: why)
  case .retry(let why): return try decision.retry(why: why)
  case .offer(let offer, let fence): return try decision.offer(offer, fence: fence)
  case .accept(let lease, let restate): return try decision.accept(lease, restate: restate)
  case .decline(let why): return try decision.decline(why: why)
  case .expireOffer: return try decision.expireOffer()
  case .resubmit(let submission, let owners, let message):
    return try decision.resubmit(submission, owners: owners, message: message)
  case .approve(let verdict): return try decision.approve(verdict)
  case .reject(let verdict): return try decision.reject(verdict)
  case .comment(let verdict): return try decision.comment(verdict)
  case .check(let result, let fence): return try decision.check(result, fence: fence)
  case .recordDecision(let new, let current): return try decision.record(new, over: current)
  case .link(let link): return decision.link(link)
  case .rewrite(let rewrite): return decision.rewrite(rewrite)
  case .describe(let agent, let display, let role):
    return decision.describe(agent: agent, display: display, role: role)
  }
}

/// One decision being made: the state, who acts, and what the deciders share.
struct Decision {
  let state: State
  let caller: Caller

  var session: Session { state.session }
  var now: Instant { caller.now }

  /// The task, which the use case has loaded: a command about none never gets here.
  var task: Task {
    guard let task = state.task else { preconditionFailure("a command about a task needs the task") }
    return task
  }

  /// The lease under `fence`, if that is the present holder's and the caller is the holder.
  ///
  /// This comparison is the fence. Every holder's command passes here, in the transaction that writes, in every engine.
  func held(under fence: Int) throws(Rejection) -> Lease {
    guard let lease = session.lease, lease.fence == fence else {
      throw state.task?.state == .cancelled ? .taskCancelled : .leaseLost
    }
    guard lease.agent == caller.actor else { throw .notTheHolder(holder: lease.agent) }
    return lease
  }

  /// An event of this decision: in time order with its session, with its roles filled in.
  func event(
    _ type: EventType, fence: Int? = nil, author: String? = nil, reviewer: String? = nil, data: EventData = [:]
  ) -> Event {
    Event(
      type, at: max(now, session.at), task: state.task?.id,
      roles: Roles(
        actor: caller.actor, author: author ?? self.author, reviewer: reviewer ?? state.task?.reviewers.first,
        source: caller.source ?? state.task?.source ?? caller.defaultSource),
      fence: fence, commit: caller.commit, data: data)
  }

  /// The holder; else the author of the task's last attempt; else the actor.
  private var author: String {
    if let lease = session.lease, lease.task == state.task?.id { return lease.agent }
    return state.task?.lastAuthor ?? caller.actor
  }

  /// True for a call after the lease's expiry, nil for one in time.
  func late(_ lease: Lease) -> JSON? { lease.isStale(at: now) ? .bool(true) : nil }
}
