import OrchCore
import OrchStore

/// Rows that a connection has read or written and that nobody can have changed since, kept across transactions.
///
/// The cache is valid for one value of SQLite's data version, which changes with every commit of another connection:
///
/// 1. A transaction that begins on another data version than the cache was filled under empties it.
/// 2. A write transaction changes the cache with the rows. From its begin to its commit the cache belongs to no version,
///    so unless the commit succeeds, the next transaction empties it.
/// 3. Who changes rows of others than those at hand (blockers, heads of other sessions) forgets all rows, and who
///    changes what `ClaimFastPathFlags` says forgets the flags.
final class RowCache {
  var sessions: [String: SessionEntry] = [:]
  var tasks: [String: TaskEntry] = [:]
  var grants: [TokenHash: Grant] = [:]
  var counters: Counters?
  var fastPathFlags: ClaimFastPathFlags?
  /// Filter keys by number, and their numbers.
  var filterKeys: [Int64: ClaimFilterKey] = [:]
  var filterKeyIDs: [ClaimFilterKey: Int64] = [:]
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

  /// Facts that let a claim skip the look-ups of new filter keys, of scheduled tasks, of offers and of sessions to
  /// replay.
  struct ClaimFastPathFlags {
    /// The highest number of a filter key.
    var lastFilterKey: Int64
    /// When the first scheduled head is due; nil without one.
    var firstDue: Int64?
    /// Whether any session is reserved by an offer.
    var hasOffers: Bool
    /// See `StoreReader.sessionsToReplay`.
    var hasSessionsToReplay: Bool
  }

  /// The filter keys that the last claim's rule admits.
  struct Match {
    var rule: ClaimRule
    /// How many filter keys there were.
    var count: Int
    var admitted: [Int64]
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
    filterKeys.removeAll()
    filterKeyIDs.removeAll()
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
  private var values: Set<EventQuery.Facet> = []
  /// The last value of each kind: mostly the next one too.
  private var last: [EventQuery.Facet.Kind: String] = [:]

  mutating func begin(_ block: Int64) {
    guard block != self.block else { return }
    self.block = block
    values.removeAll(keepingCapacity: true)
    last.removeAll(keepingCapacity: true)
  }

  /// Notes a value; false when it was known.
  mutating func insert(_ kind: EventQuery.Facet.Kind, _ value: String) -> Bool {
    guard last[kind] != value else { return false }
    last[kind] = value
    return values.insert(EventQuery.Facet(kind: kind, value: value)).inserted
  }
}
