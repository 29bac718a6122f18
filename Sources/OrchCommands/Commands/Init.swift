import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime
import OrchStore

struct Init: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Create the database, or bring it up to date.",
    discussion: """
      A database of the first generation at that path is copied, then converted in place. \
      Any other file there is refused and left untouched.
      """)

  @OptionGroup var global: GlobalOptions

  @Option(help: ArgumentHelp("wal, or delete where the file system cannot do WAL.", valueName: "mode"))
  var journal: String?

  @Flag(help: "On PostgreSQL: make the roles orch_owner, orch_agent and orch_reader, too, and grant them their rights.")
  var roles = false

  @Flag(help: "Install the git hooks here, too.")
  var hooks = false

  func run(_ invocation: Invocation) throws {
    let runtime = invocation.runtime
    let installation = hooks ? try runtime.hooks(program: RawArguments.program) : nil
    var options: EngineOptions = [:]
    if let journal { options["journal"] = journal }
    if roles { options["roles"] = "" }
    let (result, project) = try runtime.initialize(options)
    for warning in result.warnings where !invocation.output.isJSON { invocation.output.warn(warning) }
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
