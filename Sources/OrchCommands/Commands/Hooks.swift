import OrchSystem
import ArgumentParser
import OrchApp
import OrchCore
import OrchGit
import OrchRendering
import OrchRuntime
import SystemPackage
import Templates

struct HooksCommand: OrchCommand {
  static let configuration = CommandConfiguration(
    commandName: "hooks", abstract: "help.hooks")
  @OptionGroup var global: GlobalOptions

  @Argument(help: .key("hooks.action"))
  var action: String

  @Argument(parsing: .allUnrecognized, help: .hidden)
  var words: [String] = []

  @Flag(help: .key("hooks.template"))
  var template = false

  private enum Action: String, CaseIterable {
    case install, uninstall, status, run
  }

  func run(_ invocation: Invocation) throws {
    let action = try Validated.choice(action, "ACTION") as Action
    guard action == .run || words.isEmpty else {
      throw OrchError.usage(.errorTakesNo(action: action.rawValue, words: words[0]), hint: .run("hooks", "--help"))
    }
    let runtime = invocation.runtime
    switch action {
    case .install:
      let changes = try runtime.hooks(program: RawArguments.program).install()
      let used =
        template
        ? try runtime.setCommitTemplate(
          languages: [invocation.reader.strings.language.code, Language.english.code]) : nil
      show(changes, invocation)
      if let used { invocation.output.remark(.remarkTemplate(used: used)) }
    case .uninstall: show(try runtime.hooks(program: RawArguments.program).uninstall(), invocation)
    case .status:
      for status in try runtime.hooks(program: RawArguments.program).status() {
        invocation.output.result(json: .hook(status), text: invocation.reader.hook(status))
      }
    case .run: try Self.answer(words, invocation)
    }
  }

  /// As a hook `GIT_DIR` says where the repository is; for a person it does not.
  var isHook: Bool { action == Action.run.rawValue }

  private func show(_ changes: [HookChange], _ invocation: Invocation) {
    guard invocation.output.isJSON else {
      return invocation.output.write(invocation.output.isQuiet ? "" : invocation.reader.hookChanges(changes))
    }
    for change in changes { invocation.output.line(.hook(change)) }
  }

  /// `hooks run` is called several times a commit: it is read without ArgumentParser.
  static func runPlainly(_ words: [String], _ output: Output) throws -> Bool {
    guard words.first == "run", words.count > 1, !words[1].hasPrefix("-") else { return false }
    CurrentProcess.limitLifetime(seconds: HookRequest.budgetSeconds)
    try answer(
      Array(words.dropFirst()),
      Invocation(GlobalValues(), output, readsGitConfiguration: readsGitConfiguration, isHook: true))
    return true
  }

  private static func answer(_ words: [String], _ invocation: Invocation) throws {
    let terminal = try? FileIO.open("/dev/tty", .readOnly)
    if let terminal { FileIO.close(terminal) }
    // Git's words come once, and may be asked for twice.
    lazy var input = Result { try FileIO.read(.standardInput) }
    var hook = try HookRequest(words, isInteractive: terminal != nil) { try input.get() }
    hook.refusesWhenLate = { message in
      CurrentProcess.setEndOfLifetime(
        status: 1, text: invocation.output.text(ofRemark: .hookSays(message: message)))
    }
    CurrentProcess.limitLifetime(seconds: HookRequest.budgetSeconds)
    let isRefused = invocation.runtime.run(hook) {
      invocation.output.remark(.hookSays(message: $0))
    }
    if isRefused { throw ExitStatus(code: 1) }
  }
}
