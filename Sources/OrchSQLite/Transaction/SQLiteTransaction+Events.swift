import OrchCore
import OrchStore

// The log by position, by id, by number; and by facet, through the skip index.

extension SQLiteTransaction {
  func events(_ query: EventQuery, beyond cursor: Int?, limit: Int) throws -> [StoredEvent] {
    guard limit > 0 else { return [] }
    let cursor = cursor.map { Int64($0) }
    if let task = query.task {
      guard let entry = try entry(ofTask: task) else { return [] }
      return try events(of: entry, query, beyond: cursor, limit: limit)
    }
    if let id = query.session {
      guard let entry = try entry(ofSession: id) else { return [] }
      return try events(of: entry, query.order, beyond: cursor, limit: limit)
    }
    let last = try counters().position
    let range =
      switch query.order {
      case .oldestFirst: ((cursor ?? 0) + 1, last)
      case .newestFirst: (1 as Int64, min(last, (cursor ?? .max) - 1))
      }
    guard range.0 <= range.1 else { return [] }
    guard let facet = query.facet else {
      return try page(query.order, from: range.0, to: range.1, containing: nil, limit: limit)
    }
    if facet.kind == .link { return try links(facet, query.order, from: range.0, to: range.1, limit: limit) }
    return try events(with: facet, query.order, from: range.0, to: range.1, limit: limit)
  }

  /// The events that link a commit, each by its own entry of the index.
  private func links(
    _ facet: EventQuery.Facet, _ order: EventQuery.Order, from first: Int64, to last: Int64, limit: Int
  ) throws(SQLiteFailure) -> [StoredEvent] {
    var found: [StoredEvent] = []
    var next: Int64? = order == .oldestFirst ? first : last
    while let from = next, found.count < limit, let position = try block(with: facet, order, from: from),
      (first...last).contains(position)
    {
      found.append(try recorded(at: position))
      next = order == .oldestFirst ? position + 1 : position - 1
    }
    return found
  }

  /// Reads only the blocks that contain the facet.
  private func events(
    with facet: EventQuery.Facet, _ order: EventQuery.Order, from first: Int64, to last: Int64, limit: Int
  ) throws(SQLiteFailure) -> [StoredEvent] {
    let fragment = facet.fragment
    var found: [StoredEvent] = []
    var block: Int64? = order == .oldestFirst ? Log.block(of: first) : Log.block(of: last)
    while let next = try self.block(with: facet, order, from: block ?? 0), found.count < limit {
      let start = max(first, next << Log.blockBits)
      let end = min(last, (next + 1) << Log.blockBits - 1)
      if start <= end {
        found += try page(order, from: start, to: end, containing: fragment, limit: limit - found.count)
      } else if order == .oldestFirst ? start > last : end < first {
        break
      }
      block = order == .oldestFirst ? next + 1 : next - 1
    }
    return found
  }

  /// The first block with a facet, from a block on.
  func block(
    with facet: EventQuery.Facet, _ order: EventQuery.Order, from block: Int64
  ) throws(SQLiteFailure) -> Int64? {
    try self.block(with: (facet.kind.rawValue, facet.value), order, from: block)
  }

  func block(
    with facet: (number: Int64, value: String), _ order: EventQuery.Order, from block: Int64
  ) throws(SQLiteFailure) -> Int64? {
    let select = try statement(order == .oldestFirst ? Self.selectNextBlock : Self.selectPreviousBlock)
    select.bind(1, facet.number)
    select.bind(2, facet.value)
    select.bind(3, block)
    return try select.first { $0.int(0) }
  }

  /// Entries in a range of positions, of those whose text contains a fragment when given.
  func page(
    _ order: EventQuery.Order, from first: Int64, to last: Int64, containing fragment: String?, limit: Int
  ) throws(SQLiteFailure) -> [StoredEvent] {
    let sql =
      switch (order, fragment) {
      case (.oldestFirst, nil): Self.selectForwards
      case (.newestFirst, nil): Self.selectBackwards
      case (.oldestFirst, _?): Self.selectForwardsContaining
      case (.newestFirst, _?): Self.selectBackwardsContaining
      }
    let select = try statement(sql)
    select.bind(1, first)
    select.bind(2, last)
    select.bind(3, limit)
    if let fragment { select.bind(4, fragment) }
    var page: [StoredEvent] = []
    try select.query { row throws(SQLiteFailure) in page.append(try row.recorded()) }
    return page
  }

  func events(idPrefix prefix: String, limit: Int) throws -> [StoredEvent] {
    let digits = Array(prefix.utf8)
    guard digits.count <= 64, let first = Digest(hex: prefix + String(repeating: "0", count: 64 - digits.count)),
      let last = Digest(hex: prefix + String(repeating: "f", count: 64 - digits.count))
    else { return [] }
    let select = try statement(Self.selectByName)
    select.bind(1, Log.name(of: first))
    select.bind(2, Log.name(of: last))
    select.bind(3, first)
    select.bind(4, last)
    select.bind(5, limit)
    var found: [StoredEvent] = []
    try select.query { row throws(SQLiteFailure) in found.append(try row.recorded()) }
    return found
  }

  func event(session id: String, seq: Int) throws -> StoredEvent? {
    guard let entry = try entry(ofSession: id) else { return nil }
    guard let position = try position(of: entry, seq: Int64(seq)) else { return nil }
    return try recorded(at: position)
  }

  func eventCount() throws -> Int { Int(try counters().position) }

  /// The entry at a position that something refers to.
  func recorded(at position: Int64) throws(SQLiteFailure) -> StoredEvent {
    let select = try statement(Self.selectAt)
    select.bind(1, position)
    let recorded = try select.first { row throws(SQLiteFailure) in try row.recorded() }
    guard let recorded else { throw .corrupt(.damageEventAt(position: Int(position))) }
    return recorded
  }

  // MARK: SQL

  private static let selectAt: SQL = "SELECT pos, id, body FROM event WHERE pos = ?1"
  static let selectForwards: SQL = "SELECT pos, id, body FROM event WHERE pos BETWEEN ?1 AND ?2 ORDER BY pos LIMIT ?3"
  static let selectBackwards: SQL = """
    SELECT pos, id, body FROM event WHERE pos BETWEEN ?1 AND ?2 ORDER BY pos DESC LIMIT ?3
    """
  static let selectForwardsContaining: SQL = """
    SELECT pos, id, body FROM event WHERE pos BETWEEN ?1 AND ?2 AND instr(body, ?4) > 0 ORDER BY pos LIMIT ?3
    """
  static let selectBackwardsContaining: SQL = """
    SELECT pos, id, body FROM event WHERE pos BETWEEN ?1 AND ?2 AND instr(body, ?4) > 0 ORDER BY pos DESC LIMIT ?3
    """
  static let selectByName: SQL = """
    SELECT pos, id, body FROM event WHERE name BETWEEN ?1 AND ?2 AND id BETWEEN ?3 AND ?4 ORDER BY name, id LIMIT ?5
    """
  static let selectNextBlock: SQL = """
    SELECT block FROM event_block WHERE facet = ?1 AND value = ?2 AND block >= ?3 ORDER BY block LIMIT 1
    """
  static let selectPreviousBlock: SQL = """
    SELECT block FROM event_block WHERE facet = ?1 AND value = ?2 AND block <= ?3 ORDER BY block DESC LIMIT 1
    """
}

extension Row {
  /// Reads `pos, id, body`.
  func recorded() throws(SQLiteFailure) -> StoredEvent {
    StoredEvent(position: count(0), id: try digest(1), bytes: withText(2) { [UInt8]($0) })
  }
}
