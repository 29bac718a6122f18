import OrchCore
import ArgumentParser
import OrchApp
import OrchRendering
import OrchRuntime

struct MoveCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "move",
    abstract: "help.move")

  @OptionGroup var global: GlobalOptions

  @Option(
    name: .customLong("to"),
    help: .key("move.target", "url"))
  var target: String?

  @Flag(help: .key("move.undo"))
  var undo = false

  func run(_ invocation: Invocation) throws {
    guard (target != nil) != undo else { throw OrchError.usage(.errorMoveTarget, hint: .run("move", "--to", "URL")) }
    let runtime = invocation.runtime
    guard let target else {
      let address = try runtime.undoMove()
      return invocation.output.result(
        json: .undoneMove(address), text: invocation.output.isQuiet ? "" : invocation.reader.undoneMove(address))
    }
    let progress = Progress(invocation)
    let moved = try runtime.move(to: target) { step in
      switch step {
      case .copied(let count): progress.show(.progressCopied(number: count))
      case .verified(let count): progress.show(.progressVerified(number: count))
      }
    }
    progress.end()
    invocation.output.result(
      json: .moved(moved), text: invocation.output.isQuiet ? "" : invocation.reader.moved(moved))
  }
}
