import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct CheckpointCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint", abstract: "help.checkpoint")

  static let readsGitConfiguration = false

  @OptionGroup var global: GlobalOptions
  @OptionGroup var holder: HolderOptions

  @Option(name: .customShort("m"), help: .key("checkpoint.message", "note"))
  var message: String?

  @Option(help: .key("checkpoint.phase", "text"))
  var phase: String?

  @Option(help: .key("checkpoint.last", "text"))
  var last: String?

  @Option(help: .key("checkpoint.next", "text"))
  var next: String?

  @Flag(help: .key("checkpoint.done"))
  var done = false

  @Option(help: .key("checkpoint.ref", "text"))
  var ref: String?

  @Option(help: .key("checkpoint.data", "json"))
  var data: String?

  @Option(help: .key("checkpoint.ttl", "duration"))
  var ttl: String?

  func run(_ invocation: Invocation) throws {
    var change = CheckpointChange()
    change.note = try message.map { try Validated.text($0, "-m") }
    change.phase = try phase.map { try Validated.text($0, "--phase") }
    change.lastAction = try last.map { try Validated.text($0, "--last") }
    change.nextAction = try next.map { try Validated.text($0, "--next") }
    change.reference = try ref.map { try Validated.text($0, "--ref") }
    change.data = try data.map { try invocation.input.json($0, "--data") }
    change.done = done
    let request = try holder.request(invocation)
    let ttlSeconds = try ttl.map { try Validated.timeToLive($0, "--ttl") }
    let saved = try invocation.runtime.checkpoint(
      request, change, ttlSeconds: ttlSeconds)
    invocation.output.result(
      json: .checkpoint(saved),
      text: invocation.output.isQuiet ? invocation.reader.renewal(saved.renewal) : invocation.reader.checkpoint(saved))
  }
}
