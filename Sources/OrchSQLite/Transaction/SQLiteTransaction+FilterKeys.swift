import OrchCore
import OrchStore

// Filter keys and their numbers, and the facts that let a claim skip look-ups.

extension SQLiteTransaction {
  /// The filter key with a number.
  func filterKey(_ id: Int64) throws(SQLiteFailure) -> ClaimFilterKey {
    if let found = cache.filterKeys[id] { return found }
    try loadFilterKeys()
    guard let found = cache.filterKeys[id] else { throw .corrupt(.damageClass(id: Int(id))) }
    return found
  }

  /// The number of a filter key, a new one if need be.
  func filterKeyID(_ key: ClaimFilterKey) throws(SQLiteFailure) -> Int64 {
    if let id = cache.filterKeyIDs[key] { return id }
    try loadFilterKeys()
    if let id = cache.filterKeyIDs[key] { return id }
    let insert = try statement(Self.insertFilterKey)
    key.write(to: insert)
    try insert.run()
    let id = connection.lastInsertedRow
    note(key, id)
    cache.fastPathFlags?.lastFilterKey = id
    return id
  }

  /// All filter keys by number.
  func filterKeys() throws(SQLiteFailure) -> [Int64: ClaimFilterKey] {
    if Int64(cache.filterKeys.count) < (try fastPathFlags().lastFilterKey) { try loadFilterKeys() }
    return cache.filterKeys
  }

  private func loadFilterKeys() throws(SQLiteFailure) {
    let select = try statement(Self.selectFilterKeys)
    // Numbers have no gaps: nothing deletes a filter key.
    select.bind(1, cache.filterKeys.count)
    try select.query { row throws(SQLiteFailure) in
      note(try row.record("a class"), row.int(Self.idColumn))
    }
  }

  private func note(_ key: ClaimFilterKey, _ id: Int64) {
    cache.filterKeys[id] = key
    cache.filterKeyIDs[key] = id
  }

  /// Facts that let a claim skip look-ups; read once, and again when a change may have made them untrue.
  func fastPathFlags() throws(SQLiteFailure) -> RowCache.ClaimFastPathFlags {
    if let fastPathFlags = cache.fastPathFlags { return fastPathFlags }
    let read = try statement(Self.selectFastPathFlags).first { row in
      RowCache.ClaimFastPathFlags(
        lastFilterKey: row.int(0), firstDue: row.optionalInt(1), hasOffers: row.bool(2),
        hasSessionsToReplay: row.bool(3))
    }
    guard let read else { throw .corrupt(.damageFlags) }
    cache.fastPathFlags = read
    return read
  }

  // MARK: SQL

  private static let insertFilterKey = SQL(
    composed: """
      INSERT INTO class(\(ClaimFilterKey.columns().list())) VALUES (\(ClaimFilterKey.columns().parameters("?")))
      """)
  private static let selectFilterKeys = SQL(
    composed: "SELECT \(ClaimFilterKey.selected.list()), id FROM class WHERE id > ?1")
  private static let idColumn = Int32(ClaimFilterKey.selected.count)
  static let selectFastPathFlags = SQL(
    composed: """
      SELECT (SELECT max(id) FROM class),
        (SELECT ready_at FROM task WHERE place = 1 AND not_before IS NOT NULL ORDER BY ready_at LIMIT 1),
        EXISTS (SELECT 1 FROM session WHERE offer_expires_at IS NOT NULL),
        EXISTS (SELECT 1 FROM session WHERE read_vocabulary < \(EventVocabulary.current))
      """)
}
