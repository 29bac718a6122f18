#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The user's pager between this process and the terminal.
final class Pager {
  private let child: pid_t

  /// Starts `ORCH_PAGER`, `PAGER` or `less` with standard output going into it; nil when that is `cat` or fails.
  init?(_ environment: Environment) {
    let command = environment["ORCH_PAGER"] ?? environment["PAGER"] ?? "less"
    guard command != "cat" else { return nil }
    setenv("LESS", "FRX", 0)
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    var actions: posix_spawn_file_actions_t = .init()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    posix_spawn_file_actions_addclose(&actions, ends[1])
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup("-c"), strdup(command), nil]
    defer { arguments.forEach { free($0) } }
    var started: pid_t = 0
    let result = posix_spawn(&started, "/bin/sh", &actions, nil, &arguments, environ)
    close(ends[0])
    guard result == 0 else {
      close(ends[1])
      return nil
    }
    dup2(ends[1], 1)
    close(ends[1])
    child = started
    signal(SIGINT, SIG_IGN)
  }

  /// Lets the pager see the end, and waits until the user leaves it.
  func finish() {
    close(1)
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
  }
}
