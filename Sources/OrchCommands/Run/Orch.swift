package import ArgumentParser
import OrchApp
import OrchCore
import OrchGit
import OrchRendering
import OrchRuntime
import OrchStore
import OrchSystem

/// The program: it finds the command and runs it.
package struct Orch: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "orch",
    abstract: "help.orch",
    subcommands: commands)

  static let commands: [any OrchCommand.Type] = [
    Init.self, Add.self, Edit.self, AddNote.self, List.self, Show.self, ClaimCommand.self, HeartbeatCommand.self,
    CheckpointCommand.self, ReleaseCommand.self, Resume.self, BriefCommand.self, Recover.self, Cancel.self, Retry.self,
    Log.self, StatusCommand.self, Verify.self, Agents.self, Doctor.self, LinkCommand.self, TraceCommand.self,
    BlameCommand.self, ContributorsCommand.self, HooksCommand.self, Handoff.self, ReviewCommand.self, Check.self,
    DecideCommand.self, DecisionsCommand.self, ReportCommand.self, Export.self, Import.self, MoveCommand.self
  ]

  /// The commands as help groups them.
  static let groups: [(heading: Message, names: [String])] = [
    (.helpHeadingTasks, ["add", "edit", "note", "list", "show", "cancel", "retry"]),
    (
      .helpHeadingWork,
      ["brief", "claim", "resume", "heartbeat", "checkpoint", "check", "release", "recover", "status"]
    ),
    (.helpHeadingReview, ["handoff", "review", "decide", "decisions", "report"]),
    (.helpHeadingHistory, ["log", "verify", "export", "import"]),
    (.helpHeadingGit, ["hooks", "link", "trace", "blame", "contributors"]),
    (.helpHeadingAdministration, ["init", "agents", "doctor", "move"])
  ]

  package init() {}

  /// Runs the command that the process was started with, and ends the process.
  package static func run() -> Never {
    Signals.install()
    // One thread, one command, and then the process is over.
    GitLibrary.configure(GitLibrary.Options(isSingleThreaded: true, streamsWalks: true))
    let words = RawArguments.all
    if RawArguments.scrubPasswords() {
      Output.standard(json: false).warn(
        .warningPassword)
    }
    CurrentProcess.exit(status(of: words))
  }

  private static func status(of words: [[UInt8]]) -> Int32 {
    var arguments: [String] = []
    for (index, word) in words.enumerated() {
      guard let argument = String(validating: word, as: UTF8.self) else {
        return Output.standard(json: false).report(.invalid(.errorArgumentUtf(number: index + 1)))
      }
      arguments.append(argument)
    }
    let line = ArgumentNormalizer(arguments)
    let output = Output.standard(json: line.wantsJSON)
    output.early = { StringTable.early(arguments) }
    do {
      try run(line, output)
      return try output.finish()
    } catch let status as ExitStatus {
      return (try? output.finish()) == nil ? ErrorCode.io.exitStatus : status.code
    } catch {
      _ = try? output.finish()
      return output.report(OrchError(error))
    }
  }

  private static func run(_ line: ArgumentNormalizer, _ output: Output) throws {
    guard let name = line.command else { return try runRoot(line, output) }
    guard let type = commands.first(where: { $0.names.contains(name) }) else {
      let near = nearest(to: name, in: commands.flatMap { $0.names }, within: 2)
      throw OrchError.usage(.errorNoCommand(name: name), hint: near.map { .run($0) } ?? .run("--help"))
    }
    try type.perform(line.rest, output)
  }

  /// The versions of the program and of the libraries that it was built against.
  ///
  /// - Parameter loads: whether the libraries are loaded, and those that are present named too.
  private static func versions(loads: Bool) -> String {
    let engines = EngineRegistry.standard.engines.reversed().map(\.library)
    let git = Library("libgit2", built: GitLibrary.headerVersion) { GitLibrary.version }
    let libraries = [engines[0], git] + engines[1...]
    let lines = libraries.map { library in
      "\(library.name) \(library.built)" + (loads ? " (present: \(library.present ?? "none"))" : "")
    }
    return (["orch \(version)"] + lines).joined(separator: "\n")
  }

  private static let version = "0.1.0"

  /// `orch` alone, `--help`, `--version`, and completion scripts.
  private static func runRoot(_ line: ArgumentNormalizer, _ output: Output) throws {
    if line.rest.contains("--version") {
      return output.write(versions(loads: (line.moved + line.rest).contains { GlobalOption(named: $0) == .verbose }))
    }
    if let incomplete = line.incomplete {
      throw OrchError.usage(.errorLacksItsValue(incomplete: incomplete), hint: .run("--help"))
    }
    let strings = StringTable.early(line.moved)
    if let option = line.rest.first {
      guard try writeDocument(option, line.rest.dropFirst().first, strings, output) else {
        let near = nearest(to: option, in: ArgumentNormalizer.options, within: 2)
        throw OrchError.usage(
          .errorNoOption(option: option), hint: near.map { .text(.hintDidYouMean(word: $0)) } ?? .run("--help"))
      }
      return
    }
    guard line.moved.isEmpty || line.wantsHelp else {
      throw OrchError.usage(.errorWhichCommandChecked, hint: .run("--help"))
    }
    output.write(HelpPage(command: .root, strings: strings).text)
    guard line.wantsHelp else { throw ExitStatus(code: ErrorCode.usage.exitStatus) }
  }
}

