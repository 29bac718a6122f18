// Adding, editing, remarking, cancelling and retrying: what anybody may do to a task.

extension Decision {
  func add(_ new: NewTask) throws(Rejection) -> [Event] {
    guard state.task == nil else { throw .taskExists }
    guard (0...9).contains(new.priority) else { throw .outOfRange("priority") }
    guard new.maxAttempts >= 1 else { throw .outOfRange("max-attempts") }
    var event = event(
      .taskAdded, reviewer: new.reviewers.first,
      data: [
        .after: new.after.isEmpty ? nil : .strings(new.after), .assignee: new.assignee.json, .body: new.body.json,
        .key: new.key.json, .kind: .string(new.kind), .maxAttempts: .int(new.maxAttempts),
        .notBefore: new.notBefore.json, .payload: new.payload.json, .priority: .int(new.priority),
        .project: new.project.json, .readyAt: .instant(new.notBefore ?? now),
        .requireReview: new.requireReview ? .bool(true) : nil,
        .requiredChecks: new.requiredChecks.isEmpty ? nil : .strings(new.requiredChecks),
        .reviewers: new.reviewers.isEmpty ? nil : .strings(new.reviewers), .title: .string(new.title),
        .ttlSeconds: new.ttlSeconds.json
      ])
    event.task = new.id
    return [event]
  }

  func edit(_ edit: TaskEdit) throws(Rejection) -> [Event] {
    guard task.state != .done else { throw .wrongState(.done, .edit) }
    if let priority = edit.priority, !(0...9).contains(priority) { throw .outOfRange("priority") }
    if let limit = edit.maxAttempts {
      // What is dead or cancelled starts at no failures when it is retried.
      guard limit >= 1, !task.state.isOpen || limit > task.failures else { throw .outOfRange("max-attempts") }
    }
    func json(_ change: String??) -> JSON? { change.map { $0.map { .string($0) } ?? .null } }
    return [
      event(
        .taskEdited, reviewer: edit.reviewers?.first,
        data: [
          .after: edit.after.map { .strings($0) }, .assignee: json(edit.assignee), .body: json(edit.body),
          .kind: edit.kind.json, .maxAttempts: edit.maxAttempts.json,
          .notBefore: edit.notBefore.map { $0.map { .instant($0) } ?? .null }, .payload: json(edit.payload),
          .priority: edit.priority.json, .project: json(edit.project),
          .requireReview: edit.requireReview.map { .bool($0) },
          .requiredChecks: edit.requiredChecks.map { .strings($0) }, .reviewers: edit.reviewers.map { .strings($0) },
          .title: edit.title.json, .ttlSeconds: edit.ttlSeconds.map { $0.map { .int($0) } ?? .null }
        ])
    ]
  }

  func note(_ text: String) throws(Rejection) -> [Event] {
    [event(.noteAdded, data: [.text: .string(text)])]
  }

  /// A fact about the repository, whatever state the task is in.
  func link(_ link: CommitLink) -> [Event] {
    let isWork = link.state == .linked
    return [
      event(
        .commitLinked, author: isWork ? link.agent : nil, reviewer: isWork ? link.reviewer : nil, data: link.data)
    ]
  }

  func rewrite(_ rewrite: CommitRewrite) -> [Event] {
    [
      event(
        .commitRewritten,
        data: [.new: rewrite.new.json, .old: .string(rewrite.old), .reason: .string(rewrite.reason.rawValue)])
    ]
  }

  func cancel(why: String) throws(Rejection) -> [Event] {
    switch task.state {
    case .done, .cancelled: throw .wrongState(task.state, .cancel)
    case .queued, .running, .review, .offered, .dead: break
    }
    let lease = session.lease.flatMap { $0.task == task.id ? $0 : nil }
    return [event(.taskCancelled, fence: lease?.fence, data: [.why: .string(why)])]
  }

  func retry(why: String?) throws(Rejection) -> [Event] {
    switch task.state {
    case .dead, .cancelled, .done: break
    case .queued, .running, .review, .offered: throw .wrongState(task.state, .retry)
    }
    return [event(.taskRetried, data: [.readyAt: .instant(now), .why: why.json])]
  }
}
