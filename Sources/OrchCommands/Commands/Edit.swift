import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct Edit: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit", abstract: "help.edit")

  @OptionGroup var global: GlobalOptions
  @OptionGroup var options: TaskOptions

  @OptionGroup var task: TaskArgument

  @Option(help: .key("edit.title", "title"))
  var title: String?

  @Option(
    name: .customLong("drop-after"),
    help: .key("edit.drop-after", "task"))
  var dropAfter: [String] = []

  @Option(
    name: .customLong("drop-reviewer"),
    help: .key("edit.drop-reviewer", "agent"))
  var dropReviewer: [String] = []

  @Option(
    name: .customLong("drop-check"), help: .key("edit.drop-check", "name"))
  var dropCheck: [String] = []

  func run(_ invocation: Invocation) throws {
    let reference = try task.required()
    var request = EditRequest()
    try options.fields.apply(to: &request, invocation.input, .options)
    request.edit.title = try title.map { try Validated.title($0) }
    if let project = global.project {
      request.edit.project = .some(project.isEmpty ? nil : try Validated.identifier(project, "--project"))
    }
    request.dropAfter = try Validated.identifiers(dropAfter, "--drop-after")
    request.dropReviewers = try Validated.identifiers(dropReviewer, "--drop-reviewer")
    request.dropChecks = try Validated.identifiers(dropCheck, "--drop-check")
    let transition = try invocation.runtime.edit(reference, request)
    invocation.output.result(json: .transition(transition), text: invocation.confirmation(transition))
  }
}
