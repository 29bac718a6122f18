import OrchCore

extension Reader {
  /// `Mon 23 Nov 2026, 17:16 +09:00`, `2026년 11월 23일 (월) 17:16 +09:00`.
  func longDate(_ instant: Instant) -> String {
    let time = local(instant)
    let clock = clock(instant)
    switch language {
    case .en:
      let day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][time.weekday - 1]
      let month = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
      ][time.month - 1]
      return "\(day) \(time.day) \(month) \(time.year), \(clock)"
    case .ko:
      let day = ["월", "화", "수", "목", "금", "토", "일"][time.weekday - 1]
      return "\(time.year)년 \(time.month)월 \(time.day)일 (\(day)) \(clock)"
    }
  }

  /// `2026-11-23 17:16 +09:00`, for tables.
  func shortDate(_ instant: Instant) -> String { "\(date(local(instant))) \(clock(instant))" }

  /// `17:16 +09:00`.
  func clock(_ instant: Instant) -> String {
    let time = local(instant)
    return "\(two(time.hour)):\(two(time.minute)) \(zone(instant))"
  }

  /// `2026-11-23 17:16:09`, as the clock on the reader's wall shows it: for charts, which say the zone elsewhere.
  func wallClock(_ instant: Instant) -> String {
    let time = local(instant)
    return "\(date(time)) \(two(time.hour)):\(two(time.minute)):\(two(time.second))"
  }

  /// `+09:00`.
  func zone(_ instant: Instant) -> String {
    let offset = Self.utcOffset(instant)
    return "\(offset < 0 ? "-" : "+")\(two(abs(offset) / 3600)):\(two(abs(offset) / 60 % 60))"
  }

  /// `1.2 s`, `3 min 20 s`, `2 h 5 min`.
  func duration(milliseconds: Int) -> String {
    let milliseconds = max(0, milliseconds)
    func unit(_ count: Int, _ english: String, _ korean: String) -> String {
      say("\(count) \(english)", "\(count)\(korean)")
    }
    switch milliseconds {
    case ..<60_000:
      let tenths = milliseconds / 100
      return say("\(tenths / 10).\(tenths % 10) s", "\(tenths / 10).\(tenths % 10)초")
    case ..<3_600_000:
      let seconds = milliseconds / 1000
      return [unit(seconds / 60, "min", "분"), unit(seconds % 60, "s", "초")].joined(separator: " ")
    default:
      let minutes = milliseconds / 60_000
      return [unit(minutes / 60, "h", "시간"), unit(minutes % 60, "min", "분")].joined(separator: " ")
    }
  }
}
