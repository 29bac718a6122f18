#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
package import Testing

/// Status, standard output and standard error as one text in which nothing changes from run to run.
///
/// The first generated id is `t-ID1`, the first event `E1` whether it is whole or short, the first token `TOKEN1`;
/// times of day, spans that depend on the clock, the host, the login and the home's path have names.
package struct Snapshot {
  private let home: Home
  private var ids: [String: String] = [:]
  private var events: [String: String] = [:]
  private var tokens: [String: String] = [:]

  package init(_ home: Home) { self.home = home }

  /// The text of an outcome. Ids keep their numbers from one outcome to the next.
  package mutating func text(_ outcome: CommandOutcome) -> String {
    var text = "status \(outcome.status)\n"
    if !outcome.outBytes.isEmpty { text += "stdout\n" + normalized(outcome.stdout) }
    if text.last != "\n" { text += "⏎\n" }
    if !outcome.errorBytes.isEmpty { text += "stderr\n" + normalized(outcome.stderr) }
    if text.last == "\n" { text.removeLast() }
    return text
  }

  /// Records an issue unless the outcome reads as expected.
  package mutating func expect(
    _ outcome: CommandOutcome, _ expected: String, at place: SourceLocation = #_sourceLocation
  ) {
    let text = text(outcome)
    if text != expected {
      Issue.record(
        "\(outcome.words.joined(separator: " "))\n--- is\n\(text)\n--- expected\n\(expected)", sourceLocation: place)
    }
  }

  private mutating func normalized(_ output: String) -> String {
    var text = output
    for token in text.matches(of: #/"token":"([0-9a-f]{64})"/#).map({ String($0.1) }) {
      let name = Self.name(token, "TOKEN", &tokens)
      text.replace(token, with: name)
    }
    text.replace(home.path, with: "HOME")
    if let address = home.postgres?.url { text.replace(address, with: "DATABASE") }
    text.replace(#/\bt-[0-9a-hjkmnp-tv-z]{8}\b/#) { Self.name(String($0.0), "t-ID", &ids) }
    // A short event is the beginning of a whole one, so the name goes by the first ten digits.
    text.replace(#/\b[0-9a-f]{64}\b/#) { Self.name(String($0.0.prefix(10)), "E", &events) }
    text.replace(#/\b(?=[0-9a-f]*[0-9])[0-9a-f]{10}\b/#) { Self.name(String($0.0), "E", &events) }
    text.replace(#/\b[0-9ABCDEFGHJKMNPQRSTVWXYZ]{26}\b/#, with: "LOG")
    text.replace(#/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/#, with: "TIME")
    text.replace(#/(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} \d+ \d\d:\d\d:\d\d \d{4} \+0000/#, with: "DATE")
    text.replace(#/(\d{4}-\d\d-\d\d )?\d\d:\d\d(?![\d:])/#, with: "CLOCK")
    text.replace(#/(\d+[dhms])+ left/#, with: "SPAN left")
    text.replace(#/\d+ (s|min|h) ago/#, with: "AGO")
    text.replace(#/"remainingSeconds":\d+/#, with: "\"remainingSeconds\":N")
    text.replace(Self.host, with: "HOST")
    text.replace(Self.login + "@", with: "LOGIN@")
    return text
  }

  private static func name(_ value: String, _ prefix: String, _ names: inout [String: String]) -> String {
    if let name = names[value] { return name }
    names[value] = "\(prefix)\(names.count + 1)"
    return names[value] ?? ""
  }

  /// This machine's name.
  package static let host: String = {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, 255)
    return name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }()

  /// The user's name.
  package static let login: String = {
    guard let user = getpwuid(getuid()), let name = user.pointee.pw_name else { return "uid\(getuid())" }
    return String(cString: name)
  }()
}
