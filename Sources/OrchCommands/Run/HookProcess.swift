#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchApp
import OrchCore
import OrchGit

/// One call of a hook by git.
///
/// Whatever goes wrong, git goes on: a commit is never lost to a database. Only a refusal stops it, by status 1; and
/// under `orch.enforce=strict` so does not knowing whether to refuse.
struct HookProcess {
  private let name: HookName
  private let arguments: [String]
  private var invocation: Invocation

  /// Those of a hook: two seconds for the database, of three in all.
  static var options: GlobalValues {
    var options = GlobalValues()
    options.timeout = "2"
    return options
  }

  init(_ words: [String], _ invocation: Invocation) throws {
    guard let first = words.first, let name = HookName(rawValue: first) else {
      throw OrchError.usage(
        "there is no hook \(words.first ?? "")", hint: HookName.allCases.map(\.rawValue).joined(separator: ", "))
    }
    self.name = name
    arguments = Array(words.dropFirst())
    self.invocation = invocation
  }

  func run() throws {
    // A file system that does not answer holds a commit up no longer than this.
    alarm(3)
    guard isBusy else { return try perform() }
    // Three seconds in all: two have been waited, and one more is for what cannot be made up for.
    guard isGate else {
      if name == .postRewrite { keep() }
      return
    }
    var options = Self.options
    options.timeout = "1"
    var process = self
    process.invocation = try Invocation(options, invocation.output, of: HooksCommand.self)
    try process.perform()
  }

  private func perform() throws {
    // Set before the repository is opened, which may fail.
    var isStrict = false
    do {
      guard let repository = invocation.surroundings.repository else { return }
      // What is made anew from another commit keeps its message: there may be hundreds of them.
      if repository.activity == .replay, name == .prepareCommitMessage || name == .commitMessage { return }
      let settings = hookSettings
      isStrict = settings.enforcement == .strict && isGate
      // The repository may be everybody's, and the database nobody's yet.
      let app = try invocation.app(.write, holder: true, git: name == .postCommit ? .position : .nothing)
      let answer = try answer(app, settings)
      if let busy { unlink(busy) }
      for message in answer.messages { say(message) }
      if answer.isRefused { throw ExitStatus(code: 1) }
    } catch let status as ExitStatus {
      throw status
    } catch {
      let error = OrchError(error)
      if name == .postRewrite { keep() }
      // Somebody who has no database does not use orch here.
      let isAbsent = error.code == .storeUnavailable && error.hint == "orch init"
      if error.code == .storeUnavailable, !isAbsent { markBusy() }
      if isStrict, !isAbsent {
        say("\(error.message); orch.enforce is strict")
        throw ExitStatus(code: 1)
      }
      if !isAbsent { say(error.message) }
    }
  }

  // MARK: Time

  /// Where it stands that a hook has waited in vain: a commit has four, and the others do not wait again.
  private var busy: String? { invocation.surroundings.repository.map { $0.gitDirectory + "/orch/busy" } }

  /// Whether a hook has waited in vain just now.
  private var isBusy: Bool {
    var status = stat()
    guard let busy, stat(busy, &status) == 0 else { return false }
    #if canImport(Darwin)
      let since = status.st_mtimespec.tv_sec
    #else
      let since = status.st_mtim.tv_sec
    #endif
    return abs(time(nil) - since) <= 3
  }

