#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchTestSupport
import Testing

/// What another test starts as a process of its own, to kill it.
@Suite struct HeldServerTests {
  static let variable = "ORCH_TEST_HOLD_SERVER"

  @Test(.enabled(if: getenv(variable) != nil, "only as the child of another test"))
  func `holds a server until it is killed`() throws {
    let server = try PostgresServer.shared
    let note = String(cString: getenv(Self.variable))
    try Files.write("\(server.process ?? 0)\n\(server.directory)\n", to: note + ".new")
    rename(note + ".new", note)
    sleep(3600)
  }
}

/// Whether a process is there and has not ended; one that has stays until its parent has waited for it.
func isRunning(_ process: Int32) -> Bool {
  guard kill(process, 0) == 0 || errno == EPERM else { return false }
  #if os(Linux)
    let state = String(decoding: (try? Files.read("/proc/\(process)/stat")) ?? [], as: UTF8.self)
    return !state.isEmpty && !state.contains(") Z ")
  #else
    return true
  #endif
}
