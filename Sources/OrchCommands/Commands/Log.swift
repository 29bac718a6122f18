import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct Log: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "help.log")

  @OptionGroup var global: GlobalOptions

  @Option(help: .key("log.by", "agent"))
  var by: String?

  @Option(help: .key("log.author", "agent"))
  var author: String?

  @Option(help: .key("log.reviewer", "agent"))
  var reviewer: String?

  @Option(help: .key("log.task", "task"))
  var task: String?

  @Option(help: .key("log.session", "session"))
  var session: String?

  @Option(
    help: .key("log.commit", "rev"))
  var commit: String?

  @Option(help: .key("log.type", "type"))
  var type: [String] = []

  @Option(help: .key("log.since", "time"))
  var since: String?

  @Option(help: .key("log.until", "time"))
  var until: String?

  @Option(
    name: [.customShort("n", allowingJoined: true), .customLong("limit")],
    help: .key("log.limit", "n"))
  var limit: String?

  @Flag(help: .key("log.reverse"))
  var reverse = false

  @Flag(help: .key("log.oneline"))
  var oneline = false

  @Option(help: .key("log.format", "format"))
  var format: String?

  @Flag(name: .customShort("f"), help: .key("log.follow"))
  var follow = false

  func run(_ invocation: Invocation) throws {
    let request = try request(invocation)
    let titles = !invocation.output.isJSON && format == nil
    if !follow { invocation.page() }
    var isFirst = true
    func show(_ line: LogLine) throws -> Bool {
      let gap = isFirst || oneline || format != nil ? "" : "\n"
      isFirst = false
      try invocation.output.result(json: .event(line.recorded), text: gap + text(line, invocation.reader))
      return !invocation.output.isClosed
    }
    guard follow else { return try invocation.runtime.log(request, revision: commit, titles: titles, show) }
    func goOn() -> Bool {
      invocation.output.flush()
      return !invocation.output.isClosed
    }
    try invocation.runtime.followLog(
      request, revision: commit, titles: titles, Polling(every: .milliseconds(400)), goOn: goOn, show)
  }

  private func request(_ invocation: Invocation) throws -> LogRequest {
    var request = LogRequest()
    request.by = try by.map { try checkedName($0, "--by") }
    request.author = try author.map { try checkedName($0, "--author") }
    request.reviewer = try reviewer.map { try checkedName($0, "--reviewer") }
    request.source = try global.source.flatMap { try Validated.line($0, "--source") }
    request.task = try task.map { try Validated.identifier($0, "--task") }
    request.session = try session.map { try Validated.identifier($0, "--session") }
    request.project = try global.project.map { try Validated.identifier($0, "--project") }
    request.types = try type.map { try checkedType($0) }
    request.since = try since.map { try Validated.moment($0, "--since") }
    request.until = try until.map { try Validated.moment($0, "--until") }
    request.limit = try limit.map { try Validated.number($0, "-n", in: 0 ... .max) }
    request.reverse = reverse
    return request
  }

  /// A name or a display name.
  private func checkedName(_ name: String, _ option: String) throws -> String {
    guard let name = try Validated.line(name, option) else {
      throw OrchError.invalid(.errorOptionEmpty(option: option))
    }
    return name.nfc
  }

  private func checkedType(_ type: String) throws -> String {
    guard !type.contains("*") else { return type }
    return (try Validated.choice(type, "--type") as EventType).rawValue
  }

  private func text(_ line: LogLine, _ reader: TextRenderer) throws -> String {
    if let format { return try reader.formatted(line, format) }
    return oneline ? try reader.oneline(line) : try reader.entry(line)
  }
}
