#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchCore

/// Cycles of a claim and a release, each a transaction of its own, by one process or by several at once.
enum ClaimRelease {
  static func run(_ arguments: Arguments) throws {
    let path = try arguments.database()
    let count = try arguments.number("--count", default: 1000)
    let workers = try arguments.number("--workers", default: 1)
    let sessions = try arguments.number("--sessions", default: 0)
    try Bench(path).ensureQueued(count, sessions: sessions)
    guard workers > 1 else {
      let result = try work(path, number: 0, atMost: count)
      emit(result.line)
      emit(total([result], workers: 1, sessions: sessions))
      return
    }
    var children: [Child] = []
    for number in 0..<workers {
      children.append(
        try Child(["claim-release-worker", "--database", path, "--count", "\(count)", "--worker", "\(number)"]))
    }
    // Nobody begins before everybody has opened the database.
    for child in children { guard child.readByte() != nil else { throw BenchFailure("a worker did not start") } }
    for child in children { child.begin() }
    var results: [Result] = []
    for child in children {
      guard let line = try child.finish(), let result = Result(line) else { throw BenchFailure("a worker failed") }
      emit(result.line)
      results.append(result)
    }
    emit(total(results, workers: workers, sessions: sessions))
  }

  /// One of several processes: says that it is ready, waits, and works until nothing is left.
  static func runWorker(_ arguments: Arguments) throws {
    let path = try arguments.database()
    let number = try arguments.number("--worker", default: 0)
    let count = try arguments.number("--count", default: 1000)
    let result = try work(path, number: number, atMost: count) {
      var byte: UInt8 = 0
      write(1, &byte, 1)
      _ = read(0, &byte, 1)
    }
    emit(result.line)
  }

  private struct Result {
    var worker: Int
    var cycles: Int
    var start: UInt64
    var end: UInt64
    var line: JSON

    init(worker: Int, start: UInt64, end: UInt64, claims: Samples, releases: Samples, cycles: Samples) {
      self.worker = worker
      self.cycles = cycles.all.count
      self.start = start
      self.end = end
      line = [
        "bench": "claim-release", "worker": .int(worker), "cycles": .int(self.cycles), "start": .int(start),
        "end": .int(end), "cyclesPerSecond": .decimal(Double(self.cycles) * 1e9 / Double(max(end - start, 1))),
        "medianCyclesPerSecond": .decimal(cycles.medianRate(batch: 50)), "claimMicroseconds": claims.json,
        "releaseMicroseconds": releases.json
      ]
    }

    /// A worker's line.
    init?(_ json: JSON) {
      guard let worker = json["worker"]?.intValue, let cycles = json["cycles"]?.intValue,
        let start = json["start"]?.intValue, let end = json["end"]?.intValue
      else { return nil }
      self.worker = Int(worker)
      self.cycles = Int(cycles)
      self.start = UInt64(start)
      self.end = UInt64(end)
      line = json
    }
  }

  private static func work(
    _ path: String, number: Int, atMost count: Int, whenReady: () -> Void = {}
  ) throws -> Result {
    let bench = try Bench(path, agent: "agent-\(number)")
    var claims = Samples()
    var releases = Samples()
    var cycles = Samples()
    whenReady()
    let start = nanoseconds()
    var end = start
    while cycles.all.count < count {
      var cycle = Samples()
      guard try cycle.measure({ try bench.cycle(&claims, &releases) }) else { break }
      cycles.append(cycle)
      end = nanoseconds()
    }
    return Result(worker: number, start: start, end: end, claims: claims, releases: releases, cycles: cycles)
  }

  private static func total(_ results: [Result], workers: Int, sessions: Int) -> JSON {
    let cycles = results.reduce(0) { $0 + $1.cycles }
    let start = results.map(\.start).min() ?? 0
    let end = results.map(\.end).max() ?? 0
    let shares = results.map(\.cycles)
    let median = workers == 1 ? results.first?.line["medianCyclesPerSecond"] ?? .null : .null
    return [
      "bench": "claim-release", "total": true, "workers": .int(workers), "sessions": .int(sessions),
      "cycles": .int(cycles), "seconds": .decimal(Double(end - start) / 1e9),
      "cyclesPerSecond": .decimal(Double(cycles) * 1e9 / Double(max(end - start, 1))),
      "medianCyclesPerSecond": median,
      "slowestOverFastest": .decimal(Double(shares.min() ?? 0) / Double(max(shares.max() ?? 1, 1)))
    ]
  }
}
