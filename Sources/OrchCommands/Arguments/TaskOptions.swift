import ArgumentParser
import OrchRuntime

/// The options that say what a task is, for `add` and `edit`.
struct TaskOptions: ParsableArguments {
  @Option(help: .key("task-options.body", "text"))
  var body: String?

  @Option(help: .key("task-options.kind", "kind"))
  var kind: String?

  @Option(help: .key("task-options.priority", "0..9"))
  var priority: String?

  @Option(help: .key("task-options.payload", "json"))
  var payload: String?

  @Option(help: .key("task-options.assign", "agent"))
  var assign: String?

  @Option(help: .key("task-options.after", "task"))
  var after: [String] = []

  @Option(name: .customLong("max-attempts"), help: .key("task-options.max-attempts", "n"))
  var maxAttempts: String?

  @Option(name: .customLong("not-before"), help: .key("task-options.not-before", "time"))
  var notBefore: String?

  @Option(help: .key("task-options.ttl", "duration"))
  var ttl: String?

  @Option(help: .key("task-options.reviewer", "agent"))
  var reviewer: [String] = []

  @Flag(name: .customLong("require-review"), inversion: .prefixedNo, help: .key("task-options.require-review"))
  var requireReview: Bool?

  @Option(
    name: .customLong("require-check"), help: .key("task-options.require-check", "name"))
  var requireCheck: [String] = []

  var fields: TaskFields {
    var fields = TaskFields()
    fields.body = body
    fields.kind = kind
    fields.priority = priority
    fields.payload = payload
    fields.assign = assign
    fields.after = after
    fields.maxAttempts = maxAttempts
    fields.notBefore = notBefore
    fields.ttl = ttl
    fields.reviewer = reviewer
    fields.requireReview = requireReview
    fields.requireCheck = requireCheck
    return fields
  }
}
