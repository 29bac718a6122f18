import OrchApp
import OrchCore
import OrchStore
import OrchTestSupport

/// A database in memory, lease files in a directory of their own, and the use cases for whoever acts.
final class UseCaseFixture {
  let database = MemoryDatabase()
  let scratch = ScratchDirectory()
  /// What the use cases warned of.
  private(set) var warnings: [Message] = []

  var clock: TestClock { database.clock }
  var store: MemoryStore { MemoryStore(database) }
  var leaseFiles: LeaseFiles { LeaseFiles(directory: scratch.path) }

  /// The use cases for an agent in a directory.
  func app(_ agent: String? = "ann", in directory: String = "/w", on store: (any Store)? = nil) -> App {
    let settings = Settings(
      agent: agent, source: nil, defaultSource: "test", project: nil,
      instance: Instance(name: directory, isNamed: false, isWorkTree: false), host: "box", login: { "somebody" },
      database: "test")
    return App(store: store ?? self.store, settings: settings, leaseFiles: leaseFiles) { self.warnings.append($0) }
  }

  @discardableResult
  func add(_ id: String, session: String? = nil, _ change: (inout NewTask) -> Void = { _ in }) throws -> Task {
    try app("jq").add(AddRequest(task: .titled(id, change), session: session)).task
  }

  func claim(_ task: String? = nil, by agent: String = "ann", in directory: String = "/w", ttl: Int? = nil) throws
    -> Claim
  {
    var request = ClaimRequest()
    (request.task, request.ttlSeconds, request.another) = (task, ttl, true)
    return try app(agent, in: directory).claim(request)
  }

  /// The code of the error that `body` throws; nil when it throws none.
  func code(_ body: () throws -> Void) throws -> ErrorCode? {
    do {
      try body()
      return nil
    } catch let error as OrchError {
      return error.code
    }
  }

  func eventTypes(_ session: String) throws -> [EventType] {
    try store.read { try $0.events(EventQuery(.oldestFirst, session: session), beyond: nil, limit: .max) }
      .map { try $0.entry().event.type }
  }
}

/// A store whose write transactions take effect, and then fail as if the connection was lost while committing.
final class LosingStore: Store {
  let base: MemoryStore
  var losesAnswers = false

  init(_ base: MemoryStore) { self.base = base }

  var engine: String { base.engine }
  var logID: String { base.logID }
  var relocation: Relocation? { base.relocation }
  func relocate(from old: Relocation?, to new: Relocation?) throws { try base.relocate(from: old, to: new) }
  func integrityProblems() throws -> [Message] { [] }

  func read<Result>(requesting requests: [ReadRequest], _ body: (any StoreReader) throws -> Result) throws -> Result {
    try base.read(requesting: requests, body)
  }

  func write<Result>(requesting requests: [ReadRequest], _ body: (any StoreWriter) throws -> Result) throws -> Result {
    let result = try base.write(requesting: requests, body)
    if losesAnswers { throw StoreError.outcomeUnknown(Message(verbatim: "the connection broke"), hint: .run("resume")) }
    return result
  }
}
