package import OrchCore
import OrchGit
import OrchStore

/// What a reviewer wants to say.
package struct VerdictRequest: Sendable {
  package var verdict: ReviewView.Verdict
  package var text: String
  /// Whether the owner is to approve last.
  package var needsOwner: Bool

  package init(_ verdict: ReviewView.Verdict, text: String, needsOwner: Bool) {
    self.verdict = verdict
    self.text = text
    self.needsOwner = needsOwner
  }
}

/// What a verdict did.
package struct Reviewed: Sendable {
  package var review: ReviewView
  package var task: Task
  package var now: Instant
}

extension App {
  /// Submits again what is in review, after a rebase, say. Repeating what was submitted last does nothing.
  ///
  /// - Parameters:
  ///   - submission: what is submitted, as `submission` finds it; nil outside a repository.
  ///   - needsOwner: whether the owner is to approve last.
  package func resubmit(
    _ reference: String, _ submission: Submission?, message: String?, needsOwner: Bool
  ) throws(OrchError) -> Transition {
    _ = try agent()
    return try write(subject(reference)) { subject, writer in
      let task = subject.task
      if task.state == .review, let present = task.review.submission, let submission, submission.oid == present.oid,
        submission.change == present.change, task.holders.contains(settings.agent ?? "")
      {
        return Transition(task: try writer.named(task), event: nil, now: writer.now)
      }
      // Work in a repository is not made work without git by where its author happens to stand.
      if task.state == .review, submission?.oid == nil, let oid = task.review.submission?.oid {
        throw OrchError.refused(
          .errorNoCommitToSubmit(oid: oid.prefix(10)),
          hint: .run("-C", "DIR", "review", "submit", task.shownID))
      }
      let owners = needsOwner ? try owners(in: writer) : []
      return try execute(.resubmit(submission, owners: owners, message: message), on: subject, in: writer)
    }
  }

  /// Approves, rejects or comments on what is submitted, wherever the reviewer stands.
  package func review(_ reference: String, _ request: VerdictRequest) throws(OrchError) -> Reviewed {
    try mappingErrors {
      let agent = try agent()
      // The repository is looked at outside any transaction; the submission's number says that it is still the one.
      let seen = try store.read(subject(reference)).task
      let view = try view(seen.review.submission, isOver: seen.state != .review)
      return try store.write(.all(subject(reference), lookalike(of: agent))) { loaded, writer in
        warnOfUnknown(agent, loaded.1)
        let subject = loaded.0
        let command = try command(request, seen: seen.review.submission, view, on: subject, in: writer)
        if request.verdict == .approved, let again = try approvedAlready(subject.task, by: agent, in: writer) {
          return again
        }
        let transition = try explainingStale(view) { try execute(command, on: subject, in: writer) }
        guard let recorded = transition.event,
          var review = try history(of: transition.task, in: writer).reviews.last(where: { $0.event == recorded.id })
        else {
          throw StoreError.internal("a verdict that its task's events do not have")
        }
        review.isStale = view?.state == .stale
        return Reviewed(review: review, task: transition.task, now: writer.now)
      }
    }
  }

  /// The command for a verdict on the submission that the reviewer has seen.
  private func command(
    _ request: VerdictRequest, seen: Submission?, _ view: SubmissionView?, on subject: Subject,
    in reader: any StoreReader
  ) throws -> Command {
    var verdict = Verdict(
      request.text, submission: seen?.seq, isStale: view?.state == .stale,
      owners: request.needsOwner ? try owners(in: reader) : [])
    if let seq = subject.task.review.submission?.seq {
      verdict.event = try reader.event(session: reader.reference(to: subject.session), seq: seq)?.id.hex
    }
    switch request.verdict {
    case .approved: return .approve(verdict)
    case .rejected: return .reject(verdict)
    case .commented, .requested: return .comment(verdict)
    }
  }

  /// An approval that was recorded of this very submission: its answer may have been lost.
  private func approvedAlready(_ task: Task, by agent: String, in reader: any StoreReader) throws -> Reviewed? {
    // Where nobody is awaited any more, since a reviewer was dropped, approving again is what makes it done.
    guard task.state == .done || (task.state == .review && !task.awaitedReviewers.isEmpty),
      let submission = task.review.submission,
      task.review.approvals.contains(where: { $0.reviewer == agent && $0.submission.seq == submission.seq })
    else { return nil }
    let named = try reader.named(task)
    let view = try history(of: named, in: reader).reviews.last { $0.verdict == .approved && $0.reviewer == agent }
    return view.map { Reviewed(review: $0, task: named, now: reader.now) }
  }

  /// Says what to do first where a submission only looks stale because its commit is not here.
  private func explainingStale<Value>(_ view: SubmissionView?, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch var error as OrchError where error.code == .staleSubmission {
      if let name = view?.submission.oid.flatMap({ ObjectName($0) }), let hint = error.hint,
        try surroundings.repository?.commit(name) == nil
      {
        error.hint = .text(.hintFetchFirst(commit: name.short, hint: hint))
      }
      throw error
    }
  }

  /// What waits for a reviewer, and who has approved already: a row a task and reviewer.
  ///
  /// - Parameter reviewer: only what waits for this one.
  package func reviews(of reviewer: String?) throws(OrchError) -> [ReviewView] {
    try mappingErrors { try awaitedReviews(of: reviewer) }
  }

  private func awaitedReviews(of reviewer: String?) throws -> [ReviewView] {
    var query = TaskQuery()
    query.state = .review
    query.projects = .all
    let submitted = try store.read { reader in
      try reader.tasks(query, after: nil, limit: .max).map { task -> (task: Task, history: TaskHistory) in
        let task = try reader.named(task)
        return (task: task, history: try history(of: task, in: reader))
      }
    }
    var rows: [ReviewView] = []
    for (task, var history) in submitted {
      let view = try view(task.review.submission, isOver: false)
      history.compare(isStale: view?.state == .stale, presentTree: nil)
      guard let request = history.reviews.last(where: { $0.verdict == .requested }) else { continue }
      for awaited in task.awaitedReviewers where reviewer == nil || reviewer == awaited {
        var row = request
        row.reviewer = awaited
        row.isStale = view?.state == .stale
        rows.append(row)
      }
      guard reviewer == nil else { continue }
      for approval in task.review.approvals {
        rows += history.reviews.last { $0.verdict == .approved && $0.reviewer == approval.reviewer }.map { [$0] } ?? []
      }
    }
    return rows
  }

  /// The agents that were described as owners, by name.
  ///
  /// - Throws: `configuration` where somebody's approval is asked for whom nobody is.
  func owners(in reader: any StoreReader) throws -> [String] {
    let owners = try reader.agents().filter { $0.role == "owner" }.map(\.name).sorted()
    guard !owners.isEmpty else {
      throw OrchError(
        .configuration, .errorNoOwner,
        hint: .run("agents", "set", "NAME", "--role", "owner"))
    }
    return owners
  }
}
