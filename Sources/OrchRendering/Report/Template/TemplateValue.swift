/// What a template is filled with: a tree like JSON that also says what kind of text a text is.
///
/// Texts are data, whoever wrote them, and escaped for the format when they are written. Only `markup` is written as
/// it is, and `Markup` cannot be made of a text without escaping it.
package enum TemplateValue: Sendable {
  case nothing
  case flag(Bool)
  /// Text on one line: line feeds are shown.
  case text(String)
  /// A name, an id or a command: on one line, set apart as code.
  case code(String)
  /// Text of several lines: a block of its own.
  case block(String)
  /// Text that may have several lines, in a place, a cell say, where not every format has room for more than one.
  case comment(String)
  case markup(Markup)
  case list([TemplateValue])
  case object([String: TemplateValue])

  static func text(_ text: String?) -> TemplateValue { text.map { .text($0) } ?? .nothing }
  static func code(_ text: String?) -> TemplateValue { text.map { .code($0) } ?? .nothing }
  static func block(_ text: String?) -> TemplateValue { text.map { .block($0) } ?? .nothing }
  static func comment(_ text: String?) -> TemplateValue { text.map { .comment($0) } ?? .nothing }
  static func number(_ number: Int) -> TemplateValue { .text(String(number)) }

  /// Rows and what belongs to all of them; nothing where there are none, so that a section is left out.
  static func rows(_ rows: [TemplateValue], _ others: [String: TemplateValue] = [:]) -> TemplateValue {
    guard !rows.isEmpty else { return .nothing }
    return .object(others.merging(["rows": .list(rows)]) { _, rows in rows })
  }

  /// Whether a section about it is left out.
  var isEmpty: Bool {
    switch self {
    case .nothing: true
    case .flag(let flag): !flag
    case .text(let text), .code(let text), .block(let text), .comment(let text): text.isEmpty
    case .markup(let markup): markup.text.isEmpty
    case .list(let elements): elements.isEmpty
    case .object: false
    }
  }
}
