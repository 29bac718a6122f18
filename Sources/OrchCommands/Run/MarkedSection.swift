#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchApp

/// The part of a text file that a command writes; the rest is its owner's.
struct MarkedSection {
  private let begin: [UInt8]
  private let end: [UInt8]

  init(_ name: String) {
    begin = Array("<!-- begin orch \(name) -->".utf8)
    end = Array("<!-- end orch \(name) -->".utf8)
  }

  /// The text of a file with the section replaced, or added at the end.
  ///
  /// - Throws: `refused` for a section that begins and does not end.
  func replaced(in text: [UInt8], by section: String) throws -> [UInt8] {
    let inside = Array("\n\n\(section)\n\n".utf8)
    guard let first = find(begin, in: text, from: 0) else {
      guard find(end, in: text, from: 0) == nil else { throw broken }
      var text = text
      if !text.isEmpty, text.last != UInt8(ascii: "\n") { text.append(UInt8(ascii: "\n")) }
      if !text.isEmpty { text.append(UInt8(ascii: "\n")) }
      return text + begin + inside + end + [UInt8(ascii: "\n")]
    }
    guard let last = find(end, in: text, from: first), find(begin, in: text, from: first + 1) == nil else {
      throw broken
    }
    return text[..<first] + begin + inside + text[last...]
  }

  private var broken: OrchError {
    .refused(
      "the file's marked section is not whole",
      hint:
        "keep exactly one pair of \(String(decoding: begin, as: UTF8.self)) and \(String(decoding: end, as: UTF8.self))"
    )
  }

  private func find(_ needle: [UInt8], in text: [UInt8], from start: Int) -> Int? {
    guard text.count >= needle.count else { return nil }
    var index = start
    while index + needle.count <= text.count {
      if text[index] == needle[0], text[index..<(index + needle.count)].elementsEqual(needle) { return index }
      index += 1
    }
    return nil
  }

  /// Replaces the section in a file, which need not be there yet; its mode stays.
  func write(_ section: String, to path: String) throws {
    try TextFile.replace(path, with: replaced(in: TextFile.read(path) ?? [], by: section))
  }
}

/// Whole files of text.
enum TextFile {
  /// The bytes of a file; nil where there is none.
  static func read(_ path: String) throws -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw failure(path)
    }
    defer { close(descriptor) }
    return try read(descriptor, path)
  }

  /// All that comes from a descriptor.
  static func read(_ descriptor: Int32, _ name: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = piece.withUnsafeMutableBytes { Glue.read(descriptor, $0.baseAddress!, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(name) }
      guard count > 0 else { return bytes }
      bytes += piece[..<count]
    }
  }

  /// Replaces a file as a whole: nobody sees half of it.
  static func replace(_ path: String, with bytes: [UInt8]) throws {
    // What a link leads to is replaced, not the link.
    let target =
      realpath(path, nil).map { pointer in
        defer { free(pointer) }
        return String(cString: pointer)
      } ?? path
    var status = stat()
    let mode = stat(target, &status) == 0 ? status.st_mode & 0o7777 : 0o666
    let temporary = "\(target).\(getpid()).new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
    guard descriptor >= 0 else { throw failure(path) }
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { Glue.write(descriptor, $0.baseAddress! + sent, $0.count - sent) }
      guard count > 0 else {
        let error = failure(path)
        close(descriptor)
        unlink(temporary)
        throw error
      }
      sent += count
    }
    if status.st_mode != 0 { fchmod(descriptor, mode) }
    guard close(descriptor) == 0, rename(temporary, target) == 0 else {
      let error = failure(path)
      unlink(temporary)
      throw error
    }
  }

  private static func failure(_ path: String) -> OrchError {
    let code: ErrorCode = errno == EACCES || errno == EPERM ? .permission : .io
    return OrchError(code, "\(path): \(String(cString: strerror(errno)))")
  }
}
