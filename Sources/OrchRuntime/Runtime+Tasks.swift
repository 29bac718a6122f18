package import OrchApp
package import OrchCore
package import OrchStore

/// What a task is to be, as words that are not checked yet: the options of `add` and `edit`, the keys of a JSON line.
package struct TaskFields {
  package var body: String?
  package var kind: String?
  package var priority: String?
  package var payload: String?
  /// `-` and an empty one are nobody.
  package var assign: String?
  package var after: [String] = []
  package var maxAttempts: String?
  package var notBefore: String?
  package var ttl: String?
  package var reviewer: [String] = []
  package var requireReview: Bool?
  package var requireCheck: [String] = []

  package init() {}

  package var isEmpty: Bool {
    body == nil && kind == nil && priority == nil && payload == nil && assign == nil && after.isEmpty
      && maxAttempts == nil && notBefore == nil && ttl == nil && reviewer.isEmpty && requireReview == nil
      && requireCheck.isEmpty
  }

  /// - Parameter requireReview: where nothing says otherwise.
  package func apply(
    to new: inout NewTask, project: String?, requireReview byDefault: Bool, _ input: InputReader, _ names: FieldNames
  ) throws {
    new.project = project
    new.body = try body.flatMap { try input.text($0, names("body")) }
    new.payload = try payload.flatMap { try input.json($0, names("payload")) }
    try applyWords(to: &new, requireReview: byDefault, names)
  }

  /// Everything but what may be read from a file.
  func applyWords(to new: inout NewTask, requireReview byDefault: Bool, _ names: FieldNames) throws {
    new.kind = try kind.map { try Validated.identifier($0, names("kind")) } ?? new.kind
    new.priority = try priority.map { try Validated.number($0, names("priority"), in: 0...9) } ?? new.priority
    new.assignee = try assign.flatMap { try Self.assignee($0, names) }
    new.after = try Validated.identifiers(after, names("after"))
    new.maxAttempts =
      try maxAttempts.map { try Validated.number($0, names("maxAttempts"), in: 1...1000) } ?? new.maxAttempts
    new.notBefore = try notBefore.flatMap { $0.isEmpty ? nil : try Validated.moment($0, names("notBefore")) }
    new.ttlSeconds = try ttl.flatMap { $0.isEmpty ? nil : try Validated.timeToLive($0, names("ttl")) }
    new.reviewers = try Validated.identifiers(reviewer, names("reviewer"))
    new.requireReview = requireReview ?? byDefault
    new.requiredChecks = try Validated.identifiers(requireCheck, names("requireCheck"))
  }

  package func apply(to request: inout EditRequest, _ input: InputReader, _ names: FieldNames) throws {
    request.edit.body = try body.map { try input.text($0, names("body")) }
    request.edit.kind = try kind.map { try Validated.identifier($0, names("kind")) }
    request.edit.priority = try priority.map { try Validated.number($0, names("priority"), in: 0...9) }
    request.edit.payload = try payload.map { try input.json($0, names("payload")) }
    request.edit.assignee = try assign.map { try Self.assignee($0, names) }
    request.addAfter = try Validated.identifiers(after, names("after"))
    request.edit.maxAttempts = try maxAttempts.map { try Validated.number($0, names("maxAttempts"), in: 1...1000) }
    request.edit.notBefore = try notBefore.map { $0.isEmpty ? nil : try Validated.moment($0, names("notBefore")) }
    request.edit.ttlSeconds = try ttl.map { $0.isEmpty ? nil : try Validated.timeToLive($0, names("ttl")) }
    request.addReviewers = try Validated.identifiers(reviewer, names("reviewer"))
    request.edit.requireReview = requireReview
    request.addChecks = try Validated.identifiers(requireCheck, names("requireCheck"))
  }

  private static func assignee(_ word: String, _ names: FieldNames) throws -> String? {
    word == "-" || word.isEmpty ? nil : try Validated.identifier(word, names("assign"))
  }
}

extension Runtime {
  /// A new task, from its fields and what the surroundings say of it.
  package func newTask(id: String?, title: String, _ fields: TaskFields) throws -> NewTask {
    let names = settings.names
    var new = NewTask(
      id: try id.map { try Validated.identifier($0, names("id")) } ?? "", title: try Validated.title(title))
    try fields.apply(
      to: &new, project: settings.project(.project), requireReview: settings.flag("requireReview"), input, names)
    return new
  }

  package func add(_ request: AddRequest) throws -> Added { try app(.create, git: .writing).add(request) }

  package func addAndClaim(_ request: AddRequest) throws -> Claim {
    let ttlSeconds = try request.task.ttlSeconds ?? settings.claimTTLSeconds()
    return try app(.create, git: .writing).addAndClaim(request, ttlSeconds: ttlSeconds)
  }

  /// Adds a task for each JSON line of a text, all or none. Everything is read and checked before the transaction begins.
  package func add(lines text: String) throws -> [Added] {
    let project = try settings.project(.project)
    let requireReview = try settings.flag("requireReview")
    var requests: [AddRequest] = []
    let lines = Array(text.utf8).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where line.contains(where: { $0 != 32 && $0 != 9 && $0 != 13 }) {
      requests.append(
        try TaskLine(Array(line), number: index + 1)
          .request(project: project, requireReview: requireReview, settings.names))
    }
    return try app(.create, git: .writing).add(requests)
  }

  package func edit(_ reference: String, _ request: EditRequest) throws -> Transition {
    try app(.write, git: .writing).edit(reference, request)
  }

  package func note(_ reference: String, text: String) throws -> Transition {
    try app(.write, git: .writing).note(reference, text: text)
  }

  package func cancel(_ reference: String, why: String) throws -> Transition {
    try app(.write, git: .writing).cancel(reference, why: why)
  }

  package func retry(_ reference: String, why: String?) throws -> Transition {
    try app(.write, git: .writing).retry(reference, why: why)
  }

  /// The use cases for a list, and the query with the projects that it is about.
  package func listing(_ query: TaskQuery, allProjects: Bool) throws -> (app: App, query: TaskQuery) {
    let app = try app(.read, git: .reading)
    var query = query
    if !allProjects { query.projects = settings.scope(of: app.settings.project) }
    return (app, query)
  }

  package func show(_ reference: String) throws -> Shown { try app(.read).show(reference.nfc) }

  package func agents() throws -> [Agent] { try app(.read).agents() }

  package func describe(_ name: String, display: String??, role: String?) throws -> Agent {
    try app(.write, git: [.configuration, .position]).describe(name, display: display, role: role)
  }
}
