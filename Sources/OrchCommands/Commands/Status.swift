import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchStore

struct StatusCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show who holds what, the tasks' states, and what needs somebody.")

  @OptionGroup var global: GlobalOptions

  @Flag(help: "Draw it again every two seconds.")
  var watch = false

  func run(_ invocation: Invocation) throws {
    let app = try invocation.app(.read, git: .reading)
    repeat {
      let status = try app.status()
      if watch, !invocation.output.isJSON { invocation.output.clearScreen() }
      invocation.output.result(json: .status(status), text: invocation.reader.status(status))
      guard watch else { return }
      invocation.output.flush()
      pause(.seconds(2))
    } while !invocation.output.isClosed
  }
}
