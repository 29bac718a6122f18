internal import OrchCore
internal import OrchStore

/// What the engine keeps of a session beside the session.
struct SessionRow {
  var number: Int64
  /// The position of its last event.
  var lastEvent: Int64
  /// The ordinals of its tasks at place 1.
  var tops: [Int64]
}

extension SQLiteTransaction {
  func session(_ id: String) throws -> Session? {
    let statement = try statement("SELECT * FROM session WHERE id = ?1 ORDER BY log = ?2 DESC LIMIT 1")
    statement.bind(1, id)
    statement.bind(2, store.log)
    return try statement.first { row throws(SQLiteFailure) in read(row) }
  }

  func session(number: Int64) throws -> Session? {
    let statement = try statement("SELECT * FROM session WHERE number = ?1")
    statement.bind(1, number)
    return try statement.first { row throws(SQLiteFailure) in read(row) }
  }

  func heldSessions(limit: Int) throws -> [Session] {
    let statement = try statement(
      "SELECT * FROM session WHERE lease_expires_at IS NOT NULL ORDER BY lease_expires_at LIMIT ?1")
    statement.bind(1, limit)
    return try sessions(statement)
  }

  func sessionIDs(after id: String?, limit: Int) throws -> [String] {
    let statement = try statement(
      "SELECT id FROM session WHERE number > coalesce((SELECT number FROM session WHERE id = ?1), 0) ORDER BY number LIMIT ?2")
    statement.bind(1, id)
    statement.bind(2, limit)
    var ids: [String] = []
    try statement.query { row in ids.append(row.text(0)) }
    return ids
  }

  func sessions(_ statement: Statement) throws(SQLiteFailure) -> [Session] {
    var found: [Session] = []
    try statement.query { row throws(SQLiteFailure) in found.append(read(row)) }
    return found
  }

  private func read(_ row: borrowing Row) -> Session {
    var session = Session(id: row.text(1), log: row.text(2))
    session.seq = Int(row.int(3))
    session.head = row.withBlob(4) { Digest(bytes: $0) }
    session.at = Instant(milliseconds: row.int(5))
    session.fence = Int(row.int(6))
    if !row.isNull(7) {
      session.lease = Lease(
        task: row.text(7), attempt: Int(row.int(8)), agent: row.text(9), instance: row.optionalText(10),
        host: row.text(11), fence: Int(row.int(12)),
        tokenHash: row.withBlob(13) { Digest(bytes: $0) } ?? Self.noDigest,
        acquiredAt: Instant(milliseconds: row.int(14)), heartbeatAt: Instant(milliseconds: row.int(15)),
        expiresAt: Instant(milliseconds: row.int(16)), ttlSeconds: Int(row.int(17)), noticedSeq: Int(row.int(18)))
    }
    if let task = row.optionalText(19) {
      session.offer = Session.Reservation(
        task: task, to: row.text(20), expiresAt: Instant(milliseconds: row.int(21)))
    }
    session.recovered = row.optionalText(22)
    session.checkpointSeq = row.optionalInt(23).map { Int($0) }
    session.noteSeq = row.optionalInt(24).map { Int($0) }
    let tops = row.withText(26) { text in
      text.isEmpty ? [] : text.split(separator: UInt8(ascii: ",")).compactMap { Int64(String(decoding: $0, as: UTF8.self)) }
    }
    sessions[session.id] = SessionRow(number: row.int(0), lastEvent: row.int(25), tops: tops)
    return session
  }

  /// Stands for a digest that the database has lost: no token has it.
  private static let noDigest: Digest = {
    guard let digest = Digest(bytes: [UInt8](repeating: 0, count: 32)) else { preconditionFailure("32 bytes") }
    return digest
  }()

  /// Writes a session at the version that `change` expects.
  ///
  /// - Throws: `StoreError.conflict` when it is not at that version any more.
  func store(_ change: Change, lastEvent: Int64, tops: [Int64]) throws {
    let session = change.after
    if change.before.seq == 0 {
      guard sessions[session.id] == nil else { throw StoreError.conflict }
      try insert(session, lastEvent: lastEvent)
      return
    }
    guard let row = sessions[session.id] else { throw StoreError.conflict }
    let statement = try statement(
      """
      UPDATE session SET seq = ?1, head = ?2, at = ?3, fence = ?4, lease_task = ?5, lease_attempt = ?6,
        lease_agent = ?7, lease_instance = ?8, lease_host = ?9, lease_fence = ?10, lease_token = ?11,
        lease_acquired_at = ?12, lease_heartbeat_at = ?13, lease_expires_at = ?14, lease_ttl = ?15,
        lease_noticed = ?16, offer_task = ?17, offer_to = ?18, offer_expires_at = ?19, recovered = ?20,
        checkpoint_seq = ?21, note_seq = ?22, last_event = ?23, tops = ?24
      WHERE number = ?25 AND seq = ?26
      """)
    bind(session, to: statement)
    statement.bind(23, lastEvent)
    statement.bind(24, Self.text(tops))
    statement.bind(25, row.number)
    statement.bind(26, change.before.seq)
    try statement.run()
    guard connection.changes == 1 else { throw StoreError.conflict }
    sessions[session.id] = SessionRow(number: row.number, lastEvent: lastEvent, tops: tops)
  }

