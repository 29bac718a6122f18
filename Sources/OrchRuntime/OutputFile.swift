package import OrchApp
package import OrchCore
import OrchSystem
package import SystemPackage

/// A file that a request asks for: it is there when it is complete, and before that not at all.
package final class OutputFile {
  private let name: String
  private let path: String
  private let permissions: AtomicFile.Permissions
  private var file: AtomicFile?

  /// Makes no file yet: in a work tree it would be one that is not committed.
  ///
  /// - Parameter isShared: others may read it, as the user's mask has it; else only its owner.
  /// - Throws: `OrchError` when there is something else than a file, or the directory takes none.
  package init(_ name: String, in workspace: Workspace, isShared: Bool = false) throws {
    self.name = name
    path = workspace.absolute(name)
    permissions = isShared ? .shared : .owner
    if let status = try? FileStatus(of: path), status.kind != .file {
      throw OrchError.usage(.errorNoPlainFile(path: name))
    }
    do throws(Errno) {
      try FileIO.checkWritable(FileIO.split(path).directory)
    } catch {
      throw OrchError(error, writing: name)
    }
  }

  package func write(_ line: JSON) throws {
    var bytes: [UInt8] = []
    line.write(into: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    try attempt { file throws(Errno) in try file.write(bytes) }
  }

  package func write(_ text: String) throws { try attempt { file throws(Errno) in try file.write(text.utf8) } }

  /// Puts the file under its name.
  package func finish() throws { try attempt { file throws(Errno) in try file.commit() } }

  private func attempt(_ body: (AtomicFile) throws(Errno) -> Void) throws {
    do throws(Errno) {
      if file == nil { file = try AtomicFile(path, permissions) }
      if let file { try body(file) }
    } catch {
      throw OrchError(error, writing: name)
    }
  }
}

extension OrchError {
  /// A file that cannot be read or written.
  package init(_ error: Errno, _ path: String) {
    self.init(error, .errorFile(path: path, detail: error.description))
  }

  /// A file that a request asks for, under the name that the request gives it.
  fileprivate init(_ error: Errno, writing name: String) {
    self.init(error, .errorCannotWrite(name: name, detail: error.description))
  }

  private init(_ error: Errno, _ message: Message) {
    let isRight = error == .permissionDenied || error == .notPermitted
    self.init(isRight ? .permission : .io, message)
  }
}
