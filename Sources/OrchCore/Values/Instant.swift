/// A point in time: whole milliseconds since 1970-01-01T00:00:00Z, as POSIX counts, so without
/// leap seconds. Arithmetic stops at the ends of `Int64`; it never traps.
package struct Instant: Hashable, Comparable, Sendable {
  /// Milliseconds since 1970-01-01T00:00:00Z; negative before.
  package let milliseconds: Int64

  package init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  /// The instants that ISO 8601 writes with four digits: years 0000 to 9999, UTC.
  package static let writable =
    Instant(milliseconds: -62_167_219_200_000)...Instant(milliseconds: 253_402_300_799_999)

  package static func < (left: Instant, right: Instant) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// The milliseconds from `right` to `left`; saturates.
  package static func - (left: Instant, right: Instant) -> Int64 {
    let (difference, overflow) = left.milliseconds.subtractingReportingOverflow(right.milliseconds)
    guard overflow else { return difference }
    return left < right ? .min : .max
  }

  /// The instant that many milliseconds later, or earlier when negative; saturates.
  package func adding(milliseconds delta: Int64) -> Instant {
    let (sum, overflow) = milliseconds.addingReportingOverflow(delta)
    guard overflow else { return Instant(milliseconds: sum) }
    return Instant(milliseconds: delta < 0 ? .min : .max)
  }

  /// The instant that many seconds later, or earlier when negative; saturates. A number of
  /// seconds whose milliseconds do not fit into `Int64` counts as the last that do.
  package func adding(seconds: Int) -> Instant {
    let (delta, overflow) = Int64(seconds).multipliedReportingOverflow(by: 1000)
    guard overflow else { return adding(milliseconds: delta) }
    return adding(milliseconds: seconds < 0 ? .min : .max)
  }

  /// What a calendar and a clock show at this instant, `utcOffset` seconds east of UTC.
  package func civil(utcOffset: Int = 0) -> CivilTime {
    CivilTime(milliseconds: adding(seconds: utcOffset).milliseconds)
  }
}

// MARK: - ISO 8601

extension Instant {
  /// `2026-11-23T08:16:00.123Z`: UTC, always with milliseconds, always 24 characters, so that
  /// these texts sort as the instants do. An instant outside ``writable`` is written as the
  /// nearest end of it.
  package var iso8601: String {
    let clamped = min(max(self, Self.writable.lowerBound), Self.writable.upperBound)
    let time = clamped.civil()
    return String(unsafeUninitializedCapacity: 24) { buffer in
      var end = 0
      func put(_ value: Int, digits: Int, then separator: Unicode.Scalar) {
        var rest = value
        for index in stride(from: end + digits - 1, through: end, by: -1) {
          buffer[index] = UInt8(ascii: "0") + UInt8(rest % 10)
          rest /= 10
        }
        buffer[end + digits] = UInt8(ascii: separator)
        end += digits + 1
      }
      put(time.year, digits: 4, then: "-")
      put(time.month, digits: 2, then: "-")
      put(time.day, digits: 2, then: "T")
      put(time.hour, digits: 2, then: ":")
      put(time.minute, digits: 2, then: ":")
      put(time.second, digits: 2, then: ".")
      put(time.millisecond, digits: 3, then: "Z")
      return end
    }
  }

  /// Reads `YYYY-MM-DDThh:mm[:ss[.fraction]]` with `Z` or `±hh:mm` after it, strictly: a space may
  /// stand for the `T`, a comma for the point, and nothing else varies. Of the fraction (1 to 9
  /// digits) the milliseconds count; the rest is dropped.
  ///
  /// `nil` for anything else, for a date or time that does not exist (leap seconds included), and
  /// for one that falls outside ``writable``.
  package init?(iso8601 text: some StringProtocol) {
    guard
      let reading = TimestampText(text), reading.hasTime, let utcOffset = reading.utcOffset
    else { return nil }
    self = Instant(milliseconds: reading.civil.milliseconds).adding(seconds: -utcOffset)
    guard Self.writable.contains(self) else { return nil }
  }
}

/// A timestamp as it was written; ``Instant`` and ``TimeExpression`` say which of its parts they
/// need.
struct TimestampText {
  /// The date and time written, or midnight.
  let civil: CivilTime
  /// Whether there was more than a date.
  let hasTime: Bool
  /// Seconds east of UTC; `nil` when no zone was written.
  let utcOffset: Int?

  /// `YYYY-MM-DD`, or that with `Thh:mm[:ss[.fraction]]` and then perhaps `Z` or `±hh:mm`.
  init?(_ text: some StringProtocol) {
    var cursor = DigitCursor(bytes: Array(text.utf8))
    guard
      let year = cursor.number(digits: 4), cursor.take("-"),
      let month = cursor.number(digits: 2), cursor.take("-"),
      let day = cursor.number(digits: 2)
    else { return nil }

    if cursor.isAtEnd {
      guard let civil = CivilTime(year: year, month: month, day: day) else { return nil }
      self.civil = civil
      hasTime = false
      utcOffset = nil
      return
    }

    guard
      cursor.take("T") || cursor.take(" "),
      let hour = cursor.number(digits: 2), cursor.take(":"),
      let minute = cursor.number(digits: 2)
    else { return nil }
    var second = 0
    var millisecond = 0
    if cursor.take(":") {
      guard let digits = cursor.number(digits: 2) else { return nil }
      second = digits
      if cursor.take(".") || cursor.take(",") {
        guard let fraction = cursor.fractionInMilliseconds() else { return nil }
        millisecond = fraction
      }
    }
    guard
      let civil = CivilTime(
        year: year, month: month, day: day,
        hour: hour, minute: minute, second: second, millisecond: millisecond)
    else { return nil }
    self.civil = civil
    hasTime = true

    if cursor.isAtEnd {
      utcOffset = nil
    } else if cursor.take("Z") {
      utcOffset = 0
    } else {
      let isWest = cursor.take("-")
      guard
        isWest || cursor.take("+"),
        let hours = cursor.number(digits: 2), hours < 24, cursor.take(":"),
        let minutes = cursor.number(digits: 2), minutes < 60
      else { return nil }
      utcOffset = (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
    }
    guard cursor.isAtEnd else { return nil }
  }
}

/// Reads ASCII digits and separators from the front of a text.
private struct DigitCursor {
  let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { position == bytes.count }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  private mutating func digit() -> Int? {
    guard
      position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position])
    else { return nil }
    defer { position += 1 }
    return Int(bytes[position] - UInt8(ascii: "0"))
  }

  /// Exactly that many digits.
  mutating func number(digits: Int) -> Int? {
    var value = 0
    for _ in 0..<digits {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// 1 to 9 digits after a decimal point, as whole milliseconds.
  mutating func fractionInMilliseconds() -> Int? {
    guard var nanoseconds = digit() else { return nil }
    var count = 1
    while let digit = digit() {
      nanoseconds = nanoseconds * 10 + digit
      count += 1
      guard count <= 9 else { return nil }
    }
    for _ in count..<9 { nanoseconds *= 10 }
    return nanoseconds / 1_000_000
  }
}
