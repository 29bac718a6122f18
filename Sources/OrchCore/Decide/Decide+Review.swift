// Submitting, approving, rejecting: nobody approves a task that they held an attempt of.

extension Decision {
  /// The event that submits the task for review, by its holder.
  func submission(message: String?, reviewers: [String], submission: JSON?, lease: Lease) throws(Rejection) -> Event {
    let all = task.reviewers + reviewers.filter { !task.reviewers.contains($0) }
    let holders = task.holders.contains(lease.agent) ? task.holders : task.holders + [lease.agent]
    guard all.contains(where: { !holders.contains($0) }) else { throw .noEligibleReviewer }
    return event(
      .reviewRequested, fence: lease.fence, reviewer: all.first,
      data: [
        .attempt: .int(lease.attempt), .host: .string(caller.host), .instance: caller.instance.json,
        .late: late(lease), .message: message.json, .reviewers: .strings(all), .submission: submission,
      ])
  }

  func resubmit(message: String?) throws(Rejection) -> [Event] {
    guard task.state == .review else { throw .wrongState(task.state, verb: "submit") }
    guard task.holders.contains(caller.actor) else { throw .notTheHolder(holder: task.lastAuthor ?? "") }
    return [
      event(
        .reviewRequested,
        data: [
          .attempt: .int(task.attempt), .host: .string(caller.host), .instance: caller.instance.json,
          .message: message.json, .reviewers: .strings(task.reviewers),
        ])
    ]
  }

  func approve(text: String) throws(Rejection) -> [Event] {
    try mayReview()
    let missing = task.requiredChecks.filter { !task.passedChecks.contains($0) }
    guard missing.isEmpty else { throw .checksMissing(missing) }
    let approved = verdict(.reviewApproved, text)
    let waiting = task.eligibleReviewers.filter { $0 != caller.actor && !task.approvals.contains($0) }
    guard waiting.isEmpty else { return [approved] }
    return [approved, event(.taskDone, data: [.attempt: .int(task.attempt)])]
  }

  func reject(text: String) throws(Rejection) -> [Event] {
    try mayReview()
    return [verdict(.reviewRejected, text)]
  }

  func comment(text: String) throws(Rejection) -> [Event] {
    guard task.reviewers.contains(caller.actor) else { throw .notAReviewer(task.reviewers) }
    return [verdict(.reviewCommented, text)]
  }

  private func mayReview() throws(Rejection) {
    guard task.state == .review else { throw .wrongState(task.state, verb: "review") }
    guard !task.holders.contains(caller.actor) else { throw .reviewerIsAuthor }
    guard task.reviewers.contains(caller.actor) else { throw .notAReviewer(task.reviewers) }
  }

  private func verdict(_ type: EventType, _ text: String) -> Event {
    event(
      type, reviewer: caller.actor,
      data: [.host: .string(caller.host), .instance: caller.instance.json, .text: .string(text)])
  }
}
