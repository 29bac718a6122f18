import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering

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

  func run(_ invocation: Invocation) throws {
    var release = Release(try choice(outcome, "OUTCOME"))
    release.message = try message.flatMap { try text($0, "-m") }
    release.errorCode = try errorCode.flatMap { try line($0, "--error-code") }
    release.result = try result.flatMap { try jsonText($0, "--result") }
    release.retryInSeconds = try retryIn.map { try seconds($0, "--retry-in", in: 0...365 * 86400) }
    release.reviewers = try reviewer.map { try identifier($0, "--reviewer") }
    try refuseMisplaced(release)
    let request = try holder.request(invocation.environment)
    let app = try invocation.app(.write, holder: true, git: .position)
    if release.outcome == .done || release.outcome == .review || commit != nil {
      release.submission = try app.submission(
        SubmissionRequest(revision: commit, allowsDirty: allowDirty), of: release.outcome)
    }
    // Bound to the submission: what the reviewers' clones are set to must not decide it.
    let needsOwner = try release.outcome == .review && invocation.submitterNeedsOwner()
    let transition = try app.release(request, release, needsOwner: needsOwner)
    invocation.output.result(json: .transition(transition), text: invocation.confirmation(transition))
  }

  private func refuseMisplaced(_ release: Release) throws {
    if release.retryInSeconds != nil, release.outcome != .failed {
      throw OrchError.usage("--retry-in goes with failed")
    }
    if release.errorCode != nil, release.outcome != .failed { throw OrchError.usage("--error-code goes with failed") }
    if !release.reviewers.isEmpty, release.outcome != .review { throw OrchError.usage("--reviewer goes with review") }
  }
}
