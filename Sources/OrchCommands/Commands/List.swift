import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime
import OrchStore

struct List: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "help.list", aliases: ["ls"])

  @OptionGroup var global: GlobalOptions

  @Option(help: .key("list.state", "state"))
  var state: String?

  @Option(help: .key("list.kind", "kind"))
  var kind: String?

  @Option(help: .key("list.session", "session"))
  var session: String?

  @Flag(name: .customLong("all-projects"), help: .key("list.all-projects"))
  var allProjects = false

  @Option(help: .key("list.assign", "agent"))
  var assign: String?

  @Option(help: .key("list.key", "key"))
  var key: String?

  @Option(
    name: [.customShort("n", allowingJoined: true), .customLong("limit")],
    help: .key("list.limit", "n"))
  var limit: String?

  /// How many tasks a text lists without `-n`.
  private static let rows = 30
  /// How far a text counts what it does not list.
  private static let counted = 10_000

  func run(_ invocation: Invocation) throws {
    var query = TaskQuery()
    query.state = try state.map { try Validated.choice($0, "--state") }
    query.kind = try kind.map { try Validated.identifier($0, "--kind") }
    query.session = try session.map { try Validated.identifier($0, "--session") }
    query.assignee = try assign.map { try Validated.identifier($0, "--assign") }
    query.key = try key.map { try Validated.identifier($0, "--key") }
    let (app, scoped) = try invocation.runtime.listing(query, allProjects: allProjects)
    let asked = try limit.map { try Validated.number($0, "-n", in: 0 ... .max) }
    let limit = asked ?? (invocation.output.isJSON ? .max : Self.rows)
    var shown = 0
    var more = 0
    guard limit > 0 else { return }
    try app.list(scoped) { task, now in
      guard shown < limit else {
        more += 1
        return asked == nil && more < Self.counted
      }
      let lease = try app.lease(of: task)
      try invocation.output.result(
        json: .task(task, lease: lease, at: now),
        text: try invocation.reader.row(task, lease: lease, at: now, isStale: app.isStale(task)))
      shown += 1
      return (shown < limit || asked == nil) && !invocation.output.isClosed
    }
    guard more > 0 else { return }
    let rest: Message =
      more < Self.counted ? .remarkRest(count: more, limit: shown + more) : .remarkRestMany(count: more)
    invocation.output.remark(.remarkMore(rest: rest))
  }
}
