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

  static func plain(_ words: [String]) -> HeartbeatCommand? {
    guard let words = PlainWords(words, valued: PlainWords.holder.union(["--ttl"]), most: 1) else { return nil }
    var command = HeartbeatCommand()
    command.global = words.global
    command.holder = words.holder
    command.ttl = words["--ttl"]
    return command
  }

  func run(_ invocation: Invocation) throws {
    let request = try holder.request(invocation.environment)
    let ttlSeconds = try ttl.map { try timeToLive($0) }
    let beat = try invocation.app(.write, holder: true).heartbeat(request, ttlSeconds: ttlSeconds)
    invocation.output.result(json: .beat(beat), text: invocation.reader.beat(beat))
  }
}
