#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

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
    let (directory, name) = POSIX.split(path)
    guard !name.isEmpty, name != ".", name != ".." else {
      throw SQLiteFailure(.foreign, "\(path) does not name a file")
    }
    try createDirectories(directory)
    guard let real = POSIX.realPath(directory) else { throw failure(directory, "cannot be used") }
    let target = real == "/" ? "/" + name : real + "/" + name
    let suffix = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    let temporary = target + "." + suffix + ".new"
    try createEmpty(temporary)
    defer {
      unlink(temporary)
      unlink(temporary + "-wal")
      unlink(temporary + "-shm")
      unlink(temporary + "-journal")
    }
    try fill(temporary)
    guard (size(of: temporary + "-wal") ?? 0) == 0 else {
      throw SQLiteFailure(.misuse, "the new database was not closed with a checkpoint")
    }
    guard try publish(temporary, as: target) else { return false }
    POSIX.syncDirectory(real)
    return true
  }

  /// Creates an empty file that only its owner may read. SQLite gives the files beside it the same mode.
  static func createEmpty(_ path: String) throws(SQLiteFailure) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path, "cannot be created") }
    // The process's umask may have taken away the owner's own rights.
    fchmod(descriptor, 0o600)
    close(descriptor)
  }

  /// Creates the directories that are missing, each for its owner alone; those that exist stay as they are.
  private static func createDirectories(_ path: String) throws(SQLiteFailure) {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { throw SQLiteFailure(.foreign, "\(path) is not a directory") }
      return
    }
    guard POSIX.lastError == ENOENT else { throw failure(path, "cannot be used") }
    let parent = POSIX.split(path).directory
    if parent != path { try createDirectories(parent) }
    // Another process may create it meanwhile.
    guard mkdir(path, 0o700) == 0 || POSIX.lastError == EEXIST else { throw failure(path, "cannot be created") }
    POSIX.syncDirectory(parent)
  }

  /// Gives the finished file its name; false when something has that name.
  private static func publish(_ temporary: String, as target: String) throws(SQLiteFailure) -> Bool {
    if link(temporary, target) == 0 { return true }
    switch POSIX.lastError {
    case EEXIST: return false
    case EPERM, ENOSYS, ENOTSUP, EOPNOTSUPP, EMLINK: break
    default: throw failure(target, "cannot be created")
    }
    // A file system without hard links: take the name, then replace the empty file under it.
    let descriptor = open(target, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    if descriptor < 0, POSIX.lastError == EEXIST { return false }
    guard descriptor >= 0 else { throw failure(target, "cannot be created") }
    close(descriptor)
    guard rename(temporary, target) == 0 else { throw failure(target, "cannot be created") }
    return true
  }

  private static func failure(_ path: String, _ what: String) -> SQLiteFailure {
    let error = POSIX.lastError
    let category: SQLiteFailure.Category =
      switch error {
      case EACCES, EPERM: .permission
      case EROFS: .readOnly
      case ENOSPC, EDQUOT: .full
      case ENOTDIR, ELOOP, ENAMETOOLONG, EEXIST: .foreign
      default: .io
      }
    return SQLiteFailure(category, "\(path) \(what): \(POSIX.message(error))", systemError: error)
  }
}
