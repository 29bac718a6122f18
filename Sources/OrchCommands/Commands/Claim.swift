import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct ClaimCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "claim", abstract: "Take one task under a lease.",
    discussion: """
      Takes the best claimable task, or the one named, and prints what its holder needs to know. \
      With nothing to claim the status is 2, with the named task or session held 75.
      """)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var task: TaskArgument

  @Option(help: ArgumentHelp("Take a task of this session.", valueName: "session"))
  var session: String?

  @Option(help: ArgumentHelp("Take a task of this kind (repeatable).", valueName: "kind"))
  var kind: [String] = []

  @Option(help: ArgumentHelp("The lease's time to live: 1s to 30d (30m).", valueName: "duration"))
  var ttl: String?

  @Option(
    help: ArgumentHelp("Wait until there is work, at most this long when a duration follows.", valueName: "duration"))
  var wait: String?

  @Flag(help: "Claim beside what is held here already.")
  var another = false

  @Option(help: ArgumentHelp("Use this token (64 hexadecimal digits): the claim is repeatable.", valueName: "token"))
  var token: String?

  @Flag(name: .customLong("all-projects"), help: "Take tasks of any project.")
  var allProjects = false

  /// What `--wait` without a duration waits.
  private static let forever = "forever"
  /// `--wait` takes the next word if that is a duration.
  static let optionalValue: OptionalValue? = OptionalValue(
    option: "--wait", absent: forever, accepts: { DurationFormat.parseSeconds($0) != nil })

  func run(_ invocation: Invocation) throws {
    var request = ClaimRequest()
    request.task = try task.reference()
    request.session = try session.map { try Validated.identifier($0, "--session") }
    request.kinds = try kind.map { try Validated.identifier($0, "--kind") }
    request.ttlSeconds = try ttl.map { try Validated.timeToLive($0, "--ttl") }
    request.another = another
    request.token = try token.map { try Validated.token($0) }
    request.allProjects = allProjects
    let wait: Duration?? = try wait.map {
      $0 == Self.forever ? nil : .seconds(try Validated.seconds($0, "--wait", in: 0...30 * 86400))
    }
    let claim = try invocation.runtime.claim(request, wait: wait)
    invocation.output.result(json: .claim(claim), text: invocation.reader.claim(claim))
  }
}
