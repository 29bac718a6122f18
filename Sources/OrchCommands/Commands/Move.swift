import ArgumentParser
import OrchApp
import OrchRendering
import OrchRuntime

struct MoveCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "move",
    abstract: "Move everything to another database, of either engine, and leave a pointer to it here.",
    discussion: """
      The other database is created when there is none, and verified. Leases go on there under their tokens. From the \
      beginning on this database is only read; should the move be killed, the same command finishes it, and --undo gives \
      it up.
      """)

  @OptionGroup var global: GlobalOptions

  @Option(
    name: .customLong("to"),
    help: ArgumentHelp("Where to: a path, sqlite:PATH or a server's address.", valueName: "url"))
  var target: String?

  @Flag(help: "Open the database again after a move that died.")
  var undo = false

  func run(_ invocation: Invocation) throws {
    guard (target != nil) != undo else { throw OrchError.usage("where to?", hint: "orch move --to URL") }
    let runtime = invocation.runtime
    guard let target else {
      let address = try runtime.undoMove()
      return invocation.output.result(
        json: .undoneMove(address), text: invocation.output.isQuiet ? "" : invocation.reader.undoneMove(address))
    }
    let progress = Progress(invocation)
    let moved = try runtime.move(to: target) { step in
      switch step {
      case .copied(let count): progress.show("copied \(count) events")
      case .verified(let count): progress.show("verified \(count) events")
      }
    }
    progress.end()
    invocation.output.result(
      json: .moved(moved), text: invocation.output.isQuiet ? "" : invocation.reader.moved(moved))
  }
}
