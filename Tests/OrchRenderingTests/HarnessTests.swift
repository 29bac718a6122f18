import OrchTestSupport
import Testing

/// A check that cannot fail is worth nothing: what is good passes, and each fault is found.
@Suite("The checks of reports", .needsBrowser)
struct HarnessTests {
  @Test func `pass a good page, and picture it`() throws {
    let outcome = try found("good.html")
    #expect(outcome.findings == [])
    #expect(outcome.pages == 1)
    let pictures = try HarnessPages.checked.get().pictures
    #expect(pictures.map(\.name) == ["good-light.png", "good-dark.png", "good-narrow.png", "good-print.pdf"])
    #expect(Set(pictures.map(\.bytes)).count == pictures.count && pictures.allSatisfy { $0.bytes.count > 1000 })
  }

  @Test func `pass good Markdown and its diagram`() throws {
    let outcome = try found("good.md")
    #expect(outcome.findings == [])
    #expect(outcome.bars == [2])
    #expect(try found("body.md").findings == [])
  }

  @Test func `find what is fetched`() throws {
    try expect("image.html", "request: http://127.0.0.1:9/x.png")
    try expect("image.html", "address: src='http://127.0.0.1:9/x.png' of img")
    try expect("sheet.html", "css: url(http://127.0.0.1:9/y.png")
    try expect("sheet.html", "console:")
  }

  @Test func `find an external link`() throws { try expect("link.html", "address: href='https://example.org' of a") }

  @Test func `find a script, with the policy and without it`() throws {
    try expect("script.html", "script: a script element")
    try expect("script.html", "script: document.scripts has 1")
    try expect("script.html", "console:")
    try expect("ran.html", "script: one ran")
    try expect("ran.html", "policy: []")
  }

  @Test func `find a handler`() throws { try expect("handler.html", "script: handler onclick of p") }

  @Test func `find a link to a script`() throws { try expect("scriptlink.html", "script: href=' JavaScript:") }

  @Test func `find an image without an alternative`() throws {
    try expect("alt.html", "alt: an img without alt")
    try expect("alt.html", "light: axe image-alt")
  }

  @Test func `find a drawing without a name`() throws { try expect("drawing.html", "alt: an svg") }

  @Test func `find a page without a language, and one in another`() throws {
    try expect("lang.html", "lang: none")
    try expect("lang.html", "light: axe html-has-lang")
    try expect("korean.html", "lang: 'en'")
  }

  @Test func `find a jump in the headings`() throws {
    try expect("heading.html", "heading: h3 'Tasks' follows h1")
    try expect("heading.html", "light: axe heading-order")
  }

  @Test func `find a low contrast, also where only one scheme has it`() throws {
    try expect("contrast.html", "dark: axe color-contrast")
    #expect(try !found("contrast.html").findings.contains { $0.contains("light: axe color-contrast") })
  }

  @Test func `find a page that is too wide`() throws {
    try expect("wide.html", "narrow: the page is 700 px wide")
    #expect(try !found("wide.html").findings.contains { $0.contains("light: the page") })
    try expect("viewport.html", "narrow: the page is ")
    try expect("hidden.html", "narrow: hidden overflow of body")
  }

  @Test func `find what is cut off in print`() throws { try expect("cut.html", "print: cut off: div.box") }

  @Test func `find broken HTML, by both parsers`() throws {
    try expect("broken.html", "html: line ")
    try expect("broken.html", "nu: line ")
    try expect("style.html", "nu: line 9: CSS: “colr”")
  }

  @Test func `find what the inventory does not have`() throws {
    try expect("inventory.html", "inventory: element iframe")
    try expect("inventory.html", "inventory: attribute contenteditable of p")
    try expect("refresh.html", "meta: refresh")
  }

  @Test func `find an id twice, and one that is not there`() throws {
    try expect("ids.html", "id: 'top' twice")
    try expect("ids.html", "id: '#none' leads nowhere")
  }

  @Test func `find a table without caption and scope`() throws {
    try expect("table.html", "table 1: no caption")
    try expect("table.html", "table 1: th 'Task' without scope")
  }

  @Test func `find a text that is not shown`() throws {
    try expect("text.html", "text: 'not there' is not shown")
    try expect("text.md", "text: '*no* emphasis' is not shown")
  }

  @Test(
    arguments: [
      ("autolink", "markdown: line 1: link 'http://www.example.org'"), ("autolink", "filter: address"),
      ("mail", "link 'mailto:a@example.org'"), ("image", "markdown: line 1: image 'x.png'"),
      ("block", "markdown: line 1: html_block"), ("inline", "markdown: line 1: html_inline '<b>'"),
      ("footnote", "footnote"), ("mention", "filter: mention"), ("issue", "filter: issue: '#12'"),
      ("issue", "filter: issue by GH-: 'GH-7'"), ("emoji", "filter: emoji"), ("math", "filter: mathematics"),
      ("fence", "markdown: line 1: code block 'sh'"), ("indent", "markdown: line 1: code block ''"),
      ("table", "table: line 3: 3 cells, 2 columns"), ("table", "table: line 4: 1 cells, 2 columns"),
      ("notable", "table: line 1: not read as one"), ("heading", "heading: line 3: h3 follows h1"),
      ("trailers", "trailer: '' is none"), ("trailer", "trailer: 'no trailer' is none")
    ])
  func `find in Markdown`(name: String, finding: String) throws { try expect(name + ".md", finding) }

  @Test func `find a diagram that does not parse`() throws {
    try expect("broken.mmd", "mermaid: ")
    try expect("diagram.md", "mermaid: ")
    try expect("clicked.mmd", "mermaid: it has a command")
    try expect("other.mmd", "mermaid: flowchart-v2, not gantt")
  }

  @Test func `find a bar that is missing`() throws {
    try expect("bars.mmd", "mermaid: 2 bars, not 3")
    try expect("bars.mmd", "text: 'three' is not shown")
    #expect(try found("good.mmd").findings == [])
  }

  private func found(_ name: String) throws -> ReportHarness.Outcome {
    try #require(try HarnessPages.checked.get().outcomes[name])
  }

  private func expect(_ name: String, _ finding: String, at place: SourceLocation = #_sourceLocation) throws {
    let found = try found(name).findings
    #expect(found.contains { $0.contains(finding) }, "\(name): \(found)", sourceLocation: place)
  }
}
