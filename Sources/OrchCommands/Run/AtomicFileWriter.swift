#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchApp
import OrchCore

/// A file that is there when it is complete, and before that not at all.
final class AtomicFileWriter {
  private let path: String
  private var temporary: [CChar]
  private var descriptor: Int32
  private var buffer: [UInt8] = []

  /// - Parameter isShared: others may read it, as the user's mask has it; else only its owner.
  /// - Throws: `OrchError` when there is something else than a file, or the directory takes none.
  init(_ path: String, isShared: Bool = false) throws {
    try Self.check(path)
    self.path = path
    temporary = Array("\(path).XXXXXX".utf8CString)
    descriptor = mkstemp(&temporary)
    guard descriptor >= 0 else { throw Self.failure("cannot write \(path)", errno) }
    guard isShared else { return }
    let mask = umask(0)
    umask(mask)
    fchmod(descriptor, 0o666 & ~mask)
  }

  /// Whether a file could be written there.
  ///
  /// - Throws: `OrchError` when there is something else than a file, or the directory takes none.
  static func check(_ path: String) throws {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw OrchError.usage("\(path) is no plain file")
    }
    let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    guard access(directory.isEmpty ? "/" : directory, W_OK) == 0 else { throw failure("cannot write \(path)", errno) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary)
  }

  func write(_ line: JSON) throws {
    line.write(into: &buffer)
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count > 1 << 18 { try flush() }
  }

  func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count > 1 << 18 { try flush() }
  }

  private func flush() throws {
    defer { buffer.removeAll(keepingCapacity: true) }
    var written = 0
    while written < buffer.count {
      let step = buffer.withUnsafeBytes { Glue.write(descriptor, $0.baseAddress! + written, $0.count - written) }
      if step < 0, errno == EINTR { continue }
      guard step > 0 else { throw Self.failure("cannot write \(path)", errno) }
      written += step
    }
  }

  /// Puts the file under its name.
  func finish() throws {
    try flush()
    guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
      throw Self.failure("cannot write \(path)", errno)
    }
    close(descriptor)
    descriptor = -1
  }

  private static func failure(_ what: String, _ number: Int32) -> OrchError {
    let code: ErrorCode = number == EACCES || number == EPERM ? .permission : .io
    return OrchError(code, "\(what): \(String(cString: strerror(number)))")
  }
}
