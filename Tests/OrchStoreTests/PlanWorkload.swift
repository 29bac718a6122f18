import OrchApp
import OrchCore
import OrchStore
import OrchTestSupport

/// A database with something of everything, and the operations whose statements are looked at: the real use cases.
struct PlanWorkload {
  struct Operation {
    let name: String
    let writes: Bool
    let run: (PlanWorkload) throws -> Void
  }

  private let app: App

  init(_ store: any Store) {
    let settings = Settings(
      agent: "agent", source: nil, defaultSource: "test", project: nil,
      instance: Instance(name: "/plans", isNamed: true, isWorkTree: false), host: "host", login: { "test" },
      database: "plans")
    // Every claim brings its own token, so no lease file is ever written.
    app = App(store: store, settings: settings, leaseFiles: LeaseFiles(directory: "/nonexistent"))
  }

  /// Adds tasks that are done, running, stale, offered, blocked, scheduled, due and queued, in sessions small and large.
  func fill() throws {
    let now = try app.store.read { $0.now }
    try add(60, "done")
    for number in 100..<160 {
      try claim(.numbered(number))
      try release(.numbered(number))
    }
    try add(20, "held")
    for number in 3..<20 { try claim(.numbered(number)) }
    try add(200, "queued")
    try add(400, "many") { $0.session = "many" }
    try add(100, "blocked") { $0.task.after = ["queued0"] }
    try add(100, "later") { $0.task.notBefore = now.adding(seconds: 50_000) }
    for (number, task) in ["queued5", "queued0", "queued6"].enumerated() {
      try claim(.numbered(number)) { $0.task = task }
    }
    try add(5, "due") { $0.task.notBefore = now.adding(seconds: -5) }
    try add(50, "other") { $0.task.kind = "other" }
    try app.store.write { writer throws in
      for number in 0..<5 {
        let id = "other\(number)"
        try writer.act(
          id, .claim(.token(1000 + number, ttl: 10), named: true), by: "b", at: now.adding(seconds: -20))
      }
      let offer = Offer(from: "b", to: "c", why: nil, next: nil, expiresAt: now.adding(seconds: 5000))
      try writer.act("other9", .claim(.token(2000), named: true), by: "b")
      try writer.act("other9", .offer(offer, fence: 1), by: "b")
    }
  }

  static var operations: [Operation] {
    [
      Operation(name: "claim", writes: true) { try $0.claim() },
      Operation(name: "claim of a session", writes: true) { try $0.claim { $0.session = "many" } },
      Operation(name: "claim of a task", writes: true) { try $0.claim { $0.task = "queued7" } },
      Operation(name: "claim of a kind", writes: true) { try $0.claim { $0.kinds = ["other"] } },
      Operation(name: "heartbeat", writes: true) {
        _ = try $0.app.heartbeat(HolderRequest(token: .numbered(0)), ttlSeconds: nil)
      },
      Operation(name: "release", writes: true) { try $0.release(.numbered(1)) },
      Operation(name: "failed release", writes: true) { try $0.release(.numbered(2), .failed) },
      Operation(name: "log page", writes: false) { try $0.page { _ in } },
      Operation(name: "log page of a session", writes: false) { try $0.page { $0.session = "many" } },
      Operation(name: "log page of a task", writes: false) { try $0.page { $0.task = "queued7" } },
      Operation(name: "log page of an actor", writes: false) { try $0.page { $0.by = "b" } }
    ]
  }

  private func add(_ count: Int, _ name: String, _ change: (inout AddRequest) -> Void = { _ in }) throws {
    _ = try app.add(
      (0..<count).map { number in
        var request = AddRequest(task: NewTask(id: "\(name)\(number)", title: "Task \(number)"))
        request.task.priority = 3
        change(&request)
        return request
      })
  }

  private func claim(_ token: Token = Token(), _ change: (inout ClaimRequest) -> Void = { _ in }) throws {
    var request = ClaimRequest()
    request.token = token
    request.another = true
    change(&request)
    _ = try app.claim(request)
  }

  private func release(_ token: Token, _ outcome: Outcome = .done) throws {
    _ = try app.release(HolderRequest(token: token), Release(outcome))
  }

  private func page(_ change: (inout LogRequest) -> Void) throws {
    var request = LogRequest()
    request.limit = 20
    change(&request)
    _ = try app.log(request, titles: false) { _ in true }
  }
}

extension Token {
  fileprivate static func numbered(_ number: Int) -> Token {
    let digits = String(number)
    guard let token = Token(String(repeating: "0", count: 64 - digits.utf8.count) + digits) else {
      preconditionFailure("a token has 64 hexadecimal digits")
    }
    return token
  }
}

/// What the statements of an operation look at, and how.
struct PlanUses {
  private var uses: [String: Set<String>] = [:]
  /// The large tables that are read from end to end.
  private(set) var scanned: Set<String> = []

  /// The tables that are looked at: those that grow with the work. The others are small enough to be read.
  private static let large: Set = ["task", "session", "event", "ready", "lease", "grant_token"]

  /// Rows of a table are looked up in an index, or read along it, in its order.
  mutating func add(_ table: String, by index: String, along: Bool = false) {
    if Self.large.contains(table) { uses[table, default: []].insert(along ? "along \(index)" : index) }
  }

  mutating func add(scan table: String) {
    if Self.large.contains(table) { scanned.insert(table) }
  }

  /// A line a table, with the indexes it is read by.
  var lines: [String] {
    uses.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value.sorted().joined(separator: ", "))" }
  }
}