  private func markBusy() {
    guard let busy else { return }
    mkdir(String(busy.dropLast("/busy".count)), 0o777)
    let descriptor = open(busy, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { return }
    // Only writing sets the time of a file that is there and empty.
    _ = write(descriptor, "\n", 1)
    close(descriptor)
  }

  /// Whether git asks here, and is not only told.
  private var isGate: Bool {
    switch name {
    case .prepareCommitMessage, .commitMessage, .prePush: true
    case .postCommit, .postMerge, .postApplyPatch, .postRewrite: false
    }
  }

  private func answer(_ app: App, _ hook: HookSettings) throws -> HookAnswer {
    switch name {
    case .prepareCommitMessage:
      return try message { try app.prepare($0, source: arguments.dropFirst().first, hook) }
    case .commitMessage: return try message { try app.check($0, hook) }
    case .prePush: return try app.checkPush(hook)
    case .postCommit:
      _ = try app.committed(hook, all: true)
      try app.signOfLife(hook)
      return try app.afterCommit(hook)
    case .postMerge: _ = try app.committed(hook, all: true)
    case .postApplyPatch: _ = try app.committed(hook, all: false)
    case .postRewrite:
      _ = try app.rewritten(pairs(), reason: reason, hook)
    }
    return HookAnswer()
  }

  /// Reads the message's file, and writes it back when it has changed.
  private func message(_ edit: (CommitMessage) throws -> (CommitMessage, HookAnswer)) throws -> HookAnswer {
    guard let path = arguments.first, let bytes = try TextFile.read(path) else {
      throw OrchError.usage("\(name.rawValue) needs the file of the message")
    }
    var message = CommitMessage(bytes, cleanup: cleanup, comment: comment)
    if name == .commitMessage {
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
    if stamped.bytes != bytes, !answer.isRefused { try TextFile.replace(path, with: stamped.bytes) }
    return answer
  }

  // MARK: What git is told

  /// A value that means nothing is the default, and said so: a hook is no place to fail for it.
  private func sayUnknown(_ setting: String, _ known: [String]) {
    guard let value = invocation.surroundings.setting(setting), !known.contains(value) else { return }
    say("orch.\(setting) is \(value); it can be \(known.joined(separator: ", "))")
  }

  private var hookSettings: HookSettings {
    let surroundings = invocation.surroundings
    let terminal = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY)
    if terminal >= 0 { close(terminal) }
    if name == .commitMessage {
      sayUnknown("enforce", Enforcement.allCases.map(\.rawValue))
      sayUnknown("subjectTag", SubjectTagging.allCases.map(\.rawValue))
    }
    return HookSettings(
      enforcement: surroundings.setting("enforce").flatMap(Enforcement.init) ?? .warn,
      tagging: surroundings.setting("subjectTag").flatMap(SubjectTagging.init) ?? .add, isInteractive: terminal >= 0,
      action: invocation.environment["GIT_REFLOG_ACTION"])
  }

  /// What git will take out of the message. Where no editor was used it says so to its hooks.
  private var cleanup: CommitMessage.Cleanup {
    let isEdited = invocation.environment["GIT_EDITOR"] != ":" && name == .commitMessage
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
    guard name == .commitMessage, var path = gitConfig("commit.template") else { return nil }
    if path.hasPrefix("~/") { path = invocation.environment.home + path.dropFirst() }
    return (try? TextFile.read(path)).flatMap { $0.map { CommitMessage($0, cleanup: .strip, comment: comment) } }
  }

  private func gitConfig(_ key: String) -> String? { try? invocation.surroundings.repository?.config(key) }

  // MARK: Rewrites

  private var reason: CommitRewrite.Reason { arguments.first == "amend" ? .amend : .rebase }

  /// The lines of `post-rewrite`: an old name, a new one, and what git may add one day.
  private func pairs() throws -> [(old: String, new: String)] {
    String(decoding: try Self.input.get(), as: UTF8.self).split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      return words.count < 2 ? nil : (String(words[0]), String(words[1]))
    }
  }

  /// Standard input, which can be read once.
  private static let input = Result { try TextFile.read(0, "standard input") }

  /// What could not be recorded is the next scan's.
  private func keep() {
    guard let pairs = try? pairs(), !pairs.isEmpty else { return }
    HookRewrites.keep(pairs, reason: reason, in: invocation.surroundings)
  }

  private func say(_ message: String) { invocation.output.remark("orch: \(message)") }
}
