import OrchCore
import OrchGit
import OrchSystem
import SystemPackage

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
    guard let bytes = try? FileIO.read(directory + "/" + name) else { return [] }
    return bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Replaces a file as a whole. False, and nothing changed, where that is not possible.
  @discardableResult
  func write(_ lines: [String], to name: String) -> Bool {
    attempt(name) { path throws(Errno) in
      try FileIO.replace(path, with: Self.bytes(lines), .shared, isSynced: false)
    }
  }

  /// Adds lines at the end, in one write.
  @discardableResult
  func append(_ lines: [String], to name: String) -> Bool {
    attempt(name) { path throws(Errno) in try FileIO.append(Self.bytes(lines), to: path) }
  }

  private static func bytes(_ lines: [String]) -> [UInt8] { Array((lines.joined(separator: "\n") + "\n").utf8) }

  private func attempt(_ name: String, _ body: (String) throws(Errno) -> Void) -> Bool {
    do {
      try FileIO.createDirectory(directory)
      try body(directory + "/" + name)
      return true
    } catch {
      return false
    }
  }

  /// Takes a file away from whoever else would read it, and returns its lines: each line is handled by one process.
  func take(_ name: String) -> (lines: [String], done: () -> Void) {
    let path = directory + "/" + name
    let taken = "\(name).\(CurrentProcess.id).taken"
    giveBack(name)
    guard (try? FileIO.rename(path, to: directory + "/" + taken)) != nil else { return ([], {}) }
    return (lines(taken), { FileIO.removeIfThere(directory + "/" + taken) })
  }

  /// Gives back what a process took that was killed before it had handled it.
  private func giveBack(_ name: String) {
    for file in (try? FileIO.names(in: directory)) ?? [] {
      guard file.hasPrefix(name + "."), file.hasSuffix(".taken"),
        let process = Int32(file.dropFirst(name.count + 1).dropLast(".taken".count)),
        !CurrentProcess.isRunning(process)
      else { continue }
      // Twice is harmless, lost is not: the lines are there again before the file goes.
      let left = lines(file)
      if left.isEmpty || append(left, to: name) { FileIO.removeIfThere(directory + "/" + file) }
    }
  }
}
