import OrchCore
import OrchStore

/// The first tasks of a session's buckets, kept up to date while its tasks change.
///
/// A claim looks only at tasks at place 1, so these must be exactly the first of each bucket of a free session. What
/// stands behind them is never walked through: a bucket that lost its first asks the index for the next.
final class ReadyQueueHeads {
  /// The session's number.
  let session: Int64
  /// At place 1. Empty while the session is not free.
  private(set) var tops: [QueueHead]
  /// Whether the session is free, so that there are firsts to keep.
  private let isKept: Bool
  private var emptied: Set<Int64> = []
  private let transaction: SQLiteTransaction

  init(session: Int64, tops: [QueueHead], isKept: Bool, in transaction: SQLiteTransaction) {
    self.session = session
    self.tops = tops
    self.isKept = isKept
    self.transaction = transaction
  }

  /// A task is about to be stored anew, or is no longer claimable.
  func remove(_ ordinal: Int64) {
    guard let index = tops.firstIndex(where: { $0.ordinal == ordinal }) else { return }
    emptied.insert(tops.remove(at: index).bucket)
  }

  /// A task is, or is about to be, claimable in its bucket.
  ///
  /// - Returns: the place it gets. The one that it comes before is moved back.
  func place(_ task: QueueHead) throws(SQLiteFailure) -> Int64 {
    guard isKept else { return QueueSlot.waiting }
    guard let index = tops.firstIndex(where: { $0.bucket == task.bucket }) else {
      // Whether it is the first of a bucket that lost its first, the index says in the end.
      if emptied.contains(task.bucket) { return QueueSlot.waiting }
      tops.append(task)
      return QueueSlot.top
    }
    guard task.precedes(tops[index]) else { return QueueSlot.waiting }
    try transaction.setPlace(QueueSlot.waiting, of: tops[index].ordinal)
    tops[index] = task
    return QueueSlot.top
  }

  /// Gives each bucket that lost its first the next one.
  func refill() throws(SQLiteFailure) {
    for bucket in emptied {
      guard let next = try transaction.firstWaiting(of: session, from: bucket), next.bucket == bucket else { continue }
      try transaction.setPlace(QueueSlot.top, of: next.ordinal)
      tops.append(next)
    }
    emptied.removeAll()
  }

  /// The session is not free any more: nothing of it stands at place 1.
  ///
  /// - Parameter except: tasks that are about to be stored anyway.
  func clear<Target>(except targets: [Target], _ ordinal: (Target) -> Int64) throws(SQLiteFailure) {
    for top in tops where !targets.contains(where: { ordinal($0) == top.ordinal }) {
      try transaction.setPlace(QueueSlot.waiting, of: top.ordinal)
    }
    tops.removeAll()
  }

  /// The session has become free: the first of each bucket comes forward.
  func fill() throws(SQLiteFailure) {
    tops = try transaction.firstWaiting(of: session)
    for top in tops { try transaction.setPlace(QueueSlot.top, of: top.ordinal) }
  }
}

extension SQLiteTransaction {
  /// Stores a place that differs from the one the task has.
  func setPlace(_ place: Int64, of ordinal: Int64) throws(SQLiteFailure) {
    let update = try statement(Self.updatePlace)
    update.bind(1, ordinal)
    update.bind(2, place)
    try update.run()
  }

  private static let updatePlace: SQL = "UPDATE task SET place = ?2 WHERE ordinal = ?1"
}
