import OrchCore
import OrchStore

/// What a transaction knows already. In a write transaction the rows are locked until its end.
struct TransactionCache {
  /// The rows by their numbers, and the numbers by the rows' ids.
  ///
  /// Tables of few kinds of keys: the first of each kind costs a process a tenth of a millisecond.
  private var sessions: [Int: SessionEntry] = [:]
  private var sessionNumbers: [String: [Int]] = [:]
  /// Ids of which all sessions are here.
  var knownSessions: Set<String> = []
  private var tasks: [Int: TaskEntry] = [:]
  private var taskNumbers: [String: [Int]] = [:]
  /// Ids of which all tasks are here.
  var knownTasks: Set<String> = []
  var grants: [TokenHash: Grant?] = [:]
  /// Tokens of which the session is here that has, or had, their lease.
  var knownHoldings: [TokenHash] = []
  /// Answers to what was prefetched; an append makes them void.
  var prefetched = Prefetched()
  /// Whether any statement that changes something was held back.
  var hasWritten = false
  /// Whether this transaction made a task wait for another: what rows say about it is older.
  var hasNewDependencies = false

  struct Prefetched {
    var candidates: [ClaimQuery: Candidate?] = [:]
    /// To whom nothing is offered.
    var agentsWithoutOffers: Set<String> = []
    var expired: [ClaimQuery: [Session]] = [:]
    /// Whether it is known that no session is to be replayed.
    var hasNothingToReplay = false
    var openTasks: [String: [(logID: String, row: String)]] = [:]
    var events: [EventQuery: [StoredEvent]] = [:]
    var numbered: [String: StoredEvent?] = [:]
    var counts: [String: [VisibleState: Int]] = [:]
    var actors: [String: Bool] = [:]
    var names: Set<String>?
  }

  struct Candidate {
    var session: String
    var task: String
    var logID: String
  }

  mutating func keep(_ entry: SessionEntry) {
    if sessions.updateValue(entry, forKey: entry.number) == nil {
      sessionNumbers[entry.session.id, default: []].append(entry.number)
    }
  }

  mutating func keep(_ entry: TaskEntry) {
    if tasks.updateValue(entry, forKey: entry.ordinal) == nil {
      taskNumbers[entry.task.id, default: []].append(entry.ordinal)
    }
  }

  /// Forgets tasks, whose rows are not known any more.
  mutating func forgetTasks(where condition: (TaskEntry) -> Bool) {
    for entry in tasks.values where condition(entry) {
      tasks[entry.ordinal] = nil
      taskNumbers[entry.task.id]?.removeAll { $0 == entry.ordinal }
      knownTasks.remove(entry.task.id)
    }
  }

  /// The tasks of an id, whatever their log.
  func tasks(_ id: String) -> [TaskEntry] { (taskNumbers[id] ?? []).compactMap { tasks[$0] } }

  func task(_ id: String, logID: String) -> TaskEntry? { tasks(id).first { $0.task.logID == logID } }

  /// The sessions of an id, whatever their log.
  func sessions(_ id: String) -> [SessionEntry] { (sessionNumbers[id] ?? []).compactMap { sessions[$0] } }

  func session(_ id: String, logID: String) -> SessionEntry? { sessions(id).first { $0.session.logID == logID } }

  func session(numbered number: Int) -> SessionEntry? { sessions[number] }

  /// The session whose present lease has a token.
  func session(holding tokenHash: TokenHash) -> Session? {
    sessions.values.first { $0.session.lease?.tokenHash == tokenHash }?.session
  }
}
