import OrchSystem
import SystemPackage

/// The line in which the processes that want to write to a database stand.
///
/// SQLite's write lock knows no line: whoever asks at the right moment has it, and that is mostly the process that gave
/// it back a microsecond ago, with its caches still warm. So who wants the lock first takes this one, an advisory lock
/// on the database's directory, and gives it back on getting the other. Only its holder, the front of the line, looks
/// at the write lock; the rest look at the line, now and then, and cost little.
///
/// It is a courtesy and never a guarantee: nothing is protected by it, and where it cannot be had, because there is no
/// right to read the directory or because its holder is stopped, everybody asks for the write lock directly.
final class WriteQueue {
  private let directory: FileDescriptor
  /// When this connection's turn began, by `now`.
  private var turn: UInt64?
  /// The clock of turns, in nanoseconds.
  var now: () -> UInt64 = Clock.monotonicNanoseconds

  /// How long a connection that has been at the front goes on writing without standing in line again, in nanoseconds.
  ///
  /// Passing the lock on costs the next process its caches; a turn is long enough for a hundred short transactions.
  static let turnLength: UInt64 = 10_000_000
  /// How long to stand in line before asking for the write lock beside it, in nanoseconds.
  static let queueTimeoutNanoseconds: UInt64 = 100_000_000

  /// - Parameter path: the database's. nil where its directory cannot be opened.
  init?(of path: String) {
    guard let directory = try? FileIO.open(FileIO.split(path).directory, .readOnly, [.directory]) else { return nil }
    self.directory = directory
  }

  deinit { FileIO.close(directory) }

  /// Whether this connection may ask for the write lock without standing in line.
  var isInTurn: Bool {
    guard let turn else { return false }
    return now() &- turn < Self.turnLength
  }

  /// Comes to the front, if nobody else is there.
  func enter() -> Bool { FileIO.tryLock(directory) }

  /// Lets the next one come to the front.
  func leave() { FileIO.unlock(directory) }

  /// The write lock was had from the front of the line, or from beside it: a turn begins.
  func beginTurn() { turn = now() }

  /// Somebody else has the lock.
  func endTurn() { turn = nil }
}