  private func insert(_ session: Session, lastEvent: Int64) throws {
    let statement = try statement(
      """
      INSERT INTO session(seq, head, at, fence, lease_task, lease_attempt, lease_agent, lease_instance, lease_host,
        lease_fence, lease_token, lease_acquired_at, lease_heartbeat_at, lease_expires_at, lease_ttl, lease_noticed,
        offer_task, offer_to, offer_expires_at, recovered, checkpoint_seq, note_seq, last_event, tops, id, log)
      VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
        '', ?24, ?25) ON CONFLICT DO NOTHING
      """)
    bind(session, to: statement)
    statement.bind(23, lastEvent)
    statement.bind(24, session.id)
    statement.bind(25, session.log)
    try statement.run()
    guard connection.changes == 1 else { throw StoreError.conflict }
    sessions[session.id] = SessionRow(number: connection.lastInsertedRow, lastEvent: lastEvent, tops: [])
  }

  func store(tops: [Int64], of id: String) throws {
    guard let row = sessions[id], row.tops != tops else { return }
    let statement = try statement("UPDATE session SET tops = ?2 WHERE number = ?1")
    statement.bind(1, row.number)
    statement.bind(2, Self.text(tops))
    try statement.run()
    sessions[id]?.tops = tops
  }

  private static func text(_ tops: [Int64]) -> String { tops.map(String.init).joined(separator: ",") }

  private func bind(_ session: Session, to statement: Statement) {
    statement.bind(1, session.seq)
    statement.bind(2, session.head?.bytes)
    statement.bind(3, session.at.milliseconds)
    statement.bind(4, session.fence)
    let lease = session.lease
    statement.bind(5, lease?.task)
    statement.bind(6, lease?.attempt)
    statement.bind(7, lease?.agent)
    statement.bind(8, lease?.instance)
    statement.bind(9, lease?.host)
    statement.bind(10, lease?.fence)
    statement.bind(11, lease?.tokenHash.bytes)
    statement.bind(12, lease?.acquiredAt.milliseconds)
    statement.bind(13, lease?.heartbeatAt.milliseconds)
    statement.bind(14, lease?.expiresAt.milliseconds)
    statement.bind(15, lease?.ttlSeconds)
    statement.bind(16, lease?.noticedSeq)
    statement.bind(17, session.offer?.task)
    statement.bind(18, session.offer?.to)
    statement.bind(19, session.offer?.expiresAt.milliseconds)
    statement.bind(20, session.recovered)
    statement.bind(21, session.checkpointSeq)
    statement.bind(22, session.noteSeq)
  }

  func beat(_ session: Session) throws {
    guard let lease = session.lease else { throw StoreError.internal("a heartbeat without a lease") }
    let statement = try statement(
      """
      UPDATE session SET lease_heartbeat_at = ?3, lease_expires_at = ?4, lease_ttl = ?5, lease_noticed = ?6
      WHERE id = ?1 AND log = ?7 AND lease_fence = ?2 AND lease_token = ?8
      """)
    statement.bind(1, session.id)
    statement.bind(2, lease.fence)
    statement.bind(3, lease.heartbeatAt.milliseconds)
    statement.bind(4, lease.expiresAt.milliseconds)
    statement.bind(5, lease.ttlSeconds)
    statement.bind(6, lease.noticedSeq)
    statement.bind(7, session.log)
    statement.bind(8, lease.tokenHash.bytes)
    try statement.run()
    guard connection.changes == 1 else { throw StoreError.conflict }
  }

  func grant(_ tokenHash: TokenHash) throws -> Grant? {
    let statement = try statement(
      """
      SELECT session.id, task.id, token.fence FROM token
      JOIN session ON session.number = token.session JOIN task ON task.ordinal = token.task WHERE token.hash = ?1
      """)
    statement.bind(1, tokenHash.bytes)
    return try statement.first { row in
      Grant(tokenHash: tokenHash, session: row.text(0), task: row.text(1), fence: Int(row.int(2)))
    }
  }
}