extension Orch {
  /// Writes what is made of the declarations: a completion script, the reference page, a manual page or their names.
  ///
  /// - Returns: false where the option asks for none of these.
  private static func writeDocument(
    _ option: String, _ value: String?, _ strings: StringTable, _ output: Output
  ) throws -> Bool {
    switch option {
    case "--generate-reference": output.write(HelpPage(command: .root, strings: strings).reference)
    case "--generate-manual":
      let root = HelpPage(command: .root, strings: strings)
      let pages = [root] + root.members
      guard let value else {
        output.write(pages.map(\.manualName).joined(separator: "\n"))
        break
      }
      guard let page = pages.first(where: { $0.manualName == value }) else {
        throw OrchError.notFound(.errorNoManualPage(value: value), hint: .run("--generate-manual"))
      }
      output.write(page.manual)
    case _ where option.hasPrefix("--generate-completion-script"):
      do {
        _ = try Orch.parse([option] + (value.map { [$0] } ?? []))
      } catch {
        guard Orch.exitCode(for: error) == .success else {
          throw OrchError.usage(.parseProblem(problem: Orch.message(for: error)))
        }
        output.write(CompletionScript.filled(Orch.fullMessage(for: error), strings))
      }
    default: return false
    }
    return true
  }
}

/// A command of `orch`: it turns its arguments into one use case and the result into one rendering.
protocol OrchCommand: ParsableCommand {
  var global: GlobalOptions { get }
  func run(_ invocation: Invocation) throws
  /// Whether git's configuration gives settings to it.
  static var readsGitConfiguration: Bool { get }
  /// Whether git calls it: only then `GIT_DIR` says where the repository is.
  var isHook: Bool { get }
  /// An option whose value may be left out.
  static var optionalValue: OptionalValue? { get }
  /// Parses the words after the command's name, and runs it.
  static func perform(_ words: [String], _ output: Output) throws
  /// The command's name and its short forms.
  static var names: [String] { get }
  /// What it is called on a command line, after `orch`.
  static var path: String { get }
  /// Runs the command if its words are plain (see `FastArgumentParser`); false leaves them to ArgumentParser.
  static func runPlainly(_ words: [String], _ output: Output) throws -> Bool
}

extension OrchCommand {
  /// The command's name and its short forms. Each configuration gives its name: making one from the type's name costs
  /// a start more than the rest of finding the command.
  static var names: [String] { [configuration.commandName ?? _commandName] + configuration.aliases }

  static var path: String { names[0] }

  static func runPlainly(_ words: [String], _ output: Output) throws -> Bool { false }
  static var readsGitConfiguration: Bool { true }
  static var optionalValue: OptionalValue? { nil }
  var isHook: Bool { false }

  /// Never called: `Orch` runs commands with their invocation.
  func run() throws {}

  /// Parses one command alone: the other commands cost a start nothing.
  static func perform(_ words: [String], _ output: Output) throws {
    if try Self.runPlainly(words, output) { return }
    let command: Self
    do {
      command = try Self.parse(optionalValue?.joined(words) ?? words)
    } catch {
      guard Self.exitCode(for: error) != .success else {
        return output.write(HelpPage(command: CommandModel(Self.self), strings: .early(words)).text)
      }
      let problem = Self.message(for: error).lowercasingFirst
      throw OrchError.usage(
        ParseProblem.message(problem) ?? .parseProblem(problem: problem),
        hint: .command(ShellCommand(isOrch: true, Self.path.split(separator: " ").map(String.init) + ["--help"])))
    }
    try command.run(
      Invocation(
        command.global.values, output, readsGitConfiguration: readsGitConfiguration, isHook: command.isHook))
  }
}

/// Ends the process with a status of its own.
struct ExitStatus: Error {
  var code: Int32
}

extension String {
  /// Messages begin in lower case.
  fileprivate var lowercasingFirst: String { prefix(1).lowercased() + dropFirst() }
}
