#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The few system calls and constants used here, so that one file knows how the C library is called.
enum POSIX {
  static let accessDenied = EACCES
  static let notPermitted = EPERM
  static let readOnlyFileSystem = EROFS

  /// `errno` of the calling thread.
  static var lastError: Int32 { errno }

  /// The C library's words for an error number.
  static func message(_ error: Int32) -> String {
    strerror(error).map { String(cString: $0) } ?? "error \(error)"
  }

  /// Nanoseconds of a clock that never jumps.
  static func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  /// Milliseconds since 1970 by the system's clock, which may be set.
  static func realMilliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec) / 1_000_000
  }

  /// Sleeps, less when a signal arrives.
  static func sleep(nanoseconds: UInt64) {
    var time = timespec()
    time.tv_sec = .init(nanoseconds / 1_000_000_000)
    time.tv_nsec = .init(nanoseconds % 1_000_000_000)
    nanosleep(&time, nil)
  }

  /// The path without symbolic links, relative parts or `..`; nil with `errno` set.
  static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The part before the last slash (`.` when there is none), and the part after it.
  static func split(_ path: String) -> (directory: String, name: String) {
    let bytes = path.utf8
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let directory = slash == bytes.startIndex ? "/" : String(path[..<slash])
    return (directory, String(path[bytes.index(after: slash)...]))
  }

  /// Makes what a directory names outlive a power cut. A file system that cannot do this is left alone.
  static func syncDirectory(_ path: String) {
    guard let descriptor = openDirectory(path) else { return }
    fsync(descriptor)
    close(descriptor)
  }

  // MARK: Advisory locks on a directory

  /// A descriptor of a directory, for `tryLock`; nil where it may not be read.
  static func openDirectory(_ path: String) -> Int32? {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    return descriptor < 0 ? nil : descriptor
  }

  /// Takes the one exclusive lock without waiting. It ends with `unlock`, with the descriptor, or with the process.
  static func tryLock(_ descriptor: Int32) -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

  static func unlock(_ descriptor: Int32) { flock(descriptor, LOCK_UN) }

  static func close(_ descriptor: Int32) {
    #if canImport(Darwin)
      Darwin.close(descriptor)
    #elseif canImport(Musl)
      Musl.close(descriptor)
    #else
      Glibc.close(descriptor)
    #endif
  }
}
