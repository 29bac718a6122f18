#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchCore
import OrchGit

/// What orch keeps in a repository's common git directory, under `orch/`: nothing that cannot be found out again.
struct RepositoryFiles {
  private let directory: String

  init(_ repository: GitRepository) { directory = repository.commonDirectory + "/orch" }

  /// The name of the first root commit, found once.
  func root(_ find: () throws(GitError) -> ObjectName?) throws(GitError) -> ObjectName? {
    if let known = lines("root").first, let name = ObjectName(known) { return name }
    guard let found = try find() else { return nil }
    write([found.hex], to: "root")
    return found
  }

  /// The lines of a file; none where there is no such file.
  func lines(_ name: String) -> [String] {
    guard let bytes = read(directory + "/" + name) else { return [] }
    return bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Replaces a file as a whole. False, and nothing changed, where that is not possible.
  @discardableResult
  func write(_ lines: [String], to name: String) -> Bool {
    mkdir(directory, 0o777)
    let path = directory + "/" + name
    let temporary = path + ".\(getpid()).new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { return false }
    let isWritten = put(Array((lines.joined(separator: "\n") + "\n").utf8), descriptor)
    guard close(descriptor) == 0, isWritten, rename(temporary, path) == 0 else {
      unlink(temporary)
      return false
    }
    return true
  }

  /// Adds lines at the end, in one write.
  @discardableResult
  func append(_ lines: [String], to name: String) -> Bool {
    mkdir(directory, 0o777)
    let descriptor = open(directory + "/" + name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return put(Array((lines.joined(separator: "\n") + "\n").utf8), descriptor)
  }

  /// Takes a file away from whoever else would read it, and returns its lines: each line is handled by one process.
  func take(_ name: String) -> (lines: [String], done: () -> Void) {
    let path = directory + "/" + name
    let taken = path + ".\(getpid()).taken"
    giveBack(name)
    guard rename(path, taken) == 0 else { return ([], {}) }
    return (lines("\(name).\(getpid()).taken"), { unlink(taken) })
  }

  /// Gives back what a process took that was killed before it had handled it.
  private func giveBack(_ name: String) {
    guard let stream = opendir(directory) else { return }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let file = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard file.hasPrefix(name + "."), file.hasSuffix(".taken"),
        let process = pid_t(file.dropFirst(name.count + 1).dropLast(".taken".count)), kill(process, 0) != 0,
        errno == ESRCH
      else { continue }
      // Twice is harmless, lost is not: the lines are there again before the file goes.
      let left = lines(file)
      if left.isEmpty || append(left, to: name) { unlink(directory + "/" + file) }
    }
  }

  private func read(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = Glue.read(descriptor, &chunk, chunk.count)
      guard count > 0 else { return count == 0 ? bytes : nil }
      bytes += chunk[..<count]
    }
  }

  private func put(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { Glue.write(descriptor, $0.baseAddress! + sent, bytes.count - sent) }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }
}
