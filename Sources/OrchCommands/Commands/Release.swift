import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct ReleaseCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "release", abstract: "Give back the lease: done, failed, requeue or review.",
    discussion: """
      done: the work is finished.  failed: it counts as a failure and waits before the next attempt. \
      requeue: back into the queue, no failure.  review: submit it to its reviewers.
      """)

  static let readsGitConfiguration = false

  @OptionGroup var global: GlobalOptions
  @Argument(help: "done, failed, requeue or review.")
  var outcome: String

  @OptionGroup var holder: HolderOptions

  @Option(name: .customShort("m"), help: ArgumentHelp("What was done, or why it ended.", valueName: "text"))
  var message: String?

  @Option(name: .customLong("error-code"), help: ArgumentHelp("A code for the failure.", valueName: "code"))
  var errorCode: String?

  @Option(help: ArgumentHelp("The result: JSON, @FILE or - for standard input.", valueName: "json"))
  var result: String?

  @Option(name: .customLong("retry-in"), help: ArgumentHelp("After a failure wait this long.", valueName: "duration"))
  var retryIn: String?

  @Option(help: ArgumentHelp("One more reviewer (repeatable; with review).", valueName: "agent"))
  var reviewer: [String] = []

  @Option(help: ArgumentHelp("The commit that holds the work (the head).", valueName: "rev"))
  var commit: String?

  @Flag(name: .customLong("allow-dirty"), help: "Submit for review although files are not committed.")
  var allowDirty = false

  private enum Word: String, CaseIterable {
    case done, failed, requeue, review
  }

  func run(_ invocation: Invocation) throws {
    var request = ReleaseRequest(try checkedOutcome(), holder: try holder.request(invocation))
    request.message = try message.flatMap { try Validated.text($0, "-m") }
    request.result = try result.flatMap { try invocation.input.json($0, "--result") }
    request.revision = commit
    let transition = try invocation.runtime.release(request)
    invocation.output.result(json: .transition(transition), text: invocation.confirmation(transition))
  }

  private func checkedOutcome() throws -> ReleaseRequest.Outcome {
    let word: Word = try Validated.choice(outcome, "OUTCOME")
    let errorCode = try errorCode.flatMap { try Validated.line($0, "--error-code") }
    let retryIn = try retryIn.map { try Validated.seconds($0, "--retry-in", in: 0...365 * 86400) }
    let reviewers = try reviewer.map { try Validated.identifier($0, "--reviewer") }
    if retryIn != nil, word != .failed { throw OrchError.usage("--retry-in goes with failed") }
    if errorCode != nil, word != .failed { throw OrchError.usage("--error-code goes with failed") }
    if !reviewers.isEmpty, word != .review { throw OrchError.usage("--reviewer goes with review") }
    return switch word {
    case .done: .done
    case .failed: .failed(errorCode: errorCode, retryInSeconds: retryIn)
    case .requeue: .requeue
    case .review: .review(reviewers: reviewers, allowsDirty: allowDirty)
    }
  }
}
