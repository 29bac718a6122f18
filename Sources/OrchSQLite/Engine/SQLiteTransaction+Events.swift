internal import OrchCore
internal import OrchStore

extension SQLiteTransaction {
  func events(_ query: EventQuery, beyond cursor: Int?, limit: Int) throws -> [Recorded] {
    guard limit > 0 else { return [] }
    if let task = query.task {
      let found = try taskPositions(task)
      let mine = query.order == .oldestFirst ? found.reversed() : found
      return try page(mine.filter { isBeyond($0, cursor, query.order) }.prefix(limit)).filter {
        try query.session == nil || $0.entry().session == query.session
      }
    }
    if let session = query.session { return try page(sessionPositions(session, query.order, beyond: cursor, limit)) }
    if let facet = query.facet { return try events(facet, query.order, beyond: cursor, limit: limit) }
    return try range(query.order, from: cursor, to: nil, limit: limit)
  }

  private func isBeyond(_ position: Int64, _ cursor: Int?, _ order: EventQuery.Order) -> Bool {
    guard let cursor else { return true }
    return order == .oldestFirst ? position > cursor : position < cursor
  }

  private func read(_ row: borrowing Row) throws(SQLiteFailure) -> Recorded {
    guard let id = row.withBlob(1, { Digest(bytes: $0) }) else {
      throw SQLiteFailure(.corrupt, "event number \(row.int(0)) has no id")
    }
    return Recorded(position: Int(row.int(0)), id: id, bytes: row.withText(2) { [UInt8]($0) })
  }

  private func page(_ positions: some Sequence<Int64>) throws -> [Recorded] {
    let statement = try statement("SELECT pos, id, body FROM event WHERE pos = ?1")
    return try positions.map { position in
      statement.bind(1, position)
      guard let found = try statement.first({ row throws(SQLiteFailure) in try read(row) }) else {
        throw StoreError.corrupt("event number \(position) is missing")
      }
      return found
    }
  }

  /// The events between two positions, exclusive, in an order.
  private func range(_ order: EventQuery.Order, from cursor: Int?, to end: Int?, limit: Int) throws -> [Recorded] {
    let statement =
      order == .oldestFirst
      ? try statement("SELECT pos, id, body FROM event WHERE pos > ?1 AND pos < ?2 ORDER BY pos LIMIT ?3")
      : try statement("SELECT pos, id, body FROM event WHERE pos < ?1 AND pos > ?2 ORDER BY pos DESC LIMIT ?3")
    statement.bind(1, cursor ?? (order == .oldestFirst ? -1 : .max))
    statement.bind(2, end ?? (order == .oldestFirst ? .max : -1))
    statement.bind(3, limit)
    var found: [Recorded] = []
    try statement.query { row throws(SQLiteFailure) in found.append(try read(row)) }
    return found
  }

  /// Reads the blocks that hold a value, one after the other.
  private func events(
    _ facet: EventQuery.Facet, _ order: EventQuery.Order, beyond cursor: Int?, limit: Int
  ) throws -> [Recorded] {
    let (number, value) = EventBlocks.key(facet)
    let next =
      order == .oldestFirst
      ? try statement("SELECT block FROM event_block WHERE facet = ?1 AND value = ?2 AND block >= ?3 ORDER BY block LIMIT 1")
      : try statement(
        "SELECT block FROM event_block WHERE facet = ?1 AND value = ?2 AND block <= ?3 ORDER BY block DESC LIMIT 1")
    var found: [Recorded] = []
    var bound = cursor.map { Int64($0) >> EventBlocks.shift } ?? (order == .oldestFirst ? 0 : .max)
    while found.count < limit {
      next.bind(1, number)
      next.bind(2, value)
      next.bind(3, bound)
      guard let block = try next.first({ $0.int(0) }) else { break }
      let first = Int(block << EventBlocks.shift)
      let last = Int((block + 1) << EventBlocks.shift)
      switch order {
      case .oldestFirst:
        found += try range(order, from: max(cursor ?? -1, first - 1), to: last, limit: limit - found.count)
        bound = block + 1
      case .newestFirst:
        found += try range(order, from: min(cursor ?? .max, last), to: first - 1, limit: limit - found.count)
        bound = block - 1
      }
    }
    return found
  }

  /// The positions of a task's events, newest first.
  private func taskPositions(_ id: String) throws -> [Int64] {
    if tasks[id] == nil { _ = try task(id) }
    guard let row = tasks[id] else { return [] }
    let statement = try statement("SELECT prev_task FROM event WHERE pos = ?1")
    var positions: [Int64] = []
    var position = row.lastEvent
    while position > 0 {
      positions.append(position)
      statement.bind(1, position)
      guard let previous = try statement.first({ $0.int(0) }), previous < position else { break }
      position = previous
    }
    return positions
  }

