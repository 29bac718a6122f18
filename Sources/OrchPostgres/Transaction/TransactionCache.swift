internal import OrchCore
internal import OrchStore

/// What a transaction knows already. In a write transaction the rows are locked until its end.
struct TransactionCache {
  struct SessionKey: Hashable {
    var id: String
    var log: String
  }

  /// By name; absent ones as nil.
  private(set) var sessions: [SessionKey: SessionEntry] = [:]
  private(set) var keys: [Int: SessionKey] = [:]
  /// Names that no session has.
  var absentSessions: Set<String> = []
  /// By id; absent ones as `.some(nil)`.
  var tasks: [String: TaskEntry?] = [:]
  var grants: [TokenHash: Grant?] = [:]
  /// Answers to foreseen questions; an append makes them void.
  var foreseen = Foreseen()
  /// Whether any statement that changes something was held back.
  var hasWritten = false
  /// Whether this transaction made a task wait for another: what rows say about it is older.
  var hasNewDependencies = false

  struct Foreseen {
    var candidates: [ClaimQuery: Candidate?] = [:]
    var expired: [ClaimQuery: [Session]] = [:]
    var openTasks: [String: String?] = [:]
    var events: [EventQuery: [Recorded]] = [:]
    var numbered: [String: Recorded?] = [:]
    var counts: [String: [VisibleState: Int]] = [:]
    var actors: [String: Bool] = [:]
    var names: Set<String>?
  }

  struct Candidate {
    var session: String
    var task: String
  }

  mutating func keep(_ entry: SessionEntry) {
    let key = SessionKey(id: entry.session.id, log: entry.session.log)
    sessions[key] = entry
    keys[entry.number] = key
    absentSessions.remove(entry.session.id)
  }

  mutating func keep(_ entry: TaskEntry) { tasks[entry.task.id] = entry }

  func session(_ id: String, log: String) -> SessionEntry? { sessions[SessionKey(id: id, log: log)] }

  /// The session of a name, wherever it was born.
  func session(_ id: String) -> SessionEntry? { sessions.values.first { $0.session.id == id } }

  func session(numbered number: Int) -> SessionEntry? { keys[number].flatMap { sessions[$0] } }
}
