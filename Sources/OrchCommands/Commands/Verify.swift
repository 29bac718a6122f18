import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct Verify: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "help.verify")

  @OptionGroup var global: GlobalOptions

  @Option(help: .key("verify.session", "session"))
  var session: String?

  @Option(help: .key("verify.expect", "head"))
  var expect: [String] = []

  func run(_ invocation: Invocation) throws {
    let expected = try expect.map { text in
      guard let head = ExpectedHead(text) else {
        throw OrchError.usage(.errorExpectFormat(text: text))
      }
      return head
    }
    let progress = Progress(invocation)
    let result = try invocation.runtime.verify(
      session: try session.map { try Validated.identifier($0, "--session") }, expected: expected
    ) { progress.show(.progressChecked(detail: $0)) }
    progress.end()
    invocation.output.result(json: .verification(result), text: invocation.reader.verification(result))
    if !result.isSound { throw ExitStatus(code: ErrorCode.findings.exitStatus) }
  }
}
