internal import OrchCore

/// Rows that a connection has read or written and that nobody can have changed since.
///
/// Valid as long as SQLite's data version is the one it was filled under, which SQLite itself asks to trust its page
/// cache. Within a write transaction it follows the connection's own changes; unless that commits, it is forgotten.
final class RowCache {
  var sessions: [String: SessionEntry] = [:]
  var tasks: [String: TaskEntry] = [:]
  var grants: [TokenHash: Grant] = [:]
  var counters: Counters?
  var guards: Guards?
  var classes: [Int64: TaskClass] = [:]
  var classIDs: [TaskClass: Int64] = [:]
  /// The facets known to be noted for `block`.
  var block: Int64 = -1
  var noted: Set<NotedFacet> = []
  /// The data version that all this belongs to; nil while a write transaction is open, and after one that failed.
  private var version: UInt32?

  /// The last numbers given out.
  struct Counters {
    var position: Int64
    var session: Int64
    var ordinal: Int64
  }

  /// What spares a claim its rarer questions.
  struct Guards {
    /// The highest class.
    var lastClass: Int64
    /// When the first of the tasks that wait for a time, and are the first of their bucket, is due.
    var firstDue: Int64?
    /// Whether any session is reserved by an offer.
    var hasOffers: Bool
  }

  struct NotedFacet: Hashable {
    var facet: Int64
    var value: String
  }

  /// A transaction begins on the data of `version`.
  func begin(_ version: UInt32, writing: Bool) {
    if version != self.version { removeAll() } else { limit() }
    self.version = writing ? nil : version
  }

  /// Forgets rows when there are too many. They are as they stand in the database, so this can be done at any time.
  func limit() {
    guard sessions.count + tasks.count + grants.count > Self.most else { return }
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
    guards = nil
    classes.removeAll()
    classIDs.removeAll()
    block = -1
    noted.removeAll()
  }

  /// How many rows it holds at most when a transaction begins, or appends.
  private static let most = 4096
}
