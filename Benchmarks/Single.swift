import OrchApp
import OrchCore
import OrchSQLite
import OrchStore

/// Measurements of one kind of step in one process.
enum Single {
  static func fill(_ arguments: Arguments) throws {
    let count = try arguments.number("--count", default: 1000)
    let bench = try Bench(try arguments.database())
    let start = nanoseconds()
    try bench.ensureQueued(count, sessions: try arguments.number("--sessions", default: 0))
    emit(["bench": "fill", "queued": .int(count), "seconds": .decimal(Double(nanoseconds() - start) / 1e9)])
  }

  static func hold(_ arguments: Arguments) throws {
    let bench = try Bench(try arguments.database())
    try bench.hold(try arguments.text("--session"))
  }

  static func heartbeat(_ arguments: Arguments) throws {
    let count = try arguments.number("--count", default: 1000)
    let bench = try Bench(try arguments.database())
    try bench.ensureQueued(1, sessions: 0)
    var request = ClaimRequest()
    let token = Token()
    request.token = token
    _ = try bench.app.claim(request)
    var samples = Samples()
    for _ in 0..<count {
      _ = try samples.measure { try bench.app.heartbeat(HolderRequest(token: token), ttlSeconds: nil) }
    }
    _ = try bench.app.release(HolderRequest(token: token), Release(.done))
    report(samples, "heartbeat")
  }

  static func add(_ arguments: Arguments) throws {
    let count = try arguments.number("--count", default: 1000)
    let bench = try Bench(try arguments.database())
    var samples = Samples()
    for number in 0..<count {
      let request = AddRequest(task: NewTask(id: "", title: "Task \(number)"))
      _ = try samples.measure { try bench.app.add(request) }
    }
    report(samples, "add")
  }

  /// Reads the log as `orch log` does, newest first, in pages.
  static func logScan(_ arguments: Arguments) throws {
    let count = try arguments.number("--count", default: 1000)
    let bench = try Bench(try arguments.database())
    let present = try bench.store.read { try $0.eventCount() }
    if present < count {
      try bench.fill(count - present) { AddRequest(task: NewTask(id: "l\(present).\($0)", title: "Task \($0)")) }
    }
    for titles in [false, true] {
      var request = LogRequest()
      request.limit = count
      var seen = 0
      var bytes = 0
      let start = nanoseconds()
      try bench.app.log(request, titles: titles) { line in
        seen += 1
        bytes += line.recorded.bytes.count
        return true
      }
      let seconds = Double(nanoseconds() - start) / 1e9
      emit([
        "bench": "log-scan", "titles": .bool(titles), "events": .int(seen), "bytes": .int(bytes),
        "seconds": .decimal(seconds), "perSecond": .decimal(Double(seen) / seconds)
      ])
    }
  }

  /// Recovers sessions whose leases expired an hour ago.
  static func recover(_ arguments: Arguments) throws {
    let count = try arguments.number("--count", default: 1000)
    let bench = try Bench(try arguments.database(), agent: "watchdog")
    try bench.addStale(count)
    var recovered = 0
    let start = nanoseconds()
    try bench.app.recover(RecoverRequest()) { _ in recovered += 1 }
    let seconds = Double(nanoseconds() - start) / 1e9
    emit([
      "bench": "recover", "leases": .int(recovered), "seconds": .decimal(seconds),
      "perSecond": .decimal(Double(recovered) / seconds)
    ])
  }

  /// The time of a claim in a database with many tasks. The tasks beside the plain ones are more urgent than these,
  /// so that whoever walks past them is seen to.
  static func claimDepth(_ arguments: Arguments) throws {
    let count = try arguments.number("--count", default: 200)
    let bench = try Bench(try arguments.database())
    try bench.addObstacles(
      held: try arguments.number("--held", default: 0), blocked: try arguments.number("--blocked", default: 0),
      scheduled: try arguments.number("--scheduled", default: 0))
    try bench.ensureQueued(try arguments.number("--queued", default: 1000), sessions: 0)
    var claims = Samples()
    var releases = Samples()
    for _ in 0..<count { _ = try bench.cycle(&claims, &releases) }
    emit([
      "bench": "claim-depth", "claims": .int(claims.all.count), "claimMicroseconds": claims.json,
      "releaseMicroseconds": releases.json
    ])
  }

  private static func report(_ samples: Samples, _ name: String) {
    emit([
      "bench": .string(name), "count": .int(samples.all.count),
      "perSecond": .decimal(Double(samples.all.count) * 1e9 / Double(max(samples.total, 1))),
      "medianPerSecond": .decimal(samples.medianRate(batch: 50)), "microseconds": samples.json
    ])
  }
}
