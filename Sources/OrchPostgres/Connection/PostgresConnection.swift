import OrchCore
import CLibPQ
import OrchStore
import OrchSystem
import SystemPackage

/// A connection in pipeline mode: statements go out together, and one wait brings all their answers.
///
/// Belongs to one thread. What breaks it leaves it broken: `isUsable` says so, and nobody repairs it.
final class PostgresConnection {
  let pq: orch_pq
  let handle: OpaquePointer
  /// Synchronisation points whose answers nobody waited for.
  private var unread = 0
  private(set) var isUsable = true
  private var statements = PreparedStatements(isOpen: false)
  /// Whether names have been kept so far; a connection on which one was not has none any more.
  private var mayPrepare = true
  /// What the server can do, by what it reports as it greets.
  private(set) lazy var capabilities: Capabilities =
    parameter("crdb_version") != nil
    ? .of(server: "CockroachDB") : .of(server: "PostgreSQL \(parameter("server_version") ?? "")")
  /// Whether the one backend's transaction numbers were found above those of all events: while it lives, they stay there.
  private(set) var isAhead = false
  /// Whether it is told of new work.
  var isListening = false
  /// Told of each trip to the server.
  var diagnostics = Diagnostics()

  init(_ pq: orch_pq, _ handle: OpaquePointer) {
    self.pq = pq
    self.handle = handle
  }

  deinit { pq.finish(handle) }

  /// Sends statements and waits for their answers: one round trip.
  ///
  /// - Parameter patience: where given, how long the server may be silent beyond the deadline, each time.
  /// - Throws: the first failure of a statement, after which the server has passed over the later ones.
  func exchange(
    _ queries: [Query], until deadline: ContinuousClock.Instant, silenceTimeout: Duration? = nil
  ) throws(PostgresFailure) -> [ResultSet] {
    let start = diagnostics.start()
    defer { diagnostics.roundTrip(queries.count, since: start) }
    let messages = try send(queries, deadline)
    var deadline = deadline
    var received = Received(syncs: unread + 1, messages: messages)
    unread = 0
    do throws(PostgresFailure) {
      while received.syncs > 0 {
        if let silenceTimeout { deadline = max(deadline, .now + silenceTimeout) }
        try receive(into: &received, deadline)
      }
    } catch {
      isUsable = false
      throw error
    }
    for text in messages.dropFirst(received.next).compactMap({ $0 }) { statements.forget(text) }
    if let failure = received.failure {
      if failure.category == .statement {
        mayPrepare = false
        statements = PreparedStatements(isOpen: false)
      }
      throw failure
    }
    guard received.answers.count == queries.count else {
      isUsable = false
      throw PostgresFailure(
        .other, Message(verbatim: "\(received.answers.count) answers to \(queries.count) statements"))
    }
    return received.answers
  }

  /// Sends statements whose answers do not matter; they are passed over later.
  func post(_ queries: [Query], until deadline: ContinuousClock.Instant) throws(PostgresFailure) {
    try send(queries, deadline)
    unread += 1
    while pq.flush(handle) == 1 { try wait(for: .writing, deadline) }
  }

  /// Told which backend runs a transaction. When it is the one that greeted us, there is no pooler in between, and it
  /// keeps what it is told: statements that come again are prepared.
  ///
  /// - Parameter hasCompared: whether its transaction numbers were found above those of all events.
  func noteBackend(_ process: Int, hasCompared: Bool) {
    let isDirect = mayPrepare && process == Int(pq.backendPID(handle))
    isAhead = isDirect && (isAhead || hasCompared)
    if isDirect != statements.isOpen { statements = PreparedStatements(isOpen: isDirect) }
  }

  // MARK: Sending

  /// - Returns: the texts that are prepared on the way, each by a message before its statement; nil for a statement.
  @discardableResult
  private func send(_ queries: [Query], _ deadline: ContinuousClock.Instant) throws(PostgresFailure) -> [String?] {
    guard isUsable else { throw PostgresFailure(.connection, .postgresConnectionBroken) }
    if diagnostics.isOn { for query in queries { diagnostics.statement(query.text) } }
    var messages: [String?] = []
    messages.reserveCapacity(queries.count)
    for query in queries {
      switch statements.use(query.text) {
      case .plain:
        guard Self.send(query, { pq.sendQueryParams(handle, query.text, $0, nil, $1, nil, nil, 0) }) else {
          throw broken()
        }
      case .preparing(let name):
        guard pq.sendPrepare(handle, name, query.text, 0, nil) == 1 else { throw broken() }
        messages.append(query.text)
        guard Self.send(query, { pq.sendQueryPrepared(handle, name, $0, $1, nil, nil, 0) }) else { throw broken() }
      case .prepared(let name):
        guard Self.send(query, { pq.sendQueryPrepared(handle, name, $0, $1, nil, nil, 0) }) else { throw broken() }
      }
      messages.append(nil)
    }
    guard pq.pipelineSync(handle) == 1 else { throw broken() }
    return messages
  }

