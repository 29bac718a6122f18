import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct ReleaseCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "release", abstract: "help.release")

  static let readsGitConfiguration = false

  @OptionGroup var global: GlobalOptions
  @Argument(help: .key("release.outcome"))
  var outcome: String

  @OptionGroup var holder: HolderOptions

  @Option(name: .customShort("m"), help: .key("release.message", "text"))
  var message: String?

  @Option(name: .customLong("error-code"), help: .key("release.error-code", "code"))
  var errorCode: String?

  @Option(help: .key("release.result", "json"))
  var result: String?

  @Option(name: .customLong("retry-in"), help: .key("release.retry-in", "duration"))
  var retryIn: String?

  @Option(help: .key("release.reviewer", "agent"))
  var reviewer: [String] = []

  @Option(help: .key("release.commit", "rev"))
  var commit: String?

  @Flag(name: .customLong("allow-dirty"), help: .key("release.allow-dirty"))
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
    if retryIn != nil, word != .failed { throw OrchError.usage(.errorRetryWithFailed) }
    if errorCode != nil, word != .failed { throw OrchError.usage(.errorCodeWithFailed) }
    if !reviewers.isEmpty, word != .review { throw OrchError.usage(.errorReviewerWithReview) }
    return switch word {
    case .done: .done
    case .failed: .failed(errorCode: errorCode, retryInSeconds: retryIn)
    case .requeue: .requeue
    case .review: .review(reviewers: reviewers, allowsDirty: allowDirty)
    }
  }
}
