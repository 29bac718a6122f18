import ArgumentParser
import OrchApp
import OrchRendering
import OrchRuntime
import OrchStore

struct Export: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "help.export")

  @OptionGroup var global: GlobalOptions

  @Option(help: .key("export.session", "session"))
  var session: String?

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: .key("export.file", "file"))
  var file: String?

  func run(_ invocation: Invocation) throws {
    let session = try session.map { try Validated.identifier($0, "--session") }
    let output = invocation.output
    guard let file, file != "-" else {
      try invocation.runtime.export(session: session) { recorded in
        output.line(.event(recorded))
        return !output.isClosed
      }
      return
    }
    let progress = Progress(invocation)
    let target = try OutputFile(file, in: invocation.runtime.workspace)
    var count = 0
    try invocation.runtime.export(session: session) { recorded in
      try target.write(.event(recorded))
      count += 1
      if count % 4096 == 0 { progress.show(.progressExported(number: count)) }
      return true
    }
    try target.finish()
    progress.end()
    let exported = Exported(file: file, events: count)
    output.result(json: .exported(exported), text: output.isQuiet ? "" : invocation.reader.exported(exported))
  }
}
