import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct Recover: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover", abstract: "help.recover")

  @OptionGroup var global: GlobalOptions
  @OptionGroup var task: TaskArgument

  @Option(help: .key("recover.session", "session"))
  var session: String?

  @Option(help: .key("recover.limit", "n"))
  var limit: String?

  @Flag(name: .customLong("dry-run"), help: .key("recover.dry-run"))
  var dryRun = false

  @Option(help: .key("recover.watch", "duration"))
  var watch: String?

  @Flag(help: .key("recover.force"))
  var force = false

  @Option(name: .customShort("m"), help: .key("recover.message", "why"))
  var message: String?

  func run(_ invocation: Invocation) throws {
    var request = RecoverRequest()
    request.task = try task.reference()
    request.session = try session.map { try Validated.identifier($0, "--session") }
    request.limit = try limit.map { try Validated.number($0, "--limit", in: 1 ... .max) }
    request.dryRun = dryRun
    if force {
      guard request.task != nil || request.session != nil else {
        throw OrchError.usage(.errorForceByName, hint: .run("recover", "TASK", "…"))
      }
      guard let why = try message.flatMap({ try Validated.text($0, "-m") }) else {
        throw OrchError.usage(.errorWhyMissing)
      }
      request.force = why
    }
    func report(_ recovery: Recovery) {
      invocation.output.result(
        json: .recovery(recovery), text: invocation.reader.recovery(recovery, planned: dryRun))
    }
    guard let watch else { return try invocation.runtime.recover(request, report: report) }
    let interval = try Validated.seconds(watch, "--watch", in: 1...86400)
    func goOn() -> Bool {
      invocation.output.flush()
      return !invocation.output.isClosed
    }
    try invocation.runtime.watchRecovering(request, Polling(every: .seconds(interval)), goOn: goOn, report: report)
  }
}
