#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchCore
import OrchStore

extension App {
  /// Recovers again and again, every `interval`, until `report` returns false.
  ///
  /// After a gap in which the machine slept, every lease looks stale although its holder slept too: then one time
  /// to live passes before anything is recovered.
  package func recoverWatching(
    _ request: RecoverRequest, every interval: Duration, report: (Recovery) -> Bool
  ) throws(OrchError) {
    var goesOn = true
    var slept = SuspendDetector()
    var holdUntil: ContinuousClock.Instant?
    while goesOn {
      if slept.grewByMore(than: 5) {
        let ttl = try read { try $0.heldSessions(limit: 1000).compactMap(\.lease?.ttlSeconds).max() }
        holdUntil = .now + .seconds(ttl ?? NewLease.defaultTTLSeconds)
        warn("this machine slept; leases get one more time to live")
      }
      if holdUntil.map({ $0 <= .now }) ?? true {
        holdUntil = nil
        try recover(request) { goesOn = report($0) && goesOn }
      }
      if goesOn { pause(interval) }
    }
  }
}

/// How long the machine has slept since it was started: the clock that counts sleep, less the one that does not.
private struct SuspendDetector {
  private var last = Self.reading

  mutating func grewByMore(than seconds: Int) -> Bool {
    let now = Self.reading
    defer { last = now }
    return now - last > seconds
  }

  private static var reading: Int {
    #if canImport(Darwin)
      let (counting, halting) = (CLOCK_MONOTONIC, CLOCK_UPTIME_RAW)
    #else
      let (counting, halting) = (CLOCK_BOOTTIME, CLOCK_MONOTONIC)
    #endif
    var with = timespec()
    var without = timespec()
    clock_gettime(counting, &with)
    clock_gettime(halting, &without)
    return Int(with.tv_sec - without.tv_sec)
  }
}
