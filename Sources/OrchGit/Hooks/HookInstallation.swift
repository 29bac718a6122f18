import OrchCore

/// The hooks of one repository: puts ours there, takes them away again, and says how it stands.
///
/// What is there already stays in force, and comes after ours, which refuses or lets go on:
///
/// * **A shell script** gets our lines below its first one. There they run however it ends, in `exec`, `exit` or an
///   error; it still gets its arguments and its standard input, and every other line stays as it is, so that
///   uninstalling gives the bytes back also when it was edited meanwhile.
/// * **Anything else that takes no lines** is set aside, untouched, as `<name>.orch-original`, and a file of ours ends
///   by running it: a hook in another language; a symbolic link, because the script behind it may be another
///   repository's too; a file that may not be executed, because with our lines in it it would have to be, and somebody
///   has switched it off. Uninstalling gives it its name back.
///
/// Refusing those instead would have left the repositories with the most careful hooks without ours. A script run so
/// sees its own name at the end of `$0`, by a link in `orch-original/`, and itself behind the link; what it looks for
/// in `dirname "$0"` it must look for behind the link as well.
///
/// Each operation reads everything before it changes anything, so that what it refuses it refuses whole. Installing
/// twice changes nothing the second time. `core.hooksPath` is never set, and nothing here asks git.
package struct HookInstallation: Sendable {
  package let directory: HookDirectory
  package let hooks: [HookName]
  /// The script of each hook, with nothing left to fill in.
  private let scripts: [HookName: [UInt8]]

  /// - Parameters:
  ///   - orch: the absolute path of the program that the hooks run; any path will do.
  ///   - script: what a hook does, in POSIX shell; `@HOOK@` stands for its name and `@ORCH@` for the quoted path.
  ///     It must leave standard input for whoever comes next, and work under `set -eu`.
  package init(
    directory: HookDirectory, orch: String, script: [UInt8], hooks: [HookName] = HookName.allCases
  ) throws(GitError) {
    self.directory = directory
    self.hooks = hooks
    let program = try ShellWord.program(orch)
    var scripts: [HookName: [UInt8]] = [:]
    for hook in hooks { scripts[hook] = try HookSection.filled(script, hook: hook, program: program) }
    self.scripts = scripts
  }

  // MARK: Installing

  /// Puts the hooks there.
  ///
  /// - Returns: what was changed; empty where all was there.
  package func install() throws(GitError) -> [HookChange] {
    guard !directory.path.isEmpty else {
      throw GitError(.invalid, .hooksPathEmpty, hint: .text(.hintUnsetIt))
    }
    try HookFile.createDirectories(directory.path)
    var plan: [(HookChange, HookStep)] = []
    for hook in hooks { if let step = try installing(hook) { plan.append((change(hook, step.kind), step)) } }
    for (change, step) in plan { try perform(step, change.hook) }
    return plan.map { $0.0 }
  }

  private func installing(_ hook: HookName) throws(GitError) -> HookStep? {
    let path = directory.file(hook)
    let isSetAside = HookFile.exists(directory.original(hook))
    switch try HookFile.entry(path) {
    case .other: throw GitError(.failed, .hooksNotFile(path: path))
    case .none:
      // Somebody has deleted ours, or this was interrupted: what waits must still run.
      let kind: HookSection.Kind = isSetAside ? .chained : .created
      return .write(
        HookSection.interpreter + text(kind, hook), mode: 0o755, isSetAside ? .chained : .created)
    case .link: return try settingAside(hook, isSetAside)
    case .file(let bytes, let mode):
      switch HookSection.find(in: bytes) {
      case .damaged: throw damage(path)
      case .found(let section):
        guard section.version <= HookSection.version else { return nil }
        let isOwn = section.kind == .created || section.kind == .chained
        let text = text(section.kind, hook)
        // Ours must be executable; theirs they may have switched off.
        let wanted = isOwn && directory.layout == .plain ? mode | 0o111 : mode
        if bytes[section.range].elementsEqual(text), wanted == mode { return nil }
        return .write(
          Array(bytes[..<section.range.lowerBound] + text + bytes[section.range.upperBound...]), mode: wanted, .updated)
      case .none: return try joining(bytes, mode, hook, isSetAside)
      }
    }
  }

  /// Comes before a hook of somebody else's.
  private func joining(
    _ bytes: [UInt8], _ mode: UInt32, _ hook: HookName, _ isSetAside: Bool
  ) throws(GitError) -> HookStep {
    let isShell =
      switch directory.layout {
      case .plain: HookScript(bytes) == .shell
      // husky gives every file to `sh`.
      case .husky: !bytes.contains(0)
      }
    let isOn = directory.layout == .husky || mode & 0o111 != 0
    guard isShell, isOn else { return try settingAside(hook, isSetAside) }
    let top = HookScript.top(of: bytes)
    let endsLine = top == 0 || bytes[top - 1] == UInt8(ascii: "\n")
    let text = (endsLine ? [] : [UInt8(ascii: "\n")]) + text(endsLine ? .inserted : .joined, hook)
    return .write(Array(bytes[..<top] + text + bytes[top...]), mode: mode, .inserted)
  }

  private func settingAside(_ hook: HookName, _ isSetAside: Bool) throws(GitError) -> HookStep {
    guard !isSetAside else {
      throw GitError(
        .failed, .hooksAsideTaken(path: directory.file(hook), original: directory.original(hook)),
        hint: .text(.hintRemoveOne))
    }
    return .chain(HookSection.interpreter + text(.chained, hook))
  }

  private func text(_ kind: HookSection.Kind, _ hook: HookName) -> [UInt8] {
    HookSection.text(kind, hook: hook, layout: directory.layout, script: scripts[hook] ?? [])
  }

  // MARK: Uninstalling

  /// Takes the hooks away, whichever version of the program has put them there. What was there before has its bytes
  /// and its mode again; lines that were added to a file of ours stay.
  package func uninstall() throws(GitError) -> [HookChange] {
    guard !directory.path.isEmpty else { return [] }
    var plan: [(HookChange, HookStep)] = []
    for hook in hooks { if let step = try uninstalling(hook) { plan.append((change(hook, step.kind), step)) } }
    for (change, step) in plan { try perform(step, change.hook) }
    return plan.map { $0.0 }
  }

  private func uninstalling(_ hook: HookName) throws(GitError) -> HookStep? {
    let path = directory.file(hook)
    let original = directory.original(hook)
    let isSetAside = HookFile.exists(original)
    guard case .file(let bytes, let mode) = try HookFile.entry(path) else {
      return isSetAside && !HookFile.exists(path) ? .restore : nil
    }
    var rest = bytes
    var first: HookSection.Kind?
    // There is more than one where somebody has copied a hook into another.
    search: while true {
      switch HookSection.find(in: rest) {
      case .none: break search
      case .damaged: throw damage(path)
      case .found(let section):
        first = first ?? section.kind
        rest = section.removed(from: rest)
      }
    }
    guard let first else { return nil }
    let isBare = rest.filter { $0 != UInt8(ascii: "\r") } == HookSection.interpreter
    switch first {
    case .inserted, .joined: return .write(rest, mode: mode, .removed)
    case .created: return isBare ? .delete : .write(rest, mode: mode, .removed)
    case .chained:
      if isSetAside, !isBare {
        throw GitError(
          .failed, .hooksOwnLines(path: path, original: original),
          hint: .text(.hintMoveLines))
      }
      return isSetAside ? .restore : isBare ? .delete : .write(rest, mode: mode, .removed)
    }
  }

  // MARK: Doing it

  private func perform(_ step: HookStep, _ hook: HookName) throws(GitError) {
    let path = directory.file(hook)
    switch step {
    case .write(let bytes, let mode, let kind):
      try HookFile.write(bytes, to: path, mode: mode)
      if kind == .chained { linkOriginal(hook) }
    case .chain(let bytes):
      try HookFile.move(path, to: directory.original(hook))
      linkOriginal(hook)
      do throws(GitError) {
        try HookFile.write(bytes, to: path, mode: 0o755)
      } catch {
        // Theirs must not be switched off by a disk that is full.
        try perform(.restore, hook)
        throw error
      }
    case .delete:
      try HookFile.remove(path)
      HookFile.unlinkLink(hook.rawValue, in: directory.originals)
    case .restore:
      try HookFile.move(directory.original(hook), to: path)
      HookFile.unlinkLink(hook.rawValue, in: directory.originals)
    }
  }

  private func linkOriginal(_ hook: HookName) {
    HookFile.link(hook.rawValue, in: directory.originals, to: "../\(hook.rawValue).orch-original")
  }

  private func change(_ hook: HookName, _ kind: HookChange.Kind) -> HookChange {
    HookChange(hook: hook, path: directory.file(hook), kind: kind)
  }

  private func damage(_ path: String) -> GitError {
    GitError(
      .failed, .hooksHalfSection(path: path),
      hint: .text(.hintTakeOutRest))
  }
}

