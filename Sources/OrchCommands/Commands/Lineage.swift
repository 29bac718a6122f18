import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct LinkCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "link", abstract: "help.link")

  @OptionGroup var global: GlobalOptions

  @Argument(help: .key("link.revision", "rev"))
  var revision: String?

  @Option(help: .key("link.task", "task"))
  var task: String?

  @Flag(help: .key("link.scan"))
  var scan = false

  func run(_ invocation: Invocation) throws {
    if scan, task != nil { throw OrchError.usage(.errorScanWithTask) }
    let task = try task.map { try Validated.identifier($0, "--task") }
    let runtime = invocation.runtime
    let progress = Progress(invocation)
    // A scan may link more than should be kept.
    func tell(_ entries: [LinkReport.Entry]) {
      progress.end()
      for entry in entries {
        invocation.output.result(json: .link(entry), text: invocation.reader.link(entry))
      }
    }
    let report =
      scan
      ? try runtime.scan(ScanRequest(range: revision), tell: tell) { progress.show(.progressCommits(detail: $0)) }
      : try runtime.link(revision ?? "HEAD", to: task)
    progress.end()
    tell(report.entries)
    if report.count == 0, !invocation.output.isJSON { invocation.output.write(invocation.reader.unlinked(report)) }
  }
}

struct TraceCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "help.trace")

  @OptionGroup var global: GlobalOptions

  @Argument(help: .key("trace.reference", "ref"))
  var reference: String?

  func run(_ invocation: Invocation) throws {
    let traces = try invocation.runtime.trace(reference)
    invocation.page()
    guard !invocation.output.isJSON else {
      for trace in traces { invocation.output.line(.trace(trace)) }
      return
    }
    invocation.output.write(traces.map { invocation.reader.trace($0) }.joined(separator: "\n\n"))
  }
}

struct BlameCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "blame", abstract: "help.blame")

  @OptionGroup var global: GlobalOptions

  @Argument(help: .key("blame.path"))
  var path: String

  @Option(help: .key("blame.at", "rev"))
  var at: String?

  func run(_ invocation: Invocation) throws {
    let lines = try invocation.runtime.blame(path, at: at)
    invocation.page()
    guard !invocation.output.isJSON else {
      for line in lines { invocation.output.line(.blamed(line)) }
      return
    }
    invocation.output.write(invocation.reader.blame(lines))
  }
}

struct ContributorsCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "contributors", abstract: "help.contributors")

  @OptionGroup var global: GlobalOptions

  @Argument(help: .key("contributors.range", "range"))
  var range: String?

  @Option(help: .key("contributors.format", "format"))
  var format: String?

  @Option(help: .key("contributors.write", "file"))
  var write: String?

  private enum Format: String, CaseIterable {
    case md, json
  }

  func run(_ invocation: Invocation) throws {
    let format =
      try format.map { try Validated.choice($0, "--format") as Format } ?? (invocation.output.isJSON ? .json : .md)
    let contributions = try invocation.runtime.contributions(range)
    if let write {
      guard format == .md else { throw OrchError.usage(.errorWriteFormat) }
      let section = invocation.reader.contributors(contributions)
      try MarkedSection("contributors").write(section, to: invocation.runtime.workspace.absolute(write))
      return invocation.output.remark(.remarkWrote(write: write))
    }
    switch format {
    case .json: for contributor in contributions.contributors { invocation.output.line(.contributor(contributor)) }
    case .md: invocation.output.write(invocation.reader.contributors(contributions))
    }
  }
}
