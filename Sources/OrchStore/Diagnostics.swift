package import Logging
import OrchSystem

/// What an engine tells of its work, for `-v`: how long transactions and statements take, what is run again, and the text
/// of statements, never their values. Without a logger nothing is computed, and nothing told.
package struct Diagnostics: Sendable {
  private let logger: Logger?

  package init(_ logger: Logger? = nil) {
    self.logger = logger
  }

  /// Whether anybody listens.
  package var isOn: Bool { logger != nil }

  /// The moment at which something begins; 0 where nobody listens.
  package func start() -> UInt64 { isOn ? Clock.monotonicNanoseconds() : 0 }

  /// - Parameters:
  ///   - kind: `read`, `write`.
  ///   - start: when it began.
  package func transaction(_ kind: String, since start: UInt64) {
    logger?.debug("\(kind) transaction: \(Self.milliseconds(Clock.monotonicNanoseconds() &- start))")
  }

  /// - Parameter sql: with its parameters, not their values.
  package func statement(_ sql: String, nanoseconds: UInt64? = nil) {
    guard let logger else { return }
    let text = sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    logger.debug("\(nanoseconds.map { Self.milliseconds($0) + "  " } ?? "")\(text)")
  }

  /// Something is run again.
  package func retry(_ what: String, because reason: String) {
    logger?.debug("\(what) runs again: \(reason)")
  }

  /// One trip to a server and back.
  package func roundTrip(_ statements: Int, since start: UInt64) {
    logger?.debug(
      "round trip of \(statements) statements: \(Self.milliseconds(Clock.monotonicNanoseconds() &- start))")
  }

  private static func milliseconds(_ nanoseconds: UInt64) -> String {
    let micros = nanoseconds / 1000
    let rest = String(micros % 1000)
    return "\(micros / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest) ms"
  }
}
