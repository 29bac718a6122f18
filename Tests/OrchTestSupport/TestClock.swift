import Dispatch
public import OrchCore

/// A clock that stands until it is set, shared by threads.
public final class TestClock: @unchecked Sendable {
  private let queue = DispatchQueue(label: "orch.test.clock")
  private var present: Instant

  public init(_ start: Instant = at(0)) { present = start }

  public var now: Instant {
    get { queue.sync { present } }
    set { queue.sync { present = newValue } }
  }

  /// Moves the clock, back when negative.
  public func advance(seconds: Int) { queue.sync { present = present.adding(seconds: seconds) } }
}
