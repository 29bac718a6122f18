import OrchCore
import CSQLite
import OrchStore
import OrchSystem

/// What a connection shares with its statements and with the callbacks that SQLite makes.
///
/// Belongs to one thread at a time, like the connection.
final class ConnectionCore {
  /// The database handle.
  let handle: OpaquePointer
  /// Until when the busy handler waits.
  var deadline: Deadline
  /// Whether a statement failed with BUSY or LOCKED since this was last cleared.
  var sawBusy = false
  /// How long the write-ahead log was, in pages, after the last commit that wrote to it.
  var logPages: Int32 = 0
  /// How often the busy handler slept: for tests and measurements.
  var waits = 0
  /// Told of what is done.
  var diagnostics = Diagnostics()
  /// The statement that was begun last, and when; for `diagnostics`.
  var traced: (statement: OpaquePointer?, start: UInt64) = (nil, 0)
  private var jitter: UInt64 = 0
  /// When the busy handler was first asked about the lock at hand.
  private var waitingSince: UInt64 = 0
  private let file: OpenFiles.Key?
  private var isClosed = false

  /// Takes over an open handle, and the entry of its file in `OpenFiles`.
  init(handle: OpaquePointer, file: OpenFiles.Key?, deadline: Deadline) {
    self.handle = handle
    self.file = file
    self.deadline = deadline
  }

  deinit { close() }

  /// Closes the handle. Statements that somebody still holds keep it alive inside SQLite until they are finalised.
  func close() {
    guard !isClosed else { return }
    isClosed = true
    sqlite3_close_v2(handle)
    if let file { OpenFiles.leave(file) }
  }

  /// Installs the callbacks, which hold no reference: the handle is closed before this object goes.
  func installCallbacks() {
    let context = Unmanaged.passUnretained(self).toOpaque()
    sqlite3_busy_handler(
      handle,
      { context, count in
        Unmanaged<ConnectionCore>.fromOpaque(context!).takeUnretainedValue().waitForLock(count) ? 1 : 0
      }, context)
    _ = sqlite3_wal_hook(
      handle,
      { context, _, _, pages in
        Unmanaged<ConnectionCore>.fromOpaque(context!).takeUnretainedValue().logPages = pages
        return SQLITE_OK
      }, context)
  }

  /// Describes the last call of SQLite that failed.
  ///
  /// Has to be called before anything else uses the handle.
  func failure(_ code: Int32, statement: String) -> SQLiteFailure {
    let extended = sqlite3_extended_errcode(handle)
    let known = extended & 0xff == code & 0xff
    let failure = SQLiteFailure(
      code: known ? extended : code,
      message: Message(verbatim: String(cString: known ? sqlite3_errmsg(handle) : sqlite3_errstr(code))),
      statement: SQL.summary(statement),
      systemError: sqlite3_system_errno(handle))
    if failure.isRetryable { sawBusy = true }
    return failure
  }

  /// One wait of the busy handler; false ends the waiting.
  private func waitForLock(_ count: Int32) -> Bool {
    let now = Clock.monotonicNanoseconds()
    if count == 0 { waitingSince = now }
    return sleep(below: BusyPolicy.ceiling(count, waited: now &- waitingSince))
  }

  /// Sleeps for a random time below a ceiling, never past the deadline. False when the deadline has passed.
  func sleep(below ceiling: UInt64) -> Bool {
    let now = Clock.monotonicNanoseconds()
    guard now < deadline.nanoseconds else { return false }
    waits &+= 1
    Clock.sleep(nanoseconds: min(random(below: ceiling), deadline.nanoseconds - now))
    return true
  }

  /// Xorshift: the numbers need to differ between processes and nothing more.
  private func random(below limit: UInt64) -> UInt64 {
    if jitter == 0 { jitter = UInt64.random(in: 1...UInt64.max) }
    jitter ^= jitter << 13
    jitter ^= jitter >> 7
    jitter ^= jitter << 17
    return jitter % max(limit, 1)
  }
}

/// How long to sleep between two looks at a lock, in nanoseconds. Each sleep is uniform between nothing and a ceiling.
///
/// The shape is measured, with eight processes on two cores that do nothing but short write transactions. Passing the
/// write lock on means reading anew what the process before has written, so a turn should be long; but while it is
/// passed on nobody works, so the next one should come at once.
enum BusyPolicy {
  /// The longest sleep before another look at a lock of SQLite's, that has been looked at `count` times.
  ///
  /// Mostly one process looks, the front of `WriteQueue`. The first looks come soon, for a holder with one transaction.
  /// Then there are none for the rest of the holder's turn: it would mostly find the lock free by chance, and end the
  /// turn. When that is over they come soon again.
  ///
  /// - Parameter waited: since the first look.
  static func ceiling(_ count: Int32, waited: UInt64) -> UInt64 {
    switch count {
    case 0: return 100_000
    case 1: return 400_000
    default:
      guard waited >= WriteQueue.turnLength else { return max(WriteQueue.turnLength - waited, 50_000) }
      return waited < 2 * WriteQueue.turnLength ? 50_000 : 1_000_000
    }
  }

  /// The longest sleep before another look at the line: the longer the wait, the more looks, and so the better the
  /// chance of being next.
  static func queueCeiling(waited: UInt64) -> UInt64 { max(500_000, 8_000_000 - min(8_000_000, waited / 8)) }

  /// The longest sleep before running a whole transaction for the time number `attempt` (from 1).
  static func transactionCeiling(_ attempt: Int) -> UInt64 {
    250_000 << UInt64(min(attempt, 7))
  }
}
