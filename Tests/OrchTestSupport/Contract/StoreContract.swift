package import OrchCore
package import OrchStore
import Testing

/// What every engine is held to, one function a promise. Each takes a new, empty database.
///
/// The functions use the engine's own time: decisions are made at times around it, so no engine needs a clock that can
/// be set.
package enum StoreContract {}

/// An engine that the contract is checked on.
package struct EngineUnderTest: Sendable, CustomTestStringConvertible {
  package let name: String
  /// Makes a new, empty database.
  package let makeDatabase: @Sendable () throws -> DatabaseUnderTest

  package init(_ name: String, makeDatabase: @escaping @Sendable () throws -> DatabaseUnderTest) {
    self.name = name
    self.makeDatabase = makeDatabase
  }

  package var testDescription: String { name }

  package static let memory = EngineUnderTest("memory") {
    let database = MemoryDatabase()
    return DatabaseUnderTest { MemoryStore(database) }
  }
}

/// A database, to which any number of connections can be made, each for one thread.
package struct DatabaseUnderTest: Sendable {
  package let connect: @Sendable () throws -> any Store

  package init(connect: @escaping @Sendable () throws -> any Store) { self.connect = connect }
}

/// Somebody who acts on a store, a transaction an act.
struct StoreFixture {
  let store: any Store

  init(_ store: any Store) { self.store = store }

  init(_ database: DatabaseUnderTest) throws { store = try database.connect() }

  /// The engine's time.
  func now() throws -> Instant { try store.read { $0.now } }

  /// Adds a task to its session, by default one of its own.
  @discardableResult
  func add(_ new: NewTask, to session: String? = nil, by actor: String = "jq", at instant: Instant? = nil) throws
    -> Task
  {
    try store.write { try $0.add(new, to: session, by: actor, at: instant) }
  }

  /// Decides a command on a task that is there.
  @discardableResult
  func act(_ id: String, _ command: Command, by actor: String = "jq", at instant: Instant? = nil) throws -> Task {
    try store.write { try $0.act(id, command, by: actor, at: instant) }
  }

  @discardableResult
  func claim(_ id: String, by actor: String = "a", token: Int, ttl: Int? = nil, at instant: Instant? = nil) throws
    -> Task
  {
    try act(id, .claim(.token(token, ttl: ttl), named: true), by: actor, at: instant)
  }

  @discardableResult
  func release(_ id: String, _ outcome: Outcome, by actor: String = "a", at instant: Instant? = nil) throws -> Task {
    try store.write { writer throws in
      let fence = try writer.present(id).session.fence
      return try writer.act(id, .release(Release(outcome), fence: fence), by: actor, at: instant)
    }
  }

  /// Adds, claims and finishes.
  func finish(_ id: String, token: Int) throws {
    try claim(id, token: token)
    try release(id, .done)
  }
}

extension StoreWriter {
  func present(_ id: String) throws -> (session: Session, task: Task) {
    guard let task = try task(id), let session = try session(task.session, logID: task.logID) else {
      throw StoreError.internal("the test needs task \(id)")
    }
    return (session, task)
  }

  @discardableResult
  func add(_ new: NewTask, to session: String? = nil, by actor: String = "jq", at instant: Instant? = nil) throws
    -> Task
  {
    let id = session ?? new.id
    return try decided(
      .add(new), by: actor, at: instant, on: try self.session(id) ?? Session(id: id, logID: logID), nil)
  }

  @discardableResult
  package func act(_ id: String, _ command: Command, by actor: String = "jq", at instant: Instant? = nil) throws
    -> Task
  {
    let (session, task) = try present(id)
    return try decided(command, by: actor, at: instant, on: session, task)
  }

  private func decided(
    _ command: Command, by actor: String, at instant: Instant?, on session: Session, _ task: Task?
  ) throws -> Task {
    let (change, after) = try change(command, by: actor, at: instant, on: session, task)
    try append(change)
    return after
  }

  /// What a command would change; nothing is appended.
  func change(
    _ command: Command, by actor: String = "jq", at instant: Instant? = nil, on session: Session, _ task: Task?
  ) throws -> (change: SessionChange, task: Task) {
    var change = SessionChange(session)
    let events = try decide(command, by: .named(actor, at: instant ?? now), on: State(session: session, task: task))
    guard let after = try change.apply(events, to: task) else { throw StoreError.internal("the test needs a task") }
    return (change, after)
  }
}

/// Runs `body` in a write transaction that is to end in a conflict, whether at the append or at the commit, and to be
/// run again; the second run does nothing.
///
/// - Returns: whether there was a conflict.
func conflicts(_ store: any Store, _ body: (any StoreWriter) throws -> Void) throws -> Bool {
  var runs = 0
  try store.write { writer throws in
    runs += 1
    if runs == 1 { try body(writer) }
  }
  return runs > 1
}

/// A failure of the test's own making.
struct Abandoned: Error, Equatable {}
