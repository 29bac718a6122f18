/// Markup that a template may write as it is.
///
/// It is written as a literal whose fixed parts are this program's own and whose other parts say what they are:
/// a text is escaped on its way in, so none gets through raw. Fixed parts are `StaticString`s: no text that is only known
/// at run time can pass for one.
package struct Markup: Sendable, ExpressibleByStringInterpolation {
  private(set) var text: String

  package init(stringLiteral value: StaticString) { text = "\(value)" }
  package init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  static func += (markup: inout Markup, more: Markup) { markup.text += more.text }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + 16 * interpolationCount)
    }

    package mutating func appendLiteral(_ literal: StaticString) { text += "\(literal)" }
    package mutating func appendInterpolation(_ markup: Markup) { text += markup.text }
    package mutating func appendInterpolation(_ number: Int) { text += String(number) }
    /// Text in HTML, between tags or in quotation marks.
    package mutating func appendInterpolation(html: String) { text += MarkupLanguage.html.line(html) }
    /// A label of a Mermaid diagram.
    package mutating func appendInterpolation(label: String) { text += MermaidText.label(label) }
    /// The value of a trailer, in a text that is Markdown and becomes a commit's message.
    package mutating func appendInterpolation(trailer: String) { text += MarkdownText.trailer(trailer) }
  }
}
