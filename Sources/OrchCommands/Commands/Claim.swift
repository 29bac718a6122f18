import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering

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
  static let forever = "forever"

  func run(_ invocation: Invocation) throws {
    var request = ClaimRequest()
    request.task = try task.reference()
    request.session = try session.map { try identifier($0, "--session") }
    request.kinds = try kind.map { try identifier($0, "--kind") }
    request.ttlSeconds = try ttl.map { try timeToLive($0) } ?? invocation.claimTTLSeconds()
    request.another = another
    request.token = try checkedToken(token)
    request.allProjects = allProjects
    let limit: Int? = try wait.flatMap { $0 == Self.forever ? nil : try seconds($0, "--wait", in: 0...30 * 86400) }
    let app = try invocation.app(.write, git: .writing)
    let claim =
      wait == nil ? try app.claim(request) : try app.claimWaiting(request, atMost: limit.map { .seconds($0) })
    invocation.output.result(json: .claim(claim), text: invocation.reader.claim(claim))
  }
}
