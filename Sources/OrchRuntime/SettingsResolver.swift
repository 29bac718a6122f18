package import OrchApp
import OrchCore
import OrchGit

/// The settings that a request gives itself; nil: not given.
package struct RequestedSettings: Sendable {
  package var database: String?
  package var agent: String?
  package var source: String?
  package var project: String?
  package var instance: String?
  package var timeout: String?

  package init() {}
}

/// A setting: where it may come from.
package struct Setting: Sendable {
  /// What a request calls it.
  package let field: String
  /// Variables of the environment, the first that is set.
  package let variables: [String]
  /// The key below `orch.` in git's configuration; nil: it cannot be configured there.
  package let key: String?

  package init(_ field: String, variables: [String], key: String? = nil) {
    self.field = field
    self.variables = variables
    self.key = key
  }

  package static let database = Setting(
    "database", variables: ["ORCH_DATABASE_URL", "ORCH_DB_PATH"], key: "database")
  package static let agent = Setting("agent", variables: ["ORCH_AGENT"], key: "agent")
  package static let source = Setting("source", variables: ["ORCH_SOURCE"], key: "source")
  package static let project = Setting("project", variables: ["ORCH_PROJECT"], key: "project")
  package static let instance = Setting("instance", variables: ["ORCH_INSTANCE"])
  package static let timeToLive = Setting("ttl", variables: ["ORCH_TTL"], key: "ttl")
  package static let token = Setting("token", variables: ["ORCH_TOKEN"])
  package static let language = Setting("lang", variables: ["ORCH_LANG"], key: "lang")
}

