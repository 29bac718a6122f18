internal import ArgumentParser
internal import OrchApp
internal import OrchCore
internal import OrchReports

struct HeartbeatCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "heartbeat", abstract: "Prove life: extend the lease.", aliases: ["hb"])

  @OptionGroup var global: GlobalOptions
  @OptionGroup var holder: HolderOptions

  @Option(help: ArgumentHelp("Change the lease's time to live.", valueName: "duration"))
  var ttl: String?

  func run(_ invocation: Invocation) throws {
    let request = try holder.request(invocation.environment)
    let ttlSeconds = try ttl.map { try timeToLive($0) }
    let beat = try invocation.app(.write, holder: true).heartbeat(request, ttlSeconds: ttlSeconds)
    invocation.output.result(json: .beat(beat), text: invocation.reader.beat(beat))
  }
}
