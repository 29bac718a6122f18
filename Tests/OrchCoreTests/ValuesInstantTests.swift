import OrchCore
import Testing

@Suite("Instant and CivilTime")
struct ValuesInstantTests {
  static let known: [(Int64, String)] = [
    (0, "1970-01-01T00:00:00.000Z"),
    (-1, "1969-12-31T23:59:59.999Z"),
    (951_782_400_000, "2000-02-29T00:00:00.000Z"),
    (1_709_164_800_001, "2024-02-29T00:00:00.001Z"),
    (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
    (-2_203_891_200_000, "1900-03-01T00:00:00.000Z"),
    (1_795_421_760_123, "2026-11-23T08:16:00.123Z"),
    (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
    (253_402_300_799_999, "9999-12-31T23:59:59.999Z")
  ]

  @Test(arguments: known)
  func `writes and reads`(milliseconds: Int64, text: String) {
    #expect(Instant(milliseconds: milliseconds).iso8601 == text)
    #expect(Instant(iso8601: text)?.milliseconds == milliseconds)
  }

  @Test func `clamps the years that four digits cannot write`() {
    #expect(Instant(milliseconds: .min).iso8601 == "0000-01-01T00:00:00.000Z")
    #expect(Instant(milliseconds: -62_167_219_200_001).iso8601 == "0000-01-01T00:00:00.000Z")
    #expect(Instant(milliseconds: .max).iso8601 == "9999-12-31T23:59:59.999Z")
  }

  @Test(arguments: [
    ("2026-11-23T08:16Z", "2026-11-23T08:16:00.000Z"),
    ("2026-11-23 08:16:59Z", "2026-11-23T08:16:59.000Z"),
    ("2026-11-23T08:16:59,5Z", "2026-11-23T08:16:59.500Z"),
    ("2026-11-23T08:16:59.123999999Z", "2026-11-23T08:16:59.123Z"),
    ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999Z"),
    ("2026-11-23T08:16:00+09:00", "2026-11-22T23:16:00.000Z"),
    ("2026-12-31T23:30:00-05:30", "2027-01-01T05:00:00.000Z"),
    ("2026-11-23T08:16:00-00:00", "2026-11-23T08:16:00.000Z")
  ])
  func `reads variants`(text: String, expected: String) {
    #expect(Instant(iso8601: text)?.iso8601 == expected)
  }

  @Test(arguments: [
    "", "2026-11-23", "2026-11-23T08:16:00", "2026-11-23T08:16:00z", "2026-11-23t08:16:00Z",
    "2026-11-23T08Z", "2026-11-23T08:16:00.Z", "2026-11-23T08:16:00.1234567890Z",
    "2026-11-23T08:16:00+0900", "2026-11-23T08:16:00+09", "2026-11-23T08:16:00+24:00",
    "2026-11-23T08:16:00+09:60", "2026-11-23T08:16:00ZZ", "2026-11-23T08:16:00Z ",
    " 2026-11-23T08:16:00Z", "2026-11-23T24:00:00Z", "2026-11-23T23:60:00Z",
    "2016-12-31T23:59:60Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
    "2026-04-31T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
    "2026-11-00T00:00:00Z", "26-11-23T08:16:00Z", "-026-11-23T08:16:00Z",
    "2026-1-23T08:16:00Z", "２０２６-11-23T08:16:00Z", "0000-01-01T00:00:00+00:01",
    "9999-12-31T23:59:00-00:01", "2026-11-23T08:16:00\u{0}Z"
  ])
  func `refuses`(text: String) {
    #expect(Instant(iso8601: text) == nil)
  }

  @Test func `reads substrings`() {
    let line = "at 2026-11-23T08:16:00Z."
    #expect(Instant(iso8601: line.dropFirst(3).dropLast())?.milliseconds == 1_795_421_760_000)
  }

  @Test func `arithmetic saturates`() {
    let last = Instant(milliseconds: .max)
    let first = Instant(milliseconds: .min)
    #expect(last.adding(milliseconds: 1) == last)
    #expect(first.adding(milliseconds: -1) == first)
    #expect(last.adding(milliseconds: -1).milliseconds == .max - 1)
    #expect(Instant(milliseconds: 0).adding(seconds: .max) == last)
    #expect(Instant(milliseconds: 0).adding(seconds: .min) == first)
    #expect(Instant(milliseconds: 5).adding(seconds: -2).milliseconds == -1995)
    #expect(last - first == .max)
    #expect(first - last == .min)
    #expect(Instant(milliseconds: 3) - Instant(milliseconds: 5) == -2)
    #expect(first < last && !(last < first))
    #expect(last.civil(utcOffset: 3600) == last.civil())
  }

  @Test(arguments: [
    ("1970-01-01T00:00Z", 4), ("1969-12-31T23:59Z", 3), ("2026-11-23T23:59Z", 1),
    ("2024-02-29T12:00Z", 4), ("0000-01-01T00:00Z", 6), ("2026-11-22T00:00Z", 7)
  ])
  func `weekdays follow one another`(text: String, expected: Int) throws {
    #expect(try #require(Instant(iso8601: text)).civil().weekday == expected)
  }

  @Test func `civil time shows an offset`() throws {
    let time = Instant(milliseconds: 1_795_421_760_123).civil(utcOffset: 9 * 3600)
    #expect(
      time
        == CivilTime(
          year: 2026, month: 11, day: 23, hour: 17, minute: 16, second: 0, millisecond: 123))
  }

  /// Counts the calendar off by hand, day after day, over a whole era and beyond.
  @Test func `every day of four centuries follows the last`() throws {
    var (year, month, day) = (1599, 12, 31)
    var milliseconds = try #require(CivilTime(year: year, month: month, day: day)).milliseconds
    while year < 2001 {
      let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      day += 1
      if day > lengths[month - 1] { (month, day) = (month + 1, 1) }
      if month > 12 { (year, month) = (year + 1, 1) }
      milliseconds += 86_400_000
      let civil = CivilTime(milliseconds: milliseconds)
      guard
        civil.year == year, civil.month == month, civil.day == day,
        civil.milliseconds == milliseconds
      else {
        Issue.record("\(civil) is not \(year)-\(month)-\(day)")
        return
      }
    }
  }

  @Test func `every millisecond has a civil time`() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<20_000 {
      let milliseconds = Int64.random(in: .min ... .max, using: &random)
      #expect(CivilTime(milliseconds: milliseconds).milliseconds == milliseconds)
    }
    for milliseconds in [Int64.min, .min + 1, .max - 1, .max] {
      #expect(CivilTime(milliseconds: milliseconds).milliseconds == milliseconds)
    }
  }

  @Test func `writable instants survive their text`() {
    var random = SeededGenerator(seed: 2)
    let range = Instant.writable.lowerBound.milliseconds...Instant.writable.upperBound.milliseconds
    for _ in 0..<20_000 {
      let instant = Instant(milliseconds: Int64.random(in: range, using: &random))
      #expect(Instant(iso8601: instant.iso8601) == instant)
    }
  }

  @Test func `refuses times that do not exist`() {
    #expect(CivilTime(year: -1, month: 1, day: 1) == nil)
    #expect(CivilTime(year: 10_000, month: 1, day: 1) == nil)
    #expect(CivilTime(year: 2026, month: 2, day: 29) == nil)
    #expect(CivilTime(year: 2028, month: 2, day: 29) != nil)
    #expect(CivilTime(year: 2026, month: 1, day: 1, millisecond: 1000) == nil)
  }
}
