package import OrchCore

// What is persisted of a task: each property is in a column here, or is named in `elsewhere`. A new property needs a line
// here, and a migration that adds the column.

extension Task: ColumnRecord {
  package static let blank = Task(
    NewTask(id: "", title: ""), session: "", createdAt: Instant(milliseconds: 0), createdBy: nil, source: nil)

  /// In the table of tasks of every engine.
  package mutating func columns(_ pass: inout ColumnPass) throws(UnreadableColumn) {
    try pass.column("id", .fixed, &id)
    try pass.column("state", .hot, &state)
    try pass.column("attempt", .hot, &attempt)
    try pass.column("failures", .hot, &failures)
    try pass.column("updated_at", .hot, &updatedAt)
    try pass.column("last_author", .hot, &lastAuthor)
    try pass.column("holders", .hot, &holders)
    try pass.column("approvals", .hot, &review)
    try pass.column("passed_checks", .hot, &passedChecks)
    try pass.part(&lastError, flag: "has_error", .hot)
    try pass.column("priority", .cold, &priority)
    try pass.column("ready_at", .cold, &readyAt)
    try pass.column("not_before", .cold, &notBefore)
    try pass.part(&offer)
    try pass.column("title", .cold, &title)
    try pass.column("key", .cold, &key)
    // The key while it is taken, for the unique index on it.
    pass.derived("open_key", .cold, optional: state.isOpen ? key : nil)
    try pass.column("max_attempts", .cold, &maxAttempts)
    try pass.column("ttl", .cold, &ttlSeconds)
    try pass.column("created_at", .cold, &createdAt)
    try pass.column("created_by", .cold, &createdBy)
    try pass.column("source", .cold, &source)
    try pass.column("after_tasks", .cold, &after)
    try pass.column("require_review", .cold, &requireReview)
    try pass.column("required_checks", .cold, &requiredChecks)
  }

  /// Properties that are in other columns: those of the filter key and of the content below, and those that an engine
  /// declares, because it counts or numbers them or stores a reference to another row. The alias is not stored.
  package static let elsewhere: Set<String> = [
    "kind", "project", "assignee", "reviewers", "content", "session", "logID", "openBlockers", "ordinal", "alias"
  ]

  /// The names of the columns in which a row differs from what replaying the log gives.
  package func differences(fromReplay replay: Task) -> [String] {
    var expected = replay
    (expected.openBlockers, expected.ordinal, expected.alias) = (openBlockers, ordinal, alias)
    // Mostly it is, and then no column has to be looked at.
    if self == expected { return [] }
    return differingColumns(fromReplay: replay) + filterKey.differingColumns(fromReplay: replay.filterKey)
      + content.differingColumns(fromReplay: replay.content)
      + (session == replay.session && logID == replay.logID ? [] : ["session"])
  }

  package var filterKey: ClaimFilterKey {
    get { ClaimFilterKey(self) }
    set {
      kind = newValue.kind
      project = newValue.project
      assignee = newValue.assignee
      reviewers = newValue.reviewers
    }
  }
}

/// In the table of tasks, or in one of their own: few tasks have one that no other has.
extension ClaimFilterKey: ColumnRecord {
  package static let blank = ClaimFilterKey(kind: "", project: nil, assignee: nil, reviewers: [])

  package mutating func columns(_ pass: inout ColumnPass) throws(UnreadableColumn) {
    try pass.column("kind", .cold, &kind)
    try pass.column("project", .cold, &project)
    try pass.column("assignee", .cold, &assignee)
    try pass.column("reviewers", .cold, &reviewers)
  }
}

/// In the table of tasks, or in one of their own: contents may be long.

extension TaskContent: ColumnRecord {
  package static let blank = TaskContent(body: nil, payload: nil, result: nil)

  package mutating func columns(_ pass: inout ColumnPass) throws(UnreadableColumn) {
    try pass.column("body", .cold, &body)
    try pass.column("payload", .cold, &payload)
    try pass.column("result", .cold, &result)
  }
}

extension TaskError: ColumnRecord {
  package static let blank = TaskError(code: nil, message: nil)

  package mutating func columns(_ pass: inout ColumnPass) throws(UnreadableColumn) {
    try pass.column("error_code", .hot, &code)
    try pass.column("error_message", .hot, &message)
  }
}

extension Offer: ColumnRecord {
  package static let blank = Offer(from: "", to: "", why: nil, next: nil, expiresAt: Instant(milliseconds: 0))

  package mutating func columns(_ pass: inout ColumnPass) throws(UnreadableColumn) {
    try pass.column("offer_expires_at", .cold, &expiresAt)
    try pass.column("offer_from", .cold, &from)
    try pass.column("offer_to", .cold, &to)
    try pass.column("offer_why", .cold, &why)
    try pass.column("offer_next", .cold, &next)
  }
}
