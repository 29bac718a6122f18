package import OrchApp
import OrchCore

extension TextRenderer {
  /// The longest text of a claim, in characters.
  static let claimBudget = 6000

  /// What `claim`, `resume` and `add --claim` say. Written to be read by agents; the token is never in it.
  package func claim(_ claim: Claim) -> String {
    let task = claim.task
    let packet = claim.packet
    let then = Terminal.padded(localized(.labelThen), columns: LabeledText.indent)
    var text = LabeledText(
      budget: Self.claimBudget, whole: localized(.claimCut(command: "orch show \(task.shownID)")),
      ending: [then + "orch checkpoint --next … | orch release done|review|failed|requeue -m …"])
    text.plain(
      [
        "\(task.shownID)  \(excerpt(task.title, 300))",
        packet.session.session.id == task.id ? nil : packet.session.session.shownID,
        localized(.claimAttempt(number: task.attempt, limit: task.maxAttempts)),
        localized(
          .claimLease(
            until: clock(claim.lease.expiresAt, now: claim.now), ttl: span(seconds: claim.lease.ttlSeconds)))
      ].compactMap { $0 }.joined(separator: "   "))
    text.line(
      localized(.labelAskedBy),
      [
        task.createdBy.map { line($0) }, task.source.map { localized(.fieldSource(source: line($0))) },
        task.reviewers.isEmpty
          ? nil : localized(.fieldReviewers(reviewers: task.reviewers.joined(separator: ", "))),
        task.requireReview ? localized(.claimReviewRequired) : nil,
        task.requiredChecks.isEmpty
          ? nil : localized(.fieldChecks(checks: task.requiredChecks.joined(separator: ", ")))
      ])
    if let body = task.content.body { text.block(body, limit: 1800) }
    if let payload = task.content.payload { text.line(localized(.labelPayload), [line(payload)], limit: 800) }
    for attempt in packet.attempts.dropLast().suffix(3) {
      text.line(localized(.labelEarlier), [earlier(attempt, now: claim.now)], limit: 400)
    }
    if let checkpoint = packet.checkpoint { leftOff(checkpoint, of: packet.task, claim.now, &text) }
    if let drift = packet.drift, drift.isSome { text.line(localized(.labelMoved), [moved(drift)], limit: 400) }
    for note in packet.notes.suffix(5) { text.line(localized(.labelNotes), [statement(note)], limit: 500) }
    for review in packet.reviews.suffix(3) {
      text.line(localized(.labelReviews), [statement(review, typed: true)], limit: 400)
    }
    for handoff in packet.handoffs.suffix(2) {
      text.line(localized(.labelHandoffs), [statement(handoff, typed: true)], limit: 400)
    }
    for decision in packet.decisions.suffix(10) {
      text.line(localized(.labelDecided), [self.decision(decision)], limit: 200)
    }
    return text.finished()
  }

  private func leftOff(_ checkpoint: Checkpoint, of task: Task, _ now: Instant, _ text: inout LabeledText) {
    let context = checkpoint.context
    let which: Message = checkpoint.task == task.id ? .claimThisTask : .claimOtherTask(task: checkpoint.task ?? "?")
    func quoted(_ text: String) -> String { "\"\(line(text))\"" }
    text.line(
      localized(.labelLeftOff),
      [
        context.phase.map { localized(.fieldPhase(text: line($0))) },
        context.lastAction.map { localized(.fieldLast(text: quoted($0))) },
        context.nextAction.map { localized(.fieldNext(text: quoted($0))) },
        context.reference.map { localized(.fieldReference(text: line($0))) },
        context.note.map { localized(.fieldNote(text: quoted($0))) },
        "(\(ago(checkpoint.at, now: now)), \(localized(which)))"
      ], limit: 1200)
    if let data = context.data { text.line(localized(.labelSavedData), [line(data)], limit: 800) }
  }

  /// How the work tree moved since.
  private func moved(_ drift: Drift) -> String {
    func short(_ oid: String?) -> String { oid.map { String($0.prefix(7)) } ?? localized(.driftNoCommit) }
    func branch(_ name: String?) -> String { line(name ?? localized(.valueNone)) }
    var parts: [Message] = []
    if drift.branchChanged { parts.append(.driftBranch(from: branch(drift.at.branch), to: branch(drift.now.branch))) }
    if drift.headChanged { parts.append(.driftHead(from: short(drift.at.oid), to: short(drift.now.oid))) }
    if !drift.dirty.isEmpty { parts.append(.driftDirty(count: drift.dirty.count)) }
    return parts.map { localized($0) }.joined(separator: "; ")
  }

  private func earlier(_ attempt: Attempt, now: Instant) -> String {
    let message = attempt.message.map { ": \(line($0))" } ?? ""
    let commits = attempt.commits.map { String($0.prefix(7)) }.joined(separator: " ")
    let seen = commits.isEmpty ? "" : localized(.attemptCommits(commits: commits))
    return "\(attempt.agent ?? "?"): \(ending(attempt, now: now))\(message)\(seen)"
  }

  /// How an attempt ended, and when.
  private func ending(_ attempt: Attempt, now: Instant) -> String {
    let at = attempt.endedAt.map { clock($0, now: now) } ?? ""
    let message: Message =
      switch attempt.outcome {
      case "expired": .attemptExpired(at: at)
      case "cancelled": .attemptCancelled(at: at)
      case let outcome?: .attemptEnded(outcome: self.outcome(outcome), at: at)
      case nil: .attemptOpen
      }
    return localized(message)
  }

  /// The name of an attempt's outcome; one that this program does not know as the log has it.
  func outcome(_ outcome: String) -> String {
    switch outcome {
    case "expired": localized(.outcomeExpired)
    case "cancelled": localized(.outcomeCancelled)
    case "done": localized(.outcomeDone)
    case "failed": localized(.outcomeFailed)
    case "requeue": localized(.outcomeRequeue)
    case "review": localized(.outcomeReview)
    case "handoff": localized(.outcomeHandoff)
    default: outcome
    }
  }

  /// What an event says, and who: a note, a review or a handoff.
  func statement(_ decoded: DecodedEvent, typed: Bool = false) -> String {
    let event = decoded.entry.event
    let text =
      event.data.string(.text) ?? event.data.string(.message) ?? event.data.string(.why) ?? event.data.string(.restate)
    let who = event.roles.actor ?? "?"
    let type = typed ? " \(event.type.rawValue)" : ""
    let next = event.type == .handoffOffered ? event.data.string(.next) : nil
    return "\(line(who))\(type)\(text.map { ": \(line($0))" } ?? "")"
      + (next.map { "   " + localized(.fieldNext(text: line($0))) } ?? "")
  }

  /// `api=v2 (jq)`.
  func decision(_ decision: DecisionView) -> String {
    "\(line(decision.key))=\(line(decision.value)) (\(line(decision.entry.event.roles.actor ?? "?")))"
  }
}
