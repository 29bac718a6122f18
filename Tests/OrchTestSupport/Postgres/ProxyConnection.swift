#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A client, its connection to the server, and what is between the two. Its proxy's state guards it.
final class ProxyConnection {
  private var client: ProxySide
  private var server: ProxySide
  private var view = ProxyClientView()
  /// How many ReadyForQuery have come.
  private var readies = 0
  /// The cut that this connection has met, and the ReadyForQuery that ends the answer to the COMMIT.
  private var cut: (kind: PostgresProxy.Cut, ready: Int)?

  var trips = 0
  /// Whether the server's data has reached the client since that has sent something.
  private var hasAnswered = false
  /// Whether the client has begun a trip and waits.
  private var isAwaiting = false

  init(client: Int32, server: Int32) {
    (self.client, self.server) = (ProxySide(client), ProxySide(server))
  }

  var isClosed: Bool { client.descriptor < 0 && server.descriptor < 0 }

  func close() {
    client.close()
    server.close()
  }

  var awaited: [pollfd] { [client, server].compactMap(\.awaited) }

  /// Whether something that the client has sent waits for its delay.
  var holdsRequests: Bool { !client.delayed.isEmpty }

  /// When delayed data is to be forwarded.
  var nextDue: ContinuousClock.Instant? {
    [client.delayed.first?.due, server.delayed.first?.due].compactMap { $0 }.min()
  }

  func read(delay: Duration) {
    // Whether a trip begins is decided when the data comes, not when it is passed on: answers that are on their way
    // have not reached the client.
    if client.read(delay: delay, mark: hasAnswered) { hasAnswered = false }
    server.read(delay: delay, mark: false)
  }

  func forward(_ state: inout ProxyState) {
    client.takeDue()
    server.takeDue()
    forwardFromClient(&state)
    forwardFromServer()
    // An end is passed on after all that was sent before it. What a client has left behind is done all the same: the
    // server gets no more, and its answers go nowhere.
    if client.hasEnded, client.delayed.isEmpty { leaveClient() }
    if server.hasEnded, server.delayed.isEmpty { client.closesWhenWritten = true }
    if client.descriptor < 0, server.hasEnded { server.close() }
    if client.descriptor < 0 { server.endsWhenWritten = true }
  }

  func write() {
    server.write()
    if client.write() { hasAnswered = true }
    if client.descriptor < 0, server.hasEnded { server.close() }
    if client.descriptor < 0 { server.endsWhenWritten = true }
    server.endIfWritten()
  }

  /// The client is gone, the server goes on with what it got.
  private func leaveClient() {
    client.close()
    client.delayed = []
  }

  private func forwardFromClient(_ state: inout ProxyState) {
    while let message = ProxyMessage.take(from: &client.received, typed: view.isStarted) {
      if message.type == 0 {
        if ProxyMessage.requestsForEncryption.contains(message.code) {
          client.outgoing.append(UInt8(ascii: "N"))
          continue
        }
        if message.code == ProxyMessage.cancelRequest {
          server.outgoing += message.bytes
          continue
        }
      } else if message.type != UInt8(ascii: "X"), client.isMarked {
        client.isMarked = false
        if readies > 0 { isAwaiting = true }
      }
      if let text = message.statement { state.statements.append(text) }
      let before = view.syncs
      if view.sees(message), let kind = state.meetsCommit() {
        if kind == .beforeCommit {
          close()
          return
        }
        cut = (kind, before + 1)
      }
      server.outgoing += message.bytes
      // The COMMIT of a pipeline is executed when its Sync is there.
      if let cut, cut.kind == .atCommitUnanswered, view.syncs >= cut.ready {
        leaveClient()
        return
      }
    }
  }

  private func forwardFromServer() {
    while let message = ProxyMessage.take(from: &server.received, typed: true) {
      if isAwaiting {
        isAwaiting = false
        trips += 1
      }
      let isReady = message.type == UInt8(ascii: "Z")
      if isReady { readies += 1 }
      if cut?.kind != .atCommit, client.descriptor >= 0 { client.outgoing += message.bytes }
      guard isReady, let cut, readies >= cut.ready else { continue }
      switch cut.kind {
      case .atCommit: close()
      case .afterCommit: client.closesWhenWritten = true
      case .beforeCommit, .atCommitUnanswered: break
      }
      if cut.kind != .atCommitUnanswered { return }
    }
  }
}

/// One end of a connection through a proxy.
struct ProxySide {
  var descriptor: Int32
  /// What has come and is not to be passed on yet; `mark` goes with it.
  var delayed: [(due: ContinuousClock.Instant, bytes: [UInt8], mark: Bool)] = []
  /// What has come and is to be passed on.
  var received: [UInt8] = []
  var isMarked = false
  /// Whether the other end has closed.
  var hasEnded = false
  /// What is to be written to it.
  var outgoing: [UInt8] = []
  var closesWhenWritten = false
  var endsWhenWritten = false

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  var awaited: pollfd? {
    let events = (hasEnded ? 0 : Int16(POLLIN)) | (outgoing.isEmpty ? 0 : Int16(POLLOUT))
    return descriptor < 0 || events == 0 ? nil : pollfd(fd: descriptor, events: events, revents: 0)
  }

  mutating func close() {
    if descriptor >= 0 { sys_close(descriptor) }
    descriptor = -1
  }

  /// - Returns: whether anything has come.
  @discardableResult
  mutating func read(delay: Duration, mark: Bool) -> Bool {
    guard descriptor >= 0, !hasEnded else { return false }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = recv(descriptor, &piece, piece.count, 0)
      if count > 0 {
        bytes += piece[..<count]
      } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
        hasEnded = true
        break
      } else if errno == EAGAIN {
        break
      }
    }
    if !bytes.isEmpty { delayed.append((.now + delay, bytes, mark)) }
    return !bytes.isEmpty
  }

  mutating func takeDue() {
    let now = ContinuousClock.now
    while let first = delayed.first, first.due <= now {
      received += first.bytes
      if first.mark { isMarked = true }
      delayed.removeFirst()
    }
  }

  /// - Returns: whether anything was written.
  @discardableResult
  mutating func write() -> Bool {
    var written = 0
    while descriptor >= 0, written < outgoing.count {
      let count = outgoing[written...].withUnsafeBytes { sys_send(descriptor, $0) }
      if count <= 0 {
        if count < 0, errno != EAGAIN, errno != EINTR { hasEnded = true; outgoing = []; written = 0 }
        break
      }
      written += count
    }
    outgoing.removeFirst(written)
    if closesWhenWritten, outgoing.isEmpty { close() }
    return written > 0
  }

  /// Says to the other end that no more comes.
  mutating func endIfWritten() {
    guard endsWhenWritten, outgoing.isEmpty, descriptor >= 0 else { return }
    endsWhenWritten = false
    shutdown(descriptor, Int32(SHUT_WR))
  }
}

private func sys_close(_ descriptor: Int32) { close(descriptor) }

private func sys_send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  #if canImport(Darwin)
    send(descriptor, bytes.baseAddress, bytes.count, 0)
  #else
    send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
  #endif
}
