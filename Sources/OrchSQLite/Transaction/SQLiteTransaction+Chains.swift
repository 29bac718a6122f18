import OrchCore
import OrchStore

// Streams of sessions and of tasks. Both are chains from the last entry back; a session's has an index entry every
// `Log.anchorSpacing` entries, so that any of its entries is at most that far from one that is found at once.

extension SQLiteTransaction {
  /// What a chain needs of an entry.
  private struct Link {
    var session: Int64
    var seq: Int64
    var previousInSession: Int64?
    var task: Int64?
    var previousInTask: Int64?
    var isOfCommits: Bool
  }

  private func link(at position: Int64) throws(SQLiteFailure) -> Link? {
    let select = try statement(Self.selectLink)
    select.bind(1, position)
    return try select.first { row in
      Link(
        session: row.int(0), seq: row.int(1), previousInSession: row.optionalInt(2), task: row.optionalInt(3),
        previousInTask: row.optionalInt(4), isOfCommits: row.bool(5))
    }
  }

  /// Whether an entry is about commits.
  func isOfCommits(at position: Int64) throws(SQLiteFailure) -> Bool { try link(at: position)?.isOfCommits ?? false }

  // MARK: Tasks

  func events(
    of task: TaskEntry, _ query: EventQuery, beyond cursor: Int64?, limit: Int
  ) throws(SQLiteFailure) -> [StoredEvent] {
    if Set(EventType.ofCommits).isSubset(of: query.omitted), query.order == .oldestFirst {
      return try oldest(of: task, withoutCommitsBeyond: cursor, limit: limit)
    }
    if query.order == .oldestFirst { return try oldest(of: task, query, beyond: cursor, limit: limit) }
    var position: Int64? = task.lastEvent
    var positions: [Int64] = []
    if query.order == .newestFirst, let cursor {
      // The page before ended on this chain: go on from there.
      if let link = try link(at: cursor), link.task == task.ordinal { position = link.previousInTask }
    }
    while let here = position {
      let link = try link(at: here, of: task)
      if here < cursor ?? .max { positions.append(here) }
      if positions.count == limit { break }
      position = link.previousInTask
    }
    var found: [StoredEvent] = []
    for position in positions.prefix(limit) { found.append(try recorded(at: position)) }
    return found
  }

  /// The whole chain back to the cursor, in one statement: the first of it come last.
  private func oldest(
    of task: TaskEntry, _ query: EventQuery, beyond cursor: Int64?, limit: Int
  ) throws(SQLiteFailure) -> [StoredEvent] {
    let select = try statement(Self.selectChain)
    select.bind(1, task.lastEvent)
    select.bind(2, cursor ?? 0)
    var positions: [Int64] = []
    var next: Int64? = task.lastEvent
    let omitted = query.omitted.map(\.rawValue)
    try select.query { row throws(SQLiteFailure) in
      let (here, previous) = (row.int(0), row.optionalInt(1))
      guard row.optionalInt(2) == task.ordinal, (previous ?? 0) < here else {
        throw .corrupt(.damageTaskChain(task: task.task.id, position: Int(here)))
      }
      next = previous
      if omitted.isEmpty || !omitted.contains(row.text(3)) { positions.append(here) }
    }
    // The chain ends where the task began, or at the cursor; anywhere else an entry is missing.
    if let next, next > cursor ?? 0 {
      throw .corrupt(.damageTaskChain(task: task.task.id, position: Int(next)))
    }
    var found: [StoredEvent] = []
    for position in positions.reversed().prefix(limit) { found.append(try recorded(at: position)) }
    return found
  }

  /// The chain without what is about commits, which are passed over run by run: a task may have thousands.
  private func oldest(
    of task: TaskEntry, withoutCommitsBeyond cursor: Int64?, limit: Int
  ) throws(SQLiteFailure) -> [StoredEvent] {
    var positions: [Int64] = []
    var next: Int64? = task.lastEvent
    // Runs that began before there were entries for them are walked through, and so is all before them.
    var hasRuns = true
    while let here = next, here > cursor ?? 0 {
      var link = try link(at: here, of: task)
      if !link.isOfCommits {
        positions.append(here)
      } else if hasRuns {
        let facet = (number: Log.commitsFacet, value: String(task.ordinal))
        let first = try block(with: facet, .newestFirst, from: here)
        if let first, first < here { link = try self.link(at: first, of: task) }
        hasRuns = first != nil
      }
      next = link.previousInTask
    }
    var found: [StoredEvent] = []
    for position in positions.reversed().prefix(limit) { found.append(try recorded(at: position)) }
    return found
  }

