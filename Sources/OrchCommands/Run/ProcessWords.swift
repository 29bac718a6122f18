#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The words that the process was started with, byte for byte, without the program's name.
enum ProcessWords {
  static var all: [[UInt8]] {
    var words: [[UInt8]] = []
    for index in 0..<Int(CommandLine.argc) {
      guard let word = CommandLine.unsafeArgv[index] else { break }
      words.append(Array(UnsafeBufferPointer(start: word, count: strlen(word))).map { UInt8(bitPattern: $0) })
    }
    return Array((words.isEmpty ? fromKernel : words).dropFirst())
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
