#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchSQLite
import OrchStore

extension EngineUnderTest {
  package static let sqlite = EngineUnderTest("sqlite") {
    let scratch = ScratchDirectory()
    let path = scratch.path + "/orchestrator.db"
    _ = try SQLiteEngine().initialize(path)
    return DatabaseUnderTest {
      // The directory lives as long as somebody can connect.
      withExtendedLifetime(scratch) {}
      return try SQLiteEngine().open(path, OpenOptions(timeoutMilliseconds: waitLimitMilliseconds))
    }
  }
}

/// A directory of its own for one test, gone when the last reference is.
package final class ScratchDirectory: Sendable {
  package let path: String

  package init() {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let name = String(UInt64.random(in: 0 ... .max), radix: 36)
    path = base + "/orch-test-" + name
    precondition(mkdir(path, 0o700) == 0, "a test needs a directory of its own")
  }

  deinit {
    guard let stream = opendir(path) else { return }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { unlink(path + "/" + name) }
    }
    closedir(stream)
    rmdir(path)
  }
}
