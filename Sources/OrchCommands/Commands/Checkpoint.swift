import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct CheckpointCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint", abstract: "Save where the work stands, for whoever goes on with it.",
    discussion: "What is not given keeps its value; an empty value clears it.")

  static let readsGitConfiguration = false

  @OptionGroup var global: GlobalOptions
  @OptionGroup var holder: HolderOptions

  @Option(name: .customShort("m"), help: ArgumentHelp("A note.", valueName: "note"))
  var message: String?

  @Option(help: ArgumentHelp("The phase of the work.", valueName: "text"))
  var phase: String?

  @Option(help: ArgumentHelp("What was done last.", valueName: "text"))
  var last: String?

  @Option(help: ArgumentHelp("What is to be done next.", valueName: "text"))
  var next: String?

  @Flag(help: "The next action is done: it becomes the last one.")
  var done = false

  @Option(help: ArgumentHelp("Where to look: a file, a page, a commit.", valueName: "text"))
  var ref: String?

  @Option(help: ArgumentHelp("JSON, @FILE or - for standard input.", valueName: "json"))
  var data: String?

  @Option(help: ArgumentHelp("Change the lease's time to live.", valueName: "duration"))
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
    invocation.output.result(json: .checkpoint(saved), text: invocation.reader.checkpoint(saved))
  }
}
