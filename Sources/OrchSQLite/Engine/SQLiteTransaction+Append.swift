internal import OrchCore
internal import OrchStore

extension SQLiteTransaction {
  func append(_ change: Change) throws {
    let id = change.after.id
    guard try (session(id)?.seq ?? 0) == change.before.seq else { throw StoreError.conflict }
    for task in change.tasks where task.before != nil && tasks[task.after.id] == nil { _ = try self.task(task.after.id) }
    if change.before.seq == 0 { try store(change, lastEvent: 0, tops: []) }
    guard let row = sessions[id] else { throw StoreError.conflict }
    // Tasks come first, so that events find their chains.
    for task in change.tasks where task.before == nil { try insert(task.after, session: row.number) }
    var last = row.lastEvent
    for entry in change.entries { last = try append(entry, session: row.number, after: last) }
    sessions[id]?.lastEvent = last
    var touched: Set<String> = [id]
    for task in change.tasks {
      try update(task)
      try adjustDependents(of: task, touched: &touched)
    }
    for grant in change.grants { try insert(grant, session: row.number) }
    for agent in change.agents { try insert(agent) }
    let tops = try tops(of: id, isFree: change.after.lease == nil && change.after.offer == nil)
    if change.before.seq == 0 {
      try storeLast(last, of: id)
      try store(tops: tops, of: id)
    } else {
      try store(change, lastEvent: last, tops: tops)
    }
    for other in touched where other != id {
      guard let session = try session(other) else { continue }
      try store(tops: self.tops(of: other, isFree: session.lease == nil && session.offer == nil), of: other)
    }
  }

  private func storeLast(_ last: Int64, of id: String) throws {
    let statement = try statement("UPDATE session SET last_event = ?2 WHERE number = ?1")
    statement.bind(1, sessions[id]?.number)
    statement.bind(2, last)
    try statement.run()
    sessions[id]?.lastEvent = last
  }

  private func insert(_ grant: Grant, session: Int64) throws {
    let statement = try statement("INSERT INTO token(hash, session, task, fence) VALUES(?1, ?2, ?3, ?4)")
    statement.bind(1, grant.tokenHash.bytes)
    statement.bind(2, session)
    statement.bind(3, tasks[grant.task]?.ordinal)
    statement.bind(4, grant.fence)
    do {
      try statement.run()
    } catch where error.category == .constraint {
      throw StoreError.conflict
    }
  }

  private func insert(_ agent: AgentDescription) throws {
    let statement = try statement(
      "INSERT INTO agent(name, display, role) VALUES(?1, ?2, ?3) ON CONFLICT(name) DO UPDATE SET display = ?2, role = ?3")
    statement.bind(1, agent.name)
    statement.bind(2, agent.display)
    statement.bind(3, agent.role)
    try statement.run()
  }

  /// Appends one entry behind the last of its session and of its task.
  ///
  /// - Returns: its position.
  private func append(_ entry: Recorded, session: Int64, after last: Int64) throws -> Int64 {
    let position = try nextPosition()
    let decoded = try entry.entry()
    let task = decoded.event.task
    let statement = try statement(
      "INSERT INTO event(pos, name, session, seq, prev_session, prev_task, id, body) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
    statement.bind(1, position)
    statement.bind(2, Self.name(entry.id))
    statement.bind(3, session)
    statement.bind(4, decoded.seq)
    statement.bind(5, last)
    statement.bind(6, task.flatMap { tasks[$0]?.lastEvent } ?? 0)
    statement.bind(7, entry.id.bytes)
    entry.bytes.withUnsafeBufferPointer { statement.bind(8, utf8: $0) }
    try statement.run()
    if let task { tasks[task]?.lastEvent = position }
    if decoded.seq % EventMark.spacing == 0 {
      let mark = try self.statement("INSERT INTO event_mark(session, seq, pos) VALUES(?1, ?2, ?3)")
      mark.bind(1, session)
      mark.bind(2, decoded.seq)
      mark.bind(3, position)
      try mark.run()
    }
    try store.blocks.note(decoded.event, at: position, connection)
    return position
  }

  private func nextPosition() throws -> Int64 {
    try statement("SELECT coalesce(max(pos), 0) + 1 FROM event").first { $0.int(0) } ?? 1
  }

  /// A task that becomes done, or stops being done, changes what waits for it.
  private func adjustDependents(of change: Change.TaskChange, touched: inout Set<String>) throws {
    let was = change.before?.state == .done
    let isDone = change.after.state == .done
    guard was != isDone else { return }
    let select = try statement(
      "SELECT task.ordinal, task.session_id FROM dependency JOIN task ON task.ordinal = dependency.task WHERE dependency.after = ?1")
    select.bind(1, change.after.id)
    var dependents: [(Int64, String)] = []
    try select.query { row in dependents.append((row.int(0), row.text(1))) }
    guard !dependents.isEmpty else { return }
    let update = try statement(
      """
      UPDATE task SET open_blockers = open_blockers + ?2,
        place = CASE WHEN state = 'queued' AND open_blockers + ?2 = 0 THEN CASE WHEN place = 0 THEN 2 ELSE place END ELSE 0 END
      WHERE ordinal = ?1
      """)
    for (dependent, session) in dependents {
      update.bind(1, dependent)
      update.bind(2, isDone ? -1 : 1)
      try update.run()
      touched.insert(session)
    }
  }

  /// The tasks at place 1 of a session, brought up to date: in a free session the first of each bucket.
  private func tops(of id: String, isFree: Bool) throws -> [Int64] {
    guard let row = sessions[id] else { return [] }
    var current: [Int64: (ordinal: Int64, placing: Placing)] = [:]
    for ordinal in row.tops {
      guard let placing = try placing(of: ordinal), placing.place == 1 else { continue }
      if isFree, current[placing.bucket] == nil {
        current[placing.bucket] = (ordinal, placing)
      } else {
        try put(ordinal, at: 2)
      }
    }
    guard isFree else { return [] }
    var bucket: Int64 = -1
    let next = try statement(
      """
      SELECT bucket, ordinal, priority, ready_at FROM task WHERE session = ?1 AND bucket > ?2 AND place = 2
      ORDER BY bucket, priority, ready_at, ordinal LIMIT 1
      """)
    while true {
      next.bind(1, row.number)
      next.bind(2, bucket)
      let found = try next.first { row in
        (row.int(1), Placing(bucket: row.int(0), place: 2, priority: Int(row.int(2)), readyAt: row.int(3)))
      }
      guard let (ordinal, placing) = found else { break }
      bucket = placing.bucket
      if let top = current[bucket] {
        guard placing.isBefore(top.placing, ordinal, top.ordinal) else { continue }
        try put(top.ordinal, at: 2)
      }
      try put(ordinal, at: 1)
      current[bucket] = (ordinal, placing)
    }
    return current.values.map(\.ordinal).sorted()
  }

  private func placing(of ordinal: Int64) throws -> Placing? {
    let statement = try statement("SELECT bucket, place, priority, ready_at FROM task WHERE ordinal = ?1")
    statement.bind(1, ordinal)
    return try statement.first { row in
      Placing(bucket: row.int(0), place: row.int(1), priority: Int(row.int(2)), readyAt: row.int(3))
    }
  }

  private func put(_ ordinal: Int64, at place: Int64) throws {
    let statement = try statement("UPDATE task SET place = ?2 WHERE ordinal = ?1")
    statement.bind(1, ordinal)
    statement.bind(2, place)
    try statement.run()
  }
}
