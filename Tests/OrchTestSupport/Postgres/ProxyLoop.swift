#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import Dispatch

/// The one thread of a proxy, which waits for all its sockets.
final class ProxyLoop: @unchecked Sendable {
  private let queue = DispatchQueue(label: "orch.test.proxy.state")
  private let thread = DispatchQueue(label: "orch.test.proxy")
  private let listener: Int32
  /// Interrupts the waiting when something has changed.
  private var wake: (read: Int32, write: Int32)
  private var state: ProxyState

  init(listener: Int32, server: Int) {
    self.listener = listener
    Loopback.prepare(listener)
    var ends: [Int32] = [0, 0]
    precondition(pipe(&ends) == 0, "no pipe")
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    wake = (ends[0], ends[1])
    state = ProxyState(server: server)
  }

  func begin() { thread.async { self.run() } }

  func end() { changed { $0.isEnding = true } }

  func locked<Answer>(_ body: (inout ProxyState) -> Answer) -> Answer { queue.sync { body(&state) } }

  /// Changes the state, and has the thread look at it.
  func changed(_ body: (inout ProxyState) -> Void) {
    locked(body)
    _ = write(wake.write, [0], 1)
  }

  private func run() {
    while goOn() {}
    for descriptor in [listener, wake.read, wake.write] { close(descriptor) }
  }

  /// Waits for what comes next and does it.
  private func goOn() -> Bool {
    let awaited = locked { $0.awaited(listener: listener, wake: wake.read) }
    var sockets = awaited.sockets
    _ = poll(&sockets, nfds_t(sockets.count), awaited.timeout)
    let hasClients = sockets[0].revents != 0
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(wake.read, &bytes, bytes.count) > 0 {}
    return locked { state in
      if state.isEnding {
        state.closeAll()
        return false
      }
      if hasClients { state.accept(listener) }
      state.work()
      return true
    }
  }
}

/// What a proxy's thread and its tests look at, one at a time.
struct ProxyState {
  let server: Int
  var connections: [ProxyConnection] = []
  /// The trips of connections that have ended.
  var endedTrips: [Int] = []
  var accepted = 0
  var commits = 0
  var cuts = 0
  /// The texts of the statements that clients have sent.
  var statements: [String] = []
  var latency = 0
  var mode = PostgresProxy.Mode.forward
  var planned: [PostgresProxy.Cut] = []
  var isEnding = false

  init(server: Int) { self.server = server }

  var allTrips: [Int] { endedTrips + connections.map(\.trips) }

  mutating func reset() {
    endedTrips = []
    (accepted, commits, cuts) = (0, 0, 0)
    statements = []
    for connection in connections { connection.trips = 0 }
  }

  mutating func closeAll() {
    for connection in connections { connection.close() }
    forgetClosed()
  }

  /// The sockets to wait for, and for how many milliseconds at most.
  func awaited(listener: Int32, wake: Int32) -> (sockets: [pollfd], timeout: Int32) {
    var sockets = [listener, wake].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard mode != .stall else { return (sockets, -1) }
    var due: ContinuousClock.Instant?
    for connection in connections {
      sockets += connection.awaited
      if let next = connection.nextDue { due = min(due ?? next, next) }
    }
    guard let due else { return (sockets, -1) }
    let left = ContinuousClock.now.duration(to: due) / .milliseconds(1)
    return (sockets, Int32(max(0, left.rounded(.up))))
  }

  mutating func accept(_ listener: Int32) {
    while true {
      let client = sys_accept(listener)
      guard client >= 0 else { return }
      Loopback.prepare(client)
      accepted += 1
      guard mode != .refuse, let upstream = Loopback.connect(to: server) else {
        close(client)
        continue
      }
      connections.append(ProxyConnection(client: client, server: upstream))
    }
  }

  /// Reads, forwards and writes whatever can be without waiting.
  mutating func work() {
    guard mode != .stall else { return }
    for connection in connections {
      connection.read(delay: .microseconds(latency * 500))
      connection.forward(&self)
      connection.write()
    }
    forgetClosed()
  }

  private mutating func forgetClosed() {
    endedTrips += connections.filter(\.isClosed).map(\.trips)
    connections.removeAll(where: \.isClosed)
  }

  /// A COMMIT is to be forwarded.
  mutating func meetsCommit() -> PostgresProxy.Cut? {
    commits += 1
    guard !planned.isEmpty else { return nil }
    cuts += 1
    return planned.removeFirst()
  }
}

private func sys_accept(_ listener: Int32) -> Int32 { accept(listener, nil, nil) }
