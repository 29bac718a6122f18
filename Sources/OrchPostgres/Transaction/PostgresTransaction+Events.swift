import OrchCore
import OrchStore

// The log by position, by id, by number; and by facet, through the skip index.

extension PostgresTransaction {
  func events(_ query: EventQuery, beyond cursor: Int?, limit: Int) throws -> [StoredEvent] {
    guard limit > 0 else { return [] }
    if cursor == nil, let known = cache.prefetched.events.removeValue(forKey: query),
      known.count >= limit || isWhole(known)
    {
      return Array(known.prefix(limit))
    }
    guard let facet = query.facet, query.task == nil, query.session == nil else {
      return try recorded(select(query, beyond: cursor, limit: limit))
    }
    if facet.kind == .link { return try recorded(Self.select(links: facet, query.order, beyond: cursor, limit: limit)) }
    return try events(with: facet, query.order, beyond: cursor, limit: limit)
  }

  /// Whether a prefetched page is all there is.
  private func isWhole(_ page: [StoredEvent]) -> Bool { page.count < Self.prefetchedPage }

  /// How many entries are prefetched at most.
  static let prefetchedPage = 256

  func question(_ query: EventQuery, limit: Int) -> PendingQuery {
    PendingQuery(select(query, beyond: nil, limit: min(limit, Self.prefetchedPage))) {
      [self] answer throws(PostgresFailure) in
      var page: [StoredEvent] = []
      for row in answer.rows { page.append(try row.recorded()) }
      cache.prefetched.events[query] = page
    }
  }

  private func recorded(_ query: Query) throws -> [StoredEvent] {
    let answer = try ask(query)
    return try answer.rows.map { row in try reading { () throws(PostgresFailure) in try row.recorded() } }
  }

  private func select(_ query: EventQuery, beyond cursor: Int?, limit: Int) -> Query {
    var values = SQLParameters()
    var conditions: [String] = []
    if let task = query.task {
      conditions.append("e.task = \(ordinal(ofTask: task, &values))")
    }
    if let session = query.session {
      conditions.append("e.session = \(number(ofSession: session, &values))")
    }
    if !query.omitted.isEmpty {
      conditions.append("e.type <> ALL(\(values.add(query.omitted.map(\.rawValue)))::text[])")
    }
    let (comparison, order) = query.order == .oldestFirst ? (">", "") : ("<", " DESC")
    // A session's stream has an index of its own, in the same order.
    let key = query.session != nil && query.task == nil ? "e.seq" : "e.pos"
    if let cursor {
      let cursor = "\(values.add(cursor))::bigint"
      conditions.append("e.pos \(comparison) \(cursor)")
      if key == "e.seq" {
        let edge = query.order == .oldestFirst ? "0" : "9223372036854775807"
        conditions.append(
          "e.seq \(comparison) coalesce((SELECT c.seq FROM orch.event c WHERE c.pos = \(cursor) AND c.session = e.session), \(edge))"
        )
      }
    }
    return Query(
      """
      SELECT e.pos, e.id, e.body FROM orch.event e
      WHERE \(conditions.isEmpty ? "true" : conditions.joined(separator: " AND "))
      ORDER BY \(key)\(order) LIMIT \(values.add(limit))::bigint
      """, values: values.values)
  }

  // MARK: Facets

  private static func select(links facet: EventQuery.Facet, _ order: EventQuery.Order, beyond cursor: Int?, limit: Int)
    -> Query
  {
    let (comparison, direction) = order == .oldestFirst ? (">", "") : ("<", " DESC")
    return Query(
      """
      SELECT e.pos, e.id, e.body FROM orch.event_block b JOIN orch.event e ON e.pos = b.block
      WHERE b.facet = $1::bigint AND b.value = $2 AND ($3::bigint IS NULL OR b.block \(comparison) $3::bigint)
      ORDER BY b.block\(direction) LIMIT $4::bigint
      """, Int(facet.kind.rawValue), facet.value, cursor, limit)
  }

