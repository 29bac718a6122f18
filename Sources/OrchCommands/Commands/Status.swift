import OrchRuntime
import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering

struct StatusCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "help.status")

  @OptionGroup var global: GlobalOptions

  @Flag(help: .key("status.watch"))
  var watch = false

  func run(_ invocation: Invocation) throws {
    func show(_ status: Status) -> Bool {
      if watch, !invocation.output.isJSON { invocation.output.clearScreen() }
      invocation.output.result(json: .status(status), text: invocation.reader.status(status))
      guard watch else { return false }
      invocation.output.flush()
      return !invocation.output.isClosed
    }
    try invocation.runtime.watchStatus(Polling(every: .seconds(2)), show)
  }
}
