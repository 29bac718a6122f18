import OrchSystem
import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime
import SystemPackage

struct Check: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "help.check")

  @OptionGroup var global: GlobalOptions

  @Argument(help: .key("check.name"))
  var name: String

  @Option(help: .key("check.task", "task"))
  var task: String?

  @Option(help: .key("check.session", "session"))
  var session: String?

  @Option(
    help: .key("check.token", "token"))
  var token: String?

  @Argument(parsing: .postTerminator, help: .key("check.command"))
  var command: [String] = []

  func run(_ invocation: Invocation) throws {
    let name = try Validated.identifier(name, "NAME")
    guard !command.isEmpty else {
      throw OrchError.usage(.errorWhichCommandChecked, hint: .run("check", name, "--", "COMMAND", "…"))
    }
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
        output.remark(Message(verbatim: invocation.reader.recorded(check)))
      }
    case .failure(let error):
      let status = output.report(error)
      throw ExitStatus(code: outcome.exitStatus == 0 ? status : Int32(outcome.exitStatus))
    }
    if outcome.exitStatus != 0 { throw ExitStatus(code: Int32(outcome.exitStatus)) }
  }
}
