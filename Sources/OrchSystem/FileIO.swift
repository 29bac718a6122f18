import CPlatform
package import SystemPackage

/// Files and directories by their paths.
///
/// Everything here throws `Errno`, whose description is the system's own words.
package enum FileIO {
  // MARK: Reading

  /// All bytes of a file.
  ///
  /// - Throws: `Errno`, `.fileTooLarge` when there are more than `limit`.
  package static func read(_ path: String, limit: Int = .max) throws(Errno) -> [UInt8] {
    let file = try open(path, .readOnly)
    defer { close(file) }
    return try read(file, limit: limit)
  }

  /// Everything that comes from a descriptor until its end.
  ///
  /// - Throws: `Errno`, `.fileTooLarge` when there are more bytes than `limit`.
  package static func read(_ file: FileDescriptor, limit: Int = .max) throws(Errno) -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = try readSome(file, &piece)
      guard count > 0 else { return bytes }
      bytes += piece[..<count]
      guard bytes.count <= limit else { throw .fileTooLarge }
    }
  }

  /// At most the first `count` bytes of a file. Does not wait where nobody writes into a pipe.
  package static func head(_ path: String, _ count: Int) throws(Errno) -> [UInt8] {
    let file = try open(path, .readOnly, [.nonBlocking])
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: count)
    bytes.removeLast(count - (try readSome(file, &bytes)))
    return bytes
  }

  /// Fills a buffer with what comes next, as far as one read goes; 0 at the end.
  package static func readSome(_ file: FileDescriptor, _ buffer: inout [UInt8]) throws(Errno) -> Int {
    try attempt { try buffer.withUnsafeMutableBytes { try file.read(into: $0) } }
  }

  /// The same from a place in the file, whose own position stays.
  package static func readSome(
    _ file: FileDescriptor, at offset: Int64, _ buffer: inout [UInt8]
  ) throws(Errno) -> Int {
    try attempt { try buffer.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: offset, into: $0) } }
  }

  package static func readSome(
    _ file: FileDescriptor, at offset: Int64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(Errno) -> Int {
    try attempt { try file.read(fromAbsoluteOffset: offset, into: buffer) }
  }

  // MARK: Descriptors

  /// Opens a file; what this process starts does not get it.
  package static func open(
    _ path: String, _ mode: FileDescriptor.AccessMode, _ options: FileDescriptor.OpenOptions = [],
    permissions: UInt32? = nil
  ) throws(Errno) -> FileDescriptor {
    try attempt {
      try FileDescriptor.open(
        path, mode, options: options.union(.closeOnExec),
        permissions: permissions.map { FilePermissions(rawValue: CModeT($0)) })
    }
  }

  package static func close(_ file: FileDescriptor) { try? file.close() }

  package static func write(_ bytes: [UInt8], to file: FileDescriptor) throws(Errno) {
    _ = try attempt { try file.writeAll(bytes) }
  }

  /// Makes what was written outlive a power cut.
  package static func sync(_ file: FileDescriptor) throws(Errno) { try check(fsync(file.rawValue)) }

  /// Adds bytes at the end of a file, which is made when it is not there, in one write.
  ///
  /// - Parameter permissions: of a new file, less the user's mask.
  package static func append(_ bytes: [UInt8], to path: String, permissions: UInt32 = 0o666) throws(Errno) {
    let file = try open(path, .writeOnly, [.create, .append, .noFollow], permissions: permissions)
    defer { close(file) }
    try write(bytes, to: file)
  }

  // MARK: Names

  /// Whether there is something at a path, symbolic links followed.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  package static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 }

  /// - Throws: why the user may not write there.
  package static func checkWritable(_ path: String) throws(Errno) { try check(access(path, W_OK)) }

  /// The path without symbolic links, relative parts or `..`.
  package static func realPath(_ path: String) throws(Errno) -> String {
    guard let real = realpath(path, nil) else { throw lastError }
    defer { free(real) }
    return String(cString: real)
  }

  /// The part before the last slash (`.` when there is none), and the part after it.
  package static func split(_ path: String) -> (directory: String, name: String) {
    let bytes = path.utf8
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    return (slash == bytes.startIndex ? "/" : String(path[..<slash]), String(path[bytes.index(after: slash)...]))
  }

  package static func rename(_ path: String, to target: String) throws(Errno) {
    try check(CPlatform.rename(path, target))
  }

  /// Removes a file's name, or a symbolic link.
  package static func remove(_ path: String) throws(Errno) { try check(unlink(path)) }

  package static func removeIfThere(_ path: String) { unlink(path) }

  /// Gives a file a second name. Replaces nothing.
  package static func link(_ path: String, to target: String) throws(Errno) { try check(CPlatform.link(path, target)) }

  /// Makes a symbolic link to `target`.
  package static func symlink(_ path: String, to target: String) throws(Errno) {
    try check(CPlatform.symlink(target, path))
  }

  package static func setPermissions(_ path: String, _ permissions: UInt32) throws(Errno) {
    try check(chmod(path, mode_t(permissions)))
  }

  package static func setPermissions(_ file: FileDescriptor, _ permissions: UInt32) throws(Errno) {
    try check(fchmod(file.rawValue, mode_t(permissions)))
  }

  // MARK: Directories

  /// The names in a directory, in no order, without `.` and `..`.
  package static func names(in directory: String) throws(Errno) -> [String] {
    guard let stream = opendir(directory) else { throw lastError }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = String(cString: orch_entry_name(entry))
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Creates a directory; one that is there stays as it is.
  ///
  /// - Parameter permissions: less the user's mask.
  package static func createDirectory(_ path: String, permissions: UInt32 = 0o777) throws(Errno) {
    guard mkdir(path, mode_t(permissions)) != 0 else { return }
    let error = lastError
    guard error == .fileExists else { throw error }
    guard try FileStatus(of: path).kind == .directory else { throw .notDirectory }
  }

  /// Creates a directory and those above it that are missing.
  ///
  /// - Parameter isSynced: whether each new name outlives a power cut.
  package static func createDirectories(
    _ path: String, permissions: UInt32 = 0o777, isSynced: Bool = false
  ) throws(Errno) {
    do {
      try createDirectory(path, permissions: permissions)
    } catch {
      let parent = split(path).directory
      guard error == .noSuchFileOrDirectory, parent != path else { throw error }
      try createDirectories(parent, permissions: permissions, isSynced: isSynced)
      try createDirectory(path, permissions: permissions)
      if isSynced { syncDirectory(parent) }
    }
  }

  package static func removeDirectory(_ path: String) throws(Errno) { try check(rmdir(path)) }

  /// Makes what a directory names outlive a power cut. A file system that cannot do this is left alone.
  package static func syncDirectory(_ path: String) {
    guard let directory = try? open(path, .readOnly, [.directory]) else { return }
    try? sync(directory)
    close(directory)
  }

  // MARK: Advisory locks

  /// Takes the one exclusive lock on an open file or directory without waiting. It ends with `unlock`, with the
  /// descriptor, or with the process.
  package static func tryLock(_ file: FileDescriptor) -> Bool { flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 }

  package static func unlock(_ file: FileDescriptor) { _ = flock(file.rawValue, LOCK_UN) }

  // MARK: Errors

  /// The error of the last system call of this thread.
  static var lastError: Errno { Errno(rawValue: orch_errno()) }

  static func check(_ result: Int32) throws(Errno) {
    guard result == 0 else { throw lastError }
  }

  /// Calls something of swift-system, which declares no type for what it throws and throws nothing but `Errno`.
  static func attempt<Value>(_ body: () throws -> Value) throws(Errno) -> Value {
    do {
      return try body()
    } catch {
      guard let error = error as? Errno else { preconditionFailure("not an error of the system: \(error)") }
      throw error
    }
  }
}

typealias CModeT = CInterop.Mode
