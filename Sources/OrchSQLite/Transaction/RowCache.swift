import OrchCore
import OrchStore

/// Rows that a connection has read or written and that nobody can have changed since.
///
/// Valid as long as SQLite's data version is the one it was filled under, which SQLite itself asks to trust its page
/// cache. Within a write transaction it follows the connection's own changes; unless that commits, it is forgotten.
final class RowCache {
  var sessions: [String: SessionEntry] = [:]
  var tasks: [String: TaskEntry] = [:]
  var grants: [TokenHash: Grant] = [:]
  var counters: Counters?
  var fastPathFlags: ClaimFastPathFlags?
  var classes: [Int64: ClaimFilterKey] = [:]
  var classIDs: [ClaimFilterKey: Int64] = [:]
  var lastMatch: Match?
  /// Whether the database is known not to have moved away.
  var isOpen = false
  /// What the skip index is known to hold of the block at hand.
  var noted = NotedFacets()
  /// The data version that all this belongs to; nil while a write transaction is open, and after one that failed.
  private var version: UInt32?

  /// The last numbers given out.
  struct Counters {
    var position: Int64
    var session: Int64
    var ordinal: Int64
  }

  /// What spares a claim its rarer questions.
  struct ClaimFastPathFlags {
    /// The highest class.
    var lastClass: Int64
    /// When the first of the tasks that wait for a time, and are the first of their bucket, is due.
    var firstDue: Int64?
    /// Whether any session is reserved by an offer.
    var hasOffers: Bool
  }

  /// Which classes the last claim would take.
  struct Match {
    var query: ClaimQuery
    /// How many classes there were.
    var classes: Int
    var matching: [Int64]
  }

  /// A transaction begins on the data of `version`.
  func begin(_ version: UInt32, writing: Bool) {
    if version != self.version { removeAll() } else { limit() }
    self.version = writing ? nil : version
  }

  /// Forgets rows when there are too many. They are as they stand in the database, so this can be done at any time.
  func limit() {
    guard sessions.count + tasks.count + grants.count > Self.limit else { return }
    forgetRows()
    grants.removeAll()
  }

  /// A write transaction was committed and left the data at `version`.
  func committed(_ version: UInt32) { self.version = version }

  /// Forgets sessions and tasks: rows of others than those at hand have changed.
  func forgetRows() {
    sessions.removeAll(keepingCapacity: true)
    tasks.removeAll(keepingCapacity: true)
  }

  private func removeAll() {
    forgetRows()
    grants.removeAll(keepingCapacity: true)
    counters = nil
    fastPathFlags = nil
    classes.removeAll()
    classIDs.removeAll()
    lastMatch = nil
    isOpen = false
    noted = NotedFacets()
  }

  /// How many rows it holds at most when a transaction begins, or appends.
  private static let limit = 4096
}

/// Which facets the skip index is known to hold of one block: what is known need not be written again.
struct NotedFacets {
  private var block: Int64 = -1
  private var values: Set<Facet> = []
  private var types: Set<EventType> = []
  /// The last value of each kind: mostly the next one too.
  private var last: [String?] = []

  private struct Facet: Hashable {
    var number: Int64
    var value: String
  }

  mutating func begin(_ block: Int64) {
    guard block != self.block else { return }
    self.block = block
    values.removeAll(keepingCapacity: true)
    types.removeAll()
    last = Array(repeating: nil, count: 7)
  }

  /// Notes a value; false when it was known.
  mutating func insert(_ facet: Int64, _ value: String) -> Bool {
    let index = Int(facet)
    guard last[index] != value else { return false }
    last[index] = value
    return values.insert(Facet(number: facet, value: value)).inserted
  }

  mutating func insert(_ type: EventType) -> Bool { types.insert(type).inserted }
}
