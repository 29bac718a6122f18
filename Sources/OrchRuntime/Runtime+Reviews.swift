package import OrchApp
package import OrchCore

extension Runtime {
  /// A reviewer's verdict on what is submitted.
  package func review(_ reference: String, _ verdict: ReviewView.Verdict, text: String) throws -> Reviewed {
    let request = VerdictRequest(verdict, text: text, needsOwner: try needsOwner())
    return try app(.write, git: .writing).review(reference, request)
  }

  /// Submits again what is in review.
  package func resubmit(_ reference: String, _ request: SubmissionRequest, message: String?) throws -> Transition {
    let needsOwner = try needsOwner()
    let app = try app(.write, git: .writing)
    let submission = try app.submission(request, of: nil)
    return try app.resubmit(reference, submission, message: message, needsOwner: needsOwner)
  }

  /// Whether the owner is to approve last.
  private func needsOwner() throws -> Bool { try settings.flag("ownerApproval") }

  package func reviews(of reviewer: String?) throws -> [ReviewView] {
    try app(.read, git: .reading).reviews(of: reviewer)
  }

  /// The use cases for an offer: a report of the offered task may follow.
  package func offering() throws -> App { try app(.write, holder: true, git: [.configuration, .position]) }

  package func accept(_ reference: String, restatement: String?, ttlSeconds: Int?) throws -> Claim {
    let ttlSeconds = try ttlSeconds ?? settings.claimTTLSeconds()
    return try app(.write, git: .writing).accept(reference, restatement: restatement, ttlSeconds: ttlSeconds)
  }

  package func decline(_ reference: String, why: String) throws -> Offered {
    try app(.write, git: .writing).decline(reference, why: why)
  }

  package func handoffs(to: String?, from: String?, all: Bool) throws -> [HandoffView] {
    try app(.read, git: .configuration).handoffs(to: to, from: from, all: all)
  }

  package func recordDecision(_ key: String, _ value: String, because: String, supersedes: String?) throws
    -> DecisionResult
  {
    try app(.write, git: .writing).recordDecision(key, value, because: because, supersedes: supersedes)
  }

  package func decisions(_ key: String?, all: Bool) throws -> [DecisionView] {
    try app(.read, git: .reading).decisions(key, all: all)
  }

  package func report(_ request: ReportRequest) throws -> Report {
    try app(.read, git: [.configuration, .project, .position]).report(request)
  }
}
