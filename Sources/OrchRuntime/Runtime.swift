package import Logging
package import OrchApp
package import OrchCore
import OrchGit
package import OrchStore

/// What a front end runs a request with: the workspace, the settings, the engines and the repository, put together to the
/// use cases. Every front end has the same: the command line, a server, a page.
///
/// One value a request: what is read of the repository is kept, and is not read again. Belongs to one thread at a time;
/// two of them, on different databases and repositories, do not know of each other.
package final class Runtime {
  package let workspace: Workspace
  package let settings: SettingsResolver
  package let engines: EngineRegistry
  package let input: InputReader
  /// The repository around the workspace.
  package internal(set) var repository: RepositoryContext
  /// Told what the user should know.
  let messages: Messages
  /// Told what is chosen and how long it takes; nil: nobody wants to know, and it costs nothing.
  private let logger: Logger?

  /// What a request says beside its result.
  package struct Messages {
    /// What stops nothing, but should be known.
    package var warn: (Message) -> Void
    /// What was done on the way.
    package var note: (Message) -> Void
    /// That what was read is of a database that went elsewhere: told when the result is out.
    package var moved: (@escaping () -> Relocation?) -> Void

    package init(
      warn: @escaping (Message) -> Void = { _ in }, note: @escaping (Message) -> Void = { _ in },
      moved: @escaping (@escaping () -> Relocation?) -> Void = { _ in }
    ) {
      self.warn = warn
      self.note = note
      self.moved = moved
    }
  }

  /// - Parameters:
  ///   - names: what the front end calls the fields of its requests.
  ///   - gitDirectory: what `GIT_DIR` says; only git's hooks go by it.
  ///   - readsGitConfiguration: false for requests that agents make all day.
  ///   - logger: for diagnostics; nothing here sets up logging for the whole process.
  package init(
    _ workspace: Workspace, _ requested: RequestedSettings = RequestedSettings(), names: FieldNames = .plain,
    engines: EngineRegistry = .standard, gitDirectory: String? = nil, readsGitConfiguration: Bool = true,
    input: InputReader? = nil, messages: Messages = Messages(), logger: Logger? = nil
  ) {
    self.logger = logger
    self.workspace = workspace
    self.engines = engines
    self.input = input ?? InputReader(workspace)
    self.messages = messages
    repository = RepositoryContext(
      directory: workspace.directory, gitDirectory: gitDirectory, isInRepository: workspace.isInRepository,
      warn: messages.warn)
    settings = SettingsResolver(
      requested, names: names, workspace: workspace, repository: repository,
      readsGitConfiguration: readsGitConfiguration)
  }

  /// How a request uses the database.
  package enum Use: Sendable {
    /// Changes nothing, and needs no right to.
    case read
    case write
    /// Creates the default database when it is absent.
    case create
  }

  /// The use cases on the database of this request.
  ///
  /// - Parameters:
  ///   - holder: a holder's request: without a database given, that of the lease held here.
  ///   - git: what it needs of the repository around it.
  ///   - timeoutMilliseconds: for each transaction, unless the request says otherwise.
  package func app(
    _ use: Use, holder: Bool = false, git: RequiredGitState = .nothing, timeoutMilliseconds: Int = 10_000
  ) throws -> App {
    let address = try address(holder: holder)
    let settings = try settings.settings(database: engines.shown(address), git: git)
    if let logger {
      messages.note(.verboseDatabase(database: settings.database))
      messages.note(.verboseAgent(agent: settings.agent ?? "-"))
      messages.note(.verbosePlace(place: settings.instance.name))
      let engine = try engines.engine(for: address).name
      logger.debug("engine \(engine)")
    }
    let open = OpenOptions(
      isReadOnly: use == .read,
      timeoutMilliseconds: try self.settings.timeoutMilliseconds(default: timeoutMilliseconds),
      diagnostics: Diagnostics(logger))
    let store: any Store
    do {
      store = try engines.open(address, open)
    } catch StoreError.absent(let path) where use == .create && address == workspace.defaultDatabase {
      _ = try engines.initialize(address, timeoutMilliseconds: open.timeoutMilliseconds)
      messages.note(.initCreated(database: path))
      store = try engines.open(address, open)
    }
    if use == .read { messages.moved { store.relocation } }
    return app(store, settings)
  }

  func app(_ store: any Store, _ settings: Settings) -> App {
    App(
      store: store, settings: settings, leaseFiles: workspace.leaseFiles, surroundings: repository,
      warn: messages.warn)
  }

  /// The same use cases for the next round of a loop: what is known of the repository is looked up anew.
  func renewed(_ app: App) -> App {
    repository = repository.renewed()
    var settings = app.settings
    if settings.commit != nil { settings.commit = repository.position }
    return self.app(app.store, settings)
  }

  /// The database's address: request, environment, the lease held here, git's configuration, default.
  package func address(holder: Bool = false) throws -> String {
    let (setting, requested) = (Setting.database, settings.requested)
    if let given = requested.database ?? setting.variables.lazy.compactMap({ self.workspace.environment[$0] }).first {
      return try engines.normalized(given, in: workspace.directory)
    }
    if holder {
      let lease = workspace.leaseFiles.newest(
        agent: try settings.agent(readsGit: false), near: try settings.instance())
      if let lease, !lease.database.isEmpty { return lease.database }
    } else if let given = setting.key.flatMap({ settings.configured($0) }) {
      return try engines.normalized(given, in: workspace.directory)
    }
    return workspace.defaultDatabase
  }

  /// An address without a password, as results show it.
  package func shownAddress() throws -> String { try engines.shown(address()) }
}
