import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct BriefCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "brief", abstract: "Say what an agent needs to know at its start; change nothing.")

  @OptionGroup var global: GlobalOptions

  func run(_ invocation: Invocation) throws {
    let brief = try invocation.runtime.brief()
    invocation.output.result(json: .brief(brief), text: invocation.reader.brief(brief))
  }
}
