package import OrchApp
package import OrchCore

extension TextRenderer {
  /// One line of a list of tasks.
  package func row(_ task: Task, lease: Lease?, at now: Instant, isStale: Bool = false) -> String {
    let state = task.visibleState(at: now)
    let holder =
      lease.map { "\($0.agent), \(left($0, now))" } ?? task.assignee.map { localized(.taskFor(agent: $0)) } ?? ""
    let fields = [
      Terminal.padded(task.shownID, columns: 11), Terminal.padded(styled(state), columns: 10 + (isColoured ? 9 : 0)),
      "p\(task.priority)", excerpt(task.title, 200), task.session == task.id ? "" : "[\(task.shownSession)]", holder,
      isStale ? alarm(localized(.taskStale)) : ""
    ]
    return fields.filter { !$0.isEmpty }.joined(separator: "  ")
  }

  private func styled(_ state: VisibleState) -> String {
    switch state {
    case .running: styled(localized(state.message), "32")
    case .dead, .blocked: styled(localized(state.message), "31")
    case .review, .offered: styled(localized(state.message), "33")
    case .queued, .scheduled, .done, .cancelled: styled(localized(state.message), "39")
    }
  }

  /// `25m left`, or that it is late.
  func left(_ lease: Lease, _ now: Instant) -> String {
    localized(
      lease.isStale(at: now)
        ? .leaseExpired(ago: ago(lease.expiresAt, now: now))
        : .leaseLeft(span: span(seconds: max(1, lease.remainingSeconds(at: now)))))
  }

  package func added(_ added: Added) -> String {
    let task = added.task
    let title = excerpt(task.title, 300)
    return added.created
      ? "\(task.shownID)  \(title)"
      : "\(task.shownID)  \(title)   " + localized(.addExists)
  }

  /// What a transition did, and what may come next.
  package func transition(_ transition: Transition) -> String {
    let task = transition.task
    guard transition.event != nil else {
      return localized(.transitionUnchanged(task: task.shownID, state: task.state.message))
    }
    var state = localized(task.visibleState(at: transition.now).message)
    if let notBefore = task.notBefore, task.state == .queued {
      state = localized(.transitionNotBefore(state: state, at: clock(notBefore, now: transition.now)))
    }
    var text = "\(task.shownID)  \(state)   \(excerpt(task.title, 200))"
    if !transition.dependents.isEmpty {
      let ids = transition.dependents.prefix(10).map(\.id).joined(separator: " ")
      let more = transition.dependents.count > 10 ? " …" : ""
      text += "\n" + localized(.transitionDependents(tasks: ids + more))
    }
    return text
  }

  /// The notes left for the holder; nothing at all when there are none.
  package func renewal(_ renewal: LeaseRenewal) -> String {
    renewal.notices.map { localized(.notice(note: statement($0))) }.joined(separator: "\n")
  }

  package func checkpoint(_ saved: Saved) -> String {
    let until = clock(saved.renewal.lease.expiresAt, now: saved.renewal.now)
    let head: [Message?] = [
      .checkpointSaved, saved.checkpoint.context.nextAction.map { .checkpointNext(text: line($0)) },
      .checkpointLease(until: until)
    ]
    let notices = renewal(saved.renewal)
    return head.compactMap { $0 }.map { localized($0) }.joined(separator: "   ")
      + (notices.isEmpty ? "" : "\n" + notices)
  }

  package func recovery(_ recovery: Recovery, planned: Bool) -> String {
    let action: Message =
      switch recovery.action {
      case .requeued: .recoveryRequeued
      case .dead: .recoveryDead
      case .offerExpired: .recoveryOfferExpired
      }
    return [
      recovery.task, localized(planned ? .recoveryPlanned(action: action) : action),
      "\(line(recovery.agent)) (\(recovery.session)#\(recovery.fence))",
      recovery.heartbeatAt.map { localized(.recoverySeen(at: $0)) }
    ].compactMap { $0 }.joined(separator: "   ")
  }

  package func agent(_ agent: Agent, now: Instant) -> String {
    [
      line(agent.name), agent.display.map { line($0) }, agent.role.map { line($0) },
      agent.lastSeenAt.map { seen($0, now) }
    ]
    .compactMap { $0 }.joined(separator: "   ")
  }
}
