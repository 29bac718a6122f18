import OrchCore
import OrchStore

// Sessions by reference, by number and by expiry.

extension SQLiteTransaction {
  func session(_ id: String) throws -> Session? { try entry(ofSession: id)?.session }

  func session(_ id: String, logID: String) throws -> Session? { try entry(ofSession: id, logID: logID)?.session }

  /// The row of the session that a reference names.
  func entry(ofSession reference: String) throws -> SessionEntry? {
    try Reference.resolve(reference, own: logID, row: entry(ofSession:logID:), logs: logs(ofSession:))
  }

  /// The logs that have a session of an id.
  private func logs(ofSession id: String) throws(SQLiteFailure) -> [String] {
    let select = try statement(Self.selectLogs)
    select.bind(1, id)
    var logs: [String] = []
    try select.query { row in logs.append(row.text(0)) }
    return logs
  }

  /// The row of a session.
  func entry(ofSession id: String, logID: String) throws(SQLiteFailure) -> SessionEntry? {
    if let entry = cache.sessions[key(id, logID)] { return entry }
    let select = try statement(Self.selectSessionByID)
    select.bind(1, id)
    select.bind(2, logID)
    let entry = try select.first { row throws(SQLiteFailure) in try SessionEntry(row) }
    if let entry { keep(entry) }
    return entry
  }

  /// The row of the session with a number.
  func entry(ofSession number: Int64) throws(SQLiteFailure) -> SessionEntry? {
    let select = try statement(Self.selectSessionByNumber)
    select.bind(1, number)
    let entry = try select.first { row throws(SQLiteFailure) in try SessionEntry(row) }
    if let entry { keep(entry) }
    return entry
  }

  /// Keeps a row for later questions of this transaction.
  func keep(_ entry: SessionEntry) { cache.sessions[key(entry.session.id, entry.session.logID)] = entry }

  /// Sessions and tasks of this log are known by their id alone.
  func key(_ id: String, _ logID: String) -> String { logID == self.logID ? id : "\(logID)\u{0}\(id)" }

  func heldSessions(limit: Int) throws -> [Session] {
    try statement(Self.selectHeld).numbers { $0.bind(1, limit) }.compactMap { try entry(ofSession: $0)?.session }
  }

  func sessionsOffered(to agent: String, limit: Int) throws -> [Session] {
    try numbers(offeredTo: agent, limit: limit).compactMap { try entry(ofSession: $0)?.session }
  }

  func numbers(offeredTo agent: String, limit: Int) throws(SQLiteFailure) -> [Int64] {
    guard try fastPathFlags().hasOffers else { return [] }
    return try statement(Self.selectOffered).numbers {
      $0.bind(1, agent)
      $0.bind(2, limit)
    }
  }

  func sessionsToReplay(limit: Int) throws -> [Session] {
    guard try fastPathFlags().hasSessionsToReplay else { return [] }
    return try statement(Self.selectToReplay).numbers { $0.bind(1, limit) }
      .compactMap { try entry(ofSession: $0)?.session }
  }

  func expiredSessions(matching query: ClaimQuery?, limit: Int) throws -> [Session] {
    // Offers are few; leases may be many, and are looked at only until there are enough.
    var offers: [(at: Int64, number: Int64)] = []
    if try fastPathFlags().hasOffers {
      let select = try statement(Self.selectExpiredOffers)
      select.bind(1, now.milliseconds)
      try select.query { row in offers.append((row.int(0), row.int(1))) }
      offers.reverse()
    }
    let only = try query?.session.map { try entry(ofSession: $0)?.number ?? 0 }
    var found: [Session] = []
    var seen: Set<Int64> = []
    func consider(_ number: Int64) throws(SQLiteFailure) {
      guard found.count < limit, seen.insert(number).inserted, let session = try entry(ofSession: number)?.session,
        session.isUnderstood
      else { return }
      if let only, only != number { return }
      if let query, try !wouldTake(query, session) { return }
      found.append(session)
    }
    let select = try statement(Self.selectExpired)
    select.bind(1, now.milliseconds)
    try select.scan { row throws(SQLiteFailure) in
      while let offer = offers.last, offer.at < row.int(0) {
        offers.removeLast()
        try consider(offer.number)
      }
      try consider(row.int(1))
      return found.count < limit
    }
    while found.count < limit, let offer = offers.popLast() { try consider(offer.number) }
    return found
  }

  /// Whether `query` would take the task of the session's expired lease or offer.
  private func wouldTake(_ query: ClaimQuery, _ session: Session) throws(SQLiteFailure) -> Bool {
    let lease = session.lease.flatMap { $0.expiresAt <= now ? $0.task : nil }
    let offer = session.offer.flatMap { $0.expiresAt <= now ? $0.task : nil }
    for id in [lease, offer] {
      guard let id else { continue }
      guard let task = try entry(ofTask: id, logID: session.logID)?.task else {
        throw .corrupt(.damageHeldTask(task: id))
      }
      if query.rule.admits(ClaimFilterKey(task)) { return true }
    }
    return false
  }

  func sessionIDs(after id: String?, limit: Int) throws -> [String] {
    let start = try id.flatMap { try entry(ofSession: $0)?.number } ?? 0
    let select = try statement(Self.selectIDs)
    select.bind(1, start)
    select.bind(2, limit)
    var ids: [String] = []
    try select.query { ids.append(Reference.to($0.text(0), of: $0.text(1), in: logID)) }
    return ids
  }

  // MARK: SQL

  static let selectSessionByID = SQL(
    composed: "SELECT \(SessionRow.selectList) FROM session WHERE id = ?1 AND log = ?2")
  static let selectSessionByNumber = SQL(
    composed: "SELECT \(SessionRow.selectList) FROM session WHERE number = ?1")
  private static let selectLogs: SQL = "SELECT log FROM session WHERE id = ?1"
  private static let selectIDs: SQL = "SELECT id, log FROM session WHERE number > ?1 ORDER BY number LIMIT ?2"
  static let selectOffered: SQL = """
    SELECT number FROM session WHERE offer_expires_at IS NOT NULL AND offer_to = ?1 AND lease_expires_at IS NULL
    ORDER BY offer_expires_at, number LIMIT ?2
    """
  static let selectToReplay = SQL(
    composed: """
      SELECT number FROM session WHERE read_vocabulary < \(EventVocabulary.current) ORDER BY number LIMIT ?1
      """)
  static let selectHeld: SQL = """
    SELECT number FROM session WHERE lease_expires_at IS NOT NULL ORDER BY lease_expires_at, number LIMIT ?1
    """
  static let selectExpired: SQL = """
    SELECT lease_expires_at, number FROM session WHERE lease_expires_at <= ?1 ORDER BY lease_expires_at, number
    """
  static let selectExpiredOffers: SQL = """
    SELECT offer_expires_at, number FROM session WHERE offer_expires_at <= ?1 ORDER BY offer_expires_at, number
    """
}

extension Statement {
  /// The first column of every row, as integers.
  func numbers(_ bind: (Statement) -> Void) throws(SQLiteFailure) -> [Int64] {
    bind(self)
    var numbers: [Int64] = []
    try query { row in numbers.append(row.int(0)) }
    return numbers
  }
}
