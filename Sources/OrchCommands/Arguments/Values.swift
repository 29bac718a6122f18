#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import OrchApp
import OrchCore
import OrchRendering
import OrchRuntime

// From the words of a command line to values that are known to be good.

/// Where an option's value came from, for its error.
func identifier(_ text: String, _ what: String) throws -> String {
  do {
    return try Identifier.check(text)
  } catch {
    throw OrchError.invalid("\(what): \(error)")
  }
}

/// A text of one line; an empty one clears.
func line(_ text: String, _ what: String) throws -> String? {
  guard !text.isEmpty else { return nil }
  do {
    return try TextRules.line(text)
  } catch {
    throw OrchError.invalid("\(what): \(error)")
  }
}

/// A text of any number of lines; an empty one clears.
func text(_ text: String, _ what: String) throws -> String? {
  guard !text.isEmpty else { return nil }
  do {
    return try TextRules.body(text)
  } catch {
    throw OrchError.invalid("\(what): \(error)")
  }
}

/// A text given as it is, as `@FILE`, or as `-` for standard input.
func longText(_ word: String, _ what: String) throws -> String? {
  try text(contents(word, what, limit: TextRules.maxBytes), what)
}

/// A text that has to say something: nil for an empty and for a blank one.
func words(_ word: String, _ what: String) throws -> String? {
  guard let text = try longText(word, what), !text.allSatisfy(\.isWhitespace) else { return nil }
  return text
}

/// JSON given as it is, as `@FILE`, or as `-`; without white space between tokens. An empty one clears.
func jsonText(_ word: String, _ what: String) throws -> String? {
  let text = try contents(word, what, limit: 1 << 20)
  guard !text.isEmpty else { return nil }
  do {
    return try JSON.minified(text)
  } catch {
    throw OrchError.invalid("\(what) is not valid JSON: \(error)")
  }
}

/// What `-`, `@FILE` or a plain word stands for.
private func contents(_ word: String, _ what: String, limit: Int) throws -> String {
  if word == "-" { return try readAll(0, "standard input", what, limit: limit) }
  guard word.hasPrefix("@") else { return word }
  let path = String(word.dropFirst())
  return try readFile(path, what, limit: limit)
}

/// A file's text; `-` is standard input.
func readFile(_ path: String, _ what: String, limit: Int) throws -> String {
  if path == "-" { return try readAll(0, "standard input", what, limit: limit) }
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else {
    throw OrchError.invalid("\(what): cannot read \(path): \(String(cString: strerror(errno)))")
  }
  defer { close(descriptor) }
  return try readAll(descriptor, path, what, limit: limit)
}

private func readAll(_ descriptor: Int32, _ name: String, _ what: String, limit: Int) throws -> String {
  var bytes: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 65536)
  while true {
    let count = piece.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    if count == 0 { break }
    if count < 0 {
      if errno == EINTR { continue }
      throw OrchError.invalid("\(what): cannot read \(name): \(String(cString: strerror(errno)))")
    }
    bytes += piece[..<count]
    guard bytes.count <= limit else { throw OrchError.invalid("\(what): \(name) is longer than \(limit) bytes") }
  }
  guard let text = String(validating: bytes, as: UTF8.self) else {
    throw OrchError.invalid("\(what): \(name) is not valid UTF-8")
  }
  guard !text.utf8.contains(0) else { throw OrchError.invalid("\(what): \(name) holds a NUL") }
  return text
}

/// A length of time in whole seconds, inside a range.
func seconds(_ word: String, _ option: String, in range: ClosedRange<Int>) throws -> Int {
  guard let seconds = DurationFormat.parseSeconds(word) else {
    throw OrchError.usage("\(option) takes a duration such as 90s, 2m, 1h30m, 1d: \(word)")
  }
  guard range.contains(seconds) else {
    let least = DurationFormat.format(seconds: range.lowerBound),
      limit = DurationFormat.format(seconds: range.upperBound)
    throw OrchError.usage("\(option) is from \(least) to \(limit): \(word)")
  }
  return seconds
}

/// A time to live: 1 s to 30 d.
func timeToLive(_ word: String, _ option: String = "--ttl") throws -> Int {
  try seconds(word, option, in: 1...30 * 86400)
}

/// A moment: ISO 8601, `now`, `yesterday`, `2 hours ago`, `+1h`.
func moment(_ word: String, _ option: String) throws -> Instant {
  guard let instant = TimeExpression.parse(word, now: .systemNow, utcOffset: TextRenderer.utcOffset) else {
    throw OrchError.usage("\(option) takes a time such as 2026-11-23T08:00, yesterday, 2 hours ago, +1h: \(word)")
  }
  return instant
}

/// A whole number inside a range.
func number(_ word: String, _ option: String, in range: ClosedRange<Int>) throws -> Int {
  guard let number = Int(word), range.contains(number) else {
    throw OrchError.usage(
      range.upperBound == .max
        ? "\(option) takes a number from \(range.lowerBound): \(word)"
        : "\(option) takes a number from \(range.lowerBound) to \(range.upperBound): \(word)")
  }
  return number
}

/// One of a few words.
func choice<Choice: RawRepresentable & CaseIterable>(_ word: String, _ option: String) throws -> Choice
where Choice.RawValue == String {
  if let choice = Choice(rawValue: word) { return choice }
  try checkChoice(word, option, among: Choice.allCases.map(\.rawValue))
  throw OrchError.usage("\(option): \(word)")
}

extension Instant {
  /// The wall clock of this machine, for times that a person writes.
  static var systemNow: Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
