import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct Add: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Add a task.",
    discussion: """
      With --key, adding again while that task is open returns it and adds nothing. \
      --from reads one JSON object a line, with these options in camelCase as keys; all are added, or none.
      """)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var task: TaskOptions

  @Argument(help: "What is to be done, on one line.")
  var title: String?

  @Option(help: ArgumentHelp("The task's id (a generated one).", valueName: "id"))
  var id: String?

  @Option(help: ArgumentHelp("The session it belongs to (one of its own).", valueName: "session"))
  var session: String?

  @Option(help: ArgumentHelp("While a task with this key is open, add nothing.", valueName: "key"))
  var key: String?

  @Option(help: ArgumentHelp("Add a task for each JSON line of a file, or of - for standard input.", valueName: "file"))
  var from: String?

  @Flag(help: "Claim it at once, in the same transaction.")
  var claim = false

  func run(_ invocation: Invocation) throws {
    if let from { return try addMany(from, invocation) }
    guard let title else { throw OrchError.usage("what is to be done?", hint: "orch add TITLE") }
    var new = try invocation.runtime.newTask(id: id, title: title, task.fields)
    new.key = try key.map { try Validated.identifier($0, "--key") }
    let request = AddRequest(task: new, session: try session.map { try Validated.identifier($0, "--session") })
    if claim {
      let claimed = try invocation.runtime.addAndClaim(request)
      return invocation.output.result(json: .claim(claimed), text: invocation.reader.claim(claimed))
    }
    let added = try invocation.runtime.add(request)
    invocation.output.result(json: .added(added), text: invocation.output.isQuiet ? "" : invocation.reader.added(added))
  }

  private func addMany(_ file: String, _ invocation: Invocation) throws {
    guard title == nil, id == nil, session == nil, key == nil, !claim, task.fields.isEmpty else {
      throw OrchError.usage("--from takes everything from its lines", hint: "orch add --from FILE")
    }
    let text = try invocation.input.file(file, "--from", limit: 256 << 20)
    for added in try invocation.runtime.add(lines: text) {
      invocation.output.result(json: .added(added), text: invocation.reader.added(added))
    }
  }
}
