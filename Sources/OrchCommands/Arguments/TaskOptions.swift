import ArgumentParser
import OrchApp
import OrchCore

/// The options that say what a task is, for `add` and `edit`.
struct TaskOptions: ParsableArguments {
  @Option(help: ArgumentHelp("More about it: text, @FILE or - for standard input.", valueName: "text"))
  var body: String?

  @Option(help: ArgumentHelp("Its kind (task).", valueName: "kind"))
  var kind: String?

  @Option(help: ArgumentHelp("0, the first, to 9 (5).", valueName: "0..9"))
  var priority: String?

  @Option(help: ArgumentHelp("JSON, @FILE or - for standard input.", valueName: "json"))
  var payload: String?

  @Option(help: ArgumentHelp("Only this agent may claim it; - clears.", valueName: "agent"))
  var assign: String?

  @Option(help: ArgumentHelp("It waits for this task to be done (repeatable).", valueName: "task"))
  var after: [String] = []

  @Option(name: .customLong("max-attempts"), help: ArgumentHelp("Dead after so many failures (4).", valueName: "n"))
  var maxAttempts: String?

  @Option(name: .customLong("not-before"), help: ArgumentHelp("Not claimable before this time.", valueName: "time"))
  var notBefore: String?

  @Option(help: ArgumentHelp("The time to live of its leases: 1s to 30d (30m).", valueName: "duration"))
  var ttl: String?

  @Option(help: ArgumentHelp("Who reviews it (repeatable).", valueName: "agent"))
  var reviewer: [String] = []

  @Flag(name: .customLong("require-review"), inversion: .prefixedNo, help: "It is done only once it is reviewed.")
  var requireReview: Bool?

  @Option(
    name: .customLong("require-check"), help: ArgumentHelp("A check that must pass (repeatable).", valueName: "name"))
  var requireCheck: [String] = []

  var isEmpty: Bool {
    body == nil && kind == nil && priority == nil && payload == nil && assign == nil && after.isEmpty
      && maxAttempts == nil && notBefore == nil && ttl == nil && reviewer.isEmpty && requireReview == nil
      && requireCheck.isEmpty
  }

  /// - Parameter requireReview: where nothing says otherwise.
  func apply(to new: inout NewTask, project: String?, requireReview byDefault: Bool) throws {
    new.project = project
    new.body = try body.flatMap { try longText($0, "--body") }
    new.kind = try kind.map { try identifier($0, "--kind") } ?? new.kind
    new.priority = try priority.map { try number($0, "--priority", in: 0...9) } ?? new.priority
    new.payload = try payload.flatMap { try jsonText($0, "--payload") }
    new.assignee = try assign.flatMap { try assignee($0) }
    new.after = try unique(after, "--after")
    new.maxAttempts = try maxAttempts.map { try number($0, "--max-attempts", in: 1...1000) } ?? new.maxAttempts
    new.notBefore = try notBefore.flatMap { $0.isEmpty ? nil : try moment($0, "--not-before") }
    new.ttlSeconds = try ttl.flatMap { $0.isEmpty ? nil : try timeToLive($0) }
    new.reviewers = try unique(reviewer, "--reviewer")
    new.requireReview = requireReview ?? byDefault
    new.requiredChecks = try unique(requireCheck, "--require-check")
  }

  func apply(to request: inout EditRequest) throws {
    request.edit.body = try body.map { try longText($0, "--body") }
    request.edit.kind = try kind.map { try identifier($0, "--kind") }
    request.edit.priority = try priority.map { try number($0, "--priority", in: 0...9) }
    request.edit.payload = try payload.map { try jsonText($0, "--payload") }
    request.edit.assignee = try assign.map { try assignee($0) }
    request.addAfter = try unique(after, "--after")
    request.edit.maxAttempts = try maxAttempts.map { try number($0, "--max-attempts", in: 1...1000) }
    request.edit.notBefore = try notBefore.map { $0.isEmpty ? nil : try moment($0, "--not-before") }
    request.edit.ttlSeconds = try ttl.map { $0.isEmpty ? nil : try timeToLive($0) }
    request.addReviewers = try unique(reviewer, "--reviewer")
    request.edit.requireReview = requireReview
    request.addChecks = try unique(requireCheck, "--require-check")
  }

  private func assignee(_ word: String) throws -> String? {
    word == "-" || word.isEmpty ? nil : try identifier(word, "--assign")
  }
}

/// Identifiers, each once, in the order given.
func unique(_ words: [String], _ option: String) throws -> [String] {
  var seen: Set<String> = []
  return try words.map { try identifier($0, option) }.filter { seen.insert($0).inserted }
}
