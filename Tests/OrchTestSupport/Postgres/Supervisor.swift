#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A `sh` that cleans up behind the process that started it, however that ends.
///
/// It reads a pipe of which this process alone holds the other end. What is read at the end of this object or of the
/// process, killed or not, is the end of the file, and then the script does its work.
final class Supervisor: Sendable {
  private let pipe: Int32
  private let process: pid_t

  /// - Parameters:
  ///   - script: what to do at the end.
  ///   - first: what to do before the pipe is read, such as starting something in the background.
  ///   - arguments: the script's `$1`, `$2`, ….
  init(first: String = "", script: String, arguments: [String]) {
    var ends: [Int32] = [0, 0]
    // Inherited by no child, not even by one that another thread starts just now: it would keep the pipe open.
    precondition(Self.makePipe(&ends) == 0, "no pipe")
    let text = "cd /\ntrap '' HUP INT TERM\n\(first)\nwhile read -r line; do :; done\n\(script)\n"
    process = Self.spawn("/bin/sh", ["sh", "-c", text, "sh"] + arguments, standardInput: ends[0])
    pipe = ends[1]
    close(ends[0])
  }

  deinit {
    close(pipe)
    var status: Int32 = 0
    while waitpid(process, &status, 0) == -1, errno == EINTR {}
  }

  private static func makePipe(_ ends: inout [Int32]) -> Int32 {
    #if canImport(Darwin)
      guard Darwin.pipe(&ends) == 0 else { return -1 }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      return 0
    #else
      // glibc hides the call from Swift.
      typealias Call = @convention(c) (UnsafeMutablePointer<Int32>, Int32) -> Int32
      guard let symbol = dlsym(nil, "pipe2") else { fatalError("no pipe2") }
      return unsafeBitCast(symbol, to: Call.self)(&ends, O_CLOEXEC)
    #endif
  }

  /// Starts a program in a process group of its own, which no `kill` of ours reaches, its output thrown away: nobody
  /// who reads this process's output has to wait for the child to end.
  private static func spawn(_ program: String, _ words: [String], standardInput: Int32) -> pid_t {
    var actions: posix_spawn_file_actions_t = .init()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, standardInput, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var attributes: posix_spawnattr_t = .init()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK))
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] =
      ServerPrograms.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (arguments + variables).forEach { free($0) } }
    var child: pid_t = 0
    let failure = posix_spawn(&child, program, &actions, &attributes, &arguments, &variables)
    precondition(failure == 0, "cannot start \(program): \(String(cString: strerror(failure)))")
    return child
  }
}
