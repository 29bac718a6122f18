internal import OrchCore

/// A session's row: the session, and what the engine keeps beside it.
struct SessionEntry {
  let number: Int64
  var session: Session
  /// The position of its last event: the head of its chain.
  var lastEvent: Int64?
  var tops: [Top] = []
  var tally = Tally()
}

extension Session {
  /// Whether anybody may take its tasks: neither held nor reserved.
  var isFree: Bool { lease == nil && offer == nil }
}

/// How many tasks of a session are in each stored state.
struct Tally: Equatable {
  private var counts = SIMD8<Int64>()

  subscript(state: TaskState) -> Int64 {
    get { counts[Self.index(state)] }
    set { counts[Self.index(state)] = newValue }
  }

  private static func index(_ state: TaskState) -> Int {
    switch state {
    case .queued: 0
    case .running: 1
    case .review: 2
    case .offered: 3
    case .done: 4
    case .dead: 5
    case .cancelled: 6
    }
  }
}

/// A task's row: the task, and what the engine keeps beside it.
struct TaskEntry {
  let ordinal: Int64
  /// Its session's number.
  let session: Int64
  /// As it is to be stored. Of a row that was read some time ago the session's `tops` know better.
  var place: Int64
  var bucket: Int64
  /// The position of its last event: the head of its chain.
  var lastEvent: Int64
  var task: Task

  var top: Top {
    Top(bucket: bucket, priority: Int64(task.priority), readyAt: task.readyAt.milliseconds, ordinal: ordinal)
  }
}

/// What a claim's filters look at.
struct TaskClass: Hashable {
  var kind: String
  var project: String?
  var assignee: String?
  var reviewers: [String]

  init(_ task: Task) {
    kind = task.kind
    project = task.project
    assignee = task.assignee
    reviewers = task.reviewers
  }

  init(kind: String, project: String?, assignee: String?, reviewers: [String]) {
    self.kind = kind
    self.project = project
    self.assignee = assignee
    self.reviewers = reviewers
  }
}

extension Task {
  /// Whether a claim's filters see no difference.
  func hasClass(of other: Task) -> Bool {
    kind == other.kind && project == other.project && assignee == other.assignee && reviewers == other.reviewers
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
    guard let digest = withBlob(column, { Digest(bytes: $0) }) else { throw .corrupt("a digest has not 32 bytes") }
    return digest
  }

  func instant(_ column: Int32) -> Instant { Instant(milliseconds: int(column)) }

  func optionalInstant(_ column: Int32) -> Instant? { isNull(column) ? nil : instant(column) }

  /// An integer of ours, which all fit in 63 bits.
  func count(_ column: Int32) -> Int { Int(truncatingIfNeeded: int(column)) }

  func optionalCount(_ column: Int32) -> Int? { isNull(column) ? nil : count(column) }
}
