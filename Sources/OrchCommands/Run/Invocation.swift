#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime
import OrchStore

/// One run of one command: its options, its surroundings, and the use cases put together from them.
struct Invocation {
  let options: GlobalValues
  let environment = Environment()
  let output: Output
  let surroundings: RepositoryContext
  let engines = EngineRegistry.standard

  /// Whether git's configuration counts: what an agent calls all day does without.
  let readsGitConfiguration: Bool

  init(_ options: GlobalValues, _ output: Output, of command: any OrchCommand.Type) throws {
    self.options = options
    readsGitConfiguration = command.readsGitConfiguration
    self.output = output
    output.isJSON = options.json
    output.isQuiet = options.quiet
    if let directory = options.directory, chdir(directory) != 0 {
      throw OrchError.usage("cannot change to \(directory): \(String(cString: strerror(errno)))")
    }
    let environment = environment
    let gitDirectory = command.isHook ? environment["GIT_DIR"].map(environment.absolute) : nil
    surroundings = RepositoryContext(
      directory: environment.directory, gitDirectory: gitDirectory, isInRepository: environment.isInRepository,
      warn: output.warn)
    output.reader = try TextRenderer(
      strings: StringTable(language(), overridesIn: templates), isColoured: isColoured())
  }

  var reader: TextRenderer { output.reader }
  var leaseFiles: LeaseFiles { LeaseFiles(directory: environment.dataDirectory + "/leases") }

  /// How a command uses the database.
  enum Use {
    /// Changes nothing, and needs no right to.
    case read
    case write
    /// Creates the default database when it is absent.
    case create
  }

  /// The use cases on the database of this invocation.
  ///
  /// - Parameter holder: a holder's command: without a database given, that of the lease held here.
  /// - Parameter git: what it needs of the repository around it.
  /// - Parameter patience: for each transaction in milliseconds, unless the command line says otherwise.
  func app(_ use: Use, holder: Bool = false, git: GitNeed = .nothing, patience: Int = 10_000) throws -> App {
    let address = try address(holder: holder)
    let shown = try engines.shown(address)
    var settings = try settings(database: shown, git: git)
    if git.contains(.position) { settings.commit = surroundings.position }
    if options.verbose {
      output.remark("database \(shown)\nagent \(settings.agent ?? "-")\nplace \(settings.instance.name)")
    }
    let timeout = try timeoutMilliseconds(default: patience)
    let open = OpenOptions(isReadOnly: use == .read, timeoutMilliseconds: timeout)
    let store: any Store
    do {
      store = try engines.open(address, open)
    } catch StoreError.absent(let path) where use == .create && address == environment.defaultDatabase {
      _ = try engines.initialize(address, timeoutMilliseconds: timeout)
      output.remark("created the database \(path)")
      store = try engines.open(address, open)
    }
    if use == .read { output.atEnd { [output] in output.warn(of: store.relocation) } }
    return App(
      store: store, settings: settings, leaseFiles: leaseFiles, surroundings: surroundings, warn: output.warn)
  }

  /// The database's address: option, environment, the lease held here, git's configuration, default.
  func address(holder: Bool = false) throws -> String {
    if let given = options.database ?? environment["ORCH_DATABASE_URL"] ?? environment["ORCH_DB_PATH"] {
      return try engines.normalized(given, in: environment.directory)
    }
    if holder, let file = try leaseFiles.newest(agent: agent(), near: instance()), !file.database.isEmpty {
      return file.database
    }
    if !holder, let given = configured("database") {
      return try engines.normalized(given, in: environment.directory)
    }
    return environment.defaultDatabase
  }

  /// The time to live that the surroundings give to claims, and to nothing else.
  func claimTTLSeconds() throws -> Int? {
    try setting("ORCH_TTL") { try timeToLive($0, "ORCH_TTL") } ?? configured("ttl") { try timeToLive($0, "orch.ttl") }
  }

  func settings(database: String, git: GitNeed = .nothing) throws -> Settings {
    let host = environment.host
    let isConfigured = git.contains(.configuration)
    var agent = try agent()
    if agent == nil, isConfigured { agent = try configured("agent") { try identifier($0, "orch.agent") } }
    var source = try setting("ORCH_SOURCE") { try line($0, "ORCH_SOURCE") ?? "" }
    if source == nil, isConfigured { source = try configured("source") { try line($0, "orch.source") ?? "" } }
    return Settings(
      agent: agent, source: try options.source.flatMap { try line($0, "--source") },
      defaultSource: source ?? "cli:\(host)", project: try project(git), instance: try instance(), host: host,
      login: { Environment().login },
      database: database)
  }

  private func agent() throws -> String? {
    if let agent = options.agent { return try identifier(agent, "--agent") }
    return try setting("ORCH_AGENT") { try identifier($0, "ORCH_AGENT") }
  }

  private func project(_ git: GitNeed) throws -> String? {
    if let project = options.project { return project.isEmpty ? nil : try identifier(project, "--project") }
    if let project = try setting("ORCH_PROJECT", { try identifier($0, "ORCH_PROJECT") }) { return project }
    guard git.contains(.project) else { return nil }
    return try configured("project") { try identifier($0, "orch.project") } ?? surroundings.identity
  }

  private func instance() throws -> Instance {
    if let name = options.instance ?? environment["ORCH_INSTANCE"] {
      guard let name = try line(name, "--instance") else { throw OrchError.invalid("--instance is empty") }
      return Instance(name: name, isNamed: true, isWorkTree: false)
    }
    return environment.place
  }

  /// A variable that is a setting: a bad one is an error of the configuration, not of the command line.
  private func setting<Value>(_ name: String, _ parse: (String) throws -> Value) throws -> Value? {
    do {
      return try environment[name].map(parse)
    } catch let error as OrchError {
      throw OrchError(.configuration, error.message, hint: error.hint ?? "correct or unset \(name)")
    }
  }

  /// The time for the whole of a command on the database, in milliseconds.
  func timeoutMilliseconds(default fallback: Int = 10_000) throws -> Int {
    try options.timeout.map { try seconds($0, "--timeout", in: 0...86400) * 1000 } ?? fallback
  }

  private func language() throws -> Language {
    if let name = options.lang { return try language(name, "--lang") }
    if let language = try setting("ORCH_LANG", { try language($0, "ORCH_LANG") }) { return language }
    if let language = try configured("lang", { try language($0, "orch.lang") }) { return language }
    return Language.preferred(overridesIn: templates) { environment[$0] }
  }

  private func language(_ name: String, _ option: String) throws -> Language {
    guard let language = Language(name, overridesIn: templates) else {
      let known = Language.builtIn.map(\.code)
      throw OrchError.usage(
        "\(option) is one of \(known.joined(separator: ", ")): \(name)",
        hint: nearest(to: name, in: known, within: 2).map { "did you mean \($0)?" })
    }
    return language
  }

  private enum Colour: String, CaseIterable {
    case auto, always, never
  }

  private func isColoured() throws -> Bool {
    switch try options.color.map({ try choice($0, "--color") as Colour }) ?? .auto {
    case .always: true
    case .never: false
    case .auto: isatty(1) == 1 && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
    }
  }

  /// Pages long texts, unless told not to.
  func page() {
    if !options.noPager { output.page(environment) }
  }
}
