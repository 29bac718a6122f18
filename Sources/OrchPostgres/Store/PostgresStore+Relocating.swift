import OrchCore
package import OrchStore

extension PostgresStore {
  /// The number of the lock that writers share, and that closing the database takes alone: `ORCH`.
  static let writeGateLockKey = 0x4F52_4348

  package func relocate(from old: Relocation?, to new: Relocation?) throws {
    let deadline = ContinuousClock.now + timeout
    try attempting(until: deadline) { connection in
      let left = String(max(1, ContinuousClock.now.duration(to: deadline).milliseconds))
      // Either waits for all who write, and keeps others from beginning.
      let alone =
        capabilities(of: connection).contains(.transactionNumbers)
        ? "SELECT pg_advisory_xact_lock(\(Self.writeGateLockKey)) IS NULL"
        : "UPDATE orch.meta SET value = value WHERE key = 'position_offset'"
      do {
        let answers = try connection.exchange(
          [
            Query("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"),
            Query("SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', $1, true)", left),
            Query(alone), Query("SELECT value FROM orch.meta WHERE key = 'relocation'")
          ], until: deadline)
        let present = try answers[3].first.map { try Relocation(text: $0.text(0)) }
        guard present == old || present == new else {
          throw StoreError.unavailable(.errorOtherMove)
        }
        var queries = [Query("DELETE FROM orch.meta WHERE key = 'relocation'")]
        if let new { queries.append(Query("INSERT INTO orch.meta(key, value) VALUES ('relocation', $1)", new.text)) }
        _ = try connection.exchange(queries + [Query("COMMIT")], until: deadline)
        relocation = new
      } catch {
        if connection.isUsable { try? connection.post([Query("ROLLBACK")], until: deadline) }
        throw error
      }
    }
  }
}
