import OrchCore
import OrchApp
package import OrchGit
import OrchStore
import OrchSystem
import Templates

extension Runtime {
  /// The hooks of the repository here, to be installed, removed or looked at.
  ///
  /// - Parameter program: the absolute path of this program, as the hooks call it.
  package func hooks(program: () throws -> String) throws -> InstalledHooks {
    let repository = try repository.requiredRepository()
    guard let script = try Templates.load("hook.sh", overridesIn: templateOverrides) else {
      throw OrchError(.internal, .errorHookScriptMissing)
    }
    let directory = HookDirectory(
      hooksPath: try repository.config("core.hooksPath").map(expanded), commonDirectory: repository.commonDirectory,
      workTree: repository.workTree)
    if directory.isShared { messages.warn(.warningSharedHooks(directory: directory.path)) }
    let orch = try program()
    return InstalledHooks(
      files: try HookInstallation(directory: directory, orch: orch, script: script),
      configured: gitVersion?.runsConfiguredHooks == true ? try ConfiguredHooks.entries(orch: orch) : nil,
      repository: repository)
  }

  /// What is wrong with the repository here, and with its hooks.
  func repositoryFindings(program: () throws -> String) -> [Finding] {
    guard workspace.isInRepository else { return [] }
    do {
      return try hooks(program: program).status().compactMap { status in
        let name = status.hook.rawValue
        switch status.state {
        case .absent, .foreign, .current: return nil
        case .outdated:
          return Finding(
            code: "hooks", message: .findingHookOutdated(name: name),
            hint: .run("hooks", "install"))
        case .newer:
          return Finding(code: "hooks", message: .findingHookNewer(name: name), hint: .text(.hintUseThat))
        case .disabled:
          return Finding(
            code: "hooks", message: .findingHookDisabled(name: name), hint: .shell("chmod", "+x", status.path))
        case .damaged:
          return Finding(
            code: "hooks", message: .findingHookDamaged(path: status.path),
            hint: .text(.hintRepairHook))
        case .unreadable:
          return Finding(code: "hooks", message: .findingHookUnreadable(path: status.path), hint: .text(.hintWhose))
        }
      }
    } catch {
      let error = OrchError(error)
      return [Finding(code: "repository", message: error.message, hint: error.hint ?? .shell("git", "status"))]
    }
  }

  /// Where the user's own templates are.
  package var templateOverrides: String? {
    Templates.overrideDirectory(
      configHome: workspace.environment["XDG_CONFIG_HOME"], home: workspace.environment.home)
  }

  /// A path of git's configuration, which may begin with `~/`.
  private func expanded(_ path: String) -> String {
    path.hasPrefix("~/") ? workspace.environment.home + path.dropFirst() : path
  }

  /// The version of the `git` on the path; nil where there is none.
  private var gitVersion: GitVersion? {
    ChildProcess.output(of: ["git", "--version"]).flatMap { GitVersion(String(decoding: $0, as: UTF8.self)) }
  }

  /// Makes git offer the template for commit messages.
  ///
  /// - Parameter languages: codes such as `ko`; the first that has a template.
  /// - Returns: the file that it uses.
  package func setCommitTemplate(languages: [String]) throws -> String {
    let repository = try repository.requiredRepository()
    let names = languages.map { "commit-message.\($0).txt" }
    guard let text = try names.lazy.compactMap({ try Templates.load($0, overridesIn: self.templateOverrides) }).first
    else {
      throw OrchError(.internal, .errorTemplateMissing(names: names.last ?? ""))
    }
    let directory = repository.commonDirectory + "/orch"
    let path = directory + "/commit-message.txt"
    do {
      try FileIO.createDirectory(directory)
      try FileIO.replace(path, with: text, .kept, isSynced: false)
    } catch {
      throw OrchError(error, path)
    }
    try repository.setConfig("commit.template", path)
    return path
  }
}

/// The hooks of a repository, in files or in git's configuration.
package struct InstalledHooks {
  let files: HookInstallation
  /// What git's configuration is to say, of a git that has hooks there.
  let configured: [ConfiguredHooks.Entry]?
  let repository: GitRepository

  package func install() throws -> [HookChange] {
    guard let configured else { return try files.install() }
    // Both at once would run everything twice.
    let removed = try files.uninstall()
    for entry in configured { try repository.setConfig(entry.key, entry.value) }
    return removed
      + HookName.allCases.map { HookChange(hook: $0, path: repository.commonDirectory + "/config", kind: .created) }
  }

  package func uninstall() throws -> [HookChange] {
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

  package func status() throws -> [HookStatus] {
    let keys = Set(try ConfiguredHooks.keys().filter { try repository.config($0) != nil })
    return files.status().map { status in
      guard keys.contains(where: { $0.contains("orch-\(status.hook.rawValue).") }) else { return status }
      return HookStatus(hook: status.hook, path: repository.commonDirectory + "/config", state: .current, original: nil)
    }
  }
}
