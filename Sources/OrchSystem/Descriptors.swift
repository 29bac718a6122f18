import CPlatform
package import SystemPackage

extension FileDescriptor {
  /// Whether a terminal is at the other end.
  package var isTerminal: Bool { isatty(rawValue) == 1 }

  /// What to wait for.
  package struct Readiness: OptionSet, Sendable {
    package let rawValue: Int16
    package init(rawValue: Int16) { self.rawValue = rawValue }

    package static let reading = Readiness(rawValue: Int16(POLLIN))
    package static let writing = Readiness(rawValue: Int16(POLLOUT))
  }

  /// Waits until it is ready, or has an error or an end to report.
  ///
  /// - Parameter milliseconds: nil: without an end.
  /// - Returns: false when the time is over.
  package func wait(for readiness: Readiness, milliseconds: Int32?) throws(Errno) -> Bool {
    try Self.wait([(self, readiness)], milliseconds: milliseconds)[0]
  }

  /// Waits until one of several is ready.
  ///
  /// - Returns: which of them are; none when the time is over, or a signal arrived.
  package static func wait(
    _ entries: [(FileDescriptor, Readiness)], milliseconds: Int32?
  ) throws(Errno) -> [Bool] {
    var polled = entries.map { pollfd(fd: $0.0.rawValue, events: $0.1.rawValue, revents: 0) }
    guard poll(&polled, nfds_t(polled.count), milliseconds ?? -1) < 0 else { return polled.map { $0.revents != 0 } }
    guard FileIO.lastError == .interrupted else { throw FileIO.lastError }
    return entries.map { _ in false }
  }

  /// How many bytes can be read without waiting; nil where that is not known.
  package var readableBytes: Int? {
    let count = orch_readable_bytes(rawValue)
    return count < 0 ? nil : Int(count)
  }

  /// Writes everything, waiting where the other side does not take more at once.
  package func writeWaiting(_ bytes: UnsafeRawBufferPointer) throws(Errno) {
    var rest = bytes
    while !rest.isEmpty {
      do {
        let count = try FileIO.attempt { try write(rest) }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      } catch Errno.resourceTemporarilyUnavailable {
        _ = try wait(for: .writing, milliseconds: nil)
      }
    }
  }
}
