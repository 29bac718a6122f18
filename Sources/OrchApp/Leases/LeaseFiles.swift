#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchCore

/// The directory of lease files: where tokens live, one file each, readable by their owner alone.
///
/// The files are a convenience of the holder. The database alone says which tokens are live.
package struct LeaseFiles: Sendable {
  /// The directory's path.
  package let directory: String

  package init(directory: String) {
    self.directory = directory
  }

  /// Every file that reads, in no order. A directory that is not there holds none.
  package func all() -> [LeaseFile] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var files: [LeaseFile] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.utf8.count == 16, let file = read(name) else { continue }
      files.append(file)
    }
    return files
  }

  /// The newest file of an agent (of anybody, when nil) nearest to a place: where a holder's database is known from.
  package func newest(agent: String?, near place: Instance) -> LeaseFile? {
    all().compactMap { file -> (file: LeaseFile, distance: Int)? in
      guard agent == nil || agent == file.agent, let distance = place.distance(to: file.instance) else { return nil }
      return (file, distance)
    }.min { ($0.distance, $1.file.writtenAt) < ($1.distance, $0.file.writtenAt) }?.file
  }

  private func read(_ name: String) -> LeaseFile? {
    let descriptor = open(directory + "/" + name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size <= 65536 else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    let count = bytes.withUnsafeMutableBytes { buffer in
      Self.retrying { pread(descriptor, buffer.baseAddress, buffer.count, 0) }
    }
    guard count == bytes.count else { return nil }
    #if canImport(Darwin)
      let written = status.st_mtimespec
    #else
      let written = status.st_mtim
    #endif
    return LeaseFile(bytes, writtenAt: Int64(written.tv_sec) * 1_000_000_000 + Int64(written.tv_nsec))
  }

  /// Creates the file of a token that is about to be granted. Never overwrites another's.
  ///
  /// - Throws: `OrchError` with `permission` or `io`: no file, no claim.
  func create(_ file: LeaseFile) throws {
    let path = directory + "/" + file.name
    var descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if descriptor < 0, errno == ENOENT {
      try makeDirectory(directory)
      descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
    guard descriptor >= 0 else { throw Self.failure("cannot create the lease file \(path)") }
    defer { close(descriptor) }
    do {
      try Self.write(file.claimLine, to: descriptor, path)
    } catch {
      unlink(path)
      throw error
    }
  }

  /// Adds what the database granted. Best effort: errors are ignored, since the token alone identifies the grant.
  func complete(_ file: LeaseFile, session: String, task: String) {
    let path = directory + "/" + file.name
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    try? Self.write(LeaseFile.grantLine(session: session, task: task), to: descriptor, path)
  }

  /// Makes a file point to where its database has gone; its age stays.
  ///
  /// - Returns: false when it could not be done: the holder is told by the database then.
  func replace(_ file: LeaseFile, database: String, logID: String) -> Bool {
    var moved = file
    moved.database = database
    moved.logID = logID
    let path = directory + "/" + file.name
    let temporary = directory + "/." + file.name
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    do {
      try Self.write(moved.claimLine, to: descriptor, temporary)
      if let session = file.session, let task = file.task {
        try Self.write(LeaseFile.grantLine(session: session, task: task), to: descriptor, temporary)
      }
    } catch {
      unlink(temporary)
      return false
    }
    let time = timespec(tv_sec: Int(file.writtenAt / 1_000_000_000), tv_nsec: Int(file.writtenAt % 1_000_000_000))
    let times = [time, time]
    futimens(descriptor, times)
    guard rename(temporary, path) == 0 else {
      unlink(temporary)
      return false
    }
    return true
  }

  func remove(_ file: LeaseFile) {
    unlink(directory + "/" + file.name)
  }

  private static func write(_ line: JSON, to descriptor: Int32, _ path: String) throws {
    var bytes = [UInt8]()
    line.write(into: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    let written = bytes.withUnsafeBytes { buffer in
      retrying { Glue.write(descriptor, buffer.baseAddress, buffer.count) }
    }
    guard written == bytes.count else { throw failure("cannot write the lease file \(path)") }
  }

  private func makeDirectory(_ path: String) throws {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw Self.failure("cannot create \(path)")
    }
    try makeDirectory(String(path[..<slash]))
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Self.failure("cannot create \(path)") }
  }

  private static func retrying(_ call: () -> Int) -> Int {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  private static func failure(_ what: String) -> OrchError {
    let number = errno
    let reason = String(cString: strerror(number))
    switch number {
    case EACCES, EPERM:
      return OrchError(.permission, "\(what): \(reason)", hint: "nothing was claimed; check who owns the directory")
    default:
      return OrchError(.io, "\(what): \(reason)", hint: "nothing was claimed")
    }
  }
}
