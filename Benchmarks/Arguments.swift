/// The words of a command line: a benchmark's name, then options that each take a value.
struct Arguments {
  let benchmark: String
  private let values: [String: String]

  init(_ words: [String]) throws(BenchFailure) {
    guard let name = words.first, !name.hasPrefix("-") else { throw .usage }
    var values: [String: String] = [:]
    var rest = words.dropFirst()
    while let option = rest.popFirst() {
      guard option.hasPrefix("--"), Self.options.contains(option), let value = rest.popFirst() else {
        throw BenchFailure("unknown option, or one without a value: \(option)")
      }
      values[option] = value
    }
    benchmark = name
    self.values = values
  }

  private static let options: Set<String> = [
    "--database", "--count", "--workers", "--worker", "--sessions", "--session", "--queued", "--held", "--blocked",
    "--scheduled"
  ]

  func database() throws(BenchFailure) -> String { try text("--database") }

  func text(_ option: String) throws(BenchFailure) -> String {
    guard let text = values[option] else { throw BenchFailure("\(option) is missing") }
    return text
  }

  /// The number that an option gives.
  func number(_ option: String, default standard: Int) throws(BenchFailure) -> Int {
    guard let text = values[option] else { return standard }
    guard let number = Int(text), number >= 0 else { throw BenchFailure("\(option) takes a number") }
    return number
  }
}

struct BenchFailure: Error {
  let message: String

  init(_ message: String) { self.message = message }

  static let usage = BenchFailure(
    """
    usage: orch-bench BENCHMARK --database PATH|ADDRESS [--count N] …
      fill           [--sessions S]                 N queued tasks
      hold           --session S                    claims a task of a session, for 30 days
      claim-release  [--workers W] [--sessions S]   N cycles in all, shared by W processes
      heartbeat | add | log-scan | recover          N of each
      claim-depth    --queued N [--held M] [--blocked K] [--scheduled L]
    A database that is absent is created; what it lacks for a measurement is added first.
    """)
}
