#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
internal import OrchGit
internal import OrchSQLite

/// The versions of the libraries that the program uses or would use.
enum LibraryVersions {
  static let program = "0.1.0"

  static var text: String {
    "orch \(program)\nlibsqlite3 \(SQLiteStore.libraryVersion)\nlibgit2 \(GitLibrary.version ?? "none")\nlibpq \(pq ?? "none")"
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
