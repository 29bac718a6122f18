import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct ClaimCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "claim", abstract: "help.claim")

  @OptionGroup var global: GlobalOptions
  @OptionGroup var task: TaskArgument

  @Option(help: .key("claim.session", "session"))
  var session: String?

  @Option(help: .key("claim.kind", "kind"))
  var kind: [String] = []

  @Option(help: .key("claim.ttl", "duration"))
  var ttl: String?

  @Option(
    help: .key("claim.wait", "duration"))
  var wait: String?

  @Flag(help: .key("claim.another"))
  var another = false

  @Option(help: .key("claim.token", "token"))
  var token: String?

  @Flag(name: .customLong("all-projects"), help: .key("claim.all-projects"))
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
