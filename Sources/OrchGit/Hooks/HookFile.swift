#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

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
    var status = stat()
    guard lstat(path, &status) == 0 else {
      guard errno == ENOENT || errno == ENOTDIR else { throw failure(path, "cannot be read") }
      return .none
    }
    switch status.st_mode & S_IFMT {
    case S_IFLNK: return .link
    case S_IFREG: return .file(try read(path), mode: UInt32(status.st_mode) & 0o7777)
    default: return .other
    }
  }

  /// Whether there is anything at a path, be it a link that leads nowhere.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Replaces a file, or makes it: under another name first, so that git never runs half a hook. The owner of what is
  /// replaced is kept where that is allowed.
  static func write(_ bytes: [UInt8], to path: String, mode: UInt32) throws(GitError) {
    let temporary = path + ".orch-" + String(UInt64.random(in: 0 ... .max), radix: 36)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path, "cannot be written") }
    defer { unlink(temporary) }
    var written = 0
    var isWhole = true
    while isWhole, written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Self.write(descriptor, $0) }
      if count > 0 { written += count } else { isWhole = errno == EINTR }
    }
    var old = stat()
    if lstat(path, &old) == 0 { _ = fchown(descriptor, old.st_uid, old.st_gid) }
    // After the owner: that takes bits away.
    isWhole = isWhole && fchmod(descriptor, mode_t(mode)) == 0 && fsync(descriptor) == 0
    let problem = errno
    close(descriptor)
    guard isWhole else { throw failure(path, "cannot be written", problem) }
    try move(temporary, to: path)
  }

  /// Gives a file another name; what has that name is replaced.
  static func move(_ path: String, to target: String) throws(GitError) {
    guard rename(path, target) == 0 else { throw failure(target, "cannot be written") }
  }

  static func remove(_ path: String) throws(GitError) {
    guard unlink(path) == 0 || errno == ENOENT else { throw failure(path, "cannot be removed") }
  }

  /// Makes a link in a directory, which is made, too. Without a word where the file system has no links: it is a
  /// convenience only.
  static func link(_ name: String, in directory: String, to target: String) {
    mkdir(directory, 0o777)
    unlink(directory + "/" + name)
    symlink(target, directory + "/" + name)
  }

  /// Removes what `link` made, and the directory with the last one.
  static func unlinkLink(_ name: String, in directory: String) {
    var status = stat()
    let path = directory + "/" + name
    if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK { unlink(path) }
    rmdir(directory)
  }

  /// Creates a directory and those above it that are missing, as git would.
  static func createDirectories(_ path: String) throws(GitError) {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw GitError(
          .invalid, "\(path) is where git looks for hooks, and is not a directory",
          hint: "core.hooksPath switches hooks off; unset it to use them")
      }
      return
    }
    guard errno == ENOENT else { throw failure(path, "cannot be used") }
    let parent = split(path).directory
    if parent != path { try createDirectories(parent) }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw failure(path, "cannot be created") }
  }

  /// The part before the last slash (`.` when there is none), and the part after it.
  static func split(_ path: String) -> (directory: String, name: String) {
    let bytes = path.utf8
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    return (slash == bytes.startIndex ? "/" : String(path[..<slash]), String(path[bytes.index(after: slash)...]))
  }

  private static func read(_ path: String) throws(GitError) -> [UInt8] {
    guard let file = fopen(path, "r") else { throw failure(path, "cannot be read") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 16384)
    while true {
      let count = fread(&piece, 1, piece.count, file)
      bytes += piece[..<count]
      if count == 0 { break }
    }
    guard ferror(file) == 0 else { throw failure(path, "cannot be read") }
    return bytes
  }

  private static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Darwin)
      Darwin.write(descriptor, bytes.baseAddress, bytes.count)
    #elseif canImport(Musl)
      Musl.write(descriptor, bytes.baseAddress, bytes.count)
    #else
      Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    #endif
  }

  private static func failure(_ path: String, _ what: String, _ error: Int32 = errno) -> GitError {
    GitError(.failed, "\(path) \(what): \(strerror(error).map { String(cString: $0) } ?? "error \(error)")")
  }
}
