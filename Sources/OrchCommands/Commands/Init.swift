import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime
import OrchStore

struct Init: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "help.init")

  @OptionGroup var global: GlobalOptions

  @Option(help: .key("init.journal", "mode"))
  var journal: String?

  @Flag(help: .key("init.roles"))
  var roles = false

  @Flag(help: .key("init.hooks"))
  var hooks = false

  func run(_ invocation: Invocation) throws {
    let runtime = invocation.runtime
    let installation = hooks ? try runtime.hooks(program: RawArguments.program) : nil
    var options: EngineOptions = [:]
    if let journal { options["journal"] = journal }
    if roles { options["roles"] = "" }
    let (result, project) = try runtime.initialize(options)
    for warning in result.warnings where !invocation.output.isJSON {
      invocation.output.warn(warning)
    }
    invocation.output.result(
      json: .initialization(result),
      text: invocation.output.isQuiet ? "" : invocation.reader.initialization(result, project: project))
    if let installation {
      let changes = try installation.install()
      if !invocation.output.isJSON {
        invocation.output.write(invocation.output.isQuiet ? "" : invocation.reader.hookChanges(changes))
      }
    }
  }
}