  private func place(of position: Int64) throws -> (previous: Int64, seq: Int)? {
    let statement = try statement("SELECT prev_session, seq FROM event WHERE pos = ?1")
    statement.bind(1, position)
    return try statement.first { ($0.int(0), Int($0.int(1))) }
  }

  /// The positions of a session's events `from...to` by number, oldest first.
  private func positions(_ row: SessionRow, _ from: Int, _ to: Int) throws -> [Int64] {
    guard from <= to else { return [] }
    let mark = try statement("SELECT pos FROM event_mark WHERE session = ?1 AND seq >= ?2 ORDER BY seq LIMIT 1")
    mark.bind(1, row.number)
    mark.bind(2, to)
    var position = try mark.first { $0.int(0) } ?? row.lastEvent
    var found: [Int64] = []
    while position > 0, let (previous, seq) = try place(of: position), seq >= from {
      if seq <= to { found.append(position) }
      guard previous < position else { break }
      position = previous
    }
    return found.reversed()
  }

  private func sessionPositions(
    _ id: String, _ order: EventQuery.Order, beyond cursor: Int?, _ limit: Int
  ) throws -> [Int64] {
    guard let session = try session(id), let row = sessions[id] else { return [] }
    let at = try cursor.flatMap { try place(of: Int64($0))?.seq }
    switch order {
    case .oldestFirst:
      let from = (at ?? 0) + 1
      return try positions(row, from, limit > session.seq ? session.seq : min(session.seq, from + limit - 1))
    case .newestFirst:
      let to = min((at ?? .max) - 1, session.seq)
      return try positions(row, max(1, limit >= to ? 1 : to - limit + 1), to).reversed()
    }
  }

  func event(session id: String, seq: Int) throws -> Recorded? {
    guard try session(id) != nil, let row = sessions[id] else { return nil }
    return try page(positions(row, seq, seq)).first
  }

  func events(idPrefix prefix: String, limit: Int) throws -> [Recorded] {
    let digits = String(prefix.prefix(16))
    let padding = String(repeating: "0", count: 16 - digits.utf8.count)
    let high = String(repeating: "f", count: 16 - digits.utf8.count)
    guard let low = UInt64(digits + padding, radix: 16), let top = UInt64(digits + high, radix: 16) else { return [] }
    let statement = try statement("SELECT pos, id, body FROM event WHERE name BETWEEN ?1 AND ?2 ORDER BY pos")
    var found: [Recorded] = []
    statement.bind(1, Int64(bitPattern: low))
    statement.bind(2, Int64(bitPattern: top))
    try statement.scan { row throws(SQLiteFailure) in
      let recorded = try read(row)
      if recorded.id.hex.hasPrefix(prefix) { found.append(recorded) }
      return found.count < limit
    }
    return found
  }

  func eventCount() throws -> Int {
    try Int(statement("SELECT coalesce(max(pos), 0) FROM event").first { $0.int(0) } ?? 0)
  }

  func hasActor(_ name: String) throws -> Bool {
    let statement = try statement("SELECT 1 FROM event_block WHERE facet = 1 AND value = ?1 LIMIT 1")
    statement.bind(1, name)
    return try statement.first { _ in true } ?? false
  }

  func actors() throws -> [ActorSighting] {
    var names: [String] = []
    try statement(
      """
      WITH RECURSIVE name(value) AS (
        SELECT min(value) FROM event_block WHERE facet = 1
        UNION ALL SELECT (SELECT min(value) FROM event_block WHERE facet = 1 AND value > name.value) FROM name
        WHERE name.value IS NOT NULL)
      SELECT value FROM name WHERE value IS NOT NULL
      """
    ).query { row in names.append(row.text(0)) }
    return try names.compactMap { name in
      guard let first = try sighting(name, .oldestFirst), let last = try sighting(name, .newestFirst) else { return nil }
      return ActorSighting(name: name, firstSeenAt: first, lastSeenAt: last)
    }
  }

  private func sighting(_ name: String, _ order: EventQuery.Order) throws -> Instant? {
    var cursor: Int?
    while true {
      let page = try events(.actor(name), order, beyond: cursor, limit: 128)
      for recorded in page {
        let event = try recorded.entry().event
        if event.roles.actor == name { return event.at }
      }
      guard page.count == 128 else { return nil }
      cursor = page.last?.position
    }
  }

  func agents() throws -> [AgentDescription] {
    var found: [AgentDescription] = []
    try statement("SELECT name, display, role FROM agent ORDER BY name").query { row in
      found.append(AgentDescription(name: row.text(0), display: row.optionalText(1), role: row.optionalText(2)))
    }
    return found
  }
}
