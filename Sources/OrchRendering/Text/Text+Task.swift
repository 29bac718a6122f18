package import OrchApp
package import OrchCore

extension Reader {
  /// One line of a list of tasks.
  package func row(_ task: Task, lease: Lease?, at now: Instant, isStale: Bool = false) -> String {
    let state = task.visibleState(at: now)
    let holder =
      lease.map { "\($0.agent), \(left($0, now))" } ?? task.assignee.map { say("for \($0)", "담당 \($0)") } ?? ""
    let fields = [
      Terminal.padded(task.shownID, columns: 11), Terminal.padded(styled(state), columns: 10 + (isColoured ? 9 : 0)),
      "p\(task.priority)", excerpt(task.title, 200), task.session == task.id ? "" : "[\(task.shownSession)]", holder,
      isStale ? alarm(say("stale", "낡음")) : ""
    ]
    return fields.filter { !$0.isEmpty }.joined(separator: "  ")
  }

  private func styled(_ state: VisibleState) -> String {
    switch state {
    case .running: styled(state.rawValue, "32")
    case .dead, .blocked: styled(state.rawValue, "31")
    case .review, .offered: styled(state.rawValue, "33")
    case .queued, .scheduled, .done, .cancelled: styled(state.rawValue, "39")
    }
  }

  /// `25m left`, or that it is late.
  func left(_ lease: Lease, _ now: Instant) -> String {
    guard !lease.isStale(at: now) else {
      return say("expired ", "만료 ") + ago(lease.expiresAt, now: now)
    }
    let span = DurationFormat.format(seconds: max(1, lease.remainingSeconds(at: now)))
    return say("\(span) left", "\(span) 남음")
  }

  package func added(_ added: Added) -> String {
    let task = added.task
    let title = excerpt(task.title, 300)
    return added.created
      ? "\(task.shownID)  \(title)"
      : "\(task.shownID)  \(title)   " + say("(open already, nothing added)", "(이미 열려 있음, 추가하지 않음)")
  }

  /// What a transition did, and what may come next.
  package func transition(_ transition: Transition) -> String {
    let task = transition.task
    guard transition.event != nil else {
      return "\(task.shownID)  " + say("is \(task.state.rawValue) already", "이미 \(task.state.rawValue) 상태")
    }
    var state = task.visibleState(at: transition.now).rawValue
    if let notBefore = task.notBefore, task.state == .queued {
      state += say(", not before ", ", 시작 가능 ") + clock(notBefore, now: transition.now)
    }
    var text = "\(task.shownID)  \(state)   \(excerpt(task.title, 200))"
    if !transition.dependents.isEmpty {
      let ids = transition.dependents.prefix(10).map(\.id).joined(separator: " ")
      let more = transition.dependents.count > 10 ? " …" : ""
      text += "\n" + say("waiting for it: ", "이 작업을 기다림: ") + ids + more
    }
    return text
  }

  package func beat(_ beat: LeaseRenewal) -> String {
    beat.notices.map { say("note  ", "메모  ") + statement($0) }.joined(separator: "\n")
  }

  package func saved(_ saved: Saved) -> String {
    let context = saved.checkpoint.context
    let next = context.nextAction.map { say("next \"\(line($0))\"", "다음 \"\(line($0))\"") }
    let until = clock(saved.beat.lease.expiresAt, now: saved.beat.now)
    let head = [
      say("saved", "저장함"), next, say("lease until \(until)", "임대 \(until)까지")
    ].compactMap { $0 }.joined(separator: "   ")
    let notices = beat(saved.beat)
    return notices.isEmpty ? head : head + "\n" + notices
  }

  package func recovery(_ recovery: Recovery, planned: Bool) -> String {
    let action: String =
      switch recovery.action {
      case .requeued: say("requeued", "대기열로 되돌림")
      case .dead: say("dead", "실패 확정(dead)")
      case .offerExpired: say("offer expired", "인계 제안 만료")
      }
    let seen = recovery.heartbeatAt.map { say("last sign of life ", "마지막 신호 ") + $0.iso8601 }
    return [
      recovery.task, planned ? say("would be: ", "예정: ") + action : action,
      "\(line(recovery.agent)) (\(recovery.session)#\(recovery.fence))", seen
    ].compactMap { $0 }.joined(separator: "   ")
  }

  package func agent(_ agent: Agent, now: Instant) -> String {
    [
      agent.name, agent.display.map { line($0) }, agent.role,
      agent.lastSeenAt.map { say("seen ", "최근 ") + ago($0, now: now) }
    ].compactMap { $0 }.joined(separator: "   ")
  }
}
