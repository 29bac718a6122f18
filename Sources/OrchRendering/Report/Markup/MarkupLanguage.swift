/// What a text is written into, and how text stays text in it.
package enum MarkupLanguage: Sendable {
  case html, markdown

  /// Text on one line; line feeds are shown as ` ⏎ `.
  func line(_ text: String) -> String {
    switch self {
    case .html: HTMLText.escaped(VisibleText.line(text))
    case .markdown: MarkdownText.escaped(VisibleText.line(text))
    }
  }

  /// Text on one line, set apart as code.
  func code(_ text: String) -> String {
    switch self {
    case .html: "<code>" + line(text) + "</code>"
    case .markdown: MarkdownText.code(VisibleText.line(text))
    }
  }

  /// Text of several lines. In HTML the element around it keeps the lines apart (`white-space: pre-wrap`); in Markdown
  /// it is a block quotation, and begins a line.
  func block(_ text: String) -> String {
    switch self {
    case .html: HTMLText.escaped(VisibleText.block(text))
    case .markdown: MarkdownText.quoted(VisibleText.block(text))
    }
  }

  /// Text of several lines where Markdown has room for one alone, as in a cell.
  func comment(_ text: String) -> String {
    switch self {
    case .html: block(text)
    case .markdown: line(text)
    }
  }
}
