// Submitting, approving, rejecting: nobody approves a task that they held an attempt of.

extension Decision {
  /// The event that submits the task for review, by its holder.
  func submit(_ release: Release, lease: Lease) throws(Rejection) -> Event {
    let all = task.reviewers + release.reviewers.filter { !task.reviewers.contains($0) }
    let holders = task.holders.contains(lease.agent) ? task.holders : task.holders + [lease.agent]
    guard (all + release.owners).contains(where: { !holders.contains($0) }) else { throw .noEligibleReviewer }
    return event(
      .reviewRequested, fence: lease.fence, reviewer: all.first,
      data: [
        .attempt: .int(lease.attempt), .host: .string(caller.host), .instance: caller.instance.json,
        .late: late(lease), .message: release.message.json, .owners: named(release.owners),
        .reviewers: .strings(all), .submission: release.submission?.json
      ])
  }

  /// Submits again what is in review: by who held an attempt of it.
  func resubmit(_ submission: Submission?, owners: [String], message: String?) throws(Rejection) -> [Event] {
    guard task.state == .review else { throw .wrongState(task.state, .submit) }
    guard task.holders.contains(caller.actor) else { throw .notAnAuthor(task.holders) }
    return [
      event(
        .reviewRequested,
        data: [
          .attempt: .int(task.attempt), .host: .string(caller.host), .instance: caller.instance.json,
          .message: message.json, .owners: named(owners.isEmpty ? task.review.owners : owners),
          .reviewers: .strings(task.reviewers), .submission: submission?.json
        ])
    ]
  }

  func approve(_ verdict: Verdict) throws(Rejection) -> [Event] {
    try mayReview(verdict)
    // What the reviewer saw is what is approved.
    guard verdict.submission == nil || verdict.submission == task.review.submission?.seq else { throw .resubmitted }
    if verdict.isStale { throw .staleSubmission(branch: task.review.submission?.branch) }
    let missing = task.missingChecks(on: task.review.submission?.tree)
    guard missing.isEmpty else { throw .checksMissing(missing) }
    var approved = task
    let owners = owners(verdict)
    approved.review.owners = owners
    if owners.contains(caller.actor), case let others = approved.awaitedReviewers,
      !others.contains(where: owners.contains),
      !others.isEmpty
    {
      throw .ownerIsLast(others)
    }
    approved.review.approvals.removeAll { $0.reviewer == caller.actor }
    if let submission = task.review.submission {
      approved.review.approvals.append(Approval(reviewer: caller.actor, submission: submission))
    }
    let event = self.verdict(.reviewApproved, verdict)
    guard approved.awaitedReviewers.isEmpty else { return [event] }
    let submitted: JSON? = task.review.submission?.oid == nil ? .none : task.review.submission?.json
    return [event, self.event(.taskDone, data: [.attempt: .int(task.attempt), .submission: submitted])]
  }

  func reject(_ verdict: Verdict) throws(Rejection) -> [Event] {
    try mayReview(verdict)
    return [self.verdict(.reviewRejected, verdict)]
  }

  func comment(_ verdict: Verdict) throws(Rejection) -> [Event] {
    guard task.reviewers.contains(caller.actor) || owners(verdict).contains(caller.actor) else {
      throw .notAReviewer(task.reviewers)
    }
    return [self.verdict(.reviewCommented, verdict)]
  }

  private func mayReview(_ verdict: Verdict) throws(Rejection) {
    guard !task.holders.contains(caller.actor) else { throw .reviewerIsAuthor }
    guard task.reviewers.contains(caller.actor) || owners(verdict).contains(caller.actor) else {
      throw .notAReviewer(task.reviewers)
    }
    guard task.state == .review else { throw .wrongState(task.state, .review) }
  }

  /// Of whom one has to approve last: as it was submitted, or as the reviewer is set up.
  private func owners(_ verdict: Verdict) -> [String] {
    task.review.owners.isEmpty ? verdict.owners : task.review.owners
  }

  private func named(_ agents: [String]) -> JSON? { agents.isEmpty ? nil : .strings(agents) }

  private func verdict(_ type: EventType, _ verdict: Verdict) -> Event {
    let submission = type == .reviewCommented ? nil : task.review.submission
    return event(
      type, reviewer: caller.actor,
      data: [
        .change: submission?.change.json, .host: .string(caller.host), .instance: caller.instance.json,
        .oid: submission?.oid.json, .owners: task.review.owners.isEmpty ? named(verdict.owners) : nil,
        .reference: submission == nil ? nil : verdict.event.json, .text: .string(verdict.text),
        .tree: submission?.tree.json
      ])
  }
}
