internal import ArgumentParser
internal import OrchApp
internal import OrchCore
internal import OrchReports

struct Doctor: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Look for trouble: file system, permissions, libraries, clocks, lease files, the repository and its hooks.",
    discussion: "With findings the status is 3.")

  @OptionGroup var global: GlobalOptions

  func run(_ invocation: Invocation) throws {
    let address = try invocation.address()
    var findings = Engines.examine(address)
    findings += invocation.repositoryFindings()
    findings += try invocation.app(.read).doctor()
    invocation.output.result(json: .findings(findings), text: invocation.reader.findings(findings, database: address))
    if !findings.isEmpty { throw ExitStatus(code: ErrorCode.findings.exitStatus) }
  }
}
