import ArgumentParser
import OrchApp
import OrchRendering
import OrchRuntime

struct Import: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Load what export wrote: verify it, pass over what is here, append the rest.",
    discussion: """
      Sessions keep their log and their chain, and go on from there. Everything is read and checked first; then all is \
      loaded, or nothing. Events that are missing in between, and sessions that went on in both places, are refused by name.
      """)

  @OptionGroup var global: GlobalOptions

  @Argument(help: "The file, or - for standard input.")
  var file: String

  func run(_ invocation: Invocation) throws {
    let progress = Progress(invocation)
    let imported = try invocation.runtime.importLog(file) { checked, loaded in
      progress.show(loaded == 0 ? "checked \(checked) events" : "loaded \(loaded) of \(checked) events")
    }
    progress.end()
    invocation.output.result(
      json: .imported(imported), text: invocation.output.isQuiet ? "" : invocation.reader.imported(imported))
  }
}
