import CLibPQ
import OrchSystem

/// libpq, opened the first time that somebody needs it.
///
/// Opening it costs a start three milliseconds, so no command links it: those on another engine never load it, and the
/// program runs where it is not installed. Its interface is stable within the major version that its file name has; the
/// pipeline functions, which came with libpq 14, tell an older one.
package enum PQLibrary {
  /// The version that was loaded, as `15.5`; nil where there is none that serves.
  package static var version: String? {
    guard case .success(let table) = loaded else { return nil }
    return text(table.libVersion())
  }

  /// The version of libpq's header.
  static var headerVersion: String { text(orch_pq_header_version()) }

  private static func text(_ number: Int32) -> String { "\(number / 10000).\(number % 10000)" }

  /// The functions.
  static func functions() throws(PostgresFailure) -> orch_pq { try loaded.get() }

  private static let loaded: Result<orch_pq, PostgresFailure> = load()

  private static func load() -> Result<orch_pq, PostgresFailure> {
    #if os(macOS)
      let names = [
        "libpq.5.dylib", "/opt/homebrew/opt/libpq/lib/libpq.5.dylib", "/usr/local/opt/libpq/lib/libpq.5.dylib"
      ]
    #else
      let names = ["libpq.so.5"]
    #endif
    guard let (name, handle) = DynamicLibrary.open(names) else {
      return .failure(PostgresFailure(.noLibrary, .postgresNoLibrary(name: names[0])))
    }
    var table = orch_pq()
    if let missing = orch_pq_load(&table, handle) {
      return .failure(
        PostgresFailure(.noLibrary, .postgresOldLibrary(name: name, function: String(cString: missing))))
    }
    return .success(table)
  }
}
