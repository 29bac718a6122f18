import ArgumentParser
import OrchApp
import OrchRuntime

/// Which lease a holder's command is about.
struct HolderOptions: ParsableArguments {
  @OptionGroup var task: TaskArgument

  @Option(help: .key("holder.session", "session"))
  var session: String?

  @Option(
    help: .key("holder.token", "token"))
  var token: String?

  func request(_ invocation: Invocation) throws -> HolderRequest {
    try invocation.runtime.holder(task: task.reference(), session: session, token: token)
  }
}
