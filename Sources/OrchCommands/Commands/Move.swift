import ArgumentParser
import OrchApp
import OrchRendering
import OrchRuntime
import OrchStore

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
    let app = try invocation.app(.write, patience: Self.patience)
    guard let target else {
      let address = try app.undoMove()
      return invocation.output.result(
        json: .undoneMove(address), text: invocation.output.isQuiet ? "" : invocation.reader.undoneMove(address))
    }
    let address = try invocation.engines.normalized(target, in: invocation.environment.directory)
    let store = try invocation.engines.engine(for: address).openOrCreate(
      address, OpenOptions(timeoutMilliseconds: invocation.timeoutMilliseconds(default: Self.patience)))
    let other = App(
      store: store, settings: try invocation.settings(database: invocation.engines.shown(address)),
      leaseFiles: invocation.leaseFiles)
    let progress = Progress(invocation)
    let moved = try app.move(to: other) { step in
      switch step {
      case .copied(let count): progress.show("copied \(count) events")
      case .verified(let count): progress.show("verified \(count) events")
      }
    }
    progress.end()
    invocation.output.result(
      json: .moved(moved), text: invocation.output.isQuiet ? "" : invocation.reader.moved(moved))
  }

  /// For each transaction, in milliseconds: there are large ones.
  private static let patience = 60_000
}
