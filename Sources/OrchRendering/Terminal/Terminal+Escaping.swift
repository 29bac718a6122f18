/// Text on its way to a terminal: data there is shown, never obeyed.
package enum Terminal {
  /// The text with every character shown that would move the cursor, change the terminal or hide
  /// what is written:
  ///
  /// * C0 controls and DEL in caret notation: `^[` for ESC, `^I` for a tab, `^?` for DEL;
  /// * C1 controls, bidirectional controls, U+200B, U+FEFF, the separators U+2028 and U+2029 and
  ///   tag characters (U+E0000 to U+E007F) by number: `<U+202E>`.
  ///
  /// Everything else stays as it is; nothing marks a `^[` that was in the text before.
  ///
  /// - Parameter keepNewlines: lets line feeds through, for texts of several lines. Carriage
  ///   returns are shown all the same: they overwrite the line.
  package static func escaped(_ text: String, keepNewlines: Bool = false) -> String {
    guard text.utf8.contains(where: { mayBeginEscaped($0) }) else { return text }
    var shown = ""
    shown.reserveCapacity(text.utf8.count + 16)
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0A where keepNewlines:
        shown.unicodeScalars.append(scalar)
      case 0x00...0x1F, 0x7F:
        shown.append("^")
        shown.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value) ^ 0x40))
      case 0x80...0x9F, 0x061C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF,
        0xE0000...0xE007F:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        shown.append("<U+")
        shown.append(String(repeating: "0", count: max(0, 4 - digits.count)))
        shown.append(digits)
        shown.append(">")
      default:
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// Whether a byte is a control, or begins the UTF-8 of a scalar that is escaped (and of many
  /// that are not). Hangul and most other letters begin otherwise.
  private static func mayBeginEscaped(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x00...0x1F, 0x7F: true
    case 0xC2, 0xD8, 0xE2, 0xEF, 0xF3: true
    default: false
    }
  }
}
