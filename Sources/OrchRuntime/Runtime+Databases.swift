package import OrchApp
import OrchCore
package import OrchStore
import OrchSystem

extension Runtime {
  /// Creates the database of this request, or brings it up to date.
  ///
  /// - Returns: what was done, and the project that is worked for here.
  package func initialize(_ options: EngineOptions) throws -> (result: Initialization, project: String?) {
    let address = try address()
    let project = try settings.settings(database: engines.shown(address), git: .reading).project
    let result = try engines.initialize(
      address, options, names: settings.names,
      timeoutMilliseconds: settings.timeoutMilliseconds(default: 10_000))
    if !result.created { try app(.write).catchUpSessions() }
    return (result, project)
  }

  /// What is wrong with the database, the repository, its hooks and the lease files, and where the database is.
  ///
  /// - Parameter program: the absolute path of this program, as hooks call it.
  package func doctor(program: () throws -> String) throws -> (findings: [Finding], database: String) {
    let address = try address()
    var findings = try engines.engine(for: address)
      .examine(address, timeoutMilliseconds: settings.timeoutMilliseconds(default: 10_000))
    findings += repositoryFindings(program: program)
    findings += try app(.read).doctor()
    return (findings, try engines.shown(address))
  }

  /// Gives every event to `visit`, oldest first, until it returns false; of one session when given.
  package func export(session: String?, _ visit: (StoredEvent) throws -> Bool) throws {
    _ = try app(.read).export(session: session, visit)
  }

  /// - Parameter file: its path; `-` is standard input.
  package func importLog(_ file: String, progress: (_ checked: Int, _ loaded: Int) -> Void) throws -> Imported {
    // The database first: a long input is not read for one that is not there.
    let app = try app(.write, timeoutMilliseconds: 600_000)
    let path = file == "-" ? file : workspace.absolute(file)
    return try app.importLog(JSONLinesReader(path, name: file), progress: progress)
  }

  /// Moves everything to another database, and leaves a pointer to it here.
  package func move(to address: String, progress: (MoveStep) -> Void) throws -> Moved {
    let app = try app(.write, timeoutMilliseconds: Self.movingTimeout)
    let address = try engines.normalized(address, in: workspace.directory)
    let store = try engines.engine(for: address).openOrCreate(
      address, OpenOptions(timeoutMilliseconds: settings.timeoutMilliseconds(default: Self.movingTimeout)))
    let other = App(
      store: store, settings: try settings.settings(database: engines.shown(address), git: .nothing),
      leaseFiles: workspace.leaseFiles)
    return try app.move(to: other, progress: progress)
  }

  /// Opens the database again after a move that died.
  ///
  /// - Returns: where it was being moved to.
  package func undoMove() throws -> String {
    try app(.write, timeoutMilliseconds: Self.movingTimeout).undoMove()
  }

  /// For each transaction, in milliseconds: there are large ones.
  private static let movingTimeout = 60_000
}
