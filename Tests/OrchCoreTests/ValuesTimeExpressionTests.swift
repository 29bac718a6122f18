import OrchCore
import Testing

@Suite("Time expressions and lengths of time")
struct ValuesTimeExpressionTests {
  /// A Monday.
  static let now = Instant(iso8601: "2026-11-23T08:16:00.123Z")!

  /// Central Europe in 2026: summer time from 29 March to 25 October, 01:00 UTC.
  static func berlin(_ instant: Instant) -> Int {
    let summer =
      Instant(iso8601: "2026-03-29T01:00:00Z")!..<Instant(iso8601: "2026-10-25T01:00:00Z")!
    return summer.contains(instant) ? 7200 : 3600
  }

  static func parse(
    _ text: String, now: Instant = now, utcOffset: (Instant) -> Int = { _ in 9 * 3600 }
  ) -> String? {
    TimeExpression.parse(text, now: now, utcOffset: utcOffset)?.iso8601
  }

  /// In Seoul, nine hours east.
  @Test(arguments: [
    ("now", "2026-11-23T08:16:00.123Z"),
    (" NOW\n", "2026-11-23T08:16:00.123Z"),
    ("today", "2026-11-22T15:00:00.000Z"),
    ("Yesterday", "2026-11-21T15:00:00.000Z"),
    ("2026-11-23", "2026-11-22T15:00:00.000Z"),
    ("2026-11-23T10:00", "2026-11-23T01:00:00.000Z"),
    ("2026-11-23 10:00:30.5", "2026-11-23T01:00:30.500Z"),
    ("2026-11-23T10:00:00Z", "2026-11-23T10:00:00.000Z"),
    (" 2026-11-23T10:00:00-02:00 ", "2026-11-23T12:00:00.000Z"),
    ("1 second ago", "2026-11-23T08:15:59.123Z"),
    ("90 seconds ago", "2026-11-23T08:14:30.123Z"),
    ("1 minute ago", "2026-11-23T08:15:00.123Z"),
    ("2 hours ago", "2026-11-23T06:16:00.123Z"),
    ("2.hours.ago", "2026-11-23T06:16:00.123Z"),
    ("3  Days   AGO", "2026-11-20T08:16:00.123Z"),
    ("2 weeks ago", "2026-11-09T08:16:00.123Z"),
    ("1 month ago", "2026-10-23T08:16:00.123Z"),
    ("11 months ago", "2025-12-23T08:16:00.123Z"),
    ("0 days ago", "2026-11-23T08:16:00.123Z"),
    ("+90s", "2026-11-23T08:17:30.123Z"),
    ("+1h30m", "2026-11-23T09:46:00.123Z"),
    ("+5", "2026-11-23T08:16:05.123Z")
  ])
  func `reads`(text: String, expected: String) {
    #expect(Self.parse(text) == expected)
  }

  @Test(arguments: [
    "", " ", "tomorrow", "noon", "ago", "days ago", "2 days", "2 fortnights ago", "-2 days ago",
    "+2 days ago", "2.5 hours ago", "2 hours.ago", "two days ago", "٣ days ago", "+", "+ 2h",
    "+-5", "++5", "+1h ago", "5", "2026-11", "2026-11-23T", "2026-11-23 Z", "2026-02-30",
    "2026-11-23T25:00", "99999999999999999999 days ago", "9223372036854775807 weeks ago",
    "9223372036854775807 months ago", "9223372036854775807 seconds ago", "1000000 weeks ago",
    "+9223372036854775807", "+3000000d", "0000-01-01", "24323 months ago"
  ])
  func `refuses`(text: String) {
    #expect(Self.parse(text) == nil)
  }

  @Test func `months end where the month ends`() {
    let end = Instant(iso8601: "2026-03-31T12:00:00Z")!
    let utc = { (_: Instant) in 0 }
    #expect(Self.parse("1 month ago", now: end, utcOffset: utc) == "2026-02-28T12:00:00.000Z")
    #expect(Self.parse("25 months ago", now: end, utcOffset: utc) == "2024-02-29T12:00:00.000Z")
    #expect(Self.parse("24314 months ago", now: end, utcOffset: utc) == "0000-01-31T12:00:00.000Z")
  }

  /// A month earlier is the same time on the wall, a day earlier is 24 hours.
  @Test func `local calendar crosses summer time`() {
    let monday = Instant(iso8601: "2026-11-02T11:00:00Z")!
    #expect(
      Self.parse("1 month ago", now: monday, utcOffset: Self.berlin) == "2026-10-02T10:00:00.000Z")
    #expect(
      Self.parse("9 days ago", now: monday, utcOffset: Self.berlin) == "2026-10-24T11:00:00.000Z")
    let dayAfter = Instant(iso8601: "2026-10-26T00:30:00Z")!
    #expect(
      Self.parse("yesterday", now: dayAfter, utcOffset: Self.berlin) == "2026-10-24T22:00:00.000Z")
  }

  @Test(arguments: [
    ("2026-03-29 01:59", "2026-03-29T00:59:00.000Z"),
    // 02:30 is skipped: it is 03:30 in summer time.
    ("2026-03-29 02:30", "2026-03-29T01:30:00.000Z"),
    ("2026-03-29 03:00", "2026-03-29T01:00:00.000Z"),
    // 02:30 is there twice: the first is in summer time.
    ("2026-10-25 02:30", "2026-10-25T00:30:00.000Z"),
    ("2026-10-25 03:00", "2026-10-25T02:00:00.000Z"),
    ("2026-10-25", "2026-10-24T22:00:00.000Z")
  ])
  func `local times where clocks change`(text: String, expected: String) {
    #expect(Self.parse(text, utcOffset: Self.berlin) == expected)
  }

  @Test(arguments: [
    ("0", 0), ("90", 90), ("90s", 90), ("2m", 120), ("1h30m", 5400), ("1d", 86_400),
    ("1w", 604_800), ("1w2d3h4m5s", 788_645), ("0s", 0), ("007m", 420),
    ("9223372036854775807", Int.max), ("9223372036854775807s", Int.max)
  ])
  func `reads lengths`(text: String, seconds: Int) {
    #expect(DurationFormat.parseSeconds(text) == seconds)
  }

  @Test(arguments: [
    "", "s", "1.5h", "1,5h", "-1s", "+1s", " 1s", "1s ", "1h 30m", "1h30", "30m1h", "1h1h", "1x",
    "1H", "1M", "h1", "１s", "9223372036854775808", "9223372036854775807m",
    "15250284452471w9223372036854775807s", "1ms"
  ])
  func `refuses lengths`(text: String) {
    #expect(DurationFormat.parseSeconds(text) == nil)
  }

  @Test(arguments: [
    (0, "0s"), (45, "45s"), (90, "1m30s"), (1800, "30m"), (5400, "1h30m"), (172_800, "2d"),
    (2_592_000, "30d"), (86_401, "1d1s"), (-1800, "-30m"), (Int.max, "106751991167300d15h30m7s"),
    (Int.min, "-106751991167300d15h30m8s")
  ])
  func `writes lengths`(seconds: Int, text: String) {
    #expect(DurationFormat.format(seconds: seconds) == text)
  }

  @Test func `lengths survive their text`() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<5000 {
      let seconds =
        Int.random(in: 0 ... .max, using: &random) >> Int.random(in: 0..<63, using: &random)
      #expect(DurationFormat.parseSeconds(DurationFormat.format(seconds: seconds)) == seconds)
    }
  }
}
