import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct BriefCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "brief", abstract: "help.brief")

  @OptionGroup var global: GlobalOptions

  func run(_ invocation: Invocation) throws {
    let brief = try invocation.runtime.brief()
    invocation.output.result(json: .brief(brief), text: invocation.reader.brief(brief))
  }
}
