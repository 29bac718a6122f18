import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct ReviewCommand: OrchGroup {
  static let configuration = CommandConfiguration(
    commandName: "review",
    abstract: "Approve, reject or comment on what was submitted; submit it again; list what waits.",
    discussion: """
      An approval is of the submission's content, wherever the reviewer stands, and is void for other content. \
      git config orch.ownerApproval true asks for the owner's approval last, too.
      """,
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
    name: .customShort("m"), help: ArgumentHelp("What to say: text, @FILE or - for standard input.", valueName: "text"))
  var message: String

  func run(_ verdict: ReviewView.Verdict, _ invocation: Invocation) throws {
    let reference = try task.required()
    guard let text = try invocation.input.words(message, "-m") else { throw OrchError.invalid("say something with -m") }
    let reviewed = try invocation.runtime.review(reference, verdict, text: text)
    invocation.output.result(
      json: .review(reviewed.review), text: invocation.output.isQuiet ? "" : invocation.reader.reviewed(reviewed))
  }
}

struct ReviewApprove: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Approve what is submitted; the last approval makes the task done.")
  static var path: String { "review approve" }

  @OptionGroup var global: GlobalOptions
  @OptionGroup var options: VerdictOptions

  func run(_ invocation: Invocation) throws { try options.run(.approved, invocation) }
}

struct ReviewReject: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "reject", abstract: "Send it back to its author, who reads why.")
  static var path: String { "review reject" }

  @OptionGroup var global: GlobalOptions
  @OptionGroup var options: VerdictOptions

  func run(_ invocation: Invocation) throws { try options.run(.rejected, invocation) }
}

struct ReviewComment: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "comment", abstract: "Say something, and change nothing.")
  static var path: String { "review comment" }

  @OptionGroup var global: GlobalOptions
  @OptionGroup var options: VerdictOptions

  func run(_ invocation: Invocation) throws { try options.run(.commented, invocation) }
}

struct ReviewSubmit: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit", abstract: "Submit again what is in review: after a rebase, say.")
  static var path: String { "review submit" }

  @OptionGroup var global: GlobalOptions
  @OptionGroup var task: TaskArgument

  @Option(help: ArgumentHelp("The commit that holds the work (the head).", valueName: "rev"))
  var commit: String?

  @Option(name: .customShort("m"), help: ArgumentHelp("What changed.", valueName: "text"))
  var message: String?

  @Flag(name: .customLong("allow-dirty"), help: "Submit although files are not committed.")
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
    commandName: "list", abstract: "List what waits for a reviewer, and what was approved of it.", aliases: ["ls"])
  static var path: String { "review list" }

  @OptionGroup var global: GlobalOptions

  @Option(help: ArgumentHelp("Only what waits for this agent.", valueName: "agent"))
  var reviewer: String?

  func run(_ invocation: Invocation) throws {
    let reviewer = try reviewer.map { try Validated.identifier($0, "--reviewer") }
    for review in try invocation.runtime.reviews(of: reviewer) {
      invocation.output.result(json: .review(review), text: invocation.reader.review(review, now: .systemNow))
    }
  }
}
