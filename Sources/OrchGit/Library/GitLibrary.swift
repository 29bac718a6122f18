import CLibgit2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// libgit2, opened the first time that somebody needs it.
///
/// Opening it costs a start two milliseconds, so no command links it: those that need no git never load it, and the
/// program runs where it is not installed.
package enum GitLibrary {
  /// The version that was loaded, as `1.5.1`; nil where there is none, or another than this program was built for.
  package static var version: String? {
    guard case .success(let table) = loaded else { return nil }
    var (major, minor, revision): (Int32, Int32, Int32) = (0, 0, 0)
    _ = table.libgit2_version(&major, &minor, &revision)
    return "\(major).\(minor).\(revision)"
  }

  /// Why it cannot be used, or nil.
  package static var obstacle: GitError? {
    if case .failure(let error) = loaded { error } else { nil }
  }

  /// Whether no other thread runs, so that the process may do without opening files for a moment. Set before the first use.
  package nonisolated(unsafe) static var isAlone = false

  /// The functions.
  static func functions() throws(GitError) -> orch_git { try loaded.get() }

  /// The functions, where a repository is open already.
  static var table: orch_git {
    guard case .success(let table) = loaded else { preconditionFailure("a repository without libgit2") }
    return table
  }

  private nonisolated(unsafe) static let loaded: Result<orch_git, GitError> = load()

  private static func load() -> Result<orch_git, GitError> {
    let name = String(cString: orch_git_library())
    var candidates = [name]
    #if canImport(Darwin)
      candidates += ["/opt/homebrew/lib/", "/usr/local/lib/"].map { $0 + name }
    #endif
    var handle: UnsafeMutableRawPointer?
    for candidate in candidates where handle == nil { handle = dlopen(candidate, RTLD_NOW | RTLD_LOCAL) }
    guard let handle else {
      return .failure(
        GitError(.noLibrary, "libgit2 \(LIBGIT2_VER_MAJOR).\(LIBGIT2_VER_MINOR) is not installed (\(name))"))
    }
    var table = orch_git()
    if let missing = orch_git_load(&table, handle) {
      return .failure(GitError(.noLibrary, "\(name) has no \(String(cString: missing))"))
    }
    var (major, minor, revision): (Int32, Int32, Int32) = (0, 0, 0)
    _ = table.libgit2_version(&major, &minor, &revision)
    // The layouts of its structures change between minor versions.
    guard major == LIBGIT2_VER_MAJOR, minor == LIBGIT2_VER_MINOR else {
      return .failure(
        GitError(
          .noLibrary,
          "\(name) is libgit2 \(major).\(minor), and this program is for \(LIBGIT2_VER_MAJOR).\(LIBGIT2_VER_MINOR)"))
    }
    guard start(table) else { return .failure(GitError(.noLibrary, "libgit2 does not start")) }
    _ = orch_git_open_extensions(&table)
    _ = orch_git_limit_windows(&table)
    return .success(table)
  }

  /// Starts the library, without the certificates of the system's authorities.
  ///
  /// On Linux it reads all of them as it starts, six milliseconds long, for connections that are never made here. It goes
  /// on where that file cannot be opened, so for the moment none can be.
  private static func start(_ table: orch_git) -> Bool {
    #if os(Linux)
      guard isAlone else { return table.libgit2_init() > 0 }
      var limit = rlimit()
      guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return table.libgit2_init() > 0 }
      var none = limit
      none.rlim_cur = 0
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &none)
      defer { setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) }
    #endif
    return table.libgit2_init() > 0
  }
}
