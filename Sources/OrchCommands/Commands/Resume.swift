import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct Resume: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Take up again what this agent held here.",
    discussion: "Grants a new token: of two restarts the later one holds.")

  @OptionGroup var global: GlobalOptions
  @OptionGroup var holder: HolderOptions

  @Flag(help: "Take a live lease of this agent from another place.")
  var take = false

  @Option(help: ArgumentHelp("Change the lease's time to live.", valueName: "duration"))
  var ttl: String?

  func run(_ invocation: Invocation) throws {
    let request = ResumeRequest(
      holder: try holder.request(invocation), take: take,
      ttlSeconds: try ttl.map { try Validated.timeToLive($0, "--ttl") })
    let claim = try invocation.runtime.resume(request)
    invocation.output.result(json: .claim(claim), text: invocation.reader.claim(claim))
  }
}
