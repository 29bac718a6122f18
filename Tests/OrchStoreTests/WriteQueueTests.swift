#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchCore
import OrchStore
import OrchSystem
import OrchTestSupport
import Testing

@testable import OrchSQLite

/// The line of writers is a courtesy: it may order them, and never keep one from writing.
@Suite("The line of writers")
struct WriteQueueTests {
  let scratch = ScratchDirectory()
  var path: String { scratch.path + "/orchestrator.db" }

  private func open() throws -> SQLiteStore {
    _ = try SQLiteEngine().initialize(path)
    return try #require(try SQLiteEngine().open(path) as? SQLiteStore)
  }

  private func add(_ id: String, to store: SQLiteStore) throws {
    try store.write { try Self.add(id, in: $0) }
  }

  private static func add(_ id: String, in writer: any StoreWriter) throws {
    var change = SessionChange(Session(id: id, logID: writer.logID))
    let state = State(session: change.after, task: nil)
    try change.apply(try decide(.add(.titled(id)), by: .named("jq", at: writer.now), on: state), to: nil)
    try writer.append(change)
  }

  @Test func `one at a time is at the front`() throws {
    let (first, second) = (try #require(WriteQueue(of: path)), try #require(WriteQueue(of: path)))
    #expect(first.enter())
    #expect(!second.enter())
    first.leave()
    #expect(second.enter())
  }

  @Test func `who is at the front and does nothing holds nobody up for long`() throws {
    let store = try open()
    let stopped = try #require(WriteQueue(of: path))
    #expect(stopped.enter())
    try add("t-1", to: store)
    #expect(try store.read { try $0.eventCount() } == 1)
    stopped.leave()
  }

  @Test func `within its turn a writer does not stand in line`() throws {
    let store = try open()
    let queue = try #require(store.connection.queue)
    let stopped = try #require(WriteQueue(of: path))
    #expect(stopped.enter())
    // Who stood in line begins a new turn.
    queue.now = { 1000 }
    queue.beginTurn()
    queue.now = { 1000 + WriteQueue.turnLength - 1 }
    try add("t-1", to: store)
    queue.now = { 1000 + WriteQueue.turnLength }
    #expect(!queue.isInTurn)
    try add("t-2", to: store)
    #expect(queue.isInTurn)
  }

  @Test func `the front is free again once the lock is had`() throws {
    let store = try open()
    let other = try #require(WriteQueue(of: path))
    try store.write { writer throws in
      #expect(other.enter(), "while the transaction still runs")
      other.leave()
      try Self.add("t-1", in: writer)
    }
  }

  @Test func `who goes on for longer than a turn stands in line again`() throws {
    let queue = try #require(WriteQueue(of: path))
    #expect(!queue.isInTurn)
    queue.now = { 1000 }
    queue.beginTurn()
    #expect(queue.isInTurn)
    queue.endTurn()
    #expect(!queue.isInTurn)
    queue.beginTurn()
    queue.now = { 1000 + WriteQueue.turnLength - 1 }
    #expect(queue.isInTurn)
    queue.now = { 1000 + WriteQueue.turnLength }
    #expect(!queue.isInTurn)
  }

  @Test func `no line where the directory cannot be read`() throws {
    #expect(WriteQueue(of: scratch.path + "/nowhere/orchestrator.db") == nil)
    let store = try open()
    guard getuid() != 0 else { return }
    chmod(scratch.path, 0o300)
    defer { chmod(scratch.path, 0o700) }
    try add("t-1", to: store)
  }
}
