import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct HeartbeatCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "heartbeat", abstract: "help.heartbeat", aliases: ["hb"])

  static let readsGitConfiguration = false

  @OptionGroup var global: GlobalOptions
  @OptionGroup var holder: HolderOptions

  @Option(help: .key("heartbeat.ttl", "duration"))
  var ttl: String?

  func run(_ invocation: Invocation) throws {
    try Self.run(holder.request(invocation), ttl, invocation)
  }

  static func runPlainly(_ words: [String], _ output: Output) throws -> Bool {
    guard let words = FastArgumentParser(words, valued: ["--task", "--session", "--token", "--ttl"], limit: 1) else {
      return false
    }
    let invocation = try Invocation(words.global, output, readsGitConfiguration: readsGitConfiguration)
    try run(words.holder(invocation), words["--ttl"], invocation)
    return true
  }

  private static func run(_ holder: HolderRequest, _ ttl: String?, _ invocation: Invocation) throws {
    let ttlSeconds = try ttl.map { try Validated.timeToLive($0, "--ttl") }
    let renewal = try invocation.runtime.heartbeat(holder, ttlSeconds: ttlSeconds)
    invocation.output.result(json: .renewal(renewal), text: invocation.reader.renewal(renewal))
  }
}
