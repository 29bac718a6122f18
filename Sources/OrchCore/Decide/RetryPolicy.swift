/// How long a task waits after a failed release.
package enum RetryPolicy {
  /// The longest wait, in seconds.
  package static let ceilingSeconds = 3600

  /// A wait uniform in [d/2, d] with d = min(3600 s, 2^failures s), in milliseconds.
  ///
  /// - Parameters:
  ///   - failures: failures so far, this one included; at least 1.
  ///   - jitter: 64 random bits, drawn by the caller.
  package static func delayMilliseconds(failures: Int, jitter: UInt64) -> Int64 {
    let seconds = failures >= 12 ? ceilingSeconds : min(ceilingSeconds, 1 << max(failures, 0))
    let half = UInt64(seconds) * 500
    return Int64(half + jitter % (half + 1))
  }
}
