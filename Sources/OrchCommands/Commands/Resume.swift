import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering

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
      holder: try holder.request(invocation.environment), take: take, ttlSeconds: try ttl.map { try timeToLive($0) })
    let claim = try invocation.app(.write, holder: true, git: .writing).resume(request)
    invocation.output.result(json: .claim(claim), text: invocation.reader.claim(claim))
  }
}
