import OrchApp
package import OrchCore
package import OrchGit
import OrchSystem

/// One call of a hook by git.
package struct HookRequest {
  package var name: HookName
  package var arguments: [String]
  /// Reads standard input.
  package var standardInput: () throws -> [UInt8]
  /// Whether a person sits at a terminal.
  package var isInteractive: Bool
  /// Called once it is known that git is to stop where no answer is found in time, with the text that says so.
  package var refusesWhenLate: (Message) -> Void = { _ in }

  /// - Parameter words: the hook's name, and what git gave it.
  /// - Throws: `usage` for a hook that there is not.
  package init(
    _ words: [String], isInteractive: Bool, standardInput: @escaping () throws -> [UInt8]
  ) throws {
    guard let first = words.first, let name = HookName(rawValue: first) else {
      throw OrchError.usage(
        .errorNoHook(words: words.first ?? ""),
        hint: .text(Message(verbatim: HookName.allCases.map(\.rawValue).joined(separator: ", "))))
    }
    self.name = name
    arguments = Array(words.dropFirst())
    self.isInteractive = isInteractive
    self.standardInput = standardInput
  }

  /// How long a hook may take, in seconds: the caller sees to it, for a file system that does not answer.
  package static let budgetSeconds: UInt32 = 3
  /// For the database, in milliseconds, of that time.
  static let timeoutMilliseconds = 2_000
  /// For the database where another hook has just waited in vain.
  static let shortTimeoutMilliseconds = 1_000

  /// Whether git asks here, and is not only told.
  var isGate: Bool {
    switch name {
    case .prepareCommitMessage, .commitMessage, .prePush: true
    case .postCommit, .postMerge, .postApplyPatch, .postRewrite: false
    }
  }
}

extension Runtime {
  /// Answers a hook.
  ///
  /// Whatever goes wrong, git goes on: a commit is never lost to a database. Only a refusal stops it; and under
  /// `orch.enforce=strict` so does not knowing whether to refuse.
  ///
  /// - Parameter say: gets lines for the person who runs git.
  /// - Returns: whether git is to stop.
  package func run(_ hook: HookRequest, say: @escaping (Message) -> Void) -> Bool {
    HookRunner(runtime: self, hook: hook, say: say).run()
  }
}

private struct HookRunner {
  let runtime: Runtime
  let hook: HookRequest
  let say: (Message) -> Void

  func run() -> Bool {
    guard isBusy else { return answer(timeoutMilliseconds: HookRequest.timeoutMilliseconds) }
    // Of the whole time most has been waited, and a little more is for what cannot be made up for.
    guard hook.isGate else {
      if hook.name == .postRewrite { keepRewrites() }
      return false
    }
    return answer(timeoutMilliseconds: HookRequest.shortTimeoutMilliseconds)
  }

  private func answer(timeoutMilliseconds: Int) -> Bool {
    // Set before the repository is opened, which may fail.
    var isStrict = false
    do {
      guard let repository = runtime.repository.repository else { return false }
      // What is made anew from another commit keeps its message: there may be hundreds of them.
      if repository.activity == .replay, hook.name == .prepareCommitMessage || hook.name == .commitMessage {
        return false
      }
      let settings = settings
      isStrict = settings.enforcement == .strict && hook.isGate
      if isStrict {
        hook.refusesWhenLate(.hookStrict(problem: Message.hookLate(seconds: Int(HookRequest.budgetSeconds))))
      }
      // The repository may be everybody's, and the database nobody's yet.
      let app = try runtime.app(
        .write, holder: true, git: hook.name == .postCommit ? .position : .nothing,
        timeoutMilliseconds: timeoutMilliseconds)
      let answer = try answer(app, settings)
      if let busy { FileIO.removeIfThere(busy) }
      for message in answer.messages { say(message) }
      return answer.isRefused
    } catch {
      let error = OrchError(error)
      if hook.name == .postRewrite { keepRewrites() }
      // Somebody who has no database does not use orch here.
      let isAbsent = error.code == .storeUnavailable && error.hint == .run("init")
      if error.code == .storeUnavailable, !isAbsent { markBusy() }
      if isStrict, !isAbsent {
        say(.hookStrict(problem: error.message))
        return true
      }
      if !isAbsent { say(error.message) }
      return false
    }
  }

  private func answer(_ app: App, _ settings: HookSettings) throws -> HookAnswer {
    switch hook.name {
    case .prepareCommitMessage:
      return try editMessage { try app.prepare($0, source: hook.arguments.dropFirst().first, settings) }
    case .commitMessage: return try editMessage { try app.check($0, settings) }
    case .prePush: return try app.checkPush(settings)
    case .postCommit:
      _ = try app.committed(settings, all: true)
      try app.signOfLife(settings)
      return try app.afterCommit(settings)
    case .postMerge: _ = try app.committed(settings, all: true)
    case .postApplyPatch: _ = try app.committed(settings, all: false)
    case .postRewrite:
      _ = try app.rewritten(rewrites(), reason: rewriteReason, settings)
    }
    return HookAnswer()
  }

  // MARK: Time

