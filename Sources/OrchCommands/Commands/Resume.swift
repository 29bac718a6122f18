import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct Resume: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "help.resume")

  @OptionGroup var global: GlobalOptions
  @OptionGroup var holder: HolderOptions

  @Flag(help: .key("resume.take"))
  var take = false

  @Option(help: .key("resume.ttl", "duration"))
  var ttl: String?

  func run(_ invocation: Invocation) throws {
    let request = ResumeRequest(
      holder: try holder.request(invocation), take: take,
      ttlSeconds: try ttl.map { try Validated.timeToLive($0, "--ttl") })
    let claim = try invocation.runtime.resume(request)
    invocation.output.result(json: .claim(claim), text: invocation.reader.claim(claim))
  }
}
