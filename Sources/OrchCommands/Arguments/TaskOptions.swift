import ArgumentParser
import OrchRuntime

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