  /// Marks that a hook has waited in vain: a commit has four, and the others do not wait again.
  private var busy: String? { runtime.repository.repository.map { $0.gitDirectory + "/orch/busy" } }

  /// Whether a hook has waited in vain within the last three seconds.
  private var isBusy: Bool {
    guard let busy, let status = try? FileStatus(of: busy) else { return false }
    return abs(Clock.realMilliseconds() / 1000 - status.modified / 1_000_000_000) <= 3
  }

  private func markBusy() {
    guard let busy else { return }
    try? FileIO.createDirectory(FileIO.split(busy).directory)
    try? FileIO.replace(busy, with: [UInt8(ascii: "\n")], .shared, isSynced: false)
  }

  // MARK: Messages

  /// Reads the message's file, and writes it back when it has changed.
  private func editMessage(_ edit: (CommitMessage) throws -> (CommitMessage, HookAnswer)) throws -> HookAnswer {
    guard let path = hook.arguments.first.map(runtime.workspace.absolute), let bytes = try? FileIO.read(path) else {
      throw OrchError.usage(.errorHookMessageFile(name: hook.name.rawValue))
    }
    var message = CommitMessage(bytes, cleanup: cleanup, comment: comment)
    if hook.name == .commitMessage {
      let edited = CommitMessage(bytes, cleanup: .strip, comment: comment)
      // git gives up a commit whose template was left as it is; stamped, it would not see that any more.
      if let template, edited.hasSameText(as: template) { return HookAnswer() }
      // An agent's editor may be `:`, which is also what git says where there is none. What git has written below tells.
      if message.cleanup == .none, gitConfig("commit.cleanup") == nil {
        guard edited.hasText else { return HookAnswer() }
        if edited.textEnd < message.textEnd, edited.subject == message.subject { message = edited }
      }
    }
    let (stamped, answer) = try edit(message)
    if stamped.bytes != bytes, !answer.isRefused {
      do {
        try FileIO.replace((try? FileIO.realPath(path)) ?? path, with: stamped.bytes, .kept, isSynced: false)
      } catch {
        throw OrchError(error, path)
      }
    }
    return answer
  }

  /// What git will take out of the message. Where no editor was used it says so to its hooks.
  private var cleanup: CommitMessage.Cleanup {
    let isEdited = runtime.workspace.environment["GIT_EDITOR"] != ":" && hook.name == .commitMessage
    switch gitConfig("commit.cleanup") {
    case "strip": return .strip
    case "whitespace", "verbatim": return .none
    case "scissors": return isEdited ? .scissors : .none
    default: return isEdited ? .strip : .none
    }
  }

  private var comment: UInt8 {
    guard let text = gitConfig("core.commentChar"), text.utf8.count == 1 else { return UInt8(ascii: "#") }
    return text.utf8.first ?? UInt8(ascii: "#")
  }

  /// The file that editors begin with, as a message.
  private var template: CommitMessage? {
    guard hook.name == .commitMessage, var path = gitConfig("commit.template") else { return nil }
    if path.hasPrefix("~/") { path = runtime.workspace.environment.home + path.dropFirst() }
    let bytes = try? FileIO.read(runtime.workspace.absolute(path))
    return bytes.map { CommitMessage($0, cleanup: .strip, comment: comment) }
  }

  // MARK: Settings

  private var settings: HookSettings {
    let repository = runtime.repository
    if hook.name == .commitMessage {
      warnOfUnknown("enforce", Enforcement.allCases.map(\.rawValue))
      warnOfUnknown("subjectTag", SubjectTagging.allCases.map(\.rawValue))
    }
    return HookSettings(
      enforcement: repository.setting("enforce").flatMap(Enforcement.init) ?? .warn,
      tagging: repository.setting("subjectTag").flatMap(SubjectTagging.init) ?? .add,
      isInteractive: hook.isInteractive, action: runtime.workspace.environment["GIT_REFLOG_ACTION"])
  }

  /// Unknown settings fall back to the default with a warning; hooks never fail on configuration.
  private func warnOfUnknown(_ setting: String, _ known: [String]) {
    guard let value = runtime.repository.setting(setting), !known.contains(value) else { return }
    say(.hookUnknownSetting(setting: setting, value: value, known: known.joined(separator: ", ")))
  }

  private func gitConfig(_ key: String) -> String? { try? runtime.repository.repository?.config(key) }

  // MARK: Rewrites

  private var rewriteReason: CommitRewrite.Reason { hook.arguments.first == "amend" ? .amend : .rebase }

  /// The lines of `post-rewrite`: an old name, a new one, and what git may add one day.
  private func rewrites() throws -> [(old: String, new: String)] {
    String(decoding: try hook.standardInput(), as: UTF8.self).split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      return words.count < 2 ? nil : (String(words[0]), String(words[1]))
    }
  }

  /// Unrecorded rewrites are saved, and processed by the next scan.
  private func keepRewrites() {
    guard let pairs = try? rewrites(), !pairs.isEmpty else { return }
    HookRewrites.keep(pairs, reason: rewriteReason, in: runtime.repository)
  }
}
