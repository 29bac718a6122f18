/// Text with what hides or reorders it shown, before a format's own escaping.
///
/// As for a terminal, see `Terminal.escaped`; beyond that the scalars that are no characters (U+FFFE, say), which HTML
/// does not allow.
enum VisibleText {
  /// On one line: a line feed becomes ` ⏎ `, a tab a blank.
  static func line(_ text: String) -> String {
    let lines = text.utf8.split(omittingEmptySubsequences: true) { $0 == UInt8(ascii: "\n") }
    guard lines.count > 1 || text.utf8.contains(where: { $0 < 0x20 }) else { return shown(text) }
    return shown(lines.map { unwrapped($0, tab: " ") }.joined(separator: " ⏎ "))
  }

  /// Of several lines; ends without one. A carriage return before a line feed goes, tabs become four blanks.
  static func block(_ text: String) -> String {
    var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { unwrapped($0, tab: "    ") }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return shown(lines.joined(separator: "\n"))
  }

  private static func unwrapped(_ line: Substring.UTF8View, tab: String) -> String {
    var line = line
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    guard line.contains(UInt8(ascii: "\t")) else { return String(Substring(line)) }
    var bytes: [UInt8] = []
    for byte in line {
      if byte == UInt8(ascii: "\t") { bytes += tab.utf8 } else { bytes.append(byte) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func shown(_ text: String) -> String {
    let text = Terminal.escaped(text, keepNewlines: true)
    // They begin with EF B7, EF BF or F0 to F4.
    guard text.utf8.contains(where: { $0 >= 0xEF }) else { return text }
    var shown = ""
    shown.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if isNoncharacter(scalar.value) {
        shown += "<U+" + String(scalar.value, radix: 16, uppercase: true) + ">"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  private static func isNoncharacter(_ value: UInt32) -> Bool {
    value & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(value)
  }
}
