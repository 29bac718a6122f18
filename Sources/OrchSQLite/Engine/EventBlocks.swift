internal import OrchCore
internal import OrchStore

/// Every so many events of a session have a mark, from which the others are found by their chain.
enum EventMark {
  static let spacing = 64
}

/// Which values the present block of events is known to hold: what is known need not be written again.
struct EventBlocks {
  /// A block is 2^10 events.
  static let shift: Int64 = 10

  private struct Entry: Hashable {
    var facet: Int64
    var value: String
  }

  private var block: Int64 = -1
  private var known: Set<Entry> = []

  /// Makes the values of an event known to hold in its block.
  mutating func note(_ event: Event, at position: Int64, _ connection: Connection) throws(SQLiteFailure) {
    if position >> Self.shift != block {
      block = position >> Self.shift
      known = []
    }
    try note(1, event.roles.actor, connection)
    try note(2, event.roles.author, connection)
    try note(3, event.roles.reviewer, connection)
    try note(4, event.roles.source, connection)
    try note(5, event.type.rawValue, connection)
  }

  private mutating func note(_ facet: Int64, _ value: String?, _ connection: Connection) throws(SQLiteFailure) {
    guard let value, known.insert(Entry(facet: facet, value: value)).inserted else { return }
    let statement = try connection.statement(
      "INSERT INTO event_block(facet, value, block) VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING")
    statement.bind(1, facet)
    statement.bind(2, value)
    statement.bind(3, block)
    try statement.run()
  }

  /// The facet's number and its value.
  static func key(_ facet: EventQuery.Facet) -> (Int64, String) {
    switch facet {
    case .actor(let name): (1, name)
    case .author(let name): (2, name)
    case .reviewer(let name): (3, name)
    case .source(let text): (4, text)
    case .type(let type): (5, type.rawValue)
    }
  }
}