  private static func send(_ query: Query, _ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>?) -> Int32) -> Bool {
    // One buffer for all the values, and where each begins in it.
    var bytes: [CChar] = []
    var starts: [Int?] = []
    for value in query.values {
      guard let value else {
        starts.append(nil)
        continue
      }
      starts.append(bytes.count)
      for byte in value.utf8 { bytes.append(CChar(bitPattern: byte)) }
      bytes.append(0)
    }
    return bytes.withUnsafeBufferPointer { buffer in
      let pointers = starts.map { start in start.flatMap { buffer.baseAddress?.advanced(by: $0) } }
      return body(Int32(pointers.count), pointers) == 1
    }
  }

  // MARK: Receiving

  private struct Received {
    /// Synchronisation points still to come; answers count from the last one on.
    var syncs: Int
    /// What was sent since the last of them, and how much of it was answered.
    let messages: [String?]
    var next = 0
    var answers: [ResultSet] = []
    var failure: PostgresFailure?

    /// Keeps the answer to the next message, unless that only prepared.
    mutating func take(_ answer: ResultSet) {
      // Of what was posted before, nobody wants to know.
      guard syncs == 1 else { return }
      if next < messages.count, messages[next] == nil { answers.append(answer) }
      next += 1
    }
  }

  private func receive(into received: inout Received, _ deadline: ContinuousClock.Instant) throws(PostgresFailure) {
    while pq.isBusy(handle) == 1 {
      let isFlushed = pq.flush(handle) == 0
      try wait(for: isFlushed ? .reading : [.reading, .writing], deadline)
      guard pq.consumeInput(handle) == 1 else { throw broken() }
    }
    // Nothing ends the answers to one statement.
    guard let result = pq.getResult(handle) else {
      guard pq.status(handle) == CONNECTION_OK else { throw broken() }
      return
    }
    let answer = ResultSet(pq, result)
    switch pq.resultStatus(result) {
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK: received.take(answer)
    case PGRES_PIPELINE_SYNC:
      received.syncs -= 1
    case PGRES_PIPELINE_ABORTED: break
    default:
      let failure = failure(of: result)
      if received.failure == nil, received.syncs == 1 || failure.state.isEmpty { received.failure = failure }
      // A backend that ends tells why before the connection does; nothing follows.
      guard pq.status(handle) == CONNECTION_OK else { throw received.failure ?? failure }
    }
  }

  private func failure(of result: OpaquePointer) -> PostgresFailure {
    // PG_DIAG_SQLSTATE and PG_DIAG_MESSAGE_PRIMARY.
    let state = pq.resultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? ""
    guard !state.isEmpty else { return broken() }
    let message = pq.resultErrorField(result, Int32(UInt8(ascii: "M"))).map { String(cString: $0) } ?? ""
    return PostgresFailure(state: state, message: message)
  }

  /// Waits until the socket is ready, or fails when the deadline passes.
  private func wait(for events: FileDescriptor.Readiness, _ deadline: ContinuousClock.Instant) throws(PostgresFailure) {
    guard try Socket.wait(pq.socket(handle), for: events, until: deadline) else {
      isUsable = false
      throw PostgresFailure(.timeout, .postgresAnswerTimeout)
    }
  }

  private func broken() -> PostgresFailure {
    isUsable = false
    return PostgresFailure(
      .connection, Self.firstLine(pq.errorMessage(handle)).map { Message(verbatim: $0) } ?? .postgresConnectionBroke)
  }

  /// The first line of what libpq says, without what it adds in front.
  static func firstLine(_ message: UnsafePointer<CChar>?) -> String? {
    guard let message else { return nil }
    let line = String(cString: message).prefix { $0 != "\n" }
    return line.isEmpty ? nil : String(line)
  }
}

enum Socket {
  /// Whether a socket is ready before the deadline.
  static func wait(
    _ socket: Int32, for events: FileDescriptor.Readiness, until deadline: ContinuousClock.Instant
  ) throws(PostgresFailure) -> Bool {
    guard socket >= 0 else { throw PostgresFailure(.connection, .postgresConnectionClosed) }
    while true {
      let left = ContinuousClock.now.duration(to: deadline)
      guard left > .zero else { return false }
      let milliseconds = Int32(min(left.milliseconds + 1, 60_000))
      do throws(Errno) {
        if try FileDescriptor(rawValue: socket).wait(for: events, milliseconds: milliseconds) { return true }
      } catch {
        throw PostgresFailure(.connection, Message(verbatim: "poll: \(error.rawValue)"))
      }
    }
  }
}

extension Duration {
  /// Whole milliseconds, rounded down.
  var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1000 + attoseconds / 1_000_000_000_000_000
  }
}
