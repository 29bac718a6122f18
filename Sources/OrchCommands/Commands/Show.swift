import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct Show: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "help.show"
  )

  @OptionGroup var global: GlobalOptions

  @Argument(help: .key("show.reference"))
  var reference: String?

  @Option(name: .customLong("task"), help: .key("show.task", "task"))
  var task: String?

  func run(_ invocation: Invocation) throws {
    let named = try task.map { "task:" + (try Validated.identifier($0, "--task")) }
    guard let reference = named ?? reference else { throw OrchError.usage(.errorShowWhat, hint: .run("list")) }
    let shown = try invocation.runtime.show(reference)
    invocation.page()
    try invocation.output.result(json: .shown(shown), text: try invocation.reader.shown(shown))
  }
}
