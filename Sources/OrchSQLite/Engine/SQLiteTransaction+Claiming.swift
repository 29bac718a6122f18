internal import OrchCore
internal import OrchStore

extension SQLiteTransaction {
  /// A task that may be the best one to claim.
  private struct Contender {
    var ordinal: Int64
    var session: Int64
    var priority: Int
    var readyAt: Int64

    func isBefore(_ other: Contender) -> Bool {
      (priority, readyAt, ordinal) < (other.priority, other.readyAt, other.ordinal)
    }
  }

  func candidate(for query: ClaimQuery) throws -> (session: String, task: String)? {
    try store.classes.refresh(connection)
    let classes = store.classes.all.filter { $0.value.matches(query) && $0.value.admits(query.agent) }.map(\.key)
    guard !classes.isEmpty else { return nil }
    var best: Contender?
    func offer(_ contender: Contender?) {
      guard let contender else { return }
      if best.map({ contender.isBefore($0) }) ?? true { best = contender }
    }
    if let id = query.session {
      guard let session = try session(id), let row = sessions[id] else { return nil }
      let isReserved = session.offer.map { $0.to != query.agent } ?? false
      guard session.lease == nil, !isReserved else { return nil }
      for taskClass in classes { try contenders(of: row.number, taskClass, offer) }
    } else {
      for taskClass in classes { offer(try top(of: taskClass * 2)) }
      if try isAnyDue() {
        for taskClass in classes {
          for priority in 0...9 { offer(try due(in: taskClass * 2 + 1, priority)) }
        }
      }
      for session in try reserved(for: query.agent) {
        for taskClass in classes { try contenders(of: session, taskClass, offer) }
      }
    }
    guard let best, let session = try session(number: best.session), let task = try task(ordinal: best.ordinal) else {
      return nil
    }
    if let id = session.recovered, id != task.id, let recovered = try self.task(id), recovered.openBlockers == 0,
      recovered.state == .queued, recovered.notBefore.map({ $0 <= now }) ?? true,
      TaskClass(recovered).matches(query), TaskClass(recovered).admits(query.agent)
    {
      return (session.id, id)
    }
    return (session.id, task.id)
  }

  private func contender(_ statement: Statement) throws -> Contender? {
    try statement.first { row in
      Contender(ordinal: row.int(0), session: row.int(1), priority: Int(row.int(2)), readyAt: row.int(3))
    }
  }

  private func top(of bucket: Int64) throws -> Contender? {
    let statement = try statement(
      """
      SELECT ordinal, session, priority, ready_at FROM task INDEXED BY task_top
      WHERE place = 1 AND bucket = ?1 ORDER BY priority, ready_at, ordinal LIMIT 1
      """)
    statement.bind(1, bucket)
    return try contender(statement)
  }

  private func due(in bucket: Int64, _ priority: Int) throws -> Contender? {
    let statement = try statement(
      """
      SELECT ordinal, session, priority, ready_at FROM task INDEXED BY task_top
      WHERE place = 1 AND bucket = ?1 AND priority = ?2 AND ready_at <= ?3 ORDER BY ready_at, ordinal LIMIT 1
      """)
    statement.bind(1, bucket)
    statement.bind(2, priority)
    statement.bind(3, now.milliseconds)
    return try contender(statement)
  }

  private func isAnyDue() throws -> Bool {
    let statement = try statement(
      "SELECT 1 FROM task INDEXED BY task_due WHERE place = 1 AND not_before IS NOT NULL AND ready_at <= ?1 LIMIT 1")
    statement.bind(1, now.milliseconds)
    return try statement.first { _ in true } ?? false
  }

  /// Every class's best task in one session, whatever its place.
  private func contenders(of session: Int64, _ taskClass: Int64, _ offer: (Contender?) -> Void) throws {
    let statement = try statement(
      """
      SELECT ordinal, session, priority, ready_at FROM task
      WHERE session = ?1 AND place IN (1, 2) AND bucket = ?2 AND (?3 = 0 OR ready_at <= ?4)
      ORDER BY priority, ready_at, ordinal LIMIT 1
      """)
    for scheduled in [Int64(0), 1] {
      statement.bind(1, session)
      statement.bind(2, taskClass * 2 + scheduled)
      statement.bind(3, scheduled)
      statement.bind(4, now.milliseconds)
      offer(try contender(statement))
    }
  }

  private func reserved(for agent: String) throws -> [Int64] {
    let statement = try statement(
      "SELECT number FROM session WHERE offer_expires_at IS NOT NULL AND offer_to = ?1 AND lease_task IS NULL")
    statement.bind(1, agent)
    var found: [Int64] = []
    try statement.query { row in found.append(row.int(0)) }
    return found
  }

  func expiredSessions(matching query: ClaimQuery?, limit: Int) throws -> [Session] {
    let leases = try statement(
      "SELECT * FROM session WHERE lease_expires_at <= ?1 ORDER BY lease_expires_at LIMIT ?2")
    leases.bind(1, now.milliseconds)
    leases.bind(2, query == nil ? limit : Int.max)
    let offers = try statement(
      "SELECT * FROM session WHERE offer_expires_at <= ?1 ORDER BY offer_expires_at LIMIT ?2")
    offers.bind(1, now.milliseconds)
    offers.bind(2, query == nil ? limit : Int.max)
    var found: [Session] = []
    var seen: Set<String> = []
    for session in try sessions(leases) + sessions(offers) where found.count < limit {
      guard seen.insert(session.id).inserted else { continue }
      if let query {
        guard query.session == nil || query.session == session.id,
          let id = session.lease?.task ?? session.offer?.task, let task = try task(id),
          TaskClass(task).matches(query), TaskClass(task).admits(query.agent)
        else { continue }
      }
      found.append(session)
    }
    return found
  }

  func obstacles(to query: ClaimQuery) throws -> ClaimObstacles {
    try store.classes.refresh(connection)
    var obstacles = ClaimObstacles()
    for (number, taskClass) in store.classes.all where taskClass.matches(query) {
      let statement = try statement(
        """
        SELECT task.open_blockers > 0, task.not_before,
          session.lease_task IS NOT NULL OR coalesce(session.offer_to, ?2) <> ?2, session.id
        FROM task JOIN session ON session.number = task.session WHERE task.class = ?1 AND task.state = 'queued'
        """)
      statement.bind(1, number)
      statement.bind(2, query.agent)
      try statement.query { row in
        if let wanted = query.session, row.text(3) != wanted { return }
        let notBefore = row.optionalInt(1)
        if row.bool(2) {
          obstacles.held += 1
        } else if row.bool(0) {
          obstacles.blocked += 1
        } else if let notBefore, notBefore > now.milliseconds {
          obstacles.scheduled += 1
          let first = obstacles.nextReadyAt.map { min($0.milliseconds, notBefore) } ?? notBefore
          obstacles.nextReadyAt = Instant(milliseconds: first)
        } else if !taskClass.admits(query.agent) {
          obstacles.assigned += 1
        }
      }
    }
    return obstacles
  }
}
