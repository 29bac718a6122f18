package import OrchApp
import OrchCore
import OrchStore

extension TextRenderer {
  /// How many events a text shows of a task or a session.
  private static let shownEvents = 200

  package func shown(_ shown: Shown) throws -> String {
    switch shown {
    case .task(let detail): try self.detail(detail)
    case .session(let detail): try self.detail(detail)
    case .commit(let traces): traces.map { trace($0) }.joined(separator: "\n\n")
    case .event(let recorded): try entry(LogLine(recorded: recorded, title: nil)) + recordedData(recorded)
    }
  }

  private func detail(_ detail: TaskDetail) throws -> String {
    let task = detail.packet.task
    var text = LabeledText(budget: .max, whole: "")
    text.plain(row(task, lease: detail.lease, at: detail.now))
    text.line(
      localized(.labelSession),
      [
        task.shownSession, task.project.map { localized(.showProject(project: $0)) },
        localized(.showKind(kind: task.kind))
      ])
    text.line(
      localized(.labelAskedBy),
      [
        task.createdBy.map { line($0) }, task.source.map { localized(.fieldSource(source: line($0))) },
        clock(task.createdAt, now: detail.now), task.key.map { localized(.showKey(key: $0)) }
      ])
    text.line(
      localized(.labelReview),
      [
        task.reviewers.joined(separator: ", "), task.requireReview ? localized(.showReviewRequired) : nil,
        task.review.approvers.isEmpty
          ? nil : localized(.showApproved(agents: task.review.approvers.joined(separator: ", "))),
        task.review.staleApprovers.isEmpty
          ? nil : localized(.showStaleApproval(agents: task.review.staleApprovers.joined(separator: ", ")))
      ])
    text.line(
      localized(.labelSubmitted),
      [submitted(detail.submission?.submission), detail.submission.flatMap { state($0.state) }])
    for review in detail.reviews.suffix(5) where review.verdict != .requested {
      text.line(localized(.labelReviewed), [self.review(review, now: detail.now)])
    }
    if task.state == .offered, let offer = detail.handoffs.last {
      text.line(localized(.labelOffered), [handoff(offer, now: detail.now)])
    }
    text.line(localized(.labelChecks), task.requiredChecks.map { name in check(name, detail) })
    text.line(localized(.labelAfter), task.after)
    text.line(
      localized(.labelAttempts),
      ["\(task.attempt)", localized(.showFailures(count: task.failures, limit: task.maxAttempts))])
    text.line(localized(.labelNotBefore), [task.notBefore.map { clock($0, now: detail.now) }])
    text.line(
      localized(.labelLastError), [task.lastError?.code.map { line($0) }, task.lastError?.message.map { line($0) }],
      limit: .max)
    if let body = task.content.body { text.block(body, limit: .max) }
    text.line(localized(.labelPayload), [task.content.payload.map { line($0) }], limit: .max)
    text.line(localized(.labelResult), [task.content.result.map { line($0) }], limit: .max)
    for note in detail.packet.notes { text.line(localized(.labelNote), [statement(note)], limit: .max) }
    text.plain("")
    try list(detail.events, &text)
    return text.finished()
  }

  /// How a submission compares to what the repository holds now.
  private func state(_ state: SubmissionView.State) -> String? {
    switch state {
    case .current, .unknown: nil
    case .merged: localized(.showMerged)
    case .stale: alarm(localized(.showStale))
    }
  }

  /// A required check, and how it went last on what counts now.
  private func check(_ name: String, _ detail: TaskDetail) -> String {
    let last = detail.checks.last { $0.name == name && $0.isPresent }
    let result: Message = last.map { $0.hasPassed ? .showCheckPassed : .showCheckFailed } ?? .showCheckMissing
    return "\(name) (\(localized(result)))"
  }

  private func detail(_ detail: SessionDetail) throws -> String {
    let view = detail.view
    var text = LabeledText(budget: .max, whole: "")
    text.plain(
      localized(
        .showSessionHead(
          session: view.session.shownID, fence: view.session.fence, events: Message.countEvents(count: view.session.seq)
        )))
    if let lease = view.session.lease {
      text.line(
        localized(.labelHeldBy), [lease.agent, line(lease.host), lease.task, left(lease, detail.now)])
    }
    if let context = view.checkpoint?.context {
      text.line(
        localized(.labelLeftOff),
        [
          context.phase.map { localized(.fieldPhase(text: line($0))) },
          context.lastAction.map { localized(.fieldLast(text: line($0))) },
          context.nextAction.map { localized(.fieldNext(text: line($0))) },
          context.reference.map { localized(.fieldReference(text: line($0))) }
        ], limit: .max)
    }
    for task in detail.tasks.prefix(Self.shownEvents) {
      let lease = view.session.lease
      text.plain(row(task, lease: lease?.task == task.id ? lease : nil, at: detail.now))
    }
    text.plain("")
    try list(detail.events, &text)
    return text.finished()
  }

  private func list(_ events: [StoredEvent], _ text: inout LabeledText) throws {
    let hidden = events.count - Self.shownEvents
    if hidden > 0 {
      text.plain(localized(.showEarlierEvents(count: hidden, command: "orch log --reverse")))
    }
    for recorded in events.suffix(Self.shownEvents) {
      text.plain(try oneline(LogLine(recorded: recorded, title: nil)))
    }
  }

  private func recordedData(_ recorded: StoredEvent) throws -> String {
    "    " + Terminal.escaped(try recorded.entry().event.data.json.text())
  }
}
