import OrchCore
import OrchStore

// What the database says of itself, asked once a transaction.

extension PostgresTransaction {
  /// Whether the last position of all is asked for: after a restore from a copy, transaction numbers may be below it.
  var comparesNumbers: Bool {
    capabilities.contains(.transactionNumbers) && isWriting && isNumbered && !connection.isAhead
  }

  /// A row of each thing that the database says of itself, and in all of them the time, the number that positions begin
  /// with, the last position of all and the lowest number that nobody had yet where that is to be compared, the backend's
  /// process, and what else is asked. Without a number where a transaction is not to add events, and can ask for it later.
  func metaText(_ more: String) -> String {
    var (numbers, begin) = ("0", "")
    var (last, next) = ("0", "0")
    switch (capabilities.contains(.transactionNumbers), isWriting) {
    case (true, true) where !isNumbered: break
    case (true, true):
      numbers = "pg_current_xact_id()"
      guard comparesNumbers else { break }
      last = "(SELECT max(pos) FROM orch.event)"
      next = "pg_snapshot_xmax(pg_current_snapshot())"
    case (true, false): numbers = "pg_snapshot_xmin(pg_current_snapshot())"
    case (false, true):
      // Whoever has this row is alone until its end.
      begin = """
        WITH counted AS (
          UPDATE orch.meta SET value = (value::bigint + 1)::text WHERE key = 'position_offset' RETURNING value::bigint)
        """
      numbers = "(SELECT value FROM counted)"
    case (false, false): break
    }
    return """
      \(begin) SELECT key, value, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint, \(numbers), \(last), \(next),
        pg_backend_pid(), \(more)
      FROM orch.meta
      """
  }
}

extension [ReadRequest] {
  /// Whether nothing is requested but sessions by their leases' tokens: a renewal, which appends no event.
  var isOnlyHolding: Bool {
    !isEmpty && allSatisfy { if case .holding = $0 { true } else { false } }
  }
}
