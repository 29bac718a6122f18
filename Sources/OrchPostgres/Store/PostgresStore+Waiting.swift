import CLibPQ
import OrchStore
import OrchSystem
import SystemPackage

extension PostgresStore {
  /// Sleeps until the server tells of new work, at most a second: behind a pooler, and where nobody tells, looking again
  /// is all there is.
  ///
  /// The first time it only begins to listen, so that what came before that is looked at once more. Where connections
  /// are scarce, none is kept for sleeping: those who would add work need it.
  package func waitForWork(atMost time: Duration) {
    let nap = min(time, Self.look)
    do throws(PostgresFailure) {
      let deadline = ContinuousClock.now + timeout
      guard let connection = try listening(until: deadline) else { return pause(nap) }
      guard connection.isListening else {
        connection.isListening = true
        return
      }
      try connection.awaitNotification(until: .now + nap)
    } catch {
      disconnect()
      pause(nap)
    }
  }

  /// How long to sleep at most: new work is taken within a second.
  private static let look = Duration.milliseconds(800)

  /// The connection, if it may be kept while sleeping. One that begins to listen does so first.
  private func listening(until deadline: ContinuousClock.Instant) throws(PostgresFailure) -> PostgresConnection? {
    let connection = try connected(until: deadline)
    guard capabilities(of: connection).contains(.notify) else { return nil }
    if connection.isListening { return connection }
    let answers = try connection.exchange(
      [
        Query(
          """
          SELECT count(*) * 2 < current_setting('max_connections')::bigint FROM pg_catalog.pg_stat_activity
          WHERE backend_type = 'client backend'
          """), Query("LISTEN orch")
      ], until: deadline)
    guard answers[0].first?.bool(0) == true else {
      disconnect()
      return nil
    }
    return connection
  }
}

extension PostgresConnection {
  /// Waits for a notification, or until the time is over.
  func awaitNotification(until deadline: ContinuousClock.Instant) throws(PostgresFailure) {
    while true {
      var heard = false
      while let notification = pq.notifies(handle) {
        heard = true
        pq.freemem(notification)
      }
      if heard { return }
      guard try Socket.wait(pq.socket(handle), for: .reading, until: deadline) else { return }
      guard pq.consumeInput(handle) == 1 else {
        throw PostgresFailure(.connection, .postgresBrokeWaiting)
      }
    }
  }
}
