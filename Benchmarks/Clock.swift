#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchCore

/// Nanoseconds of the monotonic clock, which all processes share.
func nanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// Durations of one kind of step, in nanoseconds.
struct Samples {
  private(set) var all: [UInt64] = []

  mutating func measure<Result>(_ step: () throws -> Result) rethrows -> Result {
    let start = nanoseconds()
    defer { all.append(nanoseconds() - start) }
    return try step()
  }

  mutating func append(_ other: Samples) { all += other.all }

  var total: UInt64 { all.reduce(0, +) }

  /// The sample below which a share of all lie, in microseconds.
  func quantile(_ share: Double) -> Double {
    guard !all.isEmpty else { return 0 }
    let index = min(Int(Double(all.count) * share), all.count - 1)
    return Double(all.sorted()[index]) / 1000
  }

  /// Steps per second in the median batch of so many.
  func medianRate(batch: Int) -> Double {
    var rates: [Double] = []
    var index = 0
    while index < all.count {
      let part = all[index..<min(index + batch, all.count)]
      let time = part.reduce(0, +)
      if time > 0 { rates.append(Double(part.count) * 1e9 / Double(time)) }
      index += batch
    }
    return rates.isEmpty ? 0 : rates.sorted()[rates.count / 2]
  }

  var json: JSON {
    [
      "p10": .decimal(quantile(0.1)), "p50": .decimal(quantile(0.5)), "p99": .decimal(quantile(0.99)),
      "max": .decimal(quantile(1))
    ]
  }
}

extension JSON {
  /// A number with three digits after the point.
  static func decimal(_ value: Double) -> JSON {
    guard value.isFinite, abs(value) < 1e15 else { return .null }
    let thousandths = Int64((value * 1000).rounded())
    let fraction = String(thousandths.magnitude % 1000)
    let padded = String(repeating: "0", count: 3 - fraction.utf8.count) + fraction
    return .number("\(thousandths < 0 ? "-" : "")\(thousandths.magnitude / 1000).\(padded)")
  }

  static func int(_ value: UInt64) -> JSON { .int(Int64(value)) }
}

/// Prints an object on a line of its own.
func emit(_ json: JSON) {
  var bytes: [UInt8] = []
  json.write(into: &bytes)
  bytes.append(UInt8(ascii: "\n"))
  var sent = 0
  while sent < bytes.count {
    let count = bytes.withUnsafeBytes { write(1, $0.baseAddress! + sent, $0.count - sent) }
    guard count > 0 else { exit(74) }
    sent += count
  }
}
