package import OrchCore
import OrchSystem

extension TextRenderer {
  /// Seconds east of UTC at an instant, in the local time zone.
  package static func utcOffset(_ instant: Instant) -> Int {
    Clock.utcOffset(at: instant.milliseconds / 1000)
  }

  func local(_ instant: Instant) -> CivilTime { instant.civil(utcOffset: Self.utcOffset(instant)) }

  // MARK: Dates

  /// `Mon 23 Nov 2026, 17:16 +09:00`, `2026년 11월 23일 (월) 17:16 +09:00`.
  func longDate(_ instant: Instant) -> String {
    let time = local(instant)
    return localized(
      .dateLong(
        weekday: weekday(time), day: time.day, month: month(time), year: String(time.year), clock: clock(instant)))
  }

  /// The date as git's log writes it, with the words of the language: `Mon Nov 23 08:16:00 2026 +0000`.
  func gitDate(_ instant: Instant) -> String {
    let time = local(instant)
    return localized(
      .dateGit(
        weekday: weekday(time), month: month(time), day: time.day, clock: seconds(time), year: pad(time.year, 4),
        zone: gitZone(instant)))
  }

  /// The same in English whatever the language: programs read it.
  func machineGitDate(_ instant: Instant) -> String {
    let time = local(instant)
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return "\(days[time.weekday - 1]) \(months[time.month - 1]) \(time.day) "
      + "\(seconds(time)) \(pad(time.year, 4)) \(gitZone(instant))"
  }

  /// `2026-11-23 17:16 +09:00`, for tables.
  func shortDate(_ instant: Instant) -> String { "\(date(local(instant))) \(clock(instant))" }

  /// `2026-11-23`.
  func date(_ time: CivilTime) -> String { "\(pad(time.year, 4))-\(two(time.month))-\(two(time.day))" }

  private func weekday(_ time: CivilTime) -> String {
    let days: [Message] = [.weekday1, .weekday2, .weekday3, .weekday4, .weekday5, .weekday6, .weekday7]
    return localized(days[time.weekday - 1])
  }

  private func month(_ time: CivilTime) -> String {
    let months: [Message] = [
      .month1, .month2, .month3, .month4, .month5, .month6, .month7, .month8, .month9, .month10, .month11, .month12
    ]
    return localized(months[time.month - 1])
  }

  // MARK: Times of day

  /// `14:32`, with the date when it is not that of `now`.
  func clock(_ instant: Instant, now: Instant) -> String {
    let time = local(instant)
    let today = local(now)
    guard (time.year, time.month, time.day) != (today.year, today.month, today.day) else { return minutes(time) }
    return "\(date(time)) \(minutes(time))"
  }

  /// `17:16 +09:00`.
  func clock(_ instant: Instant) -> String { "\(minutes(local(instant))) \(zone(instant))" }

  /// `2026-11-23 17:16:09`, as the clock on the wall shows it: for charts, which say the zone elsewhere.
  func wallClock(_ instant: Instant) -> String {
    let time = local(instant)
    return "\(date(time)) \(seconds(time))"
  }

  /// `17:16`.
  func minutes(_ time: CivilTime) -> String { "\(two(time.hour)):\(two(time.minute))" }

  /// `17:16:09`.
  private func seconds(_ time: CivilTime) -> String { "\(minutes(time)):\(two(time.second))" }

  /// `+09:00`.
  func zone(_ instant: Instant) -> String { zone(instant, separator: ":") }

  /// `+0900`.
  private func gitZone(_ instant: Instant) -> String { zone(instant, separator: "") }

  private func zone(_ instant: Instant, separator: String) -> String {
    let offset = Self.utcOffset(instant)
    return "\(offset < 0 ? "-" : "+")\(two(abs(offset) / 3600))\(separator)\(two(abs(offset) / 60 % 60))"
  }

  // MARK: Lengths of time

  /// `2 h ago`.
  func ago(_ instant: Instant, now: Instant) -> String {
    let seconds = Int(max(0, (now - instant) / 1000))
    let message: Message =
      switch seconds {
      case ..<60: .agoSeconds(count: seconds)
      case ..<3600: .agoMinutes(count: seconds / 60)
      case ..<172_800: .agoHours(count: seconds / 3600)
      default: .agoDays(count: seconds / 86_400)
      }
    return localized(message)
  }

  /// `1h30m`, `1시간 30분`: days, hours, minutes and seconds, those that are 0 left out.
  func span(seconds: Int) -> String {
    let rest = max(0, seconds)
    let units: [(Int, (Int) -> Message)] = [
      (rest / 86_400, Message.spanDays), (rest / 3600 % 24, Message.spanHours), (rest / 60 % 60, Message.spanMinutes),
      (rest % 60, Message.spanSeconds)
    ]
    let parts = units.filter { $0.0 > 0 }.map { localized($0.1($0.0)) }
    guard let first = parts.first else { return localized(.spanSeconds(count: 0)) }
    return parts.dropFirst().reduce(first) { localized(.spanJoined(larger: $0, smaller: $1)) }
  }

  /// `1.2 s`, `3 min 20 s`, `2 h 5 min`.
  func duration(milliseconds: Int) -> String {
    let milliseconds = max(0, milliseconds)
    switch milliseconds {
    case ..<60_000:
      let tenths = milliseconds / 100
      return localized(.durationSeconds(seconds: "\(tenths / 10).\(tenths % 10)"))
    case ..<3_600_000:
      let seconds = milliseconds / 1000
      return localized(.durationMinutes(minutes: seconds / 60, seconds: seconds % 60))
    default:
      let minutes = milliseconds / 60_000
      return localized(.durationHours(hours: minutes / 60, minutes: minutes % 60))
    }
  }

  // MARK: Digits

  func two(_ number: Int) -> String { pad(number, 2) }

  private func pad(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
