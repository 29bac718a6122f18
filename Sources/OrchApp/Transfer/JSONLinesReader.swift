package import OrchCore
import OrchSystem
import SystemPackage

/// The lines of a file that is read several times.
///
/// What is not a plain file (standard input, a pipe) is copied into one that has no name, before anything else.
package final class JSONLinesReader {
  private let file: FileDescriptor
  /// How it is called in errors.
  package let name: Message
  private var offset: Int64 = 0
  private var buffer: [UInt8] = []
  private var position = 0
  /// The number of the line that was read last.
  private(set) var number = 0

  /// The longest line: an event with the largest JSON that a command takes is below it.
  static let longest = 8 << 20

  /// - Parameters:
  ///   - path: `-` is standard input.
  ///   - name: how the file is called in errors; nil: by its path.
  /// - Throws: `OrchError`, `invalid-input` when there is nothing to be read.
  package init(_ path: String, name: String? = nil) throws {
    let name: Message = path == "-" ? .nameStandardInput : Message(verbatim: name ?? path)
    self.name = name
    let input: FileDescriptor
    do throws(Errno) {
      input = path == "-" ? .standardInput : try FileIO.open(path, .readOnly)
    } catch {
      throw OrchError.invalid(.errorCannotRead(path: name, detail: "\(error)"))
    }
    let kind = (try? FileStatus(of: input))?.kind
    guard path == "-" || kind != .file else {
      file = input
      return
    }
    defer { if path != "-" { FileIO.close(input) } }
    guard let kind, kind != .directory else { throw OrchError.invalid(.errorNoFile(name: name)) }
    file = try Self.copy(input, name)
  }

  deinit { FileIO.close(file) }

  /// A copy in a file that goes with the descriptor.
  private static func copy(_ input: FileDescriptor, _ name: Message) throws -> FileDescriptor {
    let directory = CurrentProcess.variable("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    let path = "\(directory)/orch-import.\(String(UInt64.random(in: 0 ... .max), radix: 36))"
    let output: FileDescriptor
    do throws(Errno) {
      // Only its owner may read it.
      output = try FileIO.open(path, .readWrite, [.create, .exclusiveCreate, .noFollow], permissions: 0o600)
      FileIO.removeIfThere(path)
    } catch {
      throw OrchError(.io, .errorCannotMakeFile(directory: directory, detail: "\(error)"))
    }
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var isReading = true
    do throws(Errno) {
      while true {
        isReading = true
        let count = try FileIO.readSome(input, &piece)
        guard count > 0 else { return output }
        isReading = false
        try FileIO.write(Array(piece[..<count]), to: output)
      }
    } catch {
      FileIO.close(output)
      guard !isReading else { throw OrchError.invalid(.errorCannotRead(path: name, detail: "\(error)")) }
      throw OrchError(
        .io, .errorCannotKeep(name: name, detail: "\(error)"), hint: .text(.hintFreeSpaceIn(directory: directory)))
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
        throw OrchError.invalid(.errorLineTooLong(name: name, number: number + 1, longest: Self.longest >> 20))
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
    let count: Int
    do throws(Errno) {
      count = try FileIO.readSome(file, at: offset, &piece)
    } catch {
      throw OrchError.invalid(.errorCannotRead(path: name, detail: "\(error)"))
    }
    offset += Int64(count)
    buffer += piece[..<count]
    return count > 0
  }
}