  /// Reads only the blocks that contain the facet: few at first, more each time.
  private func events(
    with facet: EventQuery.Facet, _ order: EventQuery.Order, beyond cursor: Int?, limit: Int
  ) throws -> [StoredEvent] {
    let isForward = order == .oldestFirst
    var found: [StoredEvent] = []
    var next = cursor.map { SkipIndex.block(of: $0) }
    var width = 4
    while found.count < limit {
      let blocks = try ask(
        Query(
          """
          SELECT block FROM orch.event_block WHERE facet = $1::bigint AND value = $2
            AND ($3::bigint IS NULL OR block \(isForward ? ">=" : "<=") $3::bigint)
          ORDER BY block\(isForward ? "" : " DESC") LIMIT $4::bigint
          """, Int(facet.kind.rawValue), facet.value, next, width)
      ).rows.map { $0.int(0) }
      guard let first = blocks.min(), let last = blocks.max() else { break }
      found += try recorded(
        Query(
          """
          SELECT e.pos, e.id, e.body FROM unnest($1::bigint[]) AS b(block) JOIN orch.event e
            ON \(SkipIndex.isIn("b.block", "e.pos"))
          WHERE e.pos >= $2::bigint AND e.pos < $3::bigint AND strpos(e.body, $4) > 0
            AND ($5::bigint IS NULL OR e.pos \(isForward ? ">" : "<") $5::bigint)
          ORDER BY e.pos\(isForward ? "" : " DESC") LIMIT $6::bigint
          """, blocks, first << SkipIndex.bits, (last + 1) << SkipIndex.bits, facet.fragment, cursor,
          limit - found.count))
      guard blocks.count == width else { break }
      next = isForward ? last + 1 : first - 1
      width = min(width * 4, 256)
    }
    return found
  }

  // MARK: Single entries

  func event(session: String, seq: Int) throws -> StoredEvent? {
    let key = "\(session)\u{0}\(seq)"
    if cache.prefetched.numbered[key] == nil { try prefetch([.event(session: session, seq: seq)]) }
    return cache.prefetched.numbered[key] ?? nil
  }

  func question(_ session: String, _ seq: Int) -> PendingQuery {
    var values = SQLParameters()
    let text = """
      SELECT e.pos, e.id, e.body FROM orch.event e
      WHERE e.session = \(number(ofSession: session, &values)) AND e.seq = \(values.add(seq))::bigint
      """
    return PendingQuery(Query(text, values: values.values)) { [self] answer throws(PostgresFailure) in
      let found: StoredEvent? = if let row = answer.first { try row.recorded() } else { nil }
      cache.prefetched.numbered["\(session)\u{0}\(seq)"] = .some(found)
    }
  }

  func events(idPrefix prefix: String, limit: Int) throws -> [StoredEvent] {
    let digits = prefix.utf8.count
    guard digits <= 64, let first = Digest(hex: prefix + String(repeating: "0", count: 64 - digits)),
      let last = Digest(hex: prefix + String(repeating: "f", count: 64 - digits))
    else { return [] }
    return try recorded(
      Query(
        """
        SELECT e.pos, e.id, e.body FROM orch.event e WHERE e.id BETWEEN $1::bytea AND $2::bytea
        ORDER BY e.id LIMIT $3::bigint
        """, first, last, limit))
  }

  func eventCount() throws -> Int {
    try ask(Query("SELECT coalesce(sum(seq), 0)::bigint FROM orch.session")).first?.int(0) ?? 0
  }
}

extension Row {
  /// Reads `pos, id, body`.
  func recorded() throws(PostgresFailure) -> StoredEvent {
    guard let id = digest(1) else { throw .corrupt(.damageEventId) }
    return StoredEvent(position: int(0), id: id, bytes: bytes(2))
  }
}
