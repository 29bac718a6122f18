import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime
import Templates

struct ReportCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "help.report")

  @OptionGroup var global: GlobalOptions

  @Argument(help: .key("report.tasks"))
  var tasks: [String] = []

  @Option(help: .key("report.task", "task"))
  var task: [String] = []

  @Option(help: .key("report.session", "session"))
  var session: String?

  @Option(help: .key("report.since", "time"))
  var since: String?

  @Option(help: .key("report.until", "time"))
  var until: String?

  @Option(help: .key("report.range", "range"))
  var range: String?

  @Option(
    help: .key("report.format", "format"))
  var format: String?

  @Option(name: .customShort("o"), help: .key("report.output", "file"))
  var output: String?

  func run(_ invocation: Invocation) throws {
    let request = try request()
    let format: ReportFormat? =
      try format.map { try Validated.choice($0, "--format") } ?? (invocation.output.isJSON ? .json : nil)
    guard let output else {
      let report = try invocation.runtime.report(request)
      if format == .json { return invocation.output.line(.report(report)) }
      let text = try invocation.text(of: report, as: format ?? .md)
      invocation.page()
      return invocation.output.write(text)
    }
    let file = try ReportFile(output, as: format, invocation)
    try file.write(invocation.runtime.report(request))
    invocation.output.remark(.remarkWrote(write: output))
  }

  private func request() throws -> ReportRequest {
    let tasks = try (tasks + task).map { try Validated.identifier($0, "--task") }
    guard [!tasks.isEmpty, session != nil, since != nil, range != nil].count(where: { $0 }) <= 1 else {
      throw OrchError.usage(
        .errorReportScope, hint: .run("report", "--help"))
    }
    if !tasks.isEmpty { return .tasks(tasks) }
    if let session { return .session(try Validated.identifier(session, "--session")) }
    if let range { return .range(range) }
    guard let since else {
      guard until == nil else { throw OrchError.usage(.errorUntilWithSince) }
      return .open
    }
    let (from, to) = (try Validated.moment(since, "--since"), try until.map { try Validated.moment($0, "--until") })
    guard to.map({ $0 >= from }) ?? true else { throw OrchError.usage(.errorUntilBeforeSince) }
    return .time(since: from, until: to)
  }
}

/// A file that a report is to be written into: checked before anything else is done.
struct ReportFile {
  private let file: OutputFile
  private let format: ReportFormat
  private let invocation: Invocation

  /// - Parameter format: nil: as the file's name ends.
  init(_ name: String, as format: ReportFormat? = nil, _ invocation: Invocation) throws {
    file = try OutputFile(name, in: invocation.runtime.workspace, isShared: true)
    self.invocation = invocation
    if let format {
      self.format = format
    } else if name.hasSuffix(".html") || name.hasSuffix(".htm") {
      self.format = .html
    } else {
      self.format = name.hasSuffix(".json") ? .json : .md
    }
  }

  func write(_ report: Report) throws {
    try file.write(invocation.text(of: report, as: format))
    try file.finish()
  }
}

extension Invocation {
  /// A report in a format and the reader's language, from the user's own templates where there are any.
  fileprivate func text(of report: Report, as format: ReportFormat) throws -> String {
    do {
      return try reader.report(report, as: format, overridesIn: runtime.templateOverrides)
    } catch {
      throw OrchError(template: error) ?? error
    }
  }
}
