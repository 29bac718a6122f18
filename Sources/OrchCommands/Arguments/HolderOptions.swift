import ArgumentParser
import OrchApp
import OrchCore

/// Which lease a holder's command is about.
struct HolderOptions: ParsableArguments {
  @OptionGroup var task: TaskArgument

  @Option(help: ArgumentHelp("The session whose lease is meant.", valueName: "session"))
  var session: String?

  @Option(
    help: ArgumentHelp("The lease's token (or ORCH_TOKEN); else it is found from the lease files.", valueName: "token"))
  var token: String?

  func request(_ environment: Environment) throws -> HolderRequest {
    try HolderValues(task: task.reference(), session: session, token: token).request(environment)
  }
}

/// What the options of a holder's command say, however they were read.
struct HolderValues {
  var task: String?
  var session: String?
  var token: String?

  func request(_ environment: Environment) throws -> HolderRequest {
    HolderRequest(
      token: try checkedToken(token ?? environment["ORCH_TOKEN"]), task: task,
      session: try session.map { try identifier($0, "--session") })
  }
}

func checkedToken(_ token: String?) throws -> Token? {
  guard let token else { return nil }
  guard let parsed = Token(token) else { throw OrchError.usage("a token is 64 hexadecimal digits") }
  return parsed
}
