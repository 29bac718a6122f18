import OrchCore
import OrchStore

/// One transaction on one connection: what its body reads and writes through.
///
/// Reads see what the transaction has written. Statements are prepared once a connection; rows are kept in `cache`.
final class SQLiteTransaction: StoreWriter {
  let connection: Connection
  let cache: RowCache
  let now: Instant
  let logID: String
  /// Why this transaction may not be committed: an append failed half-way.
  private(set) var failure: StoreError?

  init(_ connection: Connection, cache: RowCache, now: Instant, logID: String) {
    self.connection = connection
    self.cache = cache
    self.now = now
    self.logID = logID
  }

  func statement(_ sql: SQL) throws(SQLiteFailure) -> Statement { try connection.statement(sql) }

  func append(_ change: SessionChange) throws {
    cache.limit()
    let entry = try entry(ofSession: change.before.id, logID: change.before.logID)
    guard (entry?.session.seq ?? 0) == change.before.seq else { throw StoreError.conflict }
    do {
      try store(change, entry)
    } catch {
      let error = (error as? SQLiteFailure).map { $0.isTakenName ? .conflict : StoreError($0) } ?? error
      failure = error as? StoreError ?? .internal("\(error)")
      throw error
    }
  }

  func renewLease(_ session: Session) throws {
    guard let lease = session.lease, let entry = try entry(ofSession: session.id, logID: session.logID) else {
      throw StoreError.conflict
    }
    let update = try statement(Self.updateLease)
    update.bind(1, entry.number)
    update.bind(2, lease.fence)
    update.bind(3, lease.tokenHash)
    lease.write(.renewal, to: update, from: 4)
    try update.run()
    guard connection.changes == 1 else { throw StoreError.conflict }
    var renewed = entry.session
    renewed.lease = lease
    keep(
      SessionEntry(
        number: entry.number, session: renewed, lastEvent: entry.lastEvent, tops: entry.tops, tally: entry.tally))
  }

  private static let updateLease = SQL(
    composed: """
      UPDATE session SET \(Lease.columns(.renewal).assignments("?", from: 4))
      WHERE number = ?1 AND lease_fence = ?2 AND lease_token = ?3
      """)

  // MARK: Counters

  /// The last numbers given out, read once and counted on by this transaction.
  func counters() throws(SQLiteFailure) -> RowCache.Counters {
    if let counters = cache.counters { return counters }
    let read = try statement(Self.selectCounters).first { row in
      RowCache.Counters(position: row.int(0), session: row.int(1), ordinal: row.int(2))
    }
    guard let read else { throw .corrupt(.damageCounters) }
    cache.counters = read
    return read
  }

  private static let selectCounters: SQL = """
    SELECT (SELECT max(pos) FROM event), (SELECT max(number) FROM session), (SELECT max(ordinal) FROM task)
    """
}
