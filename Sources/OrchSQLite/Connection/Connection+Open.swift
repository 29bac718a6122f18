import CSQLite
import OrchCore
import OrchSystem
import SystemPackage

extension Connection {
  /// Opens a database in the one way that is safe.
  ///
  /// The order is: look at the path (once, before SQLite does), ask the file system, open, configure, read the schema's
  /// first page. What is not an SQLite database never reaches SQLite.
  ///
  /// *Writing* opens with READWRITE and without CREATE. SQLite would silently fall back to reading only; that is a
  /// failure here.
  ///
  /// *Reading* a database in write-ahead log mode needs the shared memory beside it, which the first reader has to
  /// build, so a reader opens with READWRITE too, and `query_only` keeps it from changing anything; where the user may
  /// not write, SQLite falls back to reading by itself, which works while somebody else keeps the shared memory there.
  /// On a read-only medium it opens with READONLY and, when that finds no shared memory, as immutable: nothing can
  /// change there. On a writable medium never: beside a live writer an immutable connection reads garbage.
  ///
  /// - Parameter deadline: until when opening, and what follows outside a transaction, waits for locks.
  static func open(
    _ path: String, mode: Mode, deadline: Deadline = Deadline()
  ) throws(SQLiteFailure) -> Connection {
    SQLiteLibrary.configured
    let file = DatabaseFile.look(at: path)
    if let obstacle = file.obstacle, !(mode == .create && file.content == .empty) { throw obstacle }
    let usesLog = file.header?.usesWriteAheadLog ?? false
    // The files beside the database matter most, and they are in its directory.
    let system = FileSystem(of: FileIO.split(file.path).directory)
    if usesLog, let hazard = system?.hazard {
      throw SQLiteFailure(
        .unsafeFileSystem, .sqliteWalOnHazard(path: file.path, hazard: hazard))
    }
    guard system?.isReadOnly ?? false else {
      return try open(file, mode, SQLITE_OPEN_READWRITE, deadline)
    }
    guard mode == .readOnly else {
      throw SQLiteFailure(
        .readOnly, .sqliteReadOnly(path: file.path), systemError: Errno.readOnlyFileSystem.rawValue)
    }
    do {
      return try open(file, mode, SQLITE_OPEN_READONLY, deadline)
    } catch  where usesLog && error.category == .cantOpen {
      // Immutable reads the file alone. What the log holds would be missing without a word.
      guard (DatabaseFile.size(of: file.path + "-wal") ?? 0) == 0 else {
        throw SQLiteFailure(
          .readOnly, .sqliteReadOnlyLog(path: file.path),
          systemError: Errno.readOnlyFileSystem.rawValue)
      }
      return try open(file, mode, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, deadline, name: immutableURI(file.path))
    }
  }

  private static func open(
    _ file: DatabaseFile, _ mode: Mode, _ flags: Int32, _ deadline: Deadline, name: String? = nil
  ) throws(SQLiteFailure) -> Connection {
    // The path is real already: a symbolic link in it now was put there since.
    let flags = flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW
    if let key = file.key { OpenFiles.enter(key) }
    var handle: OpaquePointer?
    let code = sqlite3_open_v2(name ?? file.path, &handle, flags, nil)
    guard let handle else {
      if let key = file.key { OpenFiles.leave(key) }
      throw SQLiteFailure(
        code: SQLITE_NOMEM, message: Message(verbatim: "out of memory"), statement: "", systemError: 0)
    }
    // From here on the core closes the handle, whatever happens.
    let core = ConnectionCore(handle: handle, file: file.key, deadline: deadline)
    guard code == SQLITE_OK else { throw describe(core.failure(code, statement: ""), file) }
    try configure(core, file, mode)
    return Connection(core: core, file: file, mode: mode)
  }

  /// The settings of the recipe. Calls cost nothing; statements do, so all of them go in one script.
  private static func configure(
    _ core: ConnectionCore, _ file: DatabaseFile, _ mode: Mode
  ) throws(SQLiteFailure) {
    let handle = core.handle
    sqlite3_extended_result_codes(handle, 1)
    core.installCallbacks()
    orch_sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nil)
    orch_sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nil)
    orch_sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nil)
    orch_sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nil)
    let readOnly = sqlite3_db_readonly(handle, "main") == 1
    if readOnly, mode != .readOnly {
      throw SQLiteFailure(
        .permission, .sqliteNotWritable(path: file.path), systemError: Errno.permissionDenied.rawValue)
    }
    let script = mode == .readOnly ? readerSettings : settings
    let code = script.withUTF8Buffer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { sqlite3_exec(handle, $0.baseAddress, nil, nil, nil) }
    }
    guard code == SQLITE_OK else { throw describe(core.failure(code, statement: ""), file) }
  }

  // EXTRA is FULL plus, where a rollback journal is used, a sync of its directory after the journal is deleted; with a
  // write-ahead log the two are the same. So one constant is right in both modes. Setting it reads the first page,
  // which finds a damaged header, a missing permission or a log that cannot be replayed here rather than later.
  // A sync on macOS is one only with `fullfsync`; elsewhere that setting means nothing.
  private static let settings: StaticString = """
    PRAGMA cell_size_check=1;PRAGMA temp_store=2;PRAGMA mmap_size=0;PRAGMA fullfsync=1;\
    PRAGMA synchronous=3;PRAGMA cache_size=-8192
    """
  private static let readerSettings: StaticString = """
    PRAGMA cell_size_check=1;PRAGMA temp_store=2;PRAGMA mmap_size=0;PRAGMA fullfsync=1;\
    PRAGMA synchronous=3;PRAGMA cache_size=-8192;PRAGMA query_only=1
    """

  /// Says what a failure to open means where SQLite says only "unable to open database file".
  private static func describe(_ failure: SQLiteFailure, _ file: DatabaseFile) -> SQLiteFailure {
    guard failure.category == .cantOpen || failure.category == .permission else { return failure }
    let reason =
      failure.systemError == 0 ? failure.message : Message(verbatim: Errno(rawValue: failure.systemError).description)
    return SQLiteFailure(
      code: failure.code, message: .sqliteCannotOpen(path: file.path, reason: reason), statement: "",
      systemError: failure.systemError)
  }

  /// The path as a URI that asks for an immutable connection.
  static func immutableURI(_ path: String) -> String {
    "file:\(PercentEncoding.encode(path, keepsSlashes: true))?mode=ro&immutable=1"
  }
}
