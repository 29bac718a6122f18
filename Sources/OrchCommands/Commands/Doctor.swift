import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime
import OrchStore

struct Doctor: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract:
      "Look for trouble: file system, permissions, libraries, clocks, lease files, the repository and its hooks.",
    discussion: "With findings the status is 3.")

  @OptionGroup var global: GlobalOptions

  func run(_ invocation: Invocation) throws {
    let address = try invocation.address()
    var findings = try invocation.engines.engine(for: address)
      .examine(address, timeoutMilliseconds: invocation.timeoutMilliseconds())
    findings += invocation.repositoryFindings()
    findings += try invocation.app(.read).doctor()
    let shown = try invocation.engines.shown(address)
    invocation.output.result(json: .findings(findings), text: invocation.reader.findings(findings, database: shown))
    if !findings.isEmpty { throw ExitStatus(code: ErrorCode.findings.exitStatus) }
  }
}
