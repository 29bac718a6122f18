package import OrchApp
package import OrchCore
import OrchSystem

/// From the words of a request to values that are known to be good.
///
/// `field` is what the caller's interface calls the value, for the message: it is asked for only when there is one.
package enum Validated {
  package static func identifier(_ text: String, _ field: @autoclosure () -> String) throws -> String {
    do {
      return try Identifier.check(text)
    } catch {
      throw OrchError.invalid(.errorInField(field: field(), problem: OrchError(error).message))
    }
  }

  /// Identifiers, each once, in the order given.
  package static func identifiers(_ words: [String], _ field: @autoclosure () -> String) throws -> [String] {
    var seen: Set<String> = []
    return try words.map { try identifier($0, field()) }.filter { seen.insert($0).inserted }
  }

  /// A text of one line; an empty one clears.
  package static func line(_ text: String, _ field: @autoclosure () -> String) throws -> String? {
    guard !text.isEmpty else { return nil }
    do {
      return try TextRules.line(text)
    } catch {
      throw OrchError.invalid(.errorInField(field: field(), problem: OrchError(error).message))
    }
  }

  /// A text of any number of lines; an empty one clears.
  package static func text(_ text: String, _ field: @autoclosure () -> String) throws -> String? {
    guard !text.isEmpty else { return nil }
    do {
      return try TextRules.body(text)
    } catch {
      throw OrchError.invalid(.errorInField(field: field(), problem: OrchError(error).message))
    }
  }

  package static func title(_ title: String) throws -> String {
    do {
      return try TextRules.title(title)
    } catch {
      throw OrchError(error)
    }
  }

  /// JSON without white space between tokens. An empty one clears.
  package static func json(_ text: String, _ field: @autoclosure () -> String) throws -> String? {
    guard !text.isEmpty else { return nil }
    do {
      return try JSON.minified(text)
    } catch {
      throw OrchError.invalid(.errorNoJson(what: field(), problem: error.message))
    }
  }

  /// A length of time in whole seconds, inside a range.
  package static func seconds(_ word: String, _ field: @autoclosure () -> String, in range: ClosedRange<Int>) throws
    -> Int
  {
    guard let seconds = DurationFormat.parseSeconds(word) else {
      throw OrchError.usage(.errorDurationFormat(option: field(), word: word))
    }
    guard range.contains(seconds) else {
      let least = DurationFormat.format(seconds: range.lowerBound)
      let most = DurationFormat.format(seconds: range.upperBound)
      throw OrchError.usage(.errorDurationRange(option: field(), least: least, limit: most, word: word))
    }
    return seconds
  }

  /// A lease's time to live in seconds: 1 s to 30 d.
  package static func timeToLive(_ word: String, _ field: @autoclosure () -> String) throws -> Int {
    try seconds(word, field(), in: 1...30 * 86400)
  }

  /// A moment: ISO 8601, `now`, `yesterday`, `2 hours ago`, `+1h`.
  package static func moment(_ word: String, _ field: @autoclosure () -> String) throws -> Instant {
    let offset = { (instant: Instant) in Clock.utcOffset(at: instant.milliseconds / 1000) }
    guard let instant = TimeExpression.parse(word, now: .systemNow, utcOffset: offset) else {
      throw OrchError.usage(.errorTimeFormat(option: field(), word: word))
    }
    return instant
  }

  /// A whole number inside a range.
  package static func number(_ word: String, _ field: @autoclosure () -> String, in range: ClosedRange<Int>) throws
    -> Int
  {
    guard let number = Int(word), range.contains(number) else {
      throw OrchError.usage(
        range.upperBound == .max
          ? .errorNumberFrom(option: field(), least: range.lowerBound, word: word)
          : .errorNumberRange(option: field(), least: range.lowerBound, limit: range.upperBound, word: word))
    }
    return number
  }

  /// One of a few words.
  package static func choice<Choice: RawRepresentable & CaseIterable>(
    _ word: String, _ field: @autoclosure () -> String
  ) throws -> Choice
  where Choice.RawValue == String {
    if let choice = Choice(rawValue: word) { return choice }
    throw noChoice(word, field(), among: Choice.allCases.map(\.rawValue))
  }

  /// The error for a word that is none of a few; it names the nearest of them.
  package static func noChoice(_ word: String, _ field: @autoclosure () -> String, among words: [String]) -> OrchError {
    let near = nearest(to: word, in: words, within: 2)
    return .usage(
      .errorChoice(field: field(), words: words.joined(separator: ", "), word: word),
      hint: near.map { .text(.hintDidYouMean(word: $0)) })
  }

  /// On or off, as git reads it.
  package static func flag(_ word: String, _ field: @autoclosure () -> String) throws -> Bool {
    switch word.lowercased() {
    case "true", "yes", "on", "1": true
    case "false", "no", "off", "0", "": false
    default: throw OrchError.usage(.errorTrueOrFalse(field: field(), word: word))
    }
  }

  package static func token(_ word: String) throws -> Token {
    guard let token = Token(word) else { throw OrchError.usage(.errorTokenFormat) }
    return token
  }
}

extension Instant {
  /// The wall clock of this machine, for times that a person writes.
  package static var systemNow: Instant { Instant(milliseconds: Clock.realMilliseconds()) }
}
