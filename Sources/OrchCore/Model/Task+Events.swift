extension Task {
  /// The task that `event`, a `task.added` or a `task.imported`, brings into being.
  ///
  /// - Throws: `MalformedEvent` without an id and a title.
  init(added event: Event, session: String) throws(MalformedEvent) {
    let data = event.data
    var new = NewTask(
      id: try event.required(event.task, "task"), title: try event.required(.title, EventData.string))
    new.body = data.string(.body)
    new.project = data.string(.project)
    new.kind = data.string(.kind) ?? new.kind
    new.priority = data.int(.priority) ?? new.priority
    new.payload = data.string(.payload)
    new.assignee = data.string(.assignee)
    new.after = data.strings(.after) ?? []
    new.key = data.string(.key)
    new.maxAttempts = data.int(.maxAttempts) ?? new.maxAttempts
    new.notBefore = data.instant(.notBefore)
    new.ttlSeconds = data.int(.ttlSeconds)
    new.reviewers = data.strings(.reviewers) ?? []
    new.requireReview = data.bool(.requireReview)
    new.requiredChecks = data.strings(.requiredChecks) ?? []
    self.init(new, session: session, createdAt: event.at, createdBy: event.roles.actor, source: event.roles.source)
    readyAt = data.instant(.readyAt) ?? readyAt
    guard event.type == .taskImported else { return }
    if let name = data.string(.state) {
      guard let imported = TaskState(rawValue: name) else { throw event.malformed(.eventNoState(name: name)) }
      state = imported
    }
    failures = data.int(.failures) ?? 0
    attempt = data.int(.attempt) ?? 0
    content.result = data.string(.result)
    if data.has(.code) || data.has(.message) {
      lastError = TaskError(code: data.string(.code), message: data.string(.message))
    }
    if let author = event.roles.author, data.has(.agent) {
      lastAuthor = author
      holders = [author]
    }
  }

  /// Changes what a `task.edited` names; a null clears.
  mutating func apply(edit data: EventData) {
    title = data.string(.title) ?? title
    if data.has(.body) { content.body = data.string(.body) }
    if data.has(.project) { project = data.string(.project) }
    kind = data.string(.kind) ?? kind
    priority = data.int(.priority) ?? priority
    if data.has(.payload) { content.payload = data.string(.payload) }
    if data.has(.assignee) { assignee = data.string(.assignee) }
    after = data.strings(.after) ?? after
    maxAttempts = data.int(.maxAttempts) ?? maxAttempts
    if data.has(.notBefore) {
      notBefore = data.instant(.notBefore)
      readyAt = notBefore ?? readyAt
    }
    if data.has(.ttlSeconds) { ttlSeconds = data.int(.ttlSeconds) }
    reviewers = data.strings(.reviewers) ?? reviewers
    if data.has(.requireReview) { requireReview = data.bool(.requireReview) }
    requiredChecks = data.strings(.requiredChecks) ?? requiredChecks
  }
}
