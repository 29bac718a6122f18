private import CSQLite

/// A database opened past the program: to look inside, to tamper with it, to hold its lock, to make old ones.
package final class SQLFile {
  private let handle: OpaquePointer

  package struct Failure: Error, CustomStringConvertible {
    package var description: String
  }

  /// Opens, and if need be creates, the file at a path.
  package init(_ path: String) throws {
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil)
    guard code == SQLITE_OK, let opened else { throw Failure(description: "cannot open \(path): \(code)") }
    handle = opened
    sqlite3_busy_timeout(handle, 20_000)
    // What a test leaves in the write-ahead log stays there.
    var was: Int32 = 0
    _ = orch_sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, &was)
  }

  deinit { sqlite3_close_v2(handle) }

  /// Runs statements.
  package func run(_ script: String) throws {
    var message: UnsafeMutablePointer<CChar>?
    guard sqlite3_exec(handle, script, nil, nil, &message) == SQLITE_OK else {
      defer { sqlite3_free(message) }
      throw Failure(description: "\(message.map { String(cString: $0) } ?? "?") in \(script)")
    }
  }

  /// A query's rows, every value as text.
  package func rows(_ query: String) throws -> [[String?]] {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, query, -1, &statement, nil) == SQLITE_OK else {
      throw Failure(description: "\(String(cString: sqlite3_errmsg(handle))) in \(query)")
    }
    defer { sqlite3_finalize(statement) }
    var rows: [[String?]] = []
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW:
        rows.append(
          (0..<sqlite3_column_count(statement)).map { sqlite3_column_text(statement, $0).map { String(cString: $0) } })
      case SQLITE_DONE: return rows
      default: throw Failure(description: "\(String(cString: sqlite3_errmsg(handle))) in \(query)")
      }
    }
  }

  /// The first value of a query.
  package func value(_ query: String) throws -> String? { try rows(query).first?.first ?? nil }

  /// Runs statements on the file at a path.
  package static func run(_ path: String, _ script: String) throws { try SQLFile(path).run(script) }
}
