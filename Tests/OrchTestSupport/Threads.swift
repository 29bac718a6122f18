import Dispatch

/// Runs `body` on `count` threads at once and waits for all of them.
package func onThreads(_ count: Int, _ body: @Sendable (Int) throws -> Void) throws {
  let failures = Collected<any Error>()
  DispatchQueue.concurrentPerform(iterations: count) { index in
    do { try body(index) } catch { failures.add(error) }
  }
  if let first = failures.all.first { throw first }
}

/// What several threads have gathered.
package final class Collected<Element>: @unchecked Sendable {
  private let queue = DispatchQueue(label: "orch.test.collected")
  private var elements: [Element] = []

  package init() {}

  package func add(_ element: Element) { queue.sync { elements.append(element) } }
  package var all: [Element] { queue.sync { elements } }
}
