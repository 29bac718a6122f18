import OrchSystem

/// How a loop waits between two looks.
package struct Polling: Sendable {
  package var interval: Duration
  /// Sleeps; a test passes another one.
  package var sleep: @Sendable (Duration) -> Void

  package init(every interval: Duration, sleep: @escaping @Sendable (Duration) -> Void = { pause($0) }) {
    self.interval = interval
    self.sleep = sleep
  }

  func wait() { sleep(interval) }
}
