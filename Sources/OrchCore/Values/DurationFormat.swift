/// Lengths of time as they are typed and shown: `90s`, `2m`, `1h30m`, `1d`, `1w`.
package enum DurationFormat {
  /// The seconds in a length of time: a plain number of seconds, or whole numbers with the units
  /// `w`, `d`, `h`, `m`, `s`, each at most once and the larger before the smaller.
  ///
  /// - Returns: 0 or more; `nil` for anything else (a sign, a fraction, a space, another unit, an
  ///   empty text) and for what does not fit into an `Int`.
  package static func parseSeconds(_ text: String) -> Int? {
    var total = 0
    var number: Int?
    var smallestUnit = Int.max
    for byte in text.utf8 {
      if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
        let (tens, overflow) = (number ?? 0).multipliedReportingOverflow(by: 10)
        let (sum, carry) = tens.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
        guard !overflow, !carry else { return nil }
        number = sum
      } else {
        guard let count = number, let unit = seconds(in: byte), unit < smallestUnit else {
          return nil
        }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit)
        let (sum, carry) = total.addingReportingOverflow(product)
        guard !overflow, !carry else { return nil }
        total = sum
        smallestUnit = unit
        number = nil
      }
    }
    switch (number, smallestUnit == .max) {
    case (let seconds?, true): return seconds
    case (nil, false): return total
    case (.some, false), (nil, true): return nil
    }
  }

  /// A length of time in days, hours, minutes and seconds, those that are 0 left out: `30m`,
  /// `1h30m`, `2d`, `0s`. What is not negative, ``parseSeconds(_:)`` reads back.
  package static func format(seconds: Int) -> String {
    var text = seconds < 0 ? "-" : ""
    var rest = seconds.magnitude
    for (unit, name) in [(86_400, "d"), (3600, "h"), (60, "m"), (1, "s")] as [(UInt, String)] {
      let (count, remainder) = rest.quotientAndRemainder(dividingBy: unit)
      guard count > 0 else { continue }
      text += String(count) + name
      rest = remainder
    }
    return seconds == 0 ? "0s" : text
  }

  private static func seconds(in unit: UInt8) -> Int? {
    switch unit {
    case UInt8(ascii: "s"): 1
    case UInt8(ascii: "m"): 60
    case UInt8(ascii: "h"): 3600
    case UInt8(ascii: "d"): 86_400
    case UInt8(ascii: "w"): 604_800
    default: nil
    }
  }
}
