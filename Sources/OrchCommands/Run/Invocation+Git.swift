import OrchApp
import OrchCore
import OrchGit
import OrchStore

/// What a command needs of the repository around it: all that it does not need costs it nothing.
struct GitNeed: OptionSet {
  let rawValue: Int

  /// `orch.*` of git's configuration, for what nothing earlier gave.
  static let configuration = GitNeed(rawValue: 1)
  /// The repository's identity, as the default project.
  static let project = GitNeed(rawValue: 2)
  /// Where the work tree stands, for the events.
  static let position = GitNeed(rawValue: 4)

  static let nothing: GitNeed = []
  /// A command that reads for a project.
  static let reading: GitNeed = [.configuration, .project]
  /// A command that leaves events.
  static let writing: GitNeed = [.configuration, .project, .position]
}

extension Invocation {
  /// A setting `orch.NAME` of git's configuration.
  ///
  /// libgit2 is loaded only when a file may have the section at all.
  func configured(_ name: String) -> String? {
    guard readsGitConfiguration, mayBeConfigured, let value = surroundings.setting(name), !value.isEmpty else {
      return nil
    }
    return value
  }

  /// The same, parsed: a bad one is an error of the configuration.
  func configured<Value>(_ name: String, _ parse: (String) throws -> Value) throws -> Value? {
    do {
      return try configured(name).map(parse)
    } catch let error as OrchError {
      throw OrchError(.configuration, error.message, hint: error.hint ?? "git config --unset orch.\(name)")
    }
  }

  /// Which tasks a list is about: of the project that was named alone; of the repository's own, and of none.
  func projects(of settings: Settings) -> ProjectScope {
    guard let project = settings.project else { return .all }
    return options.project != nil || environment["ORCH_PROJECT"] != nil ? .only(project) : .current(project)
  }

  private var mayBeConfigured: Bool {
    let place = environment.place
    let isBare = !place.isWorkTree && environment.isInRepository
    return isBare
      || ConfigurationFiles.mayMention(
        home: environment.home, configHome: environment["XDG_CONFIG_HOME"],
        dotGit: place.isWorkTree ? place.name + "/.git" : nil)
  }
}
