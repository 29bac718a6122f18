import OrchCore
import OrchSystem
import SystemPackage

/// The few things done with files here, each of them whole or not at all.
enum HookFile {
  /// What lies at a path; a symbolic link is not followed.
  enum Entry {
    case none
    case file([UInt8], mode: UInt32)
    case link
    /// A directory, or something else that is no hook.
    case other
  }

  static func entry(_ path: String) throws(GitError) -> Entry {
    do throws(Errno) {
      let status = try FileStatus(of: path, followsLinks: false)
      switch status.kind {
      case .link: return .link
      case .file: return .file(try FileIO.read(path), mode: status.permissions)
      case .directory, .special: return .other
      }
    } catch {
      if error == .noSuchFileOrDirectory || error == .notDirectory { return .none }
      throw GitError(.failed, .fileCannotBeRead(path: path, detail: error.description))
    }
  }

  /// Whether there is anything at a path, be it a link that leads nowhere.
  static func exists(_ path: String) -> Bool { (try? FileStatus(of: path, followsLinks: false)) != nil }

  /// Replaces a file, or makes it: under another name first, so that git never runs half a hook. The owner of what is
  /// replaced is kept where that is allowed.
  static func write(_ bytes: [UInt8], to path: String, mode: UInt32) throws(GitError) {
    do throws(Errno) {
      let file = try AtomicFile(path, .exactly(mode))
      try file.write(bytes)
      try file.commit(keepsOwner: true)
    } catch {
      throw GitError(.failed, .fileCannotBeWritten(path: path, detail: error.description))
    }
  }

  /// Gives a file another name; what has that name is replaced.
  static func move(_ path: String, to target: String) throws(GitError) {
    do throws(Errno) { try FileIO.rename(path, to: target) } catch {
      throw GitError(.failed, .fileCannotBeWritten(path: target, detail: error.description))
    }
  }

  static func remove(_ path: String) throws(GitError) {
    do throws(Errno) {
      try FileIO.remove(path)
    } catch {
      if error != .noSuchFileOrDirectory {
        throw GitError(.failed, .fileCannotBeRemoved(path: path, detail: error.description))
      }
    }
  }

  /// Makes a link in a directory, which is made, too. Without a word where the file system has no links: it is a
  /// convenience only.
  static func link(_ name: String, in directory: String, to target: String) {
    try? FileIO.createDirectory(directory)
    FileIO.removeIfThere(directory + "/" + name)
    try? FileIO.symlink(directory + "/" + name, to: target)
  }

  /// Removes what `link` made, and the directory with the last one.
  static func unlinkLink(_ name: String, in directory: String) {
    let path = directory + "/" + name
    if (try? FileStatus(of: path, followsLinks: false))?.kind == .link { FileIO.removeIfThere(path) }
    try? FileIO.removeDirectory(directory)
  }

  /// Creates a directory and those above it that are missing, as git would.
  static func createDirectories(_ path: String) throws(GitError) {
    do throws(Errno) {
      try FileIO.createDirectories(path)
    } catch .notDirectory {
      throw GitError(
        .invalid, .hooksNotDirectory(path: path),
        hint: .text(.hintUnsetHooksPath))
    } catch {
      throw GitError(.failed, .fileCannotBeCreated(path: path, detail: error.description))
    }
  }
}
