import ArgumentParser
import OrchApp
import OrchRuntime

/// Which lease a holder's command is about.
struct HolderOptions: ParsableArguments {
  @OptionGroup var task: TaskArgument

  @Option(help: ArgumentHelp("The session whose lease is meant.", valueName: "session"))
  var session: String?

  @Option(
    help: ArgumentHelp("The lease's token (or ORCH_TOKEN); else it is found from the lease files.", valueName: "token"))
  var token: String?

  func request(_ invocation: Invocation) throws -> HolderRequest {
    try invocation.runtime.holder(task: task.reference(), session: session, token: token)
  }
}
