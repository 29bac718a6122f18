import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct Show: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a task, a session, an event or a commit.",
    discussion:
      "An exact task, an exact session, then a unique prefix, then a commit; task:, session:, event:, commit: in front force a kind."
  )

  @OptionGroup var global: GlobalOptions

  @Argument(help: "What to show.")
  var reference: String?

  @Option(name: .customLong("task"), help: ArgumentHelp("The task to show.", valueName: "task"))
  var task: String?

  func run(_ invocation: Invocation) throws {
    let named = try task.map { "task:" + (try Validated.identifier($0, "--task")) }
    guard let reference = named ?? reference else { throw OrchError.usage("show what?", hint: "orch list") }
    let shown = try invocation.runtime.show(reference)
    invocation.page()
    try invocation.output.result(json: .shown(shown), text: try invocation.reader.shown(shown))
  }
}
