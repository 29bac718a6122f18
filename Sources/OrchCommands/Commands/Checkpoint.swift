import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering

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
    change.note = try message.map { try text($0, "-m") }
    change.phase = try phase.map { try text($0, "--phase") }
    change.lastAction = try last.map { try text($0, "--last") }
    change.nextAction = try next.map { try text($0, "--next") }
    change.reference = try ref.map { try text($0, "--ref") }
    change.data = try data.map { try jsonText($0, "--data") }
    change.done = done
    let request = try holder.request(invocation.environment)
    let ttlSeconds = try ttl.map { try timeToLive($0) }
    let saved = try invocation.app(.write, holder: true, git: .position).checkpoint(
      request, change, ttlSeconds: ttlSeconds)
    invocation.output.result(json: .checkpoint(saved), text: invocation.reader.checkpoint(saved))
  }
}
