import OrchTestSupport

/// The files that the checks are checked with: good ones, and ones with a fault. All go through one browser.
enum HarnessPages {
  struct Checked: Sendable {
    /// By the file's name.
    var outcomes: [String: ReportHarness.Outcome] = [:]
    /// Of the good page.
    var pictures: [(name: String, bytes: [UInt8])] = []
  }

  static let checked = Result<Checked, any Error> {
    let scratch = Files.makeScratch()
    defer { Files.remove(scratch) }
    func file(_ name: String, _ text: String) throws -> String { try Files.write(text, to: scratch + "/" + name) }
    var jobs: [ReportHarness.Job] = [
      .html(try file("good.html", page), lang: "en", texts: ["인수인계 <b>"]),
      .html(try file("text.html", page), views: [.light], texts: ["not there"], isPictured: false),
      .html(try file("korean.html", page), lang: "ko", views: [.light], isPictured: false),
      .markdown(try file("good.md", markdown), bars: [2], texts: ["@someone 인수인계 #1"]),
      .markdown(try file("body.md", "# What\n\nText.\n\n\(trailers)"), codeBlocks: [], trailers: true),
      .markdown(try file("trailers.md", "# What\n"), trailers: true),
      .markdown(try file("trailer.md", "# What\n\n\(trailers)no trailer\n"), trailers: true),
      .markdown(try file("text.md", "A *no* emphasis.\n"), texts: ["*no* emphasis"]),
      .markdown(try file("diagram.md", "```mermaid\ngantt\n  nonsense ::\n```\n")),
      .mermaid(try file("good.mmd", diagram), bars: 2, texts: ["one", "둘", "보고"]),
      .mermaid(try file("bars.mmd", diagram), bars: 3, texts: ["three"]),
      .mermaid(try file("broken.mmd", "gantt\n  nonsense\n")),
      .mermaid(try file("clicked.mmd", diagram + "  click a1 href \"https://example.org\"\n")),
      .mermaid(try file("other.mmd", "flowchart LR\n  a --> b\n"))
    ]
    for fault in pageFaults {
      jobs.append(.html(try file(fault.name + ".html", fault.made(of: page)), views: fault.views, isPictured: false))
    }
    for (name, text) in markdownFaults { jobs.append(.markdown(try file(name + ".md", text))) }
    var checked = Checked()
    for (outcome, job) in zip(try ReportHarness.check(jobs, screenshots: scratch + "/shots"), jobs) {
      checked.outcomes[String(job.path.dropFirst(scratch.utf8.count + 1))] = outcome
    }
    checked.pictures = try (checked.outcomes["good.html"]?.files ?? []).map {
      (String($0.dropFirst(scratch.utf8.count + "/shots/".utf8.count)), try Files.read($0))
    }
    return checked
  }

  private static let policy =
    "<meta http-equiv=\"Content-Security-Policy\" "
    + "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"

