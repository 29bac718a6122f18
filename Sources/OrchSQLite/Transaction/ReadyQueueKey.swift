import OrchCore

/// What a claim's filters look at, as one number: two tasks of a class are both claimable by an agent, or neither.
///
/// Tasks of a class that are ready by any clock share a bucket; inside it the first by priority, ready time and
/// insertion is the best. Those that wait for a time have a bucket for each priority: in it the first is the first to
/// become due.
enum ReadyQueueKey {
  static func of(class id: Int64, notBefore: Instant?, priority: Int) -> Int64 {
    id << 4 | (notBefore == nil ? 0 : Int64(min(max(priority, 0), 14)) + 1)
  }

  /// The class of a bucket.
  static func classID(_ bucket: Int64) -> Int64 { bucket >> 4 }

  /// Whether its tasks wait for a time.
  static func isScheduled(_ bucket: Int64) -> Bool { bucket & 15 != 0 }
}

/// Where a queued task stands in the search for a candidate.
enum QueueSlot {
  static let none: Int64 = 0
  /// The first of its bucket in a free session.
  static let top: Int64 = 1
  /// Claimable, but behind the first, or in a session that is not free.
  static let waiting: Int64 = 2
  static let blocked: Int64 = 3

  /// The place of a task before it is known whether it is its bucket's first.
  static func base(_ task: Task) -> Int64 {
    guard task.state == .queued else { return none }
    return task.openBlockers > 0 ? blocked : waiting
  }
}

/// A task at place 1, with its place in the order of claims.
struct QueueHead: Equatable {
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
