import Dispatch
package import OrchCore

/// A clock that stands until it is set, shared by threads.
package final class TestClock: @unchecked Sendable {
  private let queue = DispatchQueue(label: "orch.test.clock")
  private var present: Instant

  package init(_ start: Instant = at(0)) { present = start }

  package var now: Instant {
    get { queue.sync { present } }
    set { queue.sync { present = newValue } }
  }

  /// Moves the clock, back when negative.
  package func advance(seconds: Int) { queue.sync { present = present.adding(seconds: seconds) } }
}
