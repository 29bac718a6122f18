/// The ways in which a person or a script names a point in time (`--since`, `--not-before`).
package enum TimeExpression {
  /// Reads one of
  ///
  /// * a date, `2026-11-23`: local midnight;
  /// * a date and time as ``Instant/init(iso8601:)`` takes it; without a zone it is local;
  /// * `now`; `today` and `yesterday`: local midnight;
  /// * `2 hours ago` (`2.hours.ago`, as in git): seconds, minutes, hours, days and weeks of fixed
  ///   length, a day being 24 hours; months by the local calendar, where a day that the month
  ///   lacks becomes its last;
  /// * `+1h30m`: so much later than `now`, in the units of ``DurationFormat``.
  ///
  /// Words may be in either case; white space around the text does not count.
  ///
  /// - Parameters:
  ///   - now: what the relative forms count from.
  ///   - utcOffset: the local zone: seconds east of UTC at an instant.
  /// - Returns: `nil` for anything else, and for a time outside ``Instant/writable``.
  package static func parse(
    _ text: String, now: Instant, utcOffset: (Instant) -> Int
  ) -> Instant? {
    let words = text.lowercased().split(whereSeparator: isWordSeparator).map(String.init)
    guard let first = words.first else { return nil }

    let instant: Instant?
    switch words {
    case ["now"]: instant = now
    case ["today"]: instant = midnight(daysBefore: now, 0, utcOffset)
    case ["yesterday"]: instant = midnight(daysBefore: now, 1, utcOffset)
    default:
      if words.count == 1, first.hasPrefix("+") {
        instant = DurationFormat.parseSeconds(String(first.dropFirst())).map(now.adding(seconds:))
      } else {
        let parts = words.count == 1 ? first.split(separator: ".").map(String.init) : words
        instant = timestamp(text, utcOffset) ?? ago(parts, now, utcOffset)
      }
    }
    guard let instant, Instant.writable.contains(instant) else { return nil }
    return instant
  }

  private static func timestamp(_ text: String, _ utcOffset: (Instant) -> Int) -> Instant? {
    let start = text.drop(while: isWordSeparator)
    guard
      let end = start.lastIndex(where: { !isWordSeparator($0) }),
      let reading = TimestampText(start[...end])
    else { return nil }
    guard let written = reading.utcOffset else { return instant(of: reading.civil, utcOffset) }
    return Instant(milliseconds: reading.civil.milliseconds).adding(seconds: -written)
  }

  private static func ago(
    _ words: [String], _ now: Instant, _ utcOffset: (Instant) -> Int
  ) -> Instant? {
    guard
      words.count == 3, words[2] == "ago",
      words[0].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let count = Int(words[0])
    else { return nil }

    let unit: Int
    switch words[1] {
    case "second", "seconds": unit = 1
    case "minute", "minutes": unit = 60
    case "hour", "hours": unit = 3600
    case "day", "days": unit = 86_400
    case "week", "weeks": unit = 604_800
    case "month", "months": return sameTime(monthsBefore: now, count, utcOffset)
    default: return nil
    }
    let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
    return overflow ? nil : now.adding(seconds: -seconds)
  }

  private static func isWordSeparator(_ character: Character) -> Bool {
    character == " " || character == "\t" || character.isNewline
  }
}

// MARK: - The local calendar

extension TimeExpression {
  /// The instant at which local clocks show this time. Where they show it twice, having been set
  /// back, it is the first; where they skip it, it is later by what is skipped, as in `mktime`.
  private static func instant(of civil: CivilTime, _ utcOffset: (Instant) -> Int) -> Instant {
    let asUTC = Instant(milliseconds: civil.milliseconds)
    // Zones are within a day of UTC, so these are on either side of a change near that time.
    let before = utcOffset(asUTC.adding(seconds: -86_400))
    let after = utcOffset(asUTC.adding(seconds: 86_400))
    for offset in [max(before, after), min(before, after)] {
      let candidate = asUTC.adding(seconds: -offset)
      if utcOffset(candidate) == offset { return candidate }
    }
    return asUTC.adding(seconds: -before)
  }

  private static func midnight(
    daysBefore now: Instant, _ days: Int, _ utcOffset: (Instant) -> Int
  ) -> Instant? {
    let localNow = now.adding(seconds: utcOffset(now))
    let day = localNow.adding(seconds: -days * 86_400).civil()
    guard let midnight = CivilTime(year: day.year, month: day.month, day: day.day) else {
      return nil
    }
    return instant(of: midnight, utcOffset)
  }

  private static func sameTime(
    monthsBefore now: Instant, _ months: Int, _ utcOffset: (Instant) -> Int
  ) -> Instant? {
    let civil = now.civil(utcOffset: utcOffset(now))
    let (index, overflow) = (civil.year * 12 + civil.month - 1)
      .subtractingReportingOverflow(months)
    guard !overflow, index >= 0 else { return nil }
    let (year, month) = (index / 12, index % 12 + 1)
    guard
      let earlier = CivilTime(
        year: year, month: month,
        day: min(civil.day, CivilTime.days(inMonth: month, ofYear: year)),
        hour: civil.hour, minute: civil.minute, second: civil.second,
        millisecond: civil.millisecond)
    else { return nil }
    return instant(of: earlier, utcOffset)
  }
}
