import OrchSystem
import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime
import SystemPackage

struct Check: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Run a command and record what was observed of it.",
    discussion: """
      The output is passed through, the lease kept alive meanwhile, and the status is the command's own: 127 when it \
      cannot be started, 128 and more for a signal; never 0 when nothing could be recorded. Without a lease name the \
      task with --task.
      """)

  @OptionGroup var global: GlobalOptions

  @Argument(help: "The check's name, as tasks require it.")
  var name: String

  @Option(help: ArgumentHelp("The task it is for (the one held here).", valueName: "task"))
  var task: String?

  @Option(help: ArgumentHelp("The session whose lease is meant.", valueName: "session"))
  var session: String?

  @Option(
    help: ArgumentHelp("The lease's token (or ORCH_TOKEN); else it is found from the lease files.", valueName: "token"))
  var token: String?

  @Argument(parsing: .postTerminator, help: "The command and its words, behind --.")
  var command: [String] = []

  func run(_ invocation: Invocation) throws {
    let name = try Validated.identifier(name, "NAME")
    guard !command.isEmpty else { throw OrchError.usage("which command?", hint: "orch check \(name) -- COMMAND …") }
    let output = invocation.output
    let holder = try invocation.runtime.holder(
      task: task.map { try Validated.identifier($0, "--task") }, session: session, token: token)
    let request = CheckRequest(
      name: name, words: command, holder: holder,
      output: output.isJSON ? .standardError : .standardOutput, errors: .standardError,
      start: Signals.startForwarding)
    // Everything to standard error with --json: standard output is for results.
    let (outcome, recorded) = try invocation.runtime.check(request, ended: Signals.install)
    switch recorded {
    case .success(let check):
      if output.isJSON {
        output.line(.check(check))
      } else {
        output.remark(invocation.reader.recorded(check))
      }
    case .failure(let error):
      let status = output.report(error)
      throw ExitStatus(code: outcome.exitStatus == 0 ? status : Int32(outcome.exitStatus))
    }
    if outcome.exitStatus != 0 { throw ExitStatus(code: Int32(outcome.exitStatus)) }
  }
}
