import ArgumentParser
import OrchApp
import OrchRendering
import OrchRuntime
import OrchStore

struct Export: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the log as JSON lines, oldest first, for import or for anybody who verifies.",
    discussion: "A file is there when it is complete, and before that not at all.")

  @OptionGroup var global: GlobalOptions

  @Option(help: ArgumentHelp("Only this session.", valueName: "session"))
  var session: String?

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Write a file, not standard output.", valueName: "file"))
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
      if count % 4096 == 0 { progress.show("exported \(count) events") }
      return true
    }
    try target.finish()
    progress.end()
    let exported = Exported(file: file, events: count)
    output.result(json: .exported(exported), text: output.isQuiet ? "" : invocation.reader.exported(exported))
  }
}
