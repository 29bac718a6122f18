#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchRendering
import OrchApp
import OrchGit
import OrchStore
import Templates

extension Invocation {
  /// The hooks of the repository here, to be installed, removed or looked at.
  func hookInstallation() throws -> Hooks {
    let repository = try surroundings.requiredRepository()
    guard let script = try Templates.load("hook.sh", overridesIn: templates) else {
      throw OrchError(.internal, "the hooks' script is missing")
    }
    let directory = HookDirectory(
      hooksPath: try repository.config("core.hooksPath").map(expanded), commonDirectory: repository.commonDirectory,
      workTree: repository.workTree)
    if directory.isShared { output.warn("the hooks in \(directory.path) serve other repositories, too") }
    let orch = try RawArguments.program(environment)
    return Hooks(
      files: try HookInstallation(directory: directory, orch: orch, script: script),
      configured: gitVersion?.runsConfiguredHooks == true ? try ConfiguredHooks.entries(orch: orch) : nil,
      repository: repository)
  }

  /// What is wrong with the repository here, and with its hooks.
  func repositoryFindings() -> [Finding] {
    guard environment.isInRepository else { return [] }
    do {
      return try hookInstallation().status().compactMap { status in
        let name = status.hook.rawValue
        switch status.state {
        case .absent, .foreign, .current: return nil
        case .outdated:
          return Finding(
            code: "hooks", message: "the hook \(name) is of another version, or calls another orch",
            hint: "orch hooks install")
        case .newer:
          return Finding(code: "hooks", message: "the hook \(name) is of a newer orch", hint: "use that one")
        case .disabled:
          return Finding(code: "hooks", message: "git does not run the hook \(name)", hint: "chmod +x \(status.path)")
        case .damaged:
          return Finding(
            code: "hooks", message: "half of the section of orch is missing in \(status.path)",
            hint: "take the other half out, then orch hooks install")
        case .unreadable:
          return Finding(code: "hooks", message: "\(status.path) cannot be read", hint: "check whose it is")
        }
      }
    } catch {
      let error = OrchError(error)
      return [Finding(code: "repository", message: error.message, hint: error.hint ?? "git status")]
    }
  }

  /// Where the user's own templates are.
  var templates: String? {
    Templates.overrideDirectory(configHome: environment["XDG_CONFIG_HOME"], home: environment.home)
  }

  /// A path of git's configuration, which may begin with `~/`.
  private func expanded(_ path: String) -> String {
    path.hasPrefix("~/") ? environment.home + path.dropFirst() : path
  }

  /// The version of the `git` on the path; nil where there is none.
  private var gitVersion: GitVersion? {
    guard let pipe = popen("git --version 2>/dev/null", "r") else { return nil }
    defer { pclose(pipe) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, Int32(line.count), pipe) != nil else { return nil }
    return line.withUnsafeBufferPointer { GitVersion(String(cString: $0.baseAddress!)) }
  }

  /// Makes git offer the template for commit messages, in the language of this user.
  ///
  /// - Returns: the file that it uses.
  func setCommitTemplate() throws -> String {
    let repository = try surroundings.requiredRepository()
    // A language without a template of its own has that of English.
    let names = [reader.strings.language, .english].map { "commit-message.\($0.code).txt" }
    guard let text = try names.lazy.compactMap({ try Templates.load($0, overridesIn: templates) }).first else {
      throw OrchError(.internal, "the template \(names[1]) is missing")
    }
    let directory = repository.commonDirectory + "/orch"
    mkdir(directory, 0o777)
    let path = directory + "/commit-message.txt"
    try TextFile.replace(path, with: text)
    try repository.setConfig("commit.template", path)
    return path
  }
}

/// The hooks of a repository, in files or in git's configuration.
struct Hooks {
  let files: HookInstallation
  /// What git's configuration is to say, of a git that has hooks there.
  let configured: [ConfiguredHooks.Entry]?
  let repository: GitRepository

  func install() throws -> [HookChange] {
    guard let configured else { return try files.install() }
    // Both at once would run everything twice.
    let removed = try files.uninstall()
    for entry in configured { try repository.setConfig(entry.key, entry.value) }
    return removed
      + HookName.allCases.map { HookChange(hook: $0, path: repository.commonDirectory + "/config", kind: .created) }
  }

  func uninstall() throws -> [HookChange] {
    var changes = try files.uninstall()
    for (key, hook) in zip(ConfiguredHooks.keys(), HookName.allCases.flatMap { [$0, $0] })
    where try repository.config(key) != nil {
      try repository.setConfig(key, nil)
      if !changes.contains(where: { $0.hook == hook }) {
        changes.append(HookChange(hook: hook, path: repository.commonDirectory + "/config", kind: .removed))
      }
    }
    return changes
  }

  func status() throws -> [HookStatus] {
    let keys = Set(try ConfiguredHooks.keys().filter { try repository.config($0) != nil })
    return files.status().map { status in
      guard keys.contains(where: { $0.contains("orch-\(status.hook.rawValue).") }) else { return status }
      return HookStatus(hook: status.hook, path: repository.commonDirectory + "/config", state: .current, original: nil)
    }
  }
}
