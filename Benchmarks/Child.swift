#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchCore

/// This program again, in a process of its own, on two pipes.
final class Child {
  private let process: pid_t
  private let input: Int32
  private let output: Int32

  init(_ words: [String]) throws(BenchFailure) {
    var (toChild, fromChild): ([Int32], [Int32]) = ([0, 0], [0, 0])
    guard pipe(&toChild) == 0, pipe(&fromChild) == 0 else { throw BenchFailure("no pipe") }
    for descriptor in [toChild[1], fromChild[0]] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
    posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
    posix_spawn_file_actions_addclose(&actions, toChild[0])
    posix_spawn_file_actions_addclose(&actions, fromChild[1])
    var arguments = ([Child.program] + words).map { strdup($0) } + [nil]
    var process: pid_t = 0
    let code = posix_spawn(&process, Child.program, &actions, nil, &arguments, environ)
    for argument in arguments { free(argument) }
    posix_spawn_file_actions_destroy(&actions)
    close(toChild[0])
    close(fromChild[1])
    guard code == 0 else { throw BenchFailure("cannot start \(Child.program): \(String(cString: strerror(code)))") }
    self.process = process
    input = toChild[1]
    output = fromChild[0]
  }

  /// The path of the running program.
  private static let program: String = {
    #if os(Linux)
      let path = realpath("/proc/self/exe", nil)
    #else
      let path = realpath(CommandLine.arguments[0], nil)
    #endif
    defer { free(path) }
    return path.map { String(cString: $0) } ?? CommandLine.arguments[0]
  }()

  func readByte() -> UInt8? {
    var byte: UInt8 = 0
    return read(output, &byte, 1) == 1 ? byte : nil
  }

  func begin() {
    var byte: UInt8 = 0
    write(input, &byte, 1)
  }

  /// The line that the child prints; nil when it fails.
  func finish() throws -> JSON? {
    var line: [UInt8] = []
    while let byte = readByte() { line.append(byte) }
    close(input)
    close(output)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    guard status == 0 else { return nil }
    return try JSON.parse(line)
  }
}
