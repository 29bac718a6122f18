import OrchCore
import OrchStore

/// A session's row: the session, and what the engine keeps beside it. Never changed, but replaced.
final class SessionEntry {
  let number: Int64
  let session: Session
  /// The position of its last event: the head of its chain.
  let lastEvent: Int64?
  /// Its tasks at place 1.
  let tops: [QueueHead]
  let tally: StateCounts

  init(
    number: Int64, session: Session, lastEvent: Int64? = nil, tops: [QueueHead] = [], tally: StateCounts = StateCounts()
  ) {
    self.number = number
    self.session = session
    self.lastEvent = lastEvent
    self.tops = tops
    self.tally = tally
  }
}

/// A task's row: the task, and what the engine keeps beside it. Never changed, but replaced.
final class TaskEntry {
  let ordinal: Int64
  /// Its session's number.
  let session: Int64
  let bucket: Int64
  /// The position of its last event: the head of its chain.
  let lastEvent: Int64
  let task: Task

  init(ordinal: Int64, session: Int64, bucket: Int64, lastEvent: Int64, task: Task) {
    self.ordinal = ordinal
    self.session = session
    self.bucket = bucket
    self.lastEvent = lastEvent
    self.task = task
  }

  /// Its place in the order of claims.
  var top: QueueHead {
    QueueHead(bucket: bucket, priority: Int64(task.priority), readyAt: task.readyAt.milliseconds, ordinal: ordinal)
  }
}

/// Lists of texts as JSON, an empty one as NULL.
enum TextList {
  static func text(_ list: [String]) -> String? {
    list.isEmpty ? nil : JSON.array(list.map { .string($0) }).text()
  }

  static func list(_ text: String?) throws(SQLiteFailure) -> [String] {
    guard let text else { return [] }
    guard let items = (try? JSON.parse(text))?.arrayValue else { throw .corrupt("a list does not read") }
    let strings = items.compactMap(\.stringValue)
    guard strings.count == items.count else { throw .corrupt("a list does not read") }
    return strings
  }
}

extension SQLiteFailure {
  /// What is stored contradicts itself.
  static func corrupt(_ message: String) -> SQLiteFailure { SQLiteFailure(.corrupt, message) }
}

extension Row {
  func digest(_ column: Int32) throws(SQLiteFailure) -> Digest {
    guard let digest = withBlob(column, { Digest(raw: $0) }) else { throw .corrupt("a digest has not 32 bytes") }
    return digest
  }

  func instant(_ column: Int32) -> Instant { Instant(milliseconds: int(column)) }

  func optionalInstant(_ column: Int32) -> Instant? { isNull(column) ? nil : instant(column) }

  /// An integer of ours, which all fit in 63 bits.
  func count(_ column: Int32) -> Int { Int(truncatingIfNeeded: int(column)) }

  func optionalCount(_ column: Int32) -> Int? { isNull(column) ? nil : count(column) }
}
