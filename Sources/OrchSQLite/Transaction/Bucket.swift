internal import OrchCore

/// What a claim's filters look at, as one number: two tasks of a class are both claimable by an agent, or neither.
///
/// Tasks of a class that are ready by any clock share a bucket; inside it the first by priority, ready time and
/// insertion is the best. Those that wait for a time have a bucket for each priority: in it the first is the first to
/// become due.
enum Bucket {
  static func of(class id: Int64, notBefore: Instant?, priority: Int) -> Int64 {
    id << 4 | (notBefore == nil ? 0 : Int64(min(max(priority, 0), 14)) + 1)
  }

  /// The class of a bucket.
  static func classID(_ bucket: Int64) -> Int64 { bucket >> 4 }

  /// Whether its tasks wait for a time.
  static func isScheduled(_ bucket: Int64) -> Bool { bucket & 15 != 0 }
}

/// Where a queued task stands in the search for a candidate.
enum Place {
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
struct Top: Equatable {
  var bucket: Int64
  var priority: Int64
  var readyAt: Int64
  var ordinal: Int64

  /// Whether a claim prefers it to `other`.
  func precedes(_ other: Top) -> Bool {
    (priority, readyAt, ordinal) < (other.priority, other.readyAt, other.ordinal)
  }
}

extension Top {
  /// `bucket,priority,ready_at,ordinal;…`, or nil for none.
  static func text(_ tops: [Top]) -> String? {
    guard !tops.isEmpty else { return nil }
    var text = ""
    for top in tops {
      if !text.isEmpty { text += ";" }
      text += "\(top.bucket),\(top.priority),\(top.readyAt),\(top.ordinal)"
    }
    return text
  }

  /// Reads what `text` wrote; nil when it is something else.
  static func list(_ text: String) -> [Top]? {
    var tops: [Top] = []
    for part in text.utf8.split(separator: UInt8(ascii: ";")) {
      let numbers = part.split(separator: UInt8(ascii: ",")).compactMap { Int64(Substring($0)) }
      guard numbers.count == 4 else { return nil }
      tops.append(Top(bucket: numbers[0], priority: numbers[1], readyAt: numbers[2], ordinal: numbers[3]))
    }
    return tops
  }
}