  private static let page = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <title>Report</title>
    \(policy)
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <style>
    :root { color-scheme: light dark; color: #111; background: #fff; }
    @media (prefers-color-scheme: dark) { :root { color: #eee; background: #111; } a { color: #9cf; } }
    .box { overflow-x: auto; container-type: inline-size; }
    @media print { .box { overflow: visible; } }
    </style>
    </head>
    <body>
    <main>
    <h1 id="top">Report</h1>
    <p><a href="#top">Up</a> <span lang="ko">인수인계 &lt;b&gt;</span></p>
    <h2>Tasks</h2>
    <div class="box" tabindex="0" role="region" aria-label="All tasks">
    <table><caption>Tasks</caption>
    <thead><tr><th scope="col">Task</th><th scope="col">State</th></tr></thead>
    <tbody><tr><th scope="row">T1</th><td>done</td></tr></tbody></table>
    </div>
    <svg role="img" aria-label="Times" viewBox="0 0 9 9" width="9" height="9"><path d="M0 0h9" stroke="#246"/></svg>
    <img alt="A point" src="\(point)" width="9" height="9">
    </main>
    </body>
    </html>

    """

  private static let point = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="

  /// A page with a fault: texts of the good one and what stands there instead.
  struct PageFault: Sendable {
    var name: String
    var views: [ReportHarness.View]
    var changes: [(String, String)]

    init(_ name: String, views: [ReportHarness.View] = [.light], _ changes: [(String, String)]) {
      (self.name, self.views, self.changes) = (name, views, changes)
    }

    func made(of page: String) -> String {
      changes.reduce(page) { page, change in
        precondition(page.contains(change.0), "\(name): the page has no \(change.0)")
        return page.replacing(change.0, with: change.1, maxReplacements: 1)
      }
    }
  }

  private static let pageFaults: [PageFault] = [
    PageFault("image", [(policy, ""), (point, "http://127.0.0.1:9/x.png")]),
    PageFault("sheet", [(".box {", ".box { background: url(http://127.0.0.1:9/y.png);")]),
    PageFault("link", [("href=\"#top\"", "href=\"https://example.org\"")]),
    PageFault("script", [("</main>", "</main><script>document.title = 'x'</script>")]),
    PageFault("ran", [(policy, ""), ("</main>", "</main><script>document.title = 'x'</script>")]),
    PageFault("handler", [("<p>", "<p onclick=\"x()\">")]),
    PageFault("scriptlink", [("href=\"#top\"", "href=\" JavaScript:x()\"")]),
    PageFault("alt", [("alt=\"A point\" ", "")]),
    PageFault("drawing", [(" aria-label=\"Times\"", "")]),
    PageFault("lang", [("<html lang=\"en\">", "<html>")]),
    PageFault("heading", [("<h2>Tasks</h2>", "<h3>Tasks</h3>")]),
    PageFault("contrast", views: [.light, .dark], [("a { color: #9cf; }", "a { color: #333; }")]),
    PageFault(
      "wide", views: [.light, .narrow],
      [("<h2>", "<p style=\"width: 700px\">wide</p><h2>"), ("<style>", "<style>body { margin: 0; }")]),
    PageFault(
      "viewport", views: [.narrow],
      [("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">", "")]),
    PageFault("hidden", views: [.narrow], [("<style>", "<style>body { overflow-x: hidden; }")]),
    PageFault(
      "cut", views: [.print],
      [("overflow: visible", "overflow: auto"), ("<caption>", "<caption style=\"width: 900px\">")]),
    PageFault("broken", [("</table>", "</div></table></b>")]),
    PageFault("style", [("#111; background", "#111; colr: red; background")]),
    PageFault(
      "inventory",
      [("<p>", "<p contenteditable=\"true\">"), ("</main>", "<iframe title=\"x\"></iframe></main>")]),
    PageFault("refresh", [("<title>", "<meta http-equiv=\"refresh\" content=\"900\"><title>")]),
    PageFault("ids", [("<h2>", "<h2 id=\"top\">"), ("<a href=\"#top\">", "<a href=\"#none\">")]),
    PageFault("table", [("<caption>Tasks</caption>", ""), ("<th scope=\"col\">Task", "<th>Task")])
  ]

  private static let diagram = """
    gantt
      title 보고
      dateFormat x
      axisFormat %H:%M
      section T1
      one :a1, 1700000000000, 1700000600000
      둘 :crit, a2, 1700000600000, 1700000900000

    """

  private static let markdown = """
    # Report

    Said at 10:20 by \\<b\\> @\u{2060}someone: `@someone 인수인계 #1`, commit 0123456789abcdef, \\*not\\* emphasis.

    | Task | State |
    | --- | --- |
    | T1 | a \\| b |

    ```mermaid
    \(diagram)```

    """

  private static let trailers = "Task: T1\nAuthor: Kim <kim@example.org>\nOrch-Log: 01ab\n"

  private static let markdownFaults = [
    ("autolink", "See www.example.org now.\n"), ("mail", "Ask a@example.org now.\n"), ("image", "![x](x.png)\n"),
    ("block", "<div>\nx\n</div>\n"), ("inline", "A <b>bold</b> word.\n"), ("footnote", "A[^1]\n\n[^1]: note\n"),
    ("mention", "Ask 한글@someone.\n"), ("issue", "Since #12 and gh-7 GH-7.\n"), ("emoji", "Nice :tada: here.\n"),
    ("math", "From $a to b$ here.\n"), ("fence", "```sh\nls\n```\n"), ("indent", "    code\n"),
    ("table", "| a | b |\n| - | - |\n| 1 | 2 | 3 |\n| 4 |\n"), ("notable", "| a | b |\n| --- |\n| 1 | 2 |\n"),
    ("heading", "# a\n\n### b\n")
  ]
}