  /// An entry of a task's chain.
  private func link(at position: Int64, of task: TaskEntry) throws(SQLiteFailure) -> Link {
    guard let link = try link(at: position), link.task == task.ordinal, (link.previousInTask ?? 0) < position else {
      throw .corrupt(.damageTaskChain(task: task.task.id, position: Int(position)))
    }
    return link
  }

  // MARK: Sessions

  func events(
    of session: SessionEntry, _ order: EventQuery.Order, beyond cursor: Int64?, limit: Int
  ) throws(SQLiteFailure) -> [StoredEvent] {
    let end = Int64(session.session.seq)
    var positions: [Int64] = []
    switch order {
    case .oldestFirst:
      var seq = try firstSeq(of: session, beyond: cursor)
      while seq <= end, positions.count < limit {
        let stretch = try stretch(of: session, from: seq)
        positions += stretch
        seq += Int64(stretch.count)
      }
    case .newestFirst:
      var seq = try lastSeq(of: session, before: cursor)
      while seq >= 1, positions.count < limit {
        // From the entry after an index entry: the stretch from there reaches beyond `seq`.
        let first = seq - (seq - 1) % Log.anchorSpacing
        positions += try stretch(of: session, from: first).prefix(Int(seq - first) + 1).reversed()
        seq = first - 1
      }
    }
    var found: [StoredEvent] = []
    for position in positions.prefix(limit) { found.append(try recorded(at: position)) }
    return found
  }

  func position(of session: SessionEntry, seq: Int64) throws(SQLiteFailure) -> Int64? {
    guard (1...Int64(max(1, session.session.seq))).contains(seq) else { return nil }
    return try stretch(of: session, from: seq).first
  }

  /// The number of the session's first entry at a position beyond `cursor`.
  private func firstSeq(of session: SessionEntry, beyond cursor: Int64?) throws(SQLiteFailure) -> Int64 {
    guard let cursor, cursor > 0 else { return 1 }
    if let link = try link(at: cursor), link.session == session.number { return link.seq + 1 }
    // The position is somebody else's: look between the numbers.
    var low: Int64 = 1
    var high = Int64(session.session.seq) + 1
    while low < high {
      let middle = (low + high) / 2
      guard let position = try stretch(of: session, from: middle).first else { break }
      if position > cursor { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// The number of the session's last entry at a position before `cursor`.
  private func lastSeq(of session: SessionEntry, before cursor: Int64?) throws(SQLiteFailure) -> Int64 {
    guard let cursor else { return Int64(session.session.seq) }
    if let link = try link(at: cursor), link.session == session.number { return link.seq - 1 }
    return try firstSeq(of: session, beyond: cursor - 1) - 1
  }

  /// The positions of the session's entries from a number up to the next index entry, or to the last.
  private func stretch(of session: SessionEntry, from seq: Int64) throws(SQLiteFailure) -> [Int64] {
    let select = try statement(Self.selectAnchor)
    select.bind(1, session.number)
    select.bind(2, seq)
    let anchor = try select.first { $0.int(0) }
    var positions: [Int64] = []
    var position = anchor ?? session.lastEvent
    while let here = position {
      guard let link = try link(at: here), link.session == session.number, (link.previousInSession ?? 0) < here,
        positions.count <= Log.anchorSpacing
      else { throw .corrupt(.damageSessionChain(session: session.session.id, position: Int(here))) }
      guard link.seq >= seq else { break }
      positions.append(here)
      if link.seq == seq { return positions.reversed() }
      position = link.previousInSession
    }
    throw .corrupt(.damageEventMissing(seq: Int(seq), session: session.session.id))
  }

  private static let selectLink: SQL = """
    SELECT session, seq, prev_session, task, prev_task, type IN ('commit.linked', 'commit.rewritten')
    FROM event WHERE pos = ?1
    """
  static let selectChain: SQL = """
    WITH RECURSIVE chain(pos, prev_task, task, type) AS (
      SELECT pos, prev_task, task, type FROM event WHERE pos = ?1 AND pos > ?2
      UNION ALL
      SELECT event.pos, event.prev_task, event.task, event.type FROM chain CROSS JOIN event ON event.pos = chain.prev_task
      WHERE event.pos > ?2 AND event.pos < chain.pos)
    SELECT pos, prev_task, task, type FROM chain
    """
  static let selectAnchor = SQL(
    composed: """
      SELECT pos FROM event INDEXED BY event_anchor
      WHERE session = ?1 AND seq >= ?2 AND seq % \(Log.anchorSpacing) = 0 ORDER BY seq LIMIT 1
      """)
}
