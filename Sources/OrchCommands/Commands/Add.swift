import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering

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
    var new = NewTask(id: try id.map { try identifier($0, "--id") } ?? "", title: try checkedTitle(title))
    try task.apply(
      to: &new, project: global.project == "" ? nil : invocation.settings(database: "", git: .project).project,
      requireReview: invocation.flag("requireReview"))
    new.key = try key.map { try identifier($0, "--key") }
    let request = AddRequest(task: new, session: try session.map { try identifier($0, "--session") })
    if claim {
      let ttlSeconds = try new.ttlSeconds ?? invocation.claimTTLSeconds()
      let claimed = try invocation.app(.create, git: .writing).addAndClaim(request, ttlSeconds: ttlSeconds)
      return invocation.output.result(json: .claim(claimed), text: invocation.reader.claim(claimed))
    }
    let added = try invocation.app(.create, git: .writing).add(request)
    invocation.output.result(json: .added(added), text: invocation.output.isQuiet ? "" : invocation.reader.added(added))
  }

  /// Everything is read and checked before the transaction begins.
  private func addMany(_ file: String, _ invocation: Invocation) throws {
    guard title == nil, id == nil, session == nil, key == nil, !claim, task.isEmpty else {
      throw OrchError.usage("--from takes everything from its lines", hint: "orch add --from FILE")
    }
    let text = try readFile(file, "--from", limit: 256 << 20)
    let project = try invocation.settings(database: "", git: .project).project
    let requireReview = try invocation.flag("requireReview")
    let blank = try TaskOptions.parse([])
    var requests: [AddRequest] = []
    for (index, words) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
    {
      guard words.contains(where: { !$0.isBlank }) else { continue }
      requests.append(
        try TaskLine(Array(words), number: index + 1).request(project: project, requireReview: requireReview, blank))
    }
    for added in try invocation.app(.create, git: .writing).add(requests) {
      invocation.output.result(json: .added(added), text: invocation.reader.added(added))
    }
  }
}

func checkedTitle(_ title: String) throws -> String {
  do {
    return try TextRules.title(title)
  } catch {
    throw OrchError.invalid("\(error)")
  }
}

extension UInt8 {
  fileprivate var isBlank: Bool { self == 32 || self == 9 || self == 13 }
}
