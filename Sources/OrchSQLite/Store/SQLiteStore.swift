import OrchCore
package import OrchStore
import OrchSystem

/// A database in one file, shared by processes on one machine.
///
/// Belongs to one thread at a time. Every write transaction takes the one write lock before it reads, so that what a
/// decision reads is what it is appended to; what `append` throws as a conflict is a decision made on something older,
/// or a name that is taken.
package final class SQLiteStore: Store {
  package let engine = "sqlite"
  let connection: Connection
  /// The identity of the database.
  package let logID: String
  private let isOwner: Bool
  private let cache = RowCache()
  private let deadline: () -> Deadline
  private let clock: @Sendable () -> Instant
  private let diagnostics: Diagnostics
  package private(set) var relocation: Relocation?

  /// - Parameters:
  ///   - logID: the identity of the database.
  ///   - owned: whether the connection ends with the store.
  ///   - deadline: of each transaction, waiting for locks included.
  init(
    _ connection: Connection, logID: String, owned: Bool = true, deadline: @escaping () -> Deadline,
    clock: @escaping @Sendable () -> Instant = SQLiteStore.systemTime, diagnostics: Diagnostics = Diagnostics()
  ) {
    self.diagnostics = diagnostics
    self.connection = connection
    isOwner = owned
    self.logID = logID
    self.deadline = deadline
    self.clock = clock
  }

  deinit {
    if isOwner { connection.close() }
  }

  /// The system's time, in milliseconds.
  static let systemTime: @Sendable () -> Instant = { Instant(milliseconds: Clock.realMilliseconds()) }

  package func read<Result>(requesting requests: [ReadRequest], _ body: (any StoreReader) throws -> Result) throws
    -> Result
  {
    let start = diagnostics.start()
    defer { diagnostics.transaction("read", since: start) }
    return try Self.translating {
      try connection.read(deadline: deadline()) {
        // The first row read fixes the snapshot, and with it the data version.
        try readMeta(for: .reading)
        cache.begin(connection.dataVersion, writing: false)
        return try body(transaction())
      }
    }
  }

  package func write<Result>(requesting requests: [ReadRequest], _ body: (any StoreWriter) throws -> Result) throws
    -> Result
  {
    let start = diagnostics.start()
    defer { diagnostics.transaction("write", since: start) }
    let deadline = deadline()
    for _ in 0..<Self.mostRuns where !deadline.hasPassed {
      do {
        return try Self.translating { try writeOnce(deadline, body) }
      } catch StoreError.conflict {
        diagnostics.retry("the decision", because: "a session has changed since it was read")
        continue
      }
    }
    throw StoreError.unavailable(.errorConflictRepeated)
  }

  private func writeOnce<Result>(_ deadline: Deadline, _ body: (any StoreWriter) throws -> Result) throws -> Result {
    let result = try connection.write(deadline: deadline) {
      cache.begin(connection.dataVersion, writing: true)
      if !cache.isOpen {
        try readMeta(for: .writing)
        if let relocation { throw StoreError.moved(relocation) }
        cache.isOpen = true
      }
      let transaction = transaction()
      let result = try body(transaction)
      // A body that went on after a failed append must not commit half of it.
      if let failure = transaction.failure { throw failure }
      return result
    }
    cache.committed(connection.dataVersion)
    return result
  }

  /// Whether it is the database that was opened, where it has gone, and whether this program may use it: a newer one may
  /// have brought it up to date since.
  private func readMeta(for use: SchemaNumbers.Use) throws {
    var (log, moved): (String?, String?) = (nil, nil)
    var (number, readers, writers): (String?, String?, String?) = (nil, nil, nil)
    try connection.statement(Self.selectMeta).query { row in
      let value = row.text(1)
      switch row.text(0) {
      case "log": log = value
      case "relocation": moved = value
      case SchemaNumbers.Key.number: number = value
      case SchemaNumbers.Key.lowestReader: readers = value
      case SchemaNumbers.Key.lowestWriter: writers = value
      default: break
      }
    }
    guard log == logID else { throw StoreError.corrupt(.damageOtherDatabase) }
    if let number = number.flatMap({ Int($0) }), number != SchemaNumbers.current.number {
      let numbers = SchemaNumbers(number: number) { $0 == SchemaNumbers.Key.lowestReader ? readers : writers }
      if let obstacle = numbers.obstacle(to: use, of: connection.file.path) { throw obstacle }
    }
    relocation = try moved.map { try Relocation(text: $0) }
  }

  package func relocate(from old: Relocation?, to new: Relocation?) throws {
    try Self.translating {
      try connection.write(deadline: deadline()) {
        try readMeta(for: .writing)
        guard relocation != new else { return }
        guard relocation == old else { throw StoreError.unavailable(.errorOtherMove) }
        let store = try connection.statement(new == nil ? Self.deleteRelocation : Self.storeRelocation)
        if let new { store.bind(1, new.text) }
        try store.run()
      }
      relocation = new
    }
  }

  private func transaction() -> SQLiteTransaction {
    SQLiteTransaction(connection, cache: cache, now: clock(), logID: logID)
  }

  /// Runs `body` in the transaction that is open: for conversions that need one transaction for everything.
  func writing<Result>(_ body: (any StoreWriter) throws -> Result) throws -> Result {
    let transaction = SQLiteTransaction(connection, cache: RowCache(), now: clock(), logID: logID)
    let result = try body(transaction)
    if let failure = transaction.failure { throw failure }
    return result
  }

  /// Runs `body`; failures of SQLite become failures of the store.
  static func translating<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let failure as SQLiteFailure {
      throw StoreError(failure)
    }
  }

  /// How often a decision in conflict is made again: with the write lock held, more can only repeat it.
  private static let mostRuns = 100

  private static let selectMeta: SQL = "SELECT key, value FROM meta"
  private static let storeRelocation: SQL = "INSERT OR REPLACE INTO meta(key, value) VALUES ('relocation', ?1)"
  private static let deleteRelocation: SQL = "DELETE FROM meta WHERE key = 'relocation'"
}

extension StoreError {
  /// What SQLite, or the file system under it, failed with.
  init(_ failure: SQLiteFailure) {
    let message = failure.message
    switch failure.kind {
    case .unavailable:
      self = failure.absentPath.map { .absent($0) } ?? .unavailable(.sqliteUnavailable(detail: message))
    case .io: self = .io(.sqliteIo(detail: message))
    case .permission: self = .permission(message)
    case .configuration:
      self = .configuration(
        message,
        hint: failure.category == .unsafeFileSystem
          ? .text(.hintLocalOrDelete)
          : .text(.hintOtherFile))
    case .corrupt: self = .corrupt(.errorDatabaseDamaged(detail: message))
    case .internal: self = .internal("\(failure)")
    }
  }
}
