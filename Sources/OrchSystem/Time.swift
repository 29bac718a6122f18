import CPlatform

/// The system's clocks.
package enum Clock {
  /// Nanoseconds of a clock that never jumps.
  package static func monotonicNanoseconds() -> UInt64 { orch_monotonic() }

  /// Milliseconds since 1970 by the system's clock, which may be set.
  package static func realMilliseconds() -> Int64 { orch_real_time() / 1_000_000 }

  /// How many seconds the machine has been suspended since it was started.
  package static func suspendedSeconds() -> Int { Int(orch_suspended()) }

  /// Seconds east of UTC, in the user's time zone, at a moment in seconds since 1970.
  package static func utcOffset(at seconds: Int64) -> Int { Int(orch_utc_offset(seconds)) }

  /// Sleeps, less when a signal arrives.
  package static func sleep(nanoseconds: UInt64) {
    var time = timespec()
    time.tv_sec = .init(nanoseconds / 1_000_000_000)
    time.tv_nsec = .init(nanoseconds % 1_000_000_000)
    nanosleep(&time, nil)
  }
}

/// Sleeps for `time`, signals or not.
package func pause(_ time: Duration) {
  let (seconds, attoseconds) = time.components
  var left = timespec()
  left.tv_sec = .init(seconds)
  left.tv_nsec = .init(attoseconds / 1_000_000_000)
  var rest = timespec()
  while nanosleep(&left, &rest) != 0, orch_errno() == EINTR { left = rest }
}
