import OrchApp
import OrchCore
import OrchRuntime
import OrchStore

/// A database under measurement, and the use cases on it.
struct Bench {
  let store: any Store
  let app: App

  /// Opens a database, a file or one on a server, and creates it first when it is absent.
  init(_ path: String, agent: String = "company-agent") throws {
    store = try EngineRegistry.standard.engine(for: path).openOrCreate(path, OpenOptions(timeoutMilliseconds: 60_000))
    let settings = Settings(
      agent: agent, source: nil, defaultSource: "bench", project: nil,
      instance: Instance(name: "/bench", isNamed: true, isWorkTree: false), host: "host", login: { "bench" },
      database: path)
    // Every claim here brings its own token, so no lease file is ever written.
    app = App(store: store, settings: settings, leaseFiles: LeaseFiles(directory: "/nonexistent"))
  }

  /// How many tasks an `App.add` of a filling takes: as many as share a sync without holding others up for long.
  static let batch = 2000

  /// Adds `count` tasks that `make` describes by their number.
  func fill(_ count: Int, _ make: (Int) -> AddRequest) throws {
    var next = 0
    while next < count {
      let end = min(next + Self.batch, count)
      _ = try app.add((next..<end).map(make))
      next = end
    }
  }

  /// Brings the number of queued tasks to `count`, in sessions of their own or in so many.
  func ensureQueued(_ count: Int, sessions: Int) throws {
    let present = try store.read { try $0.counts(session: nil)[.queued] ?? 0 }
    guard present < count else { return }
    // A name nobody has used: the number of entries only grows.
    let series = try store.read { try $0.eventCount() }
    try fill(count - present) { number in
      let id = "q\(series).\(number)"
      return AddRequest(
        task: NewTask(id: id, title: "Task \(number)"), session: sessions > 0 ? "s\(number % sessions)" : nil)
    }
  }

  /// Takes one task and gives it back as done. nil when there is none.
  func cycle(_ claims: inout Samples, _ releases: inout Samples) throws -> Bool {
    var request = ClaimRequest()
    let token = Token()
    request.token = token
    do {
      _ = try claims.measure { try app.claim(request) }
    } catch let error as OrchError where error.code == .nothingClaimable {
      return false
    }
    _ = try releases.measure { try app.release(HolderRequest(token: token), Release(.done)) }
    return true
  }
}