/// What is to be done to one hook's file.
private enum HookStep {
  case write([UInt8], mode: UInt32, HookChange.Kind)
  /// Sets aside what is there, and puts this in its place.
  case chain([UInt8])
  case delete
  case restore

  var kind: HookChange.Kind {
    switch self {
    case .write(_, _, let kind): kind
    case .chain: .chained
    case .delete: .deleted
    case .restore: .restored
    }
  }
}

// MARK: Status

extension HookInstallation {
  /// How it stands with each hook.
  package func status() -> [HookStatus] {
    hooks.map { hook in
      let original = directory.original(hook)
      return HookStatus(
        hook: hook, path: directory.file(hook), state: state(hook),
        original: HookFile.exists(original) ? original : nil)
    }
  }

  private func state(_ hook: HookName) -> HookStatus.State {
    guard !directory.path.isEmpty else { return .absent }
    guard let entry = try? HookFile.entry(directory.file(hook)) else { return .unreadable }
    switch entry {
    case .none: return .absent
    case .link, .other: return .foreign
    case .file(let bytes, let mode):
      switch HookSection.find(in: bytes) {
      case .none: return .foreign
      case .damaged: return .damaged
      case .found(let section):
        if directory.layout == .plain, mode & 0o111 == 0 { return .disabled }
        if section.version > HookSection.version { return .newer }
        return bytes[section.range].elementsEqual(text(section.kind, hook)) ? .current : .outdated
      }
    }
  }
}