/// Finds the value of each setting: request, environment, git's configuration, default, in this order. (The database has
/// one more source, the lease held here: see `Runtime`.)
///
/// What the request gives badly is an error of the request; a bad variable or key is an error of the configuration.
package struct SettingsResolver {
  package let requested: RequestedSettings
  package let names: FieldNames
  let workspace: Workspace
  private let repository: RepositoryContext
  private let configuration: ConfigurationLook

  /// - Parameter readsGitConfiguration: what an agent calls all day does without.
  init(
    _ requested: RequestedSettings, names: FieldNames, workspace: Workspace, repository: RepositoryContext,
    readsGitConfiguration: Bool
  ) {
    self.requested = requested
    self.names = names
    self.workspace = workspace
    self.repository = repository
    configuration = ConfigurationLook(workspace, isWanted: readsGitConfiguration)
  }

  /// The value of a setting, or nil where nothing gives it.
  ///
  /// - Parameters:
  ///   - given: what the request says.
  ///   - readsGit: whether git's configuration counts this time.
  ///   - parse: gets the value and the name of its source.
  package func value<Value>(
    of setting: Setting, given: String? = nil, readsGit: Bool = true, _ parse: (String, String) throws -> Value
  ) throws -> Value? {
    if let given { return try parse(given, names(setting.field)) }
    for variable in setting.variables {
      guard let value = workspace.environment[variable] else { continue }
      return try configured(.text(.hintCorrectOrUnset(name: variable))) { try parse(value, variable) }
    }
    guard readsGit, let key = setting.key else { return nil }
    return try configured(key, parse)
  }

  /// A key `orch.KEY` of git's configuration, parsed.
  package func configured<Value>(_ key: String, _ parse: (String, String) throws -> Value) throws -> Value? {
    guard let value = configured(key) else { return nil }
    return try configured(.shell("git", "config", "--unset", "orch.\(key)")) { try parse(value, "orch.\(key)") }
  }

  /// A key `orch.KEY` of git's configuration, as it stands there.
  ///
  /// libgit2 is loaded only when a file may have the section at all.
  package func configured(_ key: String) -> String? {
    guard configuration.mayMention, let value = repository.setting(key), !value.isEmpty else { return nil }
    return value
  }

  private func configured<Value>(_ remedy: NextAction, _ parse: () throws -> Value) throws -> Value {
    do {
      return try parse()
    } catch let error as OrchError {
      throw OrchError(.configuration, error.message, hint: error.hint ?? remedy)
    }
  }

  // MARK: The settings of the use cases

  func agent(readsGit: Bool) throws -> String? {
    try value(of: .agent, given: requested.agent, readsGit: readsGit) { try Validated.identifier($0, $1) }
  }

  func instance() throws -> Instance {
    let named = try value(of: .instance, given: requested.instance) { word, field in
      guard let name = try Validated.line(word, field) else {
        throw OrchError.invalid(.errorOptionEmpty(option: field))
      }
      return name
    }
    return named.map { Instance(name: $0, isNamed: true, isWorkTree: false) } ?? workspace.instance
  }

  /// - Throws: what a value cannot be.
  package func project(_ git: RequiredGitState) throws -> String? {
    // An empty one: of no project, whatever the surroundings say.
    if requested.project == "" { return nil }
    let reads = git.contains(.project)
    return try value(of: .project, given: requested.project, readsGit: reads, { try Validated.identifier($0, $1) })
      ?? (reads ? repository.identity : nil)
  }

  /// The time to live that the surroundings give to claims, and to nothing else.
  package func claimTTLSeconds() throws -> Int? { try value(of: .timeToLive) { try Validated.timeToLive($0, $1) } }

  /// A token that the request or the environment gives.
  package func token(given: String?) throws -> Token? {
    guard let word = given ?? workspace.environment["ORCH_TOKEN"] else { return nil }
    return try Validated.token(word)
  }

  /// The time for each transaction, in milliseconds.
  package func timeoutMilliseconds(default fallback: Int) throws -> Int {
    try requested.timeout.map { try Validated.seconds($0, names("timeout"), in: 0...86400) * 1000 } ?? fallback
  }

  /// A switch of git's configuration.
  package func flag(_ key: String) throws -> Bool {
    try Self.flag(configured(key), key)
  }

  static func flag(_ value: String?, _ key: String) throws -> Bool {
    guard let value else { return false }
    do {
      return try Validated.flag(value, "orch.\(key)")
    } catch let error as OrchError {
      throw OrchError(.configuration, error.message, hint: .shell("git", "config", "orch.\(key)", "true"))
    }
  }

  /// Everything that the use cases want to know of the caller.
  func settings(database: String, git: RequiredGitState) throws -> Settings {
    let host = workspace.environment.host
    let reads = git.contains(.configuration)
    let environment = workspace.environment
    let source = try value(of: .source, readsGit: reads) { try Validated.line($0, $1) ?? "" }
    return Settings(
      agent: try agent(readsGit: reads),
      source: try requested.source.flatMap { try Validated.line($0, names("source")) },
      defaultSource: source ?? "cli:\(host)", project: try project(git), instance: try instance(), host: host,
      login: { environment.login }, database: database,
      commit: git.contains(.position) ? repository.position : nil)
  }

  /// Which tasks a list is about: of the project that was named alone; of the repository's own, and of none.
  func scope(of project: String?) -> ProjectScope {
    guard let project else { return .all }
    let isNamed = requested.project != nil || workspace.environment["ORCH_PROJECT"] != nil
    return isNamed ? .only(project) : .current(project)
  }
}

/// A look at git's configuration files, made when something first asks.
private final class ConfigurationLook {
  private let workspace: Workspace
  private let isWanted: Bool

  init(_ workspace: Workspace, isWanted: Bool) {
    self.workspace = workspace
    self.isWanted = isWanted
  }

  /// Whether a file may have a section `orch`.
  private(set) lazy var mayMention: Bool = isWanted && look()

  private func look() -> Bool {
    if workspace.workTree == nil, workspace.isInRepository { return true }
    let environment = workspace.environment
    return ConfigurationFiles.mayMention(
      home: environment.home, configHome: environment["XDG_CONFIG_HOME"],
      others: ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"].compactMap { environment[$0] },
      dotGit: workspace.workTree.map { $0 + "/.git" })
  }
}

/// What a request needs of the repository around it: all that it does not need costs it nothing.
package struct RequiredGitState: OptionSet, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  /// `orch.*` of git's configuration, for what nothing earlier gave.
  package static let configuration = RequiredGitState(rawValue: 1)
  /// The repository's identity, as the default project.
  package static let project = RequiredGitState(rawValue: 2)
  /// Where the work tree stands, for the events.
  package static let position = RequiredGitState(rawValue: 4)

  package static let nothing: RequiredGitState = []
  /// What reads for a project.
  package static let reading: RequiredGitState = [.configuration, .project]
  /// What leaves events.
  package static let writing: RequiredGitState = [.configuration, .project, .position]
}
