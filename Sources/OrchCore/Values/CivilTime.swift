/// A date and a time of day in the proleptic Gregorian calendar, in no particular time zone.
///
/// Every value of `Int64` milliseconds has one. The calendar arithmetic is Howard Hinnant's
/// `days_from_civil` and `civil_from_days` (<https://howardhinnant.github.io/date_algorithms.html>).
package struct CivilTime: Hashable, Sendable {
  /// The astronomical year: 0 is 1 BC. Outside 0...9999 only when made from milliseconds.
  package let year: Int
  /// 1...12.
  package let month: Int
  /// 1...31.
  package let day: Int
  /// 0...23.
  package let hour: Int
  /// 0...59.
  package let minute: Int
  /// 0...59: there are no leap seconds, as in POSIX time.
  package let second: Int
  /// 0...999.
  package let millisecond: Int

  /// The parts of a number of milliseconds since 1970-01-01T00:00:00.000, which may be negative.
  package init(milliseconds: Int64) {
    let (days, millisecondOfDay) = milliseconds.flooredQuotientAndRemainder(
      dividingBy: Self.millisecondsPerDay)
    // Count from 0000-03-01, so that a leap day is the last day of its year, in eras of 400 years.
    let (era, dayOfEra) = (days + Self.daysFrom0000March).flooredQuotientAndRemainder(
      dividingBy: Self.daysPerEra)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)

    self.year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    self.month = month
    self.day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    self.hour = Int(millisecondOfDay / 3_600_000)
    self.minute = Int(millisecondOfDay / 60_000 % 60)
    self.second = Int(millisecondOfDay / 1000 % 60)
    self.millisecond = Int(millisecondOfDay % 1000)
  }

  /// `nil` unless the year is in 0...9999 and the date and the time exist: there is no
  /// 30 February, no 24:00 and no leap second.
  package init?(
    year: Int, month: Int, day: Int,
    hour: Int = 0, minute: Int = 0, second: Int = 0, millisecond: Int = 0
  ) {
    guard
      (0...9999).contains(year), (1...12).contains(month),
      (1...Self.days(inMonth: month, ofYear: year)).contains(day),
      (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second),
      (0...999).contains(millisecond)
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
    self.millisecond = millisecond
  }

  /// Milliseconds since 1970-01-01T00:00:00.000 in the zone that this time is meant in.
  package var milliseconds: Int64 {
    let yearFromMarch = Int64(year) - (month <= 2 ? 1 : 0)
    let (era, yearOfEra) = yearFromMarch.flooredQuotientAndRemainder(dividingBy: 400)
    let monthFromMarch = Int64(month > 2 ? month - 3 : month + 9)
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + Int64(day) - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * Self.daysPerEra + dayOfEra - Self.daysFrom0000March
    let secondOfDay = Int64(hour * 3600 + minute * 60 + second)
    // The sum fits, as every value has come from milliseconds or from a year up to 9999, but the
    // first product may not: midnight of the day of `Int64.min` is before `Int64.min`.
    return days &* Self.millisecondsPerDay &+ secondOfDay * 1000 &+ Int64(millisecond)
  }

  /// The day of the week as ISO 8601 numbers it: 1 is Monday, 7 is Sunday.
  package var weekday: Int {
    let days = milliseconds.flooredQuotientAndRemainder(dividingBy: Self.millisecondsPerDay).0
    return Int((days + 3).flooredQuotientAndRemainder(dividingBy: 7).1) + 1
  }

  /// 28...31. `month` is 1...12.
  package static func days(inMonth month: Int, ofYear year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static let millisecondsPerDay: Int64 = 86_400_000
  private static let daysPerEra: Int64 = 146_097
  private static let daysFrom0000March: Int64 = 719_468
}

extension Int64 {
  /// Quotient and remainder with the remainder in `0..<divisor`, also for a negative dividend.
  fileprivate func flooredQuotientAndRemainder(dividingBy divisor: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
