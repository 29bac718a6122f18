import ArgumentParser
import OrchApp
import OrchCore
import OrchGit
import OrchRendering
import Templates

struct HooksCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "hooks", abstract: "Install git hooks that stamp, check and link commits; remove them; show them.",
    discussion: """
      install puts a marked section into each hook file beside what is there; uninstall restores every byte. \
      git itself calls orch hooks run NAME; only a refusal (status 1) stops it. git config orch.enforce is off, warn \
      (default) or strict; orch.subjectTag is add (default), check or off.
      """)
  /// Only as a hook does `GIT_DIR` say where the repository is.
  static var isHook: Bool { RawArguments.all.contains(Array("run".utf8)) }

  @OptionGroup var global: GlobalOptions

  @Argument(help: "install, uninstall, status or run.")
  var action: String

  @Argument(parsing: .allUnrecognized, help: .hidden)
  var words: [String] = []

  @Flag(help: "With install: set commit.template to the template for commit messages, too.")
  var template = false

  private enum Action: String, CaseIterable {
    case install, uninstall, status, run
  }

  func run(_ invocation: Invocation) throws {
    let action = try choice(action, "ACTION") as Action
    guard action == .run || words.isEmpty else {
      throw OrchError.usage("\(action.rawValue) takes no \(words[0])", hint: "orch hooks --help")
    }
    switch action {
    case .install:
      let changes = try invocation.hookInstallation().install()
      let used = template ? try invocation.setCommitTemplate() : nil
      show(changes, invocation)
      if let used { invocation.output.remark("commit.template is \(used)") }
    case .uninstall: show(try invocation.hookInstallation().uninstall(), invocation)
    case .status:
      for status in try invocation.hookInstallation().status() {
        invocation.output.result(json: .hook(status), text: invocation.reader.hook(status))
      }
    case .run: try HookProcess(words, invocation).run()
    }
  }

  private func show(_ changes: [HookChange], _ invocation: Invocation) {
    guard invocation.output.isJSON else {
      return invocation.output.write(invocation.output.isQuiet ? "" : invocation.reader.hookChanges(changes))
    }
    for change in changes { invocation.output.line(.hook(change)) }
  }

  /// `hooks run` is called several times a commit: it is read without ArgumentParser.
  static func runPlainly(_ words: [String], _ output: Output) throws -> Bool {
    guard words.first == "run", words.count > 1, !words[1].hasPrefix("-") else { return false }
    try HookProcess(Array(words.dropFirst()), Invocation(HookProcess.options, output, of: Self.self)).run()
    return true
  }
}
