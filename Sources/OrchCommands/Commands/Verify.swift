import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct Verify: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check every hash of the log, and replay it against the state.",
    discussion: "With findings the status is 3. Keep the printed head elsewhere: a cut tail shows only against it.")

  @OptionGroup var global: GlobalOptions

  @Option(help: ArgumentHelp("Check this session alone.", valueName: "session"))
  var session: String?

  @Option(help: ArgumentHelp("The log must contain this head (N-HEX) or event (repeatable).", valueName: "head"))
  var expect: [String] = []

  func run(_ invocation: Invocation) throws {
    let expected = try expect.map { text in
      guard let head = ExpectedHead(text) else {
        throw OrchError.usage("--expect takes a head (N-HEX) or an event id: \(text)")
      }
      return head
    }
    let progress = Progress(invocation)
    let result = try invocation.runtime.verify(
      session: try session.map { try Validated.identifier($0, "--session") }, expected: expected
    ) { progress.show("checked \($0) events") }
    progress.end()
    invocation.output.result(json: .verification(result), text: invocation.reader.verification(result))
    if !result.isSound { throw ExitStatus(code: ErrorCode.findings.exitStatus) }
  }
}
