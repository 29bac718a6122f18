import ArgumentParser
import OrchApp
import OrchRendering
import OrchRuntime

struct Import: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "help.import")

  @OptionGroup var global: GlobalOptions

  @Argument(help: .key("import.file"))
  var file: String

  func run(_ invocation: Invocation) throws {
    let progress = Progress(invocation)
    let imported = try invocation.runtime.importLog(file) { checked, loaded in
      progress.show(
        loaded == 0 ? .progressChecked(detail: checked) : .progressLoaded(loaded: loaded, checked: checked))
    }
    progress.end()
    invocation.output.result(
      json: .imported(imported), text: invocation.output.isQuiet ? "" : invocation.reader.imported(imported))
  }
}
