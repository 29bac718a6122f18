import OrchCore
import CSQLite

/// A prepared statement.
///
/// Bind every parameter, then call one of `run`, `first`, `query`, `scan`. Each of these leaves the statement reset,
/// whatever happens, so that none can keep a transaction or a snapshot open. Bindings count for one execution: one
/// that is missing the next time is a failure and not the value of before.
final class Statement {
  private let handle: OpaquePointer
  private let core: ConnectionCore
  private var bound: UInt64 = 0
  private let parameters: UInt64
  private var bindingCode: Int32 = SQLITE_OK
  /// Whether it has been begun and not reset: it can be run by one caller at a time.
  private(set) var isActive = false

  /// Prepares the one statement in `text`.
  ///
  /// - Parameter persistent: tells SQLite that the statement will be used many times.
  init(_ text: UnsafeBufferPointer<UInt8>, core: ConnectionCore, persistent: Bool) throws(SQLiteFailure) {
    var prepared: OpaquePointer?
    let flags = persistent ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
    let code = text.withMemoryRebound(to: CChar.self) {
      sqlite3_prepare_v3(core.handle, $0.baseAddress, Int32($0.count), flags, &prepared, nil)
    }
    guard code == SQLITE_OK else { throw core.failure(code, statement: String(decoding: text, as: UTF8.self)) }
    guard let prepared else { throw SQLiteFailure(.misuse, Message(verbatim: "an empty statement")) }
    handle = prepared
    self.core = core
    let count = sqlite3_bind_parameter_count(prepared)
    // Beyond 64 parameters the check for missing ones is left out.
    parameters = count >= 64 ? (count == 64 ? .max : 0) : (1 << UInt64(count)) - 1
  }

  deinit { sqlite3_finalize(handle) }

  // MARK: Binding

  /// Binds an integer to the parameter `?index`, from 1.
  ///
  /// None of the bindings throws: the first that fails is reported by the execution.
  func bind(_ index: Int32, _ value: Int64) { note(index, sqlite3_bind_int64(handle, index, value)) }

  func bind(_ index: Int32, _ value: Int) { bind(index, Int64(value)) }

  /// Stored as 0 or 1.
  func bind(_ index: Int32, _ value: Bool) { bind(index, value ? 1 as Int64 : 0) }

  func bindNull(_ index: Int32) { note(index, sqlite3_bind_null(handle, index)) }

  /// Binds a copy of the text: SQLite reuses the memory of the last binding, so a short text costs a `memcpy`.
  func bind(_ index: Int32, _ value: String) {
    var value = value
    let code = value.withUTF8 { bytes in bytes.withMemoryRebound(to: CChar.self) { bindText(index, $0) } }
    note(index, code)
  }

  /// Binds a copy of UTF-8 bytes as text, for texts that are not `String`s.
  func bind(_ index: Int32, utf8 bytes: UnsafeBufferPointer<UInt8>) {
    note(index, bytes.withMemoryRebound(to: CChar.self) { bindText(index, $0) })
  }

  /// Binds a copy of the bytes.
  func bind(_ index: Int32, _ bytes: UnsafeRawBufferPointer) {
    guard let count = Int32(exactly: bytes.count) else { return note(index, SQLITE_TOOBIG) }
    // Without an address SQLite would store NULL instead of nothing.
    let code =
      count == 0
      ? sqlite3_bind_zeroblob(handle, index, 0)
      : orch_sqlite3_bind_blob(handle, index, bytes.baseAddress, count)
    note(index, code)
  }

  func bind(_ index: Int32, _ bytes: [UInt8]) { bytes.withUnsafeBytes { bind(index, $0) } }

  func bind(_ index: Int32, _ value: Int64?) {
    if let value { bind(index, value) } else { bindNull(index) }
  }

  func bind(_ index: Int32, _ value: Int?) {
    if let value { bind(index, Int64(value)) } else { bindNull(index) }
  }

  func bind(_ index: Int32, _ value: String?) {
    if let value { bind(index, value) } else { bindNull(index) }
  }

  func bind(_ index: Int32, _ value: [UInt8]?) {
    if let value { bind(index, value) } else { bindNull(index) }
  }

  private func bindText(_ index: Int32, _ bytes: UnsafeBufferPointer<CChar>) -> Int32 {
    guard let count = Int32(exactly: bytes.count) else { return SQLITE_TOOBIG }
    // An empty buffer may have no address, which SQLite would store as NULL.
    return withUnsafePointer(to: 0 as CChar) { orch_sqlite3_bind_text(handle, index, bytes.baseAddress ?? $0, count) }
  }

  @inline(__always)
  private func note(_ index: Int32, _ code: Int32) {
    if code == SQLITE_OK {
      bound |= 1 &<< UInt64(truncatingIfNeeded: index &- 1)
    } else if bindingCode == SQLITE_OK {
      bindingCode = code
    }
  }

  // MARK: Execution

  /// Runs to the end, ignoring rows.
  func run() throws(SQLiteFailure) {
    try begin()
    defer { reset() }
    while try step() {}
  }

  /// The first row, read by `read`, or nil when there is none.
  func first<Value>(
    _ read: (borrowing Row) throws(SQLiteFailure) -> Value
  ) throws(SQLiteFailure) -> Value? {
    try begin()
    defer { reset() }
    return try step() ? try read(Row(handle)) : nil
  }

  /// Calls `body` with each row in turn. A row is valid only inside the call.
  func query(_ body: (borrowing Row) throws(SQLiteFailure) -> Void) throws(SQLiteFailure) {
    try begin()
    defer { reset() }
    let row = Row(handle)
    while try step() { try body(row) }
  }

  /// Calls `body` with each row in turn until it returns false.
  func scan(_ body: (borrowing Row) throws(SQLiteFailure) -> Bool) throws(SQLiteFailure) {
    try begin()
    defer { reset() }
    let row = Row(handle)
    while try step() { if !(try body(row)) { return } }
  }

  /// The text with its parameters, not their values.
  var text: String { sqlite3_sql(handle).map { String(cString: $0) } ?? "" }

  private func begin() throws(SQLiteFailure) {
    guard !isActive else {
      throw SQLiteFailure(.misuse, Message(verbatim: "a statement used inside its own rows: \(SQL.summary(text))"))
    }
    let code = bindingCode
    let complete = bound & parameters == parameters
    bindingCode = SQLITE_OK
    bound = 0
    guard code == SQLITE_OK else { throw core.failure(code, statement: text) }
    guard complete else {
      throw SQLiteFailure(.misuse, Message(verbatim: "a parameter without a value: \(SQL.summary(text))"))
    }
    isActive = true
  }

  /// True when there is a row, false at the end.
  @inline(__always)
  private func step() throws(SQLiteFailure) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    if code == SQLITE_DONE { return false }
    throw core.failure(code, statement: text)
  }

  private func reset() {
    isActive = false
    sqlite3_reset(handle)
  }
}
