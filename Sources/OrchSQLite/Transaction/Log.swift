import OrchCore
import OrchStore

/// How the log lies in its table.
enum Log {
  /// Every how many events of a session the index has one; `event_anchor` says the same.
  static let anchorSpacing: Int64 = 32
  /// How many positions share an entry of the skip index, as a power of two.
  static let blockBits: Int64 = 10

  /// The block that a position belongs to.
  static func block(of position: Int64) -> Int64 { position >> blockBits }

  /// The first eight bytes of an id, as an integer in the same order.
  static func name(of id: EventID) -> Int64 { Int64(bitPattern: id.prefix ^ 1 << 63) }

  /// The task of an entry: its row and the head of its chain, nil where there is none.
  struct TaskReference {
    var ordinal: Int64?
    var previous: Int64?
    /// Whether the entry is the first of a run about commits: the one before it, of the task, is about something else.
    var beginsCommits: Bool
  }

  /// The number under which the skip index has the first entry of each run about commits, by task: none of
  /// `EventQuery.Facet.Kind`.
  static let commitsFacet: Int64 = 8
}

extension SQLiteTransaction {
  /// Appends an entry.
  ///
  /// - Parameter previous: the position of the session's last entry.
  /// - Returns: its position.
  func append(
    _ recorded: StoredEvent, _ event: Event, session: Int64, seq: Int, previous: Int64?, task: Log.TaskReference?
  ) throws(SQLiteFailure) -> Int64 {
    let position = try counters().position + 1
    let insert = try statement(Self.insertEvent)
    insert.bind(1, position)
    insert.bind(2, session)
    insert.bind(3, seq)
    insert.bind(4, Log.name(of: recorded.id))
    insert.bind(5, recorded.id)
    insert.bind(6, previous)
    insert.bind(7, task?.ordinal)
    insert.bind(8, task?.previous)
    insert.bind(9, event.type.rawValue)
    recorded.bytes.withUnsafeBufferPointer { insert.bind(10, utf8: $0) }
    try insert.run()
    cache.counters?.position = position
    if let task, task.beginsCommits, let ordinal = task.ordinal {
      try store(Log.commitsFacet, String(ordinal), position)
    }
    try noteFacets(of: event, at: position)
    return position
  }

  /// Tells the skip index which block has what, once a block.
  private func noteFacets(of event: Event, at position: Int64) throws(SQLiteFailure) {
    let block = Log.block(of: position)
    cache.noted.begin(block)
    try event.forEachFacet { kind, value throws(SQLiteFailure) in
      if kind == .link {
        try store(kind.rawValue, value, position)
      } else if cache.noted.insert(kind, value) {
        try store(kind.rawValue, value, block)
      }
    }
  }

  private func store(_ facet: Int64, _ value: String, _ block: Int64) throws(SQLiteFailure) {
    let insert = try statement(Self.insertBlock)
    insert.bind(1, facet)
    insert.bind(2, value)
    insert.bind(3, block)
    try insert.run()
  }

  static let insertEvent: SQL = """
    INSERT OR FAIL INTO event(pos, session, seq, name, id, prev_session, task, prev_task, type, body)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
    """
  private static let insertBlock: SQL = "INSERT OR IGNORE INTO event_block(facet, value, block) VALUES (?1, ?2, ?3)"
}
