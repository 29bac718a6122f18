import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering

struct Check: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Run a command and record what was observed of it.",
    discussion: """
      The output is passed through, the lease kept alive meanwhile, and the status is the command's own: 127 when it \
      cannot be started, 128 and more for a signal; never 0 when nothing could be recorded. Without a lease name the \
      task with --task.
      """)

  @OptionGroup var global: GlobalOptions

  @Argument(help: "The check's name, as tasks require it.")
  var name: String

  @Option(help: ArgumentHelp("The task it is for (the one held here).", valueName: "task"))
  var task: String?

  @Option(help: ArgumentHelp("The session whose lease is meant.", valueName: "session"))
  var session: String?

  @Option(
    help: ArgumentHelp("The lease's token (or ORCH_TOKEN); else it is found from the lease files.", valueName: "token"))
  var token: String?

  @Argument(parsing: .postTerminator, help: "The command and its words, behind --.")
  var command: [String] = []

  func run(_ invocation: Invocation) throws {
    let name = try identifier(name, "NAME")
    guard !command.isEmpty else { throw OrchError.usage("which command?", hint: "orch check \(name) -- COMMAND …") }
    let request = try HolderValues(task: task.map { try identifier($0, "--task") }, session: session, token: token)
      .request(invocation.environment)
    let app = try invocation.app(.write, holder: true, git: [.configuration, .position])
    let subject = try app.checkSubject(request)
    let output = invocation.output
    var isLost = false
    let process = ObservedProcess(words: command, isApart: output.isJSON, beatSeconds: subject.beatSeconds) {
      guard !isLost else { return }
      do {
        try app.renewLease(subject)
      } catch {
        // A server that is away now may be back; a lease that is lost stays lost.
        let error = OrchError(error)
        isLost = error.code == .leaseLost || error.code == .taskCancelled
        output.warn(error.message)
      }
    }
    let outcome = try process.run()
    if let failure = outcome.failure { output.remark("error: \(command[0]) cannot be started: \(failure)") }
    do {
      // Anew: what was opened before may have been removed or replaced meanwhile, and would take the record with it.
      let check = try invocation.app(.write, holder: true, git: [.configuration, .position]).record(
        CheckResult(
          name: name, command: String(command.joined(separator: " ").prefix(1000)), exitStatus: outcome.exitStatus,
          durationMilliseconds: outcome.milliseconds, outputHash: outcome.outputHash, head: nil, tree: nil, dirty: false
        ),
        of: subject)
      if output.isJSON {
        output.line(.check(check))
      } else {
        output.remark(invocation.reader.recorded(check))
      }
    } catch {
      let status = output.report(OrchError(error))
      throw ExitStatus(code: outcome.exitStatus == 0 ? status : Int32(outcome.exitStatus))
    }
    if outcome.exitStatus != 0 { throw ExitStatus(code: Int32(outcome.exitStatus)) }
  }
}
