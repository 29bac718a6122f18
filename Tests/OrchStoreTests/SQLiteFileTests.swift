import OrchTestSupport
import Testing

@testable import OrchSQLite
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite struct SQLiteFileTests {
  @Test func `what is no database is named and not touched`() throws {
    let scratch = SQLiteScratch()
    let empty = scratch.write("", to: "empty")
    let other = scratch.write("hello, I am a text of some length", to: "other")
    #expect(DatabaseFile.look(at: scratch.path + "/none").content == .absent)
    #expect(DatabaseFile.look(at: empty).content == .empty)
    #expect(DatabaseFile.look(at: other).content == .other)
    #expect(DatabaseFile.look(at: scratch.path).content == .directory)
    #expect(DatabaseFile.look(at: "/dev/null").content == .special)
    #expect(DatabaseFile.look(at: other + "/x").content == .unreadable(.notDirectory))
    for mode in [Connection.Mode.readOnly, .readWrite] {
      #expect(sqliteFailure { _ = try Connection.open(scratch.path + "/none", mode: mode) }?.kind == .unavailable)
      #expect(sqliteFailure { _ = try Connection.open(empty, mode: mode) }?.kind == .configuration)
      #expect(sqliteFailure { _ = try Connection.open(other, mode: mode) }?.kind == .configuration)
      #expect(sqliteFailure { _ = try Connection.open(scratch.path, mode: mode) }?.kind == .configuration)
    }
    #expect(DatabaseFile.look(at: scratch.path + "/none").content == .absent)
    #expect(DatabaseFile.size(of: empty) == 0)
    #expect(DatabaseFile.size(of: other) == 33)
  }

  @Test func `damage is found when opening`() throws {
    let scratch = SQLiteScratch()
    let page = "SQLite format 3\u{1}" + String(repeating: "x", count: 5000)
    let almost = scratch.write(page, to: "almost")
    #expect(DatabaseFile.look(at: almost).content == .other)
    try scratch.create(logID: false)
    #expect(truncate(scratch.database, 4096) == 0)
    let caught = sqliteFailure { _ = try scratch.open().number() }
    #expect(caught?.category == .corrupt)
    #expect(caught?.kind.exitStatus == 70)
  }

  @Test func `a new database is its owner's alone`() throws {
    let scratch = SQLiteScratch()
    let before = umask(0)
    defer { umask(before) }
    #expect(try scratch.create())
    let file = DatabaseFile.look(at: scratch.database)
    #expect(file.mode == 0o600)
    #expect(file.links == 1)
    #expect(file.header?.applicationID == 17)
    #expect(file.header?.userVersion == 3)
    #expect(file.header?.usesWriteAheadLog == true)
    let connection = try scratch.open()
    try connection.increment()
    #expect(DatabaseFile.exposures(of: scratch.database).isEmpty)
    chmod(scratch.database, 0o640)
    chmod(scratch.path + "/d", 0o755)
    #expect(DatabaseFile.exposures(of: scratch.database).map(\.mode) == [0o755, 0o640])
    #expect(DatabaseFile.exposures(of: scratch.database).map(\.isDirectory) == [true, false])
    #expect(try !scratch.create())
  }

  @Test func `of many creators one creates and all go on`() async throws {
    let scratch = SQLiteScratch()
    let results = UnsafeMutablePointer<Int64>.allocate(capacity: 8)
    defer { results.deallocate() }
    let address = UInt(bitPattern: results)
    await threads(8) { index in
      let results = UnsafeMutablePointer<Int64>(bitPattern: address)!
      do {
        results[index] = try scratch.create() ? 1 : 0
        let connection = try scratch.open()
        try connection.write(deadline: Deadline(after: waitLimit)) { try connection.increment() }
      } catch { Issue.record(error) }
    }
    #expect((0..<8).reduce(0) { $0 + results[$1] } == 1)
    #expect(try scratch.open().number() == 8)
    // Nothing half made is left behind.
    let names = ["orchestrator.db", "orchestrator.db-shm", "orchestrator.db-wal"]
    #expect(SQLiteScratch.names(in: scratch.path + "/d").sorted() == names)
  }

  @Test func `a creation that fails leaves nothing`() throws {
    struct Broken: Error {}
    let scratch = SQLiteScratch()
    #expect(throws: Broken.self) { try DatabaseFile.create(at: scratch.database) { _ in throw Broken() } }
    #expect(rmdir(scratch.path + "/d") == 0)
    // A link to nothing is not followed.
    #expect(symlink(scratch.path + "/elsewhere", scratch.path + "/link") == 0)
    #expect(try !DatabaseFile.create(at: scratch.path + "/link") { try Connection.open($0, mode: .create).close() })
    #expect(DatabaseFile.size(of: scratch.path + "/elsewhere") == nil)
  }

  @Test func `a link that the user chose is followed`() throws {
    let scratch = SQLiteScratch()
    try scratch.create()
    let link = scratch.path + "/link.db"
    #expect(symlink(scratch.database, link) == 0)
    let connection = try Connection.open(link, mode: .readWrite)
    try connection.write(deadline: Deadline()) { try connection.increment() }
    // The log lies beside the file and not beside the link.
    #expect(DatabaseFile.size(of: link + "-wal") == nil)
    #expect(try scratch.open().number() == 1)
  }

  @Test func `a reader changes nothing`() throws {
    let scratch = SQLiteScratch()
    try scratch.create()
    let reader = try scratch.open(.readOnly)
    #expect(try reader.number() == 0)
    let caught = sqliteFailure { try reader.increment() }
    #expect(caught?.category == .readOnly)
    #expect(try reader.read(deadline: Deadline()) { try reader.number() } == 0)
  }

  @Test func `looking again keeps the locks`() throws {
    let scratch = SQLiteScratch()
    try scratch.create(logID: false)
    let writer = try scratch.open()
    try writer.write(deadline: Deadline()) {
      try writer.increment()
      for _ in 0..<3 { #expect(DatabaseFile.look(at: scratch.database).header != nil) }
      // Another process asks whether the lock is there: in this one POSIX locks never conflict.
      #expect(lockedByAnother(scratch.database))
    }
  }

  @Test(.enabled(if: geteuid() != 0)) func `without permission is said so`() throws {
    let scratch = SQLiteScratch()
    try scratch.create()
    chmod(scratch.database, 0o400)
    #expect(sqliteFailure { _ = try scratch.open() }?.kind == .permission)
    chmod(scratch.path + "/d", 0o500)
    #expect(sqliteFailure { _ = try scratch.open(.readOnly) }?.kind == .permission)
    chmod(scratch.path + "/d", 0o700)
    #expect(try scratch.open(.readOnly).number() == 0)
    chmod(scratch.database, 0)
    #expect(sqliteFailure { _ = try scratch.open(.readOnly) }?.kind == .permission)
  }

  @Test func `addresses of immutable files are escaped`() {
    #expect(Connection.immutableURI("/a b?c#d%é") == "file:/a%20b%3Fc%23d%25%C3%A9?mode=ro&immutable=1")
  }

  @Test func `file systems are told`() throws {
    let local = try #require(FileSystem(of: "/"))
    #expect(FileSystem(of: "/nowhere at all") == nil)
    #expect(FileSystem.isHazardous("nfs4"))
    #expect(FileSystem.isHazardous("fuse.sshfs"))
    #expect(!FileSystem.isHazardous("ext4"))
    let name = try #require(FileSystem.typeName(of: "/"))
    #expect(FileSystem.isHazardous(name) == (local.hazard != nil))
    #if os(Linux)
      #expect(FileSystem.typeName(of: "/proc/self") == "proc")
    #endif
  }

  /// Whether SQLite's lock bytes are locked, as seen by another process.
  private func lockedByAnother(_ path: String) -> Bool {
    #if os(Linux)
      // The kernel's table of locks, so that no descriptor of the file is opened and closed here.
      var status = stat()
      guard stat(path, &status) == 0, let table = fopen("/proc/locks", "r") else { return true }
      defer { fclose(table) }
      var line = [CChar](repeating: 0, count: 256)
      while fgets(&line, 256, table) != nil {
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if text.contains("POSIX"), text.contains(" \(getpid()) "), text.contains(":\(status.st_ino) ") { return true }
      }
      return false
    #else
      return true
    #endif
  }
}
