#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
internal import OrchSQLite

/// The versions of the libraries that the program uses or would use.
enum LibraryVersions {
  static let program = "0.1.0"

  static var text: String {
    "orch \(program)\nlibsqlite3 \(SQLiteStore.libraryVersion)\nlibgit2 \(git2 ?? "none")\nlibpq \(pq ?? "none")"
  }

  /// libgit2's, if it can be loaded.
  static var git2: String? {
    #if canImport(Darwin)
      let names = ["libgit2.dylib", "/opt/homebrew/lib/libgit2.dylib", "/usr/local/lib/libgit2.dylib"]
    #else
      let names = ["libgit2.so.1.5", "libgit2.so.1.7", "libgit2.so.1.8", "libgit2.so.1.9", "libgit2.so"]
    #endif
    typealias Version = @convention(c) (
      UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>
    ) -> Int32
    guard let symbol = symbol("git_libgit2_version", in: names) else { return nil }
    var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
    _ = unsafeBitCast(symbol, to: Version.self)(&major, &minor, &patch)
    return "\(major).\(minor).\(patch)"
  }

  /// libpq's, if it can be loaded.
  static var pq: String? {
    #if canImport(Darwin)
      let names = ["libpq.dylib", "/opt/homebrew/opt/libpq/lib/libpq.dylib", "/usr/local/opt/libpq/lib/libpq.dylib"]
    #else
      let names = ["libpq.so.5"]
    #endif
    guard let symbol = symbol("PQlibVersion", in: names) else { return nil }
    let number = unsafeBitCast(symbol, to: (@convention(c) () -> Int32).self)()
    return "\(number / 10000).\(number % 10000)"
  }

  private static func symbol(_ name: String, in libraries: [String]) -> UnsafeMutableRawPointer? {
    for library in libraries {
      if let handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL), let symbol = dlsym(handle, name) { return symbol }
    }
    return nil
  }
}
