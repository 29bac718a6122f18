import OrchCore
import OrchSystem
import SystemPackage

extension DatabaseFile {
  /// Creates a database at `path`, whole or not at all. False when there was something at that path in the end,
  /// which is then as it was: the caller goes on to open it.
  ///
  /// The database is made under a name of its own in the same directory (0600, exclusively, never through a symbolic
  /// link; missing directories 0700), filled, closed, and only then given its name, by `link`, which replaces nothing.
  /// So nobody ever sees an empty or half-made database there, also when this process is killed on the way, and of
  /// several processes exactly one creates. What a killed process leaves is `<name>.<random>.new`.
  ///
  /// - Parameter fill: gets the temporary path; opens it with `.create`, fills it, and closes it with a checkpoint.
  static func create(
    at path: String, fill: (String) throws -> Void
  ) throws -> Bool {
    let (directory, name) = FileIO.split(path)
    guard !name.isEmpty, name != ".", name != ".." else {
      throw SQLiteFailure(.foreign, .sqliteNoFileName(path: path))
    }
    try createDirectories(directory)
    let real: String
    do throws(Errno) { real = try FileIO.realPath(directory) } catch {
      throw failure(.sqliteCannotBeUsed(path: directory, detail: error.description), error)
    }
    let target = real == "/" ? "/" + name : real + "/" + name
    let suffix = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    let temporary = target + "." + suffix + ".new"
    try createEmpty(temporary)
    defer {
      FileIO.removeIfThere(temporary)
      FileIO.removeIfThere(temporary + "-wal")
      FileIO.removeIfThere(temporary + "-shm")
      FileIO.removeIfThere(temporary + "-journal")
    }
    try fill(temporary)
    guard (size(of: temporary + "-wal") ?? 0) == 0 else {
      throw SQLiteFailure(.misuse, Message(verbatim: "the new database was not closed with a checkpoint"))
    }
    guard try publish(temporary, as: target) else { return false }
    FileIO.syncDirectory(real)
    return true
  }

  /// Creates an empty file that only its owner may read. SQLite gives the files beside it the same mode.
  static func createEmpty(_ path: String) throws(SQLiteFailure) {
    do throws(Errno) {
      let file = try FileIO.open(path, .readWrite, [.create, .exclusiveCreate, .noFollow], permissions: 0o600)
      defer { FileIO.close(file) }
      // The process's umask may have taken away the owner's own rights.
      try FileIO.setPermissions(file, 0o600)
    } catch {
      throw failure(.sqliteCannotBeCreated(path: path, detail: error.description), error)
    }
  }

  /// Creates the directories that are missing, each for its owner alone; those that exist stay as they are.
  private static func createDirectories(_ path: String) throws(SQLiteFailure) {
    if let status = try? FileStatus(of: path) {
      guard status.kind == .directory else { throw SQLiteFailure(.foreign, .sqliteNotDirectory(path: path)) }
      return
    }
    do throws(Errno) {
      try FileIO.createDirectories(path, permissions: 0o700, isSynced: true)
    } catch {
      throw failure(.sqliteCannotBeCreated(path: path, detail: error.description), error)
    }
  }

  /// Gives the finished file its name; false when something has that name.
  private static func publish(_ temporary: String, as target: String) throws(SQLiteFailure) -> Bool {
    do throws(Errno) {
      do throws(Errno) {
        try FileIO.link(temporary, to: target)
        return true
      } catch {
        switch error {
        case .fileExists: return false
        case .notPermitted, .noFunction, .notSupported, .notSupportedOnSocket, .tooManyLinks: break
        default: throw error
        }
      }
      // A file system without hard links: take the name, then replace the empty file under it.
      do throws(Errno) {
        let file = try FileIO.open(target, .readWrite, [.create, .exclusiveCreate, .noFollow], permissions: 0o600)
        FileIO.close(file)
      } catch {
        guard error == .fileExists else { throw error }
        return false
      }
      try FileIO.rename(temporary, to: target)
      return true
    } catch {
      throw failure(.sqliteCannotBeCreated(path: target, detail: error.description), error)
    }
  }

  private static func failure(_ message: Message, _ error: Errno) -> SQLiteFailure {
    let category: SQLiteFailure.Category =
      switch error {
      case .permissionDenied, .notPermitted: .permission
      case .readOnlyFileSystem: .readOnly
      case .noSpace, .diskQuotaExceeded: .full
      case .notDirectory, .tooManySymbolicLinkLevels, .fileNameTooLong, .fileExists: .foreign
      default: .io
      }
    return SQLiteFailure(category, message, systemError: error.rawValue)
  }
}
