@testable import OrchSQLite

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A directory of a test's own, gone with the test.
final class SQLiteScratch: Sendable {
  let path: String

  init() {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/orch-sqlite-XXXXXX".utf8CString)
    path = String(cString: mkdtemp(&template)!)
  }

  deinit { SQLiteScratch.remove(path) }

  private static func remove(_ path: String) {
    for name in names(in: path) { remove(path + "/" + name) }
    if rmdir(path) != 0 { unlink(path) }
  }

  /// What lies in a directory; nothing when it is none.
  static func names(in path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Where the database is, or will be.
  var database: String { path + "/d/orchestrator.db" }

  /// Creates the database with one table of one row.
  @discardableResult
  func create(logID: Bool = true) throws -> Bool {
    try DatabaseFile.create(at: database) { temporary in
      let connection = try Connection.open(temporary, mode: .create)
      if logID { try connection.useWriteAheadLog() }
      try connection.write(deadline: Deadline()) {
        try connection.execute(
          script: """
            PRAGMA application_id=17;PRAGMA user_version=3;
            CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER NOT NULL, s TEXT, b BLOB) STRICT;
            INSERT INTO t VALUES(1, 0, NULL, NULL);
            """)
      }
      connection.close(checkpoint: true)
    }
  }

  /// A connection to it.
  func open(_ mode: Connection.Mode = .readWrite) throws -> Connection { try Connection.open(database, mode: mode) }

  /// Writes a file and returns its path.
  func write(_ text: String, to name: String, mode: mode_t = 0o600) -> String {
    let file = path + "/" + name
    let descriptor = SQLiteScratch.openForWriting(file, mode)
    _ = text.utf8CString.withUnsafeBytes { SQLiteScratch.writeBytes(descriptor, $0.baseAddress!, text.utf8.count) }
    close(descriptor)
    return file
  }

  private static func openForWriting(_ path: String, _ mode: mode_t) -> Int32 {
    creat(path, mode)
  }

  private static func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes, count)
    #elseif canImport(Musl)
      Musl.write(descriptor, bytes, count)
    #else
      Darwin.write(descriptor, bytes, count)
    #endif
  }
}

extension Connection {
  /// The number in the one row.
  func number() throws -> Int64 { try statement("SELECT n FROM t WHERE id = 1").first { $0.int(0) } ?? -1 }

  /// Adds one to it.
  func increment() throws { try run("UPDATE t SET n = n + 1 WHERE id = 1") }

  /// The value of a setting.
  func pragma(_ name: String) throws -> Int64 { try prepare("PRAGMA " + name).first { $0.int(0) } ?? -1 }
}

/// What a failing call threw.
func sqliteFailure(_ body: () throws -> Void) -> SQLiteFailure? {
  do { try body() } catch { return error as? SQLiteFailure }
  return nil
}

/// Runs bodies at the same time, each on a thread of its own, and waits for all.
func threads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) async {
  await withTaskGroup(of: Void.self) { group in
    for index in 0..<count {
      group.addTask {
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
          Thread.start {
            body(index)
            done.resume()
          }
        }
      }
    }
  }
}

private enum Thread {
  private final class Box {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  static func start(_ body: @escaping () -> Void) {
    let box = Unmanaged.passRetained(Box(body)).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
      pthread_create(
        &thread, nil,
        {
          Unmanaged<Box>.fromOpaque($0).takeRetainedValue().body(); return nil
        }, box)
      pthread_detach(thread!)
    #else
      var thread = pthread_t()
      pthread_create(
        &thread, nil,
        {
          Unmanaged<Box>.fromOpaque($0!).takeRetainedValue().body(); return nil
        }, box)
      pthread_detach(thread)
    #endif
  }
}
