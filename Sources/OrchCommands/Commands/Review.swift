import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct ReviewCommand: OrchGroup {
  static let configuration = CommandConfiguration(
    commandName: "review",
    abstract: "help.review",
    subcommands: members)
  static let members: [any OrchCommand.Type] = [
    ReviewApprove.self, ReviewReject.self, ReviewComment.self, ReviewSubmit.self, ReviewList.self
  ]

  @OptionGroup var global: GlobalOptions
}

/// What the three verdicts have in common.
struct VerdictOptions: ParsableArguments {
  @OptionGroup var task: TaskArgument

  @Option(
    name: .customShort("m"), help: .key("verdict.message", "text"))
  var message: String

  func run(_ verdict: ReviewView.Verdict, _ invocation: Invocation) throws {
    let reference = try task.required()
    guard let text = try invocation.input.words(message, "-m") else { throw OrchError.invalid(.errorTextMissing) }
    let reviewed = try invocation.runtime.review(reference, verdict, text: text)
    invocation.output.result(
      json: .review(reviewed.review), text: invocation.output.isQuiet ? "" : invocation.reader.reviewed(reviewed))
  }
}

struct ReviewApprove: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "help.review.approve")
  static var path: String { "review approve" }

  @OptionGroup var global: GlobalOptions
  @OptionGroup var options: VerdictOptions

  func run(_ invocation: Invocation) throws { try options.run(.approved, invocation) }
}

struct ReviewReject: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "reject", abstract: "help.review.reject")
  static var path: String { "review reject" }

  @OptionGroup var global: GlobalOptions
  @OptionGroup var options: VerdictOptions

  func run(_ invocation: Invocation) throws { try options.run(.rejected, invocation) }
}

struct ReviewComment: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "comment", abstract: "help.review.comment")
  static var path: String { "review comment" }

  @OptionGroup var global: GlobalOptions
  @OptionGroup var options: VerdictOptions

  func run(_ invocation: Invocation) throws { try options.run(.commented, invocation) }
}

struct ReviewSubmit: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit", abstract: "help.review.submit")
  static var path: String { "review submit" }

  @OptionGroup var global: GlobalOptions
  @OptionGroup var task: TaskArgument

  @Option(help: .key("review.submit.commit", "rev"))
  var commit: String?

  @Option(name: .customShort("m"), help: .key("review.submit.message", "text"))
  var message: String?

  @Flag(name: .customLong("allow-dirty"), help: .key("review.submit.allow-dirty"))
  var allowDirty = false

  func run(_ invocation: Invocation) throws {
    let reference = try task.required()
    let message = try message.flatMap { try invocation.input.text($0, "-m") }
    let transition = try invocation.runtime.resubmit(
      reference, SubmissionRequest(revision: commit, allowsDirty: allowDirty), message: message)
    invocation.output.result(json: .transition(transition), text: invocation.confirmation(transition))
  }
}

struct ReviewList: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "help.review.list", aliases: ["ls"])
  static var path: String { "review list" }

  @OptionGroup var global: GlobalOptions

  @Option(help: .key("review.list.reviewer", "agent"))
  var reviewer: String?

  func run(_ invocation: Invocation) throws {
    let reviewer = try reviewer.map { try Validated.identifier($0, "--reviewer") }
    for review in try invocation.runtime.reviews(of: reviewer) {
      invocation.output.result(json: .review(review), text: invocation.reader.review(review, now: .systemNow))
    }
  }
}
