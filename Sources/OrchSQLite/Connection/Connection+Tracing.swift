import CSQLite
import OrchStore

extension Connection {
  /// Tells of each statement that ends, with its time: its text, not its values.
  ///
  /// SQLite calls back only while it is asked to: without a listener a statement costs what it did. Its own measure has
  /// milliseconds alone, so the time is taken here.
  func tell(_ diagnostics: Diagnostics) {
    core.diagnostics = diagnostics
    guard diagnostics.isOn else { return }
    sqlite3_trace_v2(
      core.handle, UInt32(SQLITE_TRACE_STMT | SQLITE_TRACE_PROFILE),
      { event, context, traced, _ in
        guard let context, let traced else { return 0 }
        let core = Unmanaged<ConnectionCore>.fromOpaque(context).takeUnretainedValue()
        let statement = OpaquePointer(traced)
        guard event == UInt32(SQLITE_TRACE_PROFILE) else {
          // A trigger inside it begins too.
          if core.traced.statement != statement { core.traced = (statement, core.diagnostics.start()) }
          return 0
        }
        let now = core.diagnostics.start()
        let start = core.traced.statement == statement ? core.traced.start : now
        core.traced = (nil, 0)
        core.diagnostics.statement(sqlite3_sql(statement).map { String(cString: $0) } ?? "", nanoseconds: now - start)
        return 0
      }, Unmanaged.passUnretained(core).toOpaque())
  }
}
