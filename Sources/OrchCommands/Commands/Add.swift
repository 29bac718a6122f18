import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct Add: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "help.add")

  @OptionGroup var global: GlobalOptions
  @OptionGroup var task: TaskOptions

  @Argument(help: .key("add.title"))
  var title: String?

  @Option(help: .key("add.id", "id"))
  var id: String?

  @Option(help: .key("add.session", "session"))
  var session: String?

  @Option(help: .key("add.key", "key"))
  var key: String?

  @Option(help: .key("add.from", "file"))
  var from: String?

  @Flag(help: .key("add.claim"))
  var claim = false

  func run(_ invocation: Invocation) throws {
    if let from { return try addMany(from, invocation) }
    guard let title else { throw OrchError.usage(.errorWhichTitle, hint: .run("add", "TITLE")) }
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
      throw OrchError.usage(.errorFromAlone, hint: .run("add", "--from", "FILE"))
    }
    let text = try invocation.input.file(file, "--from", limit: 256 << 20)
    for added in try invocation.runtime.add(lines: text) {
      invocation.output.result(json: .added(added), text: invocation.reader.added(added))
    }
  }
}
