import CLibgit2
import OrchSystem

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

  /// The version of libgit2's header.
  package static var headerVersion: String { LIBGIT2_VERSION }

  /// Why it cannot be used, or nil.
  package static var obstacle: GitError? {
    if case .failure(let error) = loaded { error } else { nil }
  }

  /// What the process that uses the library allows. These are settings of the whole process: only a program's own main
  /// knows whether they are right.
  package struct Options: Sendable {
    /// No other thread runs: starting the library may forbid opening files for a moment, which spares six milliseconds.
    package var isSingleThreaded: Bool
    /// A walk over a whole history may switch off the library's cache of objects and its hashing of each object read, for
    /// everything that the process reads from then on.
    package var streamsWalks: Bool

    package init(isSingleThreaded: Bool = false, streamsWalks: Bool = false) {
      self.isSingleThreaded = isSingleThreaded
      self.streamsWalks = streamsWalks
    }
  }

  /// Says what the process allows. Counts when it comes before the library's first use.
  package static func configure(_ options: Options) { lock.withLock { given = options } }

  private static let lock = Lock()
  /// Guarded by `lock`.
  private nonisolated(unsafe) static var given = Options()

  static var options: Options { lock.withLock { given } }

  /// Reads objects as a walk over a whole history does, where the process allows it: git itself hashes none of them.
  static func beginStreaming(_ table: inout orch_git) {
    if options.streamsWalks { _ = orch_git_stream(&table) }
  }

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
    #if os(macOS)
      candidates += ["/opt/homebrew/lib/", "/usr/local/lib/"].map { $0 + name }
    #endif
    guard let handle = DynamicLibrary.open(candidates)?.handle else {
      return .failure(
        GitError(.noLibrary, .gitNoLibrary(major: Int(LIBGIT2_VER_MAJOR), minor: Int(LIBGIT2_VER_MINOR), name: name)))
    }
    var table = orch_git()
    if let missing = orch_git_load(&table, handle) {
      return .failure(GitError(.noLibrary, .gitLibraryLacks(name: name, function: String(cString: missing))))
    }
    var (major, minor, revision): (Int32, Int32, Int32) = (0, 0, 0)
    _ = table.libgit2_version(&major, &minor, &revision)
    // The layouts of its structures change between minor versions.
    guard major == LIBGIT2_VER_MAJOR, minor == LIBGIT2_VER_MINOR else {
      return .failure(
        GitError(
          .noLibrary,
          .gitLibraryVersion(
            name: name, major: Int(major), minor: Int(minor), wantedMajor: Int(LIBGIT2_VER_MAJOR),
            wantedMinor: Int(LIBGIT2_VER_MINOR))))
    }
    guard start(table) else { return .failure(GitError(.noLibrary, .gitLibraryStart)) }
    _ = orch_git_open_extensions(&table)
    _ = orch_git_limit_windows(&table)
    return .success(table)
  }

  /// Starts the library, without the certificates of the system's authorities.
  ///
  /// On Linux it reads all of them as it starts, six milliseconds long, for connections that are never made here. It goes
  /// on where that file cannot be opened, so for the moment none can be.
  private static func start(_ table: orch_git) -> Bool {
    options.isSingleThreaded
      ? ResourceLimits.withoutNewFiles { table.libgit2_init() > 0 } : table.libgit2_init() > 0
  }
}
