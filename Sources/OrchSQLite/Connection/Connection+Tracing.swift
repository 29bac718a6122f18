import CSQLite
import OrchStore

extension Connection {
  /// Tells of each statement that ends, with its time: its text, not its values.
  ///
  /// SQLite measures only while it is asked to: without a listener a statement costs what it did.
  func tell(_ diagnostics: Diagnostics) {
    core.diagnostics = diagnostics
    guard diagnostics.isOn else { return }
    sqlite3_trace_v2(
      core.handle, UInt32(SQLITE_TRACE_PROFILE),
      { _, context, statement, nanoseconds in
        guard let context, let statement, let nanoseconds else { return 0 }
        let core = Unmanaged<ConnectionCore>.fromOpaque(context).takeUnretainedValue()
        let text = sqlite3_sql(OpaquePointer(statement)).map { String(cString: $0) } ?? ""
        core.diagnostics.statement(text, nanoseconds: UInt64(nanoseconds.load(as: Int64.self)))
        return 0
      }, Unmanaged.passUnretained(core).toOpaque())
  }
}
