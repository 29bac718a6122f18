#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchApp
import OrchRuntime

/// The words that the process was started with, byte for byte, without the program's name.
enum RawArguments {
  static var all: [[UInt8]] {
    var words: [[UInt8]] = []
    for index in 0..<Int(CommandLine.argc) {
      guard let word = CommandLine.unsafeArgv[index] else { break }
      words.append(Array(UnsafeBufferPointer(start: word, count: strlen(word))).map { UInt8(bitPattern: $0) })
    }
    return Array((words.isEmpty ? fromKernel : words).dropFirst())
  }

  /// Blots out, where others can read them, the arguments that hold a server's address: there may be a password in it.
  ///
  /// - Returns: whether there was an address with a password.
  static func scrubPasswords() -> Bool {
    var found = false
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let word = CommandLine.unsafeArgv[index] else { break }
      let text = String(cString: word)
      let option = ["--database=", "--to="].first { text.hasPrefix($0) }
      let address = String(text.dropFirst(option?.count ?? 0))
      guard EngineRegistry.standard.hasPassword(address) else { continue }
      memset(word, Int32(UInt8(ascii: "*")), strlen(word))
      found = true
    }
    return found
  }

  /// The absolute path of this program, as it was called: a link that leads to it may lead to a newer one tomorrow.
  static func program(_ environment: Environment) throws -> String {
    let name = CommandLine.unsafeArgv[0].map { String(cString: $0) } ?? ""
    if name.contains("/") { return environment.absolute(name) }
    for directory in (environment["PATH"] ?? "").split(separator: ":") where directory.hasPrefix("/") {
      let path = "\(directory)/\(name)"
      if access(path, X_OK) == 0 { return path }
    }
    guard let path = realpath("/proc/self/exe", nil) else {
      throw OrchError(.internal, "this program cannot find itself", hint: "call it by its whole path")
    }
    defer { free(path) }
    return String(cString: path)
  }

  /// What the kernel kept. Swift finds the words beside the environment, which a preloaded library (libfaketime does)
  /// may have moved away.
  private static var fromKernel: [[UInt8]] {
    let descriptor = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = piece.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += piece[..<count]
    }
    return bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map(Array.init)
  }
}
