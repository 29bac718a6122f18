package import OrchCore
import OrchStore

/// Something that needs somebody.
package struct Alert: Hashable, Sendable {
  package enum Code: String, Sendable {
    /// A lease that expired and that nobody recovered yet.
    case stale
    /// A task that failed too often.
    case dead
    /// A task that waits for one that will not be done.
    case dependencyDead = "dependency-dead"
    /// An offer that nobody accepted yet.
    case offerPending = "offer-pending"
    /// A submission that nobody approved or rejected yet.
    case reviewPending = "review-pending"
    /// An approval that is of other content than what is submitted now.
    case staleApproval = "stale-approval"
  }

  package var code: Code
  package var task: String?
  package var session: String?
  package var message: Message
}

extension Alert.Code {
  /// What a reader of text sees for the code.
  package var message: Message {
    switch self {
    case .stale: .alertCodeStale
    case .dead: .alertCodeDead
    case .dependencyDead: .alertCodeDependencyDead
    case .offerPending: .alertCodeOfferPending
    case .reviewPending: .alertCodeReviewPending
    case .staleApproval: .alertCodeStaleApproval
    }
  }
}

extension App {
  /// What is to be done about a submission whose remaining reviewers have approved, or that has none.
  private func waitsForNobody(_ task: Task) -> Message {
    task.review.approvers.contains(where: task.reviewers.contains)
      ? .alertWaitsAgain(
        reviewers: task.review.approvers.joined(separator: ", "),
        command: ShellCommand.orch("review", "approve", task.id))
      : .alertNoReviewer(command: ShellCommand.orch("edit", task.id, "--reviewer", "AGENT"))
  }

  /// Alerts of each code, at most `alertLimit` of one.
  func alerts(in reader: any StoreReader) throws -> [Alert] {
    var alerts: [Alert] = []
    for session in try reader.expiredSessions(matching: nil, limit: Self.alertLimit) {
      if let lease = session.lease, lease.isStale(at: reader.now) {
        alerts.append(
          Alert(
            code: .stale, task: lease.task, session: session.id,
            message: .alertStale(agent: lease.agent, since: lease.heartbeatAt, command: ShellCommand.orch("recover"))))
      }
    }
    func tasks(_ state: VisibleState) throws -> [Task] {
      var query = TaskQuery()
      query.state = state
      return try reader.tasks(query, after: nil, limit: Self.alertLimit)
    }
    let dead = try tasks(.dead)
    for task in dead {
      alerts.append(
        Alert(
          code: .dead, task: task.id, session: task.session,
          message: task.lastError?.message.map {
            .alertDeadBecause(count: task.failures, why: $0, command: ShellCommand.orch("retry", task.id))
          } ?? .alertDead(count: task.failures, command: ShellCommand.orch("retry", task.id))))
    }
    for task in try dead + tasks(.cancelled) {
      for dependent in try reader.dependents(of: reader.reference(to: task)) where dependent.state == .queued {
        alerts.append(
          Alert(
            code: .dependencyDead, task: dependent.id, session: dependent.session,
            message: .alertDependencyDead(
              task: task.id, state: task.state.message,
              command: ShellCommand.orch("edit", dependent.id, "--drop-after", task.id))))
      }
    }
    for task in try tasks(.offered) {
      guard let offer = task.offer else { continue }
      alerts.append(
        Alert(
          code: .offerPending, task: task.id, session: task.session,
          message: .alertOfferPending(from: offer.from, to: offer.to, until: offer.expiresAt)))
    }
    for task in try tasks(.review) {
      let awaited = task.awaitedReviewers
      alerts.append(
        Alert(
          code: .reviewPending, task: task.id, session: task.session,
          message: awaited.isEmpty
            ? waitsForNobody(task)
            : .alertReviewPending(
              reviewers: awaited.joined(separator: ", "), command: ShellCommand.orch("review", "list"))))
      let stale = task.review.staleApprovers
      guard !stale.isEmpty else { continue }
      alerts.append(
        Alert(
          code: .staleApproval, task: task.id, session: task.session,
          message: .alertStaleApproval(reviewers: stale.joined(separator: ", "))))
    }
    for code in [Alert.Code.stale, .dead, .dependencyDead, .offerPending, .reviewPending, .staleApproval]
    where alerts.count(where: { $0.code == code }) >= Self.alertLimit {
      warn(.warningMoreAlerts(code: code.message, alertLimit: Self.alertLimit))
    }
    return alerts
  }

  /// How many tasks of a kind alerts look at.
  static let alertLimit = 100
}
