import OrchStore

// Which part of the log no transaction can add to any more.

extension PostgresTransaction {
  /// Judged by the transactions that were going on when this one's snapshot was taken, as far as they may append to this
  /// log: others on the server, in other databases or with other tables, hold nothing back.
  ///
  /// A writer takes the write gate's lock before it has a number, and keeps both to its end. So a number whose holder is
  /// still there and has no such lock is none of a writer. A number whose holder has ended since counts as a writer's:
  /// what it wrote is not in the snapshot.
  func stablePosition() throws -> Int {
    guard !isWriting, let begun = positions.transactionIfOrdered else { return positions.settled }
    let answer = try ask(Query(Self.distanceToFirstWriter))
    return try reading { () throws(PostgresFailure) in
      guard let row = answer.first else { throw .corrupt(.damageTransactions) }
      return Positions(transaction: begun + row.int(0), isOrdered: true).settled
    }
  }

  /// How far the lowest number of a writer that is still going on is above the lowest of all. All locks are read at once:
  /// one after the other, a writer could end in between and seem to have had none.
  private static let distanceToFirstWriter = """
    WITH locks AS MATERIALIZED (
      SELECT locktype, transactionid, virtualtransaction AS holder,
        locktype = 'advisory' AND classid = 0 AND objid = \(PostgresStore.writeGateLockKey) AND objsubid = 1
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AS is_gate
      FROM pg_locks WHERE granted AND (locktype = 'advisory' OR locktype = 'transactionid' AND mode = 'ExclusiveLock')),
    others AS (
      SELECT transactionid FROM locks
      WHERE locktype = 'transactionid' AND holder NOT IN (SELECT holder FROM locks WHERE is_gate))
    SELECT coalesce(
        (SELECT min(number::text::bigint) FROM pg_snapshot_xip(pg_current_snapshot()) AS number
          WHERE number::xid NOT IN (SELECT transactionid FROM others)),
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
      - pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    """
}
