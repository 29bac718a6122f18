import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime
import Templates

struct ReportCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write one page for the one who takes over or reviews.",
    discussion: """
      What is observed, what is only reported, and what is open: of tasks, a session, a time, a range of commits, or, \
      with none of these, of everything that is open. The templates are report.md, report.html and report.pr.md; a file \
      of that name in ~/.config/orch/templates wins.
      """)

  @OptionGroup var global: GlobalOptions

  @Argument(help: "A task, as with --task.")
  var tasks: [String] = []

  @Option(help: ArgumentHelp("Of this task (repeatable).", valueName: "task"))
  var task: [String] = []

  @Option(help: ArgumentHelp("Of this session.", valueName: "session"))
  var session: String?

  @Option(help: ArgumentHelp("Of what happened since then.", valueName: "time"))
  var since: String?

  @Option(help: ArgumentHelp("With --since: and until then.", valueName: "time"))
  var until: String?

  @Option(help: ArgumentHelp("Of these commits, such as main..HEAD, and the tasks they are for.", valueName: "range"))
  var range: String?

  @Option(
    help: ArgumentHelp(
      "md, html, json, or pr: the body of a pull request (as FILE ends, else md).", valueName: "format"))
  var format: String?

  @Option(name: .customShort("o"), help: ArgumentHelp("Write into this file.", valueName: "file"))
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
    invocation.output.remark("wrote \(output)")
  }

  private func request() throws -> ReportRequest {
    let tasks = try (tasks + task).map { try Validated.identifier($0, "--task") }
    guard [!tasks.isEmpty, session != nil, since != nil, range != nil].count(where: { $0 }) <= 1 else {
      throw OrchError.usage(
        "a report is of tasks, a session, a time or a range: one of these", hint: "orch report --help")
    }
    if !tasks.isEmpty { return .tasks(tasks) }
    if let session { return .session(try Validated.identifier(session, "--session")) }
    if let range { return .range(range) }
    guard let since else {
      guard until == nil else { throw OrchError.usage("--until goes with --since") }
      return .open
    }
    let (from, to) = (try Validated.moment(since, "--since"), try until.map { try Validated.moment($0, "--until") })
    guard to.map({ $0 >= from }) ?? true else { throw OrchError.usage("--until is before --since") }
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
    } catch let error as TemplateError {
      throw OrchError(.configuration, "\(error)", hint: "correct the template, or take it away")
    } catch let error as UnreadableTemplate {
      throw OrchError(.configuration, "\(error)", hint: "correct the template, or take it away")
    }
  }
}
