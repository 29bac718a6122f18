internal import OrchCore
internal import OrchStore

/// What a transaction knows already. In a write transaction the rows are locked until its end.
struct TransactionCache {
  /// The name of a session or of a task.
  struct SessionKey: Hashable {
    var id: String
    var log: String
  }

  private(set) var sessions: [SessionKey: SessionEntry] = [:]
  private(set) var keys: [Int: SessionKey] = [:]
  /// Names of which all sessions are here.
  var knownSessions: Set<String> = []
  private(set) var tasks: [SessionKey: TaskEntry] = [:]
  /// Names of which all tasks are here.
  var knownTasks: Set<String> = []
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
    var openTasks: [String: [(log: String, row: String)]] = [:]
    var events: [EventQuery: [Recorded]] = [:]
    var numbered: [String: Recorded?] = [:]
    var counts: [String: [VisibleState: Int]] = [:]
    var actors: [String: Bool] = [:]
    var names: Set<String>?
  }

  struct Candidate {
    var session: String
    var task: String
    var log: String
  }

  mutating func keep(_ entry: SessionEntry) {
    let key = SessionKey(id: entry.session.id, log: entry.session.log)
    sessions[key] = entry
    keys[entry.number] = key
  }

  mutating func keep(_ entry: TaskEntry) { tasks[SessionKey(id: entry.task.id, log: entry.task.log)] = entry }

  /// Forgets tasks, whose rows are not known any more.
  mutating func forgetTasks(where condition: (TaskEntry) -> Bool) {
    for (key, entry) in tasks where condition(entry) {
      tasks[key] = nil
      knownTasks.remove(key.id)
    }
  }

  func task(_ id: String, log: String) -> TaskEntry? { tasks[SessionKey(id: id, log: log)] }

  /// The tasks of a name.
  func tasks(named name: String) -> [(log: String, row: TaskEntry)] {
    tasks.values.filter { $0.task.id == name }.map { ($0.task.log, $0) }
  }

  /// The sessions of a name.
  func sessions(named name: String) -> [(log: String, row: SessionEntry)] {
    sessions.values.filter { $0.session.id == name }.map { ($0.session.log, $0) }
  }

  func session(_ id: String, log: String) -> SessionEntry? { sessions[SessionKey(id: id, log: log)] }

  func session(numbered number: Int) -> SessionEntry? { keys[number].flatMap { sessions[$0] } }
}
