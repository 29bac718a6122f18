/// A place between clients and a server that counts, delays and cuts. It ends with this object.
///
/// It speaks no encryption, and says so to clients who ask; they go on in plain text unless they insist on it.
package final class PostgresProxy: Sendable {
  /// When the connection of a COMMIT is cut.
  package enum Cut: Sendable, CaseIterable {
    /// The server does not get the COMMIT: nothing is committed.
    case beforeCommit
    /// The server has committed, the client gets no answer.
    case atCommit
    /// The server gets the COMMIT, and the client's connection is closed before there is an answer.
    case atCommitUnanswered
    /// The client gets the answer; then its connection is closed.
    case afterCommit
  }

  /// What happens to connections.
  package enum Mode: Sendable {
    case forward
    /// A new one is accepted and closed.
    case refuse
    /// All stay open, and nothing passes.
    case stall
  }

  /// Its port on 127.0.0.1.
  package let port: Int
  private let loop: ProxyLoop

  /// Begins to forward to a port of 127.0.0.1.
  package init(to server: Int) throws {
    let listener = try Loopback.listen(on: 0)
    port = Loopback.port(of: listener)
    loop = ProxyLoop(listener: listener, server: server)
    loop.begin()
  }

  package convenience init(to server: PostgresServer) throws { try self.init(to: server.port) }

  deinit { loop.end() }

  /// How often a client has sent something after data of the server had reached it, and has got an answer. Counted
  /// from the end of a connection's start-up. What a client sends without waiting belongs to the same trip; to be
  /// sure of it, add a latency.
  package var roundTrips: Int { roundTripsByConnection.reduce(0, +) }

  /// The same, a number for each connection since the last ``reset()`` and for those that were open then; one that
  /// has only begun counts none.
  package var roundTripsByConnection: [Int] { loop.locked { $0.allTrips } }

  /// How many connections were accepted.
  package var connections: Int { loop.locked { $0.accepted } }

  /// How many connections are open.
  package var openConnections: Int { loop.locked { $0.connections.count } }

  /// Whether something that a client has sent waits for its delay.
  package var holdsRequests: Bool { loop.locked { $0.connections.contains { $0.holdsRequests } } }

  /// How many COMMIT have been seen.
  package var commits: Int { loop.locked { $0.commits } }

  /// How many connections were cut at a COMMIT.
  package var cuts: Int { loop.locked { $0.cuts } }

  /// The texts of the statements that clients have sent to be parsed since the last ``reset()``.
  package var statements: [String] { loop.locked { $0.statements } }

  /// Counts from zero again.
  package func reset() { loop.locked { $0.reset() } }

  /// How much longer each round trip takes, in milliseconds, half of it each way.
  package var latencyMilliseconds: Int {
    get { loop.locked { $0.latency } }
    set { loop.changed { $0.latency = newValue } }
  }

  package var mode: Mode {
    get { loop.locked { $0.mode } }
    set { loop.changed { $0.mode = newValue } }
  }

  /// Cuts the connections of the next COMMITs, after those that were asked for before.
  package func cut(_ cut: Cut, next count: Int = 1) {
    loop.changed { $0.planned += Array(repeating: cut, count: count) }
  }

  /// Forgets the cuts that have not been made.
  package func cutNothing() { loop.changed { $0.planned = [] } }

  /// Closes all connections on both sides.
  package func cutNow() { loop.changed { $0.closeAll() } }
}
