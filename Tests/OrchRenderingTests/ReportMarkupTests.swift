@testable import OrchRendering
import Testing

@Suite("Report: text stays text")
struct ReportMarkupTests {
  @Test(arguments: [
    ("plain 한글 text", "plain 한글 text"),
    ("<a href=\"x\" b='y'>&amp;", "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;"),
    ("a\nb\n\nc\td\r\n", "a ⏎ b ⏎ c d"),
    ("\u{1B}[31m\u{202E}\u{FFFF}\u{0}", "^[[31m&lt;U+202E&gt;&lt;U+FFFF&gt;^@")
  ])
  func `text in HTML is escaped and on one line`(text: String, expected: String) {
    #expect(MarkupLanguage.html.line(text) == expected)
  }

  @Test func `the lines of a block stay in HTML`() {
    #expect(MarkupLanguage.html.block("a\r\n\n\tb <i>\n\n") == "a\n\n    b &lt;i&gt;")
  }

  @Test(arguments: [
    ("plain 한글, text. (so) - a+b = 1.5", "plain 한글, text. (so) - a+b = 1.5"),
    ("# x", "\\# x"), ("- x", "\\- x"), ("+ x", "\\+ x"), ("> x", "\\> x"), ("=== x", "\\=== x"), ("--- ", "\\---"),
    (": -", "\\: -"), ("1. x", "1\\. x"), ("12) x", "12\\) x"), ("3.", "3\\."), (". x", "\\. x"), ("1.5 s", "1.5 s"),
    ("+12 -3", "+12 -3"), ("-3", "-3"), ("    x", "x"), ("   # x", "\\# x"),
    ("~~~", "\\~\\~\\~"), ("```", "\\`\\`\\`"), ("*a* _b_ snake_case __c", "\\*a\\* \\_b\\_ snake_case \\_\\_c"),
    ("[a](b) ![c](d) ok!", "\\[a\\](b) \\!\\[c\\](d) ok\\!"), ("a|b \\ c", "a\\|b \\\\ c"),
    ("<b> &amp; $x$", "\\<b\\> \\&amp; \\$x\\$"),
    ("http://x.y ftp://z", "http:\u{2060}//x.y ftp:\u{2060}//z"), ("www.x WWW.y", "www\u{2060}.x WWW\u{2060}.y"),
    ("@me a@b.c @ x @", "@\u{2060}me a@\u{2060}b.c @ x @\u{2060}"),
    ("see #12 o/r#3 #x GH-4 gh-x", "see #\u{2060}12 o/r#\u{2060}3 #x GH-\u{2060}4 gh-x"),
    (":tada: a:b 10:20", ":\u{2060}tada: a:b 10:20"),
    ("a\nb", "a ⏎ b"), ("\u{202E}x", "\\<U+202E\\>x")
  ])
  func `text in Markdown is escaped and on one line`(text: String, expected: String) {
    var expected = expected
    if text.hasPrefix(":tada") { expected = "\\" + expected }
    #expect(
      Array(MarkupLanguage.markdown.line(text).utf8) == Array(expected.utf8), "\(MarkupLanguage.markdown.line(text))")
  }

  @Test(arguments: [
    ("t-1", "`t-1`"), ("orch show <x> *y*", "`orch show <x> *y*`"), ("a | b", "a \\| b"), ("`a`", "\\`a\\`"),
    ("a\\", "a\\\\"), (" a", "a"), ("", "")
  ])
  func `code in Markdown has back-ticks enough`(text: String, expected: String) {
    #expect(MarkupLanguage.markdown.code(text) == expected)
  }

  @Test func `a block is a quotation in Markdown`() {
    let body = "# one\r\ntwo\\\n\n    four <b>\n```\n1. x\n\n"
    #expect(
      MarkupLanguage.markdown.block(body)
        == "> \\# one\\\n> two\\\\\n>\n> \u{A0}\u{A0}\u{A0}\u{A0}four \\<b\\>\\\n> \\`\\`\\`\\\n> 1\\. x")
  }

  @Test(arguments: [
    ("company-agent", "company-agent"), ("openclaw:discord", "openclaw:discord"), ("kpi#3", "kpi#3"),
    ("01hx/3f2a91c4", "01hx/3f2a91c4"), ("my_agent", "my_agent"), ("집재규", "집재규"),
    ("https://x.y/z", "https:\u{2060}//x.y/z"), ("www.x.y", "www\u{2060}.x.y"), ("#12", "\\#\u{2060}12"),
    ("a <b@c.d>", "a \\<b@\u{2060}c.d\\>"), ("a\nAuthor: forged", "a ⏎ Author: forged")
  ])
  func `a trailer is one line`(value: String, expected: String) {
    #expect(MarkdownText.trailer(value) == expected)
  }

  @Test(arguments: [
    ("attempt 1 home-agent", "attempt 1 home-agent"), ("a: b; c # d %%e", "a b c d e"), ("한글 \"x\" `y`\nz", "한글 x y z"),
    ("<b>", "b"), (":::", "-"), ("", "-"), ("café_1.2-3", "café_1.2-3")
  ])
  func `labels of Mermaid hold no syntax`(text: String, expected: String) {
    #expect(MermaidText.label(text) == expected)
  }

  /// Linear: a text twice as long takes about twice as long, and 64 KiB of Hangul are nothing.
  @Test func `long texts are written in linear time`() {
    let hangul = String(repeating: "가나다라 마바사\n", count: 2980)
    let colons = String(repeating: ":a", count: 32768)
    for text in [hangul, colons, String(repeating: "`", count: 65536), String(repeating: "[", count: 65536)] {
      for language in [MarkupLanguage.html, .markdown] {
        _ = language.line(text)
        _ = language.block(text)
        _ = language.code(text)
      }
    }
  }
}
