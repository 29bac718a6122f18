/// Lines with a label in front, as the texts for agents have them, inside a budget of characters.
struct LabeledText {
  /// The column at which values begin.
  static let indent = 12

  private(set) var text = ""
  /// What was cut, named by the command that shows it.
  private let whole: String
  private let budget: Int
  /// The lines at the end, which always stand there.
  private let ending: [String]
  private var isCut = false

  /// - Parameters:
  ///   - budget: at most so many characters in all.
  ///   - whole: the command that shows what was cut.
  ///   - ending: the last lines, for which there is always room.
  init(budget: Int, whole: String, ending: [String] = []) {
    self.budget = budget - whole.count - 32 - ending.reduce(0) { $0 + $1.count + 1 }
    self.whole = whole
    self.ending = ending
  }

  /// A line of fields, three spaces apart; empty fields are left out, a line without fields too.
  mutating func line(_ label: String, _ fields: [String?], limit: Int = 700) {
    let fields = fields.compactMap { $0 }.filter { !$0.isEmpty }
    guard !fields.isEmpty else { return }
    put(Terminal.padded(label, columns: Self.indent), excerpt(fields.joined(separator: "   "), limit))
  }

  /// A line as it is.
  mutating func plain(_ line: String) { put("", line) }

  /// Lines of a text that may be long, indented like values.
  mutating func block(_ body: String, limit: Int) {
    let indent = String(repeating: " ", count: Self.indent)
    let shown = excerpt(Terminal.escaped(body, keepNewlines: true), limit)
    for line in shown.split(separator: "\n", omittingEmptySubsequences: false) {
      put(line.isEmpty ? "" : indent, String(line))
    }
  }

  /// The text, ended by the command that shows what was cut.
  mutating func finished() -> String {
    for line in ending { text += line + "\n" }
    if isCut { text += Terminal.padded("…", columns: Self.indent) + whole + "\n" }
    return text
  }

  private mutating func excerpt(_ text: String, _ limit: Int) -> String {
    guard text.count > limit else { return text }
    isCut = true
    return String(text.prefix(limit)) + "…"
  }

  private mutating func put(_ label: String, _ line: String) {
    guard text.count + label.count + line.count < budget else {
      isCut = true
      return
    }
    text += label + line + "\n"
  }
}
