import OrchCore
import OrchStore

/// A key of the ready queue (see `ReadyQueue`) as one integer, the column `bucket`: the number of the filter key in the
/// high bits, the schedule partition in the low ones.
enum ReadyQueueKey {
  static let partitionBits: Int64 = 4

  static func of(filterKey id: Int64, partition: Int) -> Int64 { id << partitionBits | Int64(partition) }

  /// The number of the filter key.
  static func filterKey(_ key: Int64) -> Int64 { key >> partitionBits }

  /// Whether its tasks wait for a time.
  static func isScheduled(_ key: Int64) -> Bool { key & ((1 << partitionBits) - 1) != 0 }
}

/// Where a task stands in the ready queue: the column `place`.
enum QueueSlot {
  static let none: Int64 = 0
  /// A head: the first waiting task of its key in a free session.
  static let head: Int64 = 1
  /// Waiting behind the head, or in a session that is not free.
  static let waiting: Int64 = 2
  static let blocked: Int64 = 3

  /// The slot of a task before it is known whether it is a head.
  static func base(_ task: Task) -> Int64 { task.unmetCondition.map(slot(without:)) ?? waiting }

  /// The slot of a task that does not meet a condition.
  static func slot(without condition: ClaimCondition) -> Int64 {
    switch condition {
    case .state: none
    case .blockers: blocked
    case .session, .time: waiting
    }
  }
}

/// A waiting task, with its place in claim order.
struct QueueHead: Equatable {
  /// Its key.
  var bucket: Int64
  var priority: Int64
  var readyAt: Int64
  var ordinal: Int64

  /// Whether a claim prefers it to `other`.
  func precedes(_ other: QueueHead) -> Bool {
    (priority, readyAt, ordinal) < (other.priority, other.readyAt, other.ordinal)
  }
}

extension QueueHead {
  /// The longest text of one, in bytes.
  static let longest = 4 * 21

  /// Writes `bucket,priority,ready_at,ordinal;…`.
  ///
  /// - Returns: how many bytes.
  static func write(_ tops: [QueueHead], into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var end = 0
    func put(_ number: Int64, _ separator: Unicode.Scalar) {
      var rest = number.magnitude
      var start = end
      if number < 0 {
        buffer[end] = UInt8(ascii: "-")
        start += 1
      }
      end = start
      repeat {
        buffer[end] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        end += 1
        rest /= 10
      } while rest > 0
      buffer[start..<end].reverse()
      buffer[end] = UInt8(ascii: separator)
      end += 1
    }
    for top in tops {
      put(top.bucket, ",")
      put(top.priority, ",")
      put(top.readyAt, ",")
      put(top.ordinal, ";")
    }
    return max(0, end - 1)
  }

  /// Reads what `write` wrote, nothing being an empty list; nil when it is something else.
  static func list(_ text: UnsafeBufferPointer<UInt8>) -> [QueueHead]? {
    var tops: [QueueHead] = []
    var numbers = SIMD4<Int64>()
    var count = 0
    var index = 0
    while index < text.count {
      let isNegative = text[index] == UInt8(ascii: "-")
      if isNegative { index += 1 }
      var number: Int64 = 0
      let start = index
      while index < text.count, case let digit = text[index] &- UInt8(ascii: "0"), digit < 10 {
        number = number &* 10 &+ Int64(digit)
        index += 1
      }
      guard index > start, index - start < 20, count < 4 else { return nil }
      numbers[count] = isNegative ? -number : number
      count += 1
      guard count == 4 else {
        guard index < text.count, text[index] == UInt8(ascii: ",") else { return nil }
        index += 1
        continue
      }
      tops.append(QueueHead(bucket: numbers[0], priority: numbers[1], readyAt: numbers[2], ordinal: numbers[3]))
      count = 0
      if index < text.count, text[index] != UInt8(ascii: ";") { return nil }
      index += 1
    }
    return count == 0 ? tops : nil
  }
}
