#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The lines of a file that is read several times.
///
/// What is not a plain file (standard input, a pipe) is copied into one that has no name, before anything else.
package final class JSONLinesReader {
  private let descriptor: Int32
  /// How it is called in errors.
  package let name: String
  private var offset: off_t = 0
  private var buffer: [UInt8] = []
  private var position = 0
  /// The number of the line that was read last.
  private(set) var number = 0

  /// The longest line: an event with the largest JSON that a command takes is below it.
  static let longest = 8 << 20

  /// - Parameter path: `-` is standard input.
  /// - Throws: `OrchError`, `invalid-input` when there is nothing to be read.
  package init(_ path: String) throws {
    name = path == "-" ? "standard input" : path
    let input = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw OrchError.invalid("cannot read \(path): \(String(cString: strerror(errno)))") }
    var status = stat()
    guard fstat(input, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      if input > 0 { close(input) }
      throw OrchError.invalid("\(name) is no file")
    }
    guard path == "-" || status.st_mode & S_IFMT != S_IFREG else {
      descriptor = input
      return
    }
    defer { if input > 0 { close(input) } }
    descriptor = try Self.copy(input, name)
  }

  deinit { close(descriptor) }

  /// A copy in a file that goes with the descriptor.
  private static func copy(_ input: Int32, _ name: String) throws -> Int32 {
    let directory = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var template = Array("\(directory)/orch-import.XXXXXX".utf8CString)
    // Only its owner may read it.
    let output = mkstemp(&template)
    guard output >= 0 else {
      throw OrchError(.io, "cannot make a file in \(directory): \(String(cString: strerror(errno)))")
    }
    unlink(template)
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    do {
      while true {
        let count = piece.withUnsafeMutableBytes { Glue.read(input, $0.baseAddress!, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw OrchError.invalid("cannot read \(name): \(String(cString: strerror(errno)))") }
        guard count > 0 else { return output }
        var written = 0
        while written < count {
          let step = piece.withUnsafeBytes { Glue.write(output, $0.baseAddress! + written, count - written) }
          if step < 0, errno == EINTR { continue }
          guard step > 0 else {
            throw OrchError(
              .io, "cannot keep \(name): \(String(cString: strerror(errno)))", hint: "free some space in \(directory)")
          }
          written += step
        }
      }
    } catch {
      close(output)
      throw error
    }
  }

  /// Begins at the first line again.
  func rewind() {
    offset = 0
    buffer = []
    position = 0
    number = 0
  }

  /// The next line that is not empty, without its end.
  func next() throws -> [UInt8]? {
    while let line = try nextLine() {
      number += 1
      if !line.isEmpty { return Array(line) }
    }
    return nil
  }

  private func nextLine() throws -> ArraySlice<UInt8>? {
    var searched = position
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { position = end + 1 }
        return buffer[position..<end]
      }
      searched = buffer.count - position
      buffer.removeFirst(position)
      position = 0
      guard buffer.count <= Self.longest else {
        throw OrchError.invalid("\(name), line \(number + 1): longer than any event (\(Self.longest >> 20) MiB)")
      }
      guard try fill() else {
        guard !buffer.isEmpty else { return nil }
        defer { position = buffer.count }
        return buffer[...]
      }
    }
  }

  private func fill() throws -> Bool {
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = piece.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, offset) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw OrchError.invalid("cannot read \(name): \(String(cString: strerror(errno)))") }
      offset += off_t(count)
      buffer += piece[..<count]
      return count > 0
    }
  }
}
