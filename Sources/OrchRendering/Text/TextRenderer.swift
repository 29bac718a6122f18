package import OrchCore

/// Writes answers as text in one language, with or without colours, in the local time zone.
package struct TextRenderer {
  package let strings: StringTable
  package let isColoured: Bool

  package init(strings: StringTable, isColoured: Bool = false) {
    self.strings = strings
    self.isColoured = isColoured
  }

  package func localized(_ message: Message) -> String { strings.text(message) }
  package func localized(_ action: NextAction) -> String { strings.text(action) }

  // MARK: Text of users

  /// User text on one line, made safe for a terminal.
  func line(_ text: String) -> String {
    Terminal.escaped(text.contains("\n") ? text.split(separator: "\n").joined(separator: " ⏎ ") : text)
  }

  /// User text on one line, at most `limit` characters of it.
  func excerpt(_ text: String, _ limit: Int) -> String {
    let line = line(text)
    return line.count > limit ? String(line.prefix(limit)) + "…" : line
  }

  // MARK: Styles

  /// `text` in an ANSI style, where colours are wanted.
  func styled(_ text: String, _ code: String) -> String { isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }

  func name(_ text: String) -> String { styled(text, "33") }
  func alarm(_ text: String) -> String { styled(text, "31") }
}
