#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Files, for tests: whole ones at a time.
package enum Files {
  package struct Failure: Error, CustomStringConvertible {
    package var description: String

    init(_ what: String) { description = "\(what): \(String(cString: strerror(errno)))" }
  }

  package static func read(_ path: String) throws -> [UInt8] {
    guard let file = fopen(path, "re") else { throw Failure("cannot open \(path)") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = fread(&piece, 1, piece.count, file)
      if count == 0 { return bytes }
      bytes += piece[..<count]
    }
  }

  @discardableResult
  package static func write(_ bytes: some Collection<UInt8>, to path: String) throws -> String {
    guard let file = fopen(path, "we") else { throw Failure("cannot create \(path)") }
    defer { fclose(file) }
    let bytes = Array(bytes)
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw Failure("cannot write \(path)") }
    return path
  }

  @discardableResult
  package static func write(_ text: String, to path: String) throws -> String { try write(text.utf8, to: path) }

  package static func copy(_ source: String, to target: String) throws { try write(read(source), to: target) }

  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The permission bits.
  package static func mode(_ path: String) -> UInt32 {
    var status = stat()
    return stat(path, &status) == 0 ? UInt32(status.st_mode) & 0o7777 : 0
  }

  package static func setMode(_ path: String, _ mode: UInt32) { chmod(path, mode_t(mode)) }

  /// Makes a named pipe: who opens it for reading waits until somebody writes.
  package static func makePipe(_ path: String) {
    guard mkfifo(path, 0o600) == 0 else { fatalError("cannot make the pipe \(path)") }
  }

  package static func makeDirectory(_ path: String) {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
    makeDirectory(String(path[..<slash]))
    mkdir(path, 0o700)
  }

  /// The names in a directory, sorted; none when it is none.
  package static func names(in path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Removes a file, or a directory with all that is in it.
  package static func remove(_ path: String) {
    if unlink(path) == 0 { return }
    for name in names(in: path) { remove(path + "/" + name) }
    rmdir(path)
  }

  /// A new directory of its own.
  package static func makeScratch() -> String {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/orch-cmd-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { fatalError("no scratch directory in \(base)") }
    return CommandRunner.real(String(cString: made))
  }
}
