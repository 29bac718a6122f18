#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How long a test waits for a process or a condition before it gives up.
///
/// Only a fault of the program reaches it: it is far beyond what the slowest machine needs.
package let waitLimit = Duration.seconds(600)

/// The same, for what takes milliseconds.
package let waitLimitMilliseconds = 600_000

/// Checks a condition on this thread, again and again, until it holds or `waitLimit` is over.
///
/// - Returns: whether it holds.
package func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
  let end = ContinuousClock.now + waitLimit
  var nap: UInt32 = 5000
  while ContinuousClock.now < end {
    if try condition() { return true }
    usleep(nap)
    nap = min(nap * 2, 200_000)
  }
  return try condition()
}

/// Waits until the system's clock shows a later millisecond than now.
package func waitForLaterTime() {
  func now() -> timespec {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return time
  }
  let start = now()
  _ = eventually {
    let time = now()
    return time.tv_sec > start.tv_sec || time.tv_nsec > start.tv_nsec + 1_000_000
  }
}

/// Waits for a second, the shortest time to live of a lease and of an offer, without a thread: other tests run meanwhile.
package func waitASecond() async throws { try await Task.sleep(for: .seconds(1)) }
