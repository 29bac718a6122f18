@testable import OrchRendering
import OrchTestSupport
import Testing

@Suite("Report: the template language")
struct ReportTemplateTests {
  private static let context = TemplateValue.object([
    "name": .text("<b> & {{name}}"), "id": .code("t-1"), "none": .nothing, "empty": .text(""), "yes": .flag(true),
    "no": .flag(false), "words": .object(["one-two": .text("words")]), "list": .list([.text("a"), .text("b")]),
    "rows": .list([.object(["id": .text("1"), "name": .text("inner")]), .object(["id": .text("2"), "name": .nothing])]),
    "chart": .markup("<svg>\(html: "<i>")</svg>"), "body": .block("one\n<two>")
  ])

  private func filled(_ text: String, _ language: MarkupLanguage = .html) throws -> String {
    try Template(Array(text.utf8), name: "x.html").filled(Self.context, in: language)
  }

  @Test(arguments: [
    ("plain }} text { {", "plain }} text { {"),
    ("[{{name}}]", "[&lt;b&gt; &amp; {{name}}]"),
    ("[{{ none }}{{empty}}]", "[]"),
    ("{{words.one-two}} {{none.deeper.still}}.", "words ."),
    ("{{#list}}<{{.}}>{{/list}}", "<a><b>"),
    ("{{#rows}}{{id}}={{name}};{{/rows}}", "1=inner;2=;"),
    ("{{#rows}}{{#words}}{{one-two}}{{/words}}{{/rows}}", "wordswords"),
    ("{{#yes}}y{{/yes}}{{#no}}n{{/no}}{{^no}}N{{/no}}{{^yes}}Y{{/yes}}", "yN"),
    ("{{#none}}{{unknown}}{{/none}}{{^none}}-{{/none}}{{^list}}-{{/list}}", "-"),
    ("{{#name}}{{id}}{{/name}}", "<code>t-1</code>"),
    ("a{{! a comment\n of two lines }}b", "ab"),
    ("{{chart}}", "<svg>&lt;i&gt;</svg>"),
    ("{{body}}", "one\n&lt;two&gt;"),
    ("a\n{{#yes}}\nb\n{{/yes}}\nc\n", "a\nb\nc\n"),
    ("a\r\n  {{#yes}}  \r\nb\r\n\t{{/yes}}\r\nc", "a\r\nb\r\nc"),
    ("{{! one }}\n  {{! two\n lines }}  \nx {{! in a line }}\n", "x \n"),
    ("{{#yes}}\n{{/yes}}", ""),
    ("x {{#yes}}\ny\n{{/yes}} z", "x \ny\n z"),
    ("  {{id}}\n", "  <code>t-1</code>\n")
  ])
  func `a template is filled`(template: String, expected: String) throws {
    #expect(try filled(template) == expected)
  }

  @Test(arguments: [
    ("a\n{{#rows}}\nb", 2, "{{#rows}} has no end"),
    ("{{/rows}}", 1, "{{/rows}} ends nothing"),
    ("{{#rows}}\n{{#yes}}\n{{/rows}}", 3, "{{/rows}} where {{/yes}} belongs"),
    ("\n\n{{{name}}}", 3, "no value can be had without escaping"),
    ("{{&name}}", 1, "no value can be had without escaping"),
    ("{{>part}}", 1, "there are no partials"),
    ("{{=<% %>=}}", 1, "the delimiters cannot be changed"),
    ("a\n{{name", 2, "{{ without }}"),
    ("{{}}", 1, " is not a name"),
    ("{{a b}}", 1, "a b is not a name"),
    ("{{a..b}}", 1, "a..b is not a name"),
    ("{{\u{1B}[31m}}", 1, "^[[31m is not a name"),
    ("\n{{unknown}}", 2, "unknown is not a name that is known here"),
    ("{{words.unknown}}", 1, "words.unknown is not a name that is known here"),
    ("{{name.deeper}}", 1, "name.deeper is not a name that is known here"),
    ("{{list}}", 1, "list is no text: it is for {{#list}}"),
    ("{{#rows}}{{.}}{{/rows}}", 1, ". is no text: it is for {{#.}}")
  ])
  func `a wrong template is refused with the line`(template: String, line: Int, problem: String) {
    let error = #expect(throws: TemplateError.self) { try filled(template) }
    #expect(error?.file == "x.html" && error?.line == line && error?.problem.english == problem)
  }

  @Test func `sections nest to a limit`() {
    let deep = String(repeating: "{{#yes}}", count: 33) + String(repeating: "{{/yes}}", count: 33)
    #expect(throws: TemplateError.self) { try filled(deep) }
  }

  @Test func `markup takes no text unescaped`() {
    let text = "</svg><script>"
    let markup: Markup = "<g>\(html: text) \(1)\(label: text)</g>"
    #expect(markup.text == "<g>&lt;/svg&gt;&lt;script&gt; 1svg script</g>")
  }
}
