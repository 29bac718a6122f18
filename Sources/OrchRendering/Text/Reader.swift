#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
package import OrchCore

/// Who reads a text: their language, their time zone and whether they see colours.
package struct Reader: Sendable {
  package enum Language: String, CaseIterable, Sendable {
    case en, ko
  }

  package var language: Language
  package var isColoured: Bool

  package init(language: Language, isColoured: Bool) {
    self.language = language
    self.isColoured = isColoured
  }

  /// Chooses between the two languages.
  func say(_ english: String, _ korean: String) -> String {
    switch language {
    case .en: english
    case .ko: korean
    }
  }

  /// Seconds east of UTC at an instant, in the reader's zone.
  package static func utcOffset(_ instant: Instant) -> Int {
    var seconds = time_t(instant.milliseconds / 1000)
    var local = tm()
    guard localtime_r(&seconds, &local) != nil else { return 0 }
    return Int(local.tm_gmtoff)
  }

  func local(_ instant: Instant) -> CivilTime { instant.civil(utcOffset: Self.utcOffset(instant)) }

  /// `14:32`, with the date when it is not that of `now`.
  func clock(_ instant: Instant, now: Instant) -> String {
    let time = local(instant)
    let today = local(now)
    let clock = "\(two(time.hour)):\(two(time.minute))"
    guard (time.year, time.month, time.day) != (today.year, today.month, today.day) else { return clock }
    return "\(date(time)) \(clock)"
  }

  /// `2026-11-23`.
  func date(_ time: CivilTime) -> String { "\(pad(time.year, 4))-\(two(time.month))-\(two(time.day))" }

  /// `2 h ago`.
  func ago(_ instant: Instant, now: Instant) -> String {
    let seconds = max(0, (now - instant) / 1000)
    let (count, english, korean): (Int64, String, String) =
      switch seconds {
      case ..<60: (seconds, "s", "초")
      case ..<3600: (seconds / 60, "min", "분")
      case ..<172_800: (seconds / 3600, "h", "시간")
      default: (seconds / 86400, "days", "일")
      }
    return say("\(count) \(english) ago", "\(count)\(korean) 전")
  }

  /// The date as git's log writes it, in the reader's zone.
  func gitDate(_ instant: Instant) -> String {
    let offset = Self.utcOffset(instant)
    let time = instant.civil(utcOffset: offset)
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let zone = "\(offset < 0 ? "-" : "+")\(two(abs(offset) / 3600))\(two(abs(offset) / 60 % 60))"
    return "\(days[time.weekday - 1]) \(months[time.month - 1]) \(time.day) "
      + "\(two(time.hour)):\(two(time.minute)):\(two(time.second)) \(pad(time.year, 4)) \(zone)"
  }

  func two(_ number: Int) -> String { pad(number, 2) }

  func pad(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  /// `text` in an ANSI style, where the reader sees styles.
  func styled(_ text: String, _ code: String) -> String { isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }

  func faint(_ text: String) -> String { styled(text, "2") }
  func name(_ text: String) -> String { styled(text, "33") }
  func alarm(_ text: String) -> String { styled(text, "31") }
}
