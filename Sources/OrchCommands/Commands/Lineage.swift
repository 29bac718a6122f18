import ArgumentParser
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

struct LinkCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "link", abstract: "Tie commits to tasks: by hand, or by what their messages say.",
    discussion: """
      With --task the commits are linked to that task by hand. Without it their trailers decide, and only an event of \
      the task's own session makes a link. --scan reconciles everything since the last scan, and follows what was rewritten.
      """)

  @OptionGroup var global: GlobalOptions

  @Argument(help: ArgumentHelp("A commit or a range of commits (the head).", valueName: "rev"))
  var revision: String?

  @Option(help: ArgumentHelp("The task that the commits belong to.", valueName: "task"))
  var task: String?

  @Flag(help: "Reconcile all local branches, or the range, with the log.")
  var scan = false

  func run(_ invocation: Invocation) throws {
    if scan, task != nil { throw OrchError.usage("--scan goes by the trailers: it takes no --task") }
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
      ? try runtime.scan(ScanRequest(range: revision), tell: tell) { progress.show("\($0) commits") }
      : try runtime.link(revision ?? "HEAD", to: task)
    progress.end()
    tell(report.entries)
    if report.count == 0, !invocation.output.isJSON { invocation.output.write(invocation.reader.unlinked(report)) }
  }
}

struct TraceCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Show the lineage of a task, a session, a commit or a range: task, attempts, commits, roles.",
    discussion: """
      A commit is linked, rewritten (into which), unresolved (it is gone, and nobody knows where to), unverified (it \
      names a task and nothing bears that out), elsewhere (of another log) or untracked.
      """)

  @OptionGroup var global: GlobalOptions

  @Argument(help: ArgumentHelp("A task, a session, a commit or a range (the head).", valueName: "ref"))
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
    commandName: "blame", abstract: "Show who wrote each line of a file, for which task, reviewed by whom.")

  @OptionGroup var global: GlobalOptions

  @Argument(help: "The file.")
  var path: String

  @Option(help: ArgumentHelp("As it is in this commit (the head).", valueName: "rev"))
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
    commandName: "contributors", abstract: "List every commit by who wrote and who reviewed it.",
    discussion:
      "--write keeps the text of the file outside the marked section, which is added at the end where there is none.")

  @OptionGroup var global: GlobalOptions

  @Argument(help: ArgumentHelp("A range of commits (the history of the head).", valueName: "range"))
  var range: String?

  @Option(help: ArgumentHelp("md or json (md).", valueName: "format"))
  var format: String?

  @Option(help: ArgumentHelp("Write into this file.", valueName: "file"))
  var write: String?

  private enum Format: String, CaseIterable {
    case md, json
  }

  func run(_ invocation: Invocation) throws {
    let format =
      try format.map { try Validated.choice($0, "--format") as Format } ?? (invocation.output.isJSON ? .json : .md)
    let contributions = try invocation.runtime.contributions(range)
    if let write {
      guard format == .md else { throw OrchError.usage("--write goes with --format md") }
      let section = invocation.reader.contributors(contributions)
      try MarkedSection("contributors").write(section, to: invocation.runtime.workspace.absolute(write))
      return invocation.output.remark("wrote \(write)")
    }
    switch format {
    case .json: for contributor in contributions.contributors { invocation.output.line(.contributor(contributor)) }
    case .md: invocation.output.write(invocation.reader.contributors(contributions))
    }
  }
}
