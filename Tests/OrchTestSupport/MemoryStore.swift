import Dispatch
package import OrchCore
package import OrchStore

/// The reference engine: rows in arrays and dictionaries, every question answered by a scan.
///
/// A transaction works on a copy of all rows, so rolling back is forgetting the copy. Transactions of all connections
/// to one database run one after the other.
package final class MemoryStore: Store {
  package let engine = "memory"
  package let database: MemoryDatabase

  /// A connection to `database`, or to a new, empty one.
  package init(_ database: MemoryDatabase = MemoryDatabase()) { self.database = database }

  package func read<Result>(requesting requests: [ReadRequest], _ body: (any StoreReader) throws -> Result) throws
    -> Result
  {
    // On a copy, outside the lock: a snapshot stops nobody.
    let rows = database.alone { $0 }
    return try body(MemoryTransaction(rows, now: database.clock.now))
  }

  package func write<Result>(requesting requests: [ReadRequest], _ body: (any StoreWriter) throws -> Result) throws
    -> Result
  {
    try database.alone { rows in
      if let relocation = rows.relocation { throw StoreError.moved(relocation) }
      for _ in 0..<Self.mostRuns {
        let transaction = MemoryTransaction(rows, now: database.clock.now)
        do {
          let result = try body(transaction)
          if let failure = transaction.failure { throw failure }
          if database.takeInjectedConflict() { throw StoreError.conflict }
          rows = transaction.rows
          return result
        } catch StoreError.conflict {
          continue
        }
      }
      throw StoreError.unavailable(.errorConflictRepeated)
    }
  }

  package var logID: String { database.alone { $0.logID } }
  package var relocation: Relocation? { database.alone { $0.relocation } }

  package func relocate(from old: Relocation?, to new: Relocation?) throws {
    try database.alone { rows in
      guard rows.relocation == old || rows.relocation == new else {
        throw StoreError.unavailable(.errorOtherMove)
      }
      rows.relocation = new
    }
  }

  package func integrityProblems() throws -> [Message] { [] }

  /// How often a body is run before `write` gives up: this engine's deadline.
  package static let mostRuns = 100
}

/// What the connections to one database in memory share.
package final class MemoryDatabase: @unchecked Sendable {
  package let clock: TestClock
  private let queue = DispatchQueue(label: "orch.test.memory")
  private var rows: MemoryRows
  private var conflicts = 0

  package init(clock: TestClock = TestClock(), logID: String = "0123456789ABCDEFGHJKMNPQRS") {
    self.clock = clock
    rows = MemoryRows(logID: logID)
  }

  /// The next `count` runs of write transactions end in a conflict after their body.
  package func injectConflicts(_ count: Int) { queue.sync { conflicts = count } }

  func alone<Result>(_ body: (inout MemoryRows) throws -> Result) rethrows -> Result {
    try queue.sync { try body(&rows) }
  }

  /// Called inside `alone` only.
  func takeInjectedConflict() -> Bool {
    guard conflicts > 0 else { return false }
    conflicts -= 1
    return true
  }
}

/// All rows of a database in memory.
struct MemoryRows {
  let logID: String
  var relocation: Relocation?
  /// By reference, as `births`, and as what names a session or a task in all that follows.
  var sessions: [String: Session] = [:]
  /// Sessions in order of birth.
  var births: [String] = []
  /// In order of insertion; a task's ordinal is its place, from 1.
  var tasks: [Task] = []
  var grants: [TokenHash: Grant] = [:]
  /// In append order; an entry's position is its place, from 1.
  var entries: [StoredEvent] = []
  var actors: [String: ActorSighting] = [:]
  var agents: [String: AgentDescription] = [:]

  func index(ofTask id: String, logID: String) -> Int? { tasks.firstIndex { $0.id == id && $0.logID == logID } }

  /// The task with the engine's counts filled in.
  func counted(_ task: Task) -> Task {
    var task = task
    task.openBlockers = Set(task.after).count { id in
      !tasks.contains { $0.id == id && $0.logID == task.logID && $0.state == .done }
    }
    return task
  }

  var countedTasks: [Task] { tasks.map(counted) }
}
