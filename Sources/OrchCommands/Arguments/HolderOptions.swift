internal import ArgumentParser
internal import OrchApp
internal import OrchCore

/// Which lease a holder's command is about.
struct HolderOptions: ParsableArguments {
  @Option(name: .customLong("task"), help: ArgumentHelp("The task, also as --task.", valueName: "task"))
  var task: String?

  @Option(help: ArgumentHelp("The session whose lease is meant.", valueName: "session"))
  var session: String?

  @Option(help: ArgumentHelp("The lease's token (or ORCH_TOKEN); else it is found from the lease files.", valueName: "token"))
  var token: String?

  func request(_ positional: String?, _ environment: Environment) throws -> HolderRequest {
    HolderRequest(
      token: try checkedToken(token ?? environment["ORCH_TOKEN"]),
      task: try taskReference(positional, task), session: try session.map { try identifier($0, "--session") })
  }
}

/// `[TASK]` may always be given as `--task TASK` too.
func taskReference(_ positional: String?, _ option: String?) throws -> String? {
  if let positional, let option, positional != option {
    throw OrchError.usage("two tasks are named: \(positional) and \(option)")
  }
  return try (positional ?? option).map { try identifier($0, "task") }
}

/// A task that must be named.
func requiredTask(_ positional: String?, _ option: String?) throws -> String {
  guard let task = try taskReference(positional, option) else { throw OrchError.usage("which task?", hint: "orch list") }
  return task
}

func checkedToken(_ token: String?) throws -> Token? {
  guard let token else { return nil }
  guard let parsed = Token(token) else { throw OrchError.usage("a token is 64 hexadecimal digits") }
  return parsed
}
