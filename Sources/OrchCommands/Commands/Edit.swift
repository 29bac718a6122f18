import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering

struct Edit: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit", abstract: "Change a task.",
    discussion: "What is not given stays; an empty value clears. --after, --reviewer and --require-check add.")

  @OptionGroup var global: GlobalOptions
  @OptionGroup var options: TaskOptions

  @OptionGroup var task: TaskArgument

  @Option(help: ArgumentHelp("What is to be done, on one line.", valueName: "title"))
  var title: String?

  @Option(
    name: .customLong("drop-after"),
    help: ArgumentHelp("It no longer waits for this task (repeatable).", valueName: "task"))
  var dropAfter: [String] = []

  @Option(
    name: .customLong("drop-reviewer"),
    help: ArgumentHelp("This agent no longer reviews it (repeatable).", valueName: "agent"))
  var dropReviewer: [String] = []

  @Option(
    name: .customLong("drop-check"), help: ArgumentHelp("This check need not pass (repeatable).", valueName: "name"))
  var dropCheck: [String] = []

  func run(_ invocation: Invocation) throws {
    let reference = try task.required()
    var request = EditRequest()
    try options.apply(to: &request)
    request.edit.title = try title.map { try checkedTitle($0) }
    if let project = global.project {
      request.edit.project = .some(project.isEmpty ? nil : try identifier(project, "--project"))
    }
    request.dropAfter = try unique(dropAfter, "--drop-after")
    request.dropReviewers = try unique(dropReviewer, "--drop-reviewer")
    request.dropChecks = try unique(dropCheck, "--drop-check")
    let transition = try invocation.app(.write, git: .writing).edit(reference, request)
    invocation.output.result(json: .transition(transition), text: invocation.confirmation(transition))
  }
}
