#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchApp

/// The process's surroundings.
struct Environment {
  /// A variable; an empty one is unset.
  subscript(name: String) -> String? {
    guard let value = getenv(name), value[0] != 0 else { return nil }
    return String(cString: value)
  }

  /// The directory of the default database and of the lease files.
  var dataDirectory: String {
    (self["OPENCLAW_STATE_DIR"] ?? home + "/.openclaw") + "/data"
  }

  var defaultDatabase: String { dataDirectory + "/orchestrator.db" }

  var home: String {
    if let home = self["HOME"] { return home }
    guard let user = getpwuid(getuid()), let directory = user.pointee.pw_dir else { return "/" }
    return String(cString: directory)
  }

  var host: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  var login: String {
    guard let user = getpwuid(getuid()), let name = user.pointee.pw_name else {
      return self["LOGNAME"] ?? self["USER"] ?? "uid\(getuid())"
    }
    return String(cString: name)
  }

  /// The current directory, without symbolic links.
  var directory: String {
    guard let path = realpath(".", nil) else { return self["PWD"] ?? "/" }
    defer { free(path) }
    return String(cString: path)
  }

  /// The place where the agent runs: the top of the work tree, else the current directory.
  var place: Instance {
    let here = directory
    var path = here[...]
    while !path.isEmpty {
      if access(String(path) + "/.git", F_OK) == 0 {
        return Instance(name: String(path), isNamed: false, isWorkTree: true)
      }
      path = path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)
    }
    return Instance(name: here, isNamed: false, isWorkTree: false)
  }

  /// Whether the current directory is inside a repository, a bare one included, by a look at the directories.
  var isInRepository: Bool {
    if place.isWorkTree { return true }
    var path = directory[...]
    while !path.isEmpty {
      if access(String(path) + "/HEAD", F_OK) == 0, access(String(path) + "/objects", F_OK) == 0 { return true }
      path = path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)
    }
    return false
  }

  /// A path made absolute, from the current directory.
  func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : directory + "/" + path }
}
