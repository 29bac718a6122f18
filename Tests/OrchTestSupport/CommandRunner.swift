#if canImport(Glibc)
  package import Glibc
#elseif canImport(Musl)
  package import Musl
#else
  package import Darwin
#endif
package import OrchCore

/// The program as a user runs it: a child process with a home directory of its own.
package enum CommandRunner {
  /// The binary under test: `ORCH_BIN`, else the one that was built beside the tests.
  package static let binary: String = {
    if let given = getenv("ORCH_BIN"), given[0] != 0 { return real(String(cString: given)) }
    #if canImport(Darwin)
      var image = Dl_info()
      var path = dladdr(#dsohandle, &image) == 0 ? "." : real(String(cString: image.dli_fname))
    #else
      var path = real("/proc/self/exe")
    #endif
    while let slash = path.lastIndex(of: "/") {
      path = String(path[..<slash])
      var status = stat()
      if stat(path + "/orch", &status) == 0, status.st_mode & S_IFMT == S_IFREG, access(path + "/orch", X_OK) == 0 {
        return path + "/orch"
      }
    }
    fatalError("there is no orch beside the tests: build it, or set ORCH_BIN")
  }()

  /// The path without symbolic links.
  package static func real(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

/// What a command printed, and how it ended.
package struct CommandOutcome: Sendable {
  package var words: [String]
  /// The exit status; 128 and the signal's number when a signal ended it.
  package var status: Int32
  /// Whether a signal ended it, uncaught.
  package var wasKilled = false
  package var outBytes: [UInt8]
  package var errorBytes: [UInt8]

  package var stdout: String { String(decoding: outBytes, as: UTF8.self) }
  package var stderr: String { String(decoding: errorBytes, as: UTF8.self) }

  /// The lines of standard output.
  package var lines: [String] { Self.lines(stdout) }

  /// Standard output's objects, one a line.
  package var objects: [JSON] { lines.compactMap { try? JSON.parse($0) } }

  /// The one object on standard output; `null` when it does not read.
  package var json: JSON { objects.first ?? .null }

  /// The object in `error` on the last line of standard error; `null` when it does not read.
  package var error: JSON { Self.lines(stderr).last.flatMap { try? JSON.parse($0)["error"] } ?? .null }

  private static func lines(_ text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}

/// A command to run.
package struct CommandLineRun: Sendable {
  /// What `execve` gets; arguments are bytes, so that they may be anything.
  package var program: String
  package var arguments: [[UInt8]]
  package var environment: [String: String]
  package var directory: String
  /// A file for standard input; nil for an empty one.
  package var input: String?
  /// A file for standard output; nil captures it.
  package var output: String?
  package var scratch: String

  /// Starts it, and waits until it ends or is ended.
  package func run() -> CommandOutcome { start().wait() }

  /// Makes a child begin in a directory. glibc hides the call from Swift.
  private static func changeDirectory(_ actions: inout posix_spawn_file_actions_t, _ directory: String) {
    #if canImport(Darwin)
      posix_spawn_file_actions_addchdir_np(&actions, directory)
    #else
      typealias Call = @convention(c) (UnsafeMutableRawPointer, UnsafePointer<CChar>) -> Int32
      guard let symbol = dlsym(nil, "posix_spawn_file_actions_addchdir_np") else { fatalError("no addchdir_np") }
      _ = withUnsafeMutablePointer(to: &actions) { unsafeBitCast(symbol, to: Call.self)($0, directory) }
    #endif
  }

  /// Starts it.
  package func start() -> RunningCommand {
    let stem = scratch + "/run-" + String(UInt64.random(in: 0 ... .max), radix: 36)
    let (out, errors) = (output ?? stem + ".out", stem + ".err")
    var actions: posix_spawn_file_actions_t = .init()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input ?? "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT, 0o600)
    Self.changeDirectory(&actions, directory)
    var attributes: posix_spawnattr_t = .init()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))
    var words: [UnsafeMutablePointer<CChar>?] = [strdup(program)]
    for argument in arguments {
      words.append((argument + [0]).withUnsafeBytes { strdup($0.baseAddress!.assumingMemoryBound(to: CChar.self)) })
    }
    words.append(nil)
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (words + variables).forEach { free($0) } }
    var child: pid_t = 0
    let failure = posix_spawn(&child, program, &actions, &attributes, &words, &variables)
    precondition(failure == 0, "cannot start \(program): \(String(cString: strerror(failure)))")
    return RunningCommand(
      process: child, words: arguments.map { String(decoding: $0, as: UTF8.self) }, out: out, errors: errors,
      ownsOutput: output == nil)
  }
}

/// A command that was started.
package final class RunningCommand: @unchecked Sendable {
  package let process: pid_t
  private let words: [String]
  private let out: String
  private let errors: String
  private let ownsOutput: Bool
  private var ended: Int32?

  init(process: pid_t, words: [String], out: String, errors: String, ownsOutput: Bool) {
    (self.process, self.words, self.out, self.errors, self.ownsOutput) = (process, words, out, errors, ownsOutput)
  }

  deinit {
    if ended == nil {
      signal(SIGKILL)
      wait()
    }
  }

  /// Sends a signal.
  package func signal(_ number: Int32) { if ended == nil { kill(process, number) } }

  /// What it has printed so far.
  package var printed: String { String(decoding: (try? Files.read(out)) ?? [], as: UTF8.self) }

  /// Whether it has ended by now.
  package var hasEnded: Bool {
    if ended != nil { return true }
    var status: Int32 = 0
    guard waitpid(process, &status, WNOHANG) == process else { return false }
    ended = status
    return true
  }

  /// Kills it some time after now, if it has not ended by then, and waits for its end.
  package func killAfter(_ time: Duration) {
    usleep(UInt32(time / .microseconds(1)))
    signal(SIGKILL)
    wait()
  }

  /// Waits on this thread until it ends. A process that outlives `waitLimit` is killed.
  @discardableResult
  package func wait() -> CommandOutcome {
    let clock = ContinuousClock()
    let end = clock.now + waitLimit
    var nap: UInt32 = 500
    while !hasEnded {
      if clock.now > end { signal(SIGKILL) }
      usleep(nap)
      nap = min(nap * 2, 4000)
    }
    let status = ended ?? 0
    let number = status & 0x7f
    defer {
      if ownsOutput { unlink(out) }
      unlink(errors)
    }
    return CommandOutcome(
      words: words, status: number == 0 ? (status >> 8) & 0xff : 128 + number, wasKilled: number != 0,
      outBytes: ownsOutput ? (try? Files.read(out)) ?? [] : [], errorBytes: (try? Files.read(errors)) ?? [])
  }
}
