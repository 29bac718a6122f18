import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct Doctor: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "help.doctor")

  @OptionGroup var global: GlobalOptions

  func run(_ invocation: Invocation) throws {
    let (findings, database) = try invocation.runtime.doctor(program: RawArguments.program)
    invocation.output.result(json: .findings(findings), text: invocation.reader.findings(findings, database: database))
    if !findings.isEmpty { throw ExitStatus(code: ErrorCode.findings.exitStatus) }
  }
}
