import OrchSystem

/// A point in time after which nothing waits any longer.
///
/// One deadline covers everything that one command does with the database: waiting for locks and running a transaction
/// again draw on the same allowance.
struct Deadline: Sendable {
  /// On the clock of `Clock.monotonicNanoseconds()`.
  let nanoseconds: UInt64

  /// How long a command waits when nothing else is said.
  static let standard = Duration.seconds(10)

  /// The point `duration` from now; a negative duration counts as none.
  init(after duration: Duration = Deadline.standard) {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else {
      nanoseconds = 0
      return
    }
    // More than a hundred years is for ever.
    let whole = UInt64(min(seconds, 3_200_000_000)) &* 1_000_000_000
    nanoseconds = Clock.monotonicNanoseconds() &+ whole &+ UInt64(attoseconds / 1_000_000_000)
  }

  private init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  /// Already past: try, never wait.
  static let passed = Deadline(nanoseconds: 0)

  /// Whether it lies in the past.
  var hasPassed: Bool { nanoseconds <= Clock.monotonicNanoseconds() }
}
