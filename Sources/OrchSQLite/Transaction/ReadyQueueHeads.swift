import OrchCore
import OrchStore

/// The heads of one session, kept up to date while its tasks change: the upkeep that `ReadyQueue` describes.
///
/// A head is a task in `QueueSlot.head`; the index `task_top` has all heads in claim order, by key. The session's row
/// lists its heads too (`tops`), so that nothing has to be looked up while a session's only task comes and goes.
final class ReadyQueueHeads {
  /// The session's number.
  let session: Int64
  /// The heads. Empty while the session is not free.
  private(set) var tops: [QueueHead]
  /// Whether the session is free, so that there are heads to keep.
  private let isKept: Bool
  private var headless: Set<Int64> = []
  private let transaction: SQLiteTransaction

  init(session: Int64, tops: [QueueHead], isKept: Bool, in transaction: SQLiteTransaction) {
    self.session = session
    self.tops = tops
    self.isKept = isKept
    self.transaction = transaction
  }

  /// A task is about to be stored anew, or no longer waiting.
  func remove(_ ordinal: Int64) {
    guard let index = tops.firstIndex(where: { $0.ordinal == ordinal }) else { return }
    headless.insert(tops.remove(at: index).bucket)
  }

  /// A task is waiting, or is about to.
  ///
  /// - Returns: the slot it gets. The head that it comes before is moved back.
  func place(_ task: QueueHead) throws(SQLiteFailure) -> Int64 {
    guard isKept else { return QueueSlot.waiting }
    guard let index = tops.firstIndex(where: { $0.bucket == task.bucket }) else {
      // Whether it is the first of a key that lost its head, the index says in the end.
      if headless.contains(task.bucket) { return QueueSlot.waiting }
      tops.append(task)
      return QueueSlot.head
    }
    guard task.precedes(tops[index]) else { return QueueSlot.waiting }
    try transaction.setPlace(QueueSlot.waiting, of: tops[index].ordinal)
    tops[index] = task
    return QueueSlot.head
  }

  /// Gives each key that lost its head the next one.
  func refill() throws(SQLiteFailure) {
    for bucket in headless {
      guard let next = try transaction.firstWaiting(of: session, from: bucket), next.bucket == bucket else { continue }
      try transaction.setPlace(QueueSlot.head, of: next.ordinal)
      tops.append(next)
    }
    headless.removeAll()
  }

  /// The session is not free any more: it has no heads.
  ///
  /// - Parameter except: tasks that are about to be stored anyway.
  func clear<Target>(except targets: [Target], _ ordinal: (Target) -> Int64) throws(SQLiteFailure) {
    for top in tops where !targets.contains(where: { ordinal($0) == top.ordinal }) {
      try transaction.setPlace(QueueSlot.waiting, of: top.ordinal)
    }
    tops.removeAll()
  }

  /// The session has become free: the first waiting task of each key becomes a head.
  func fill() throws(SQLiteFailure) {
    tops = try transaction.firstWaiting(of: session)
    for top in tops { try transaction.setPlace(QueueSlot.head, of: top.ordinal) }
  }
}

extension SQLiteTransaction {
  /// Stores a slot that differs from the one the task has.
  func setPlace(_ place: Int64, of ordinal: Int64) throws(SQLiteFailure) {
    let update = try statement(Self.updatePlace)
    update.bind(1, ordinal)
    update.bind(2, place)
    try update.run()
  }

  private static let updatePlace: SQL = "UPDATE task SET place = ?2 WHERE ordinal = ?1"
}
