import OrchApp
import OrchCore
import OrchRendering
import OrchTestSupport
import Testing

@Suite("Report: whole")
struct ReportTests {
  private func written(
    _ report: Report, _ format: ReportFormat, _ language: Language = .english, overridesIn directory: String? = nil
  ) throws -> String {
    try TextRenderer(strings: StringTable(language)).report(report, as: format, overridesIn: directory)
  }

  /// The strings of a JSON document.
  private func strings(_ json: JSON) -> Set<String> {
    switch json {
    case .string(let text): [text]
    case .array(let elements): elements.reduce(into: []) { $0.formUnion(strings($1)) }
    case .object(let members):
      members.reduce(into: []) {
        $0.insert($1.key)
        $0.formUnion(strings($1.value))
      }
    default: []
    }
  }

  @Test func `JSON holds every text that the other formats show`() throws {
    var texts: Set<String> = []
    let report = ReportFixtures.filled { place in
      texts.insert("<\(place)>")
      return "<\(place)>"
    }
    let json = strings(try JSON.parse(try written(report, .json)))
    #expect(texts.count > 55)
    for language in Language.builtIn {
      let html = try written(report, .html, language)
      for text in texts {
        // A command is written as a shell takes it.
        #expect(json.contains(text) || json.contains(ShellWord.escaped(text)), "\(text) is not in JSON")
        let isShown = html.contains("&lt;\(text.dropFirst().dropLast())&gt;")
        // The author as git has it stands for an agent; trailers are for the body of a pull request.
        #expect(isShown || text.hasPrefix("<trailer.") || text == "<task.session>", "\(text) is not in HTML")
      }
    }
  }

  @Test func `no key stands for a text`() throws {
    for language in Language.builtIn {
      let words = try written(ReportFixtures.filled { "x\($0)" }, .html, language)
      for key in ["need.", "reason.", "state.", "verdict.", "handoff.", "claim.", "outcome.", "submission.", "commit."]
      {
        #expect(!words.contains(">\(key)"), "\(key)")
        #expect(!words.contains(" \(key)"), "\(key)")
      }
    }
  }

  @Test func `empty sections are left out`() throws {
    let markdown = try written(ReportFixtures.empty, .md)
    let titles = markdown.split(separator: "\n").filter { $0.hasPrefix("#") }
    #expect(titles == ["# kpi", "## Needs you", "## Anchor"])
    let html = try written(ReportFixtures.empty, .html)
    #expect(!html.contains("<table") && !html.contains("<svg") && !html.contains("id=\"commits\""))
    #expect(try written(ReportFixtures.empty, .pr) == "## How it was checked\n\nNo check was observed.\n")
  }

  @Test func `sections stand in their order`() throws {
    let markdown = try written(ReportFixtures.rich, .md)
    let titles = markdown.split(separator: "\n").filter { $0.hasPrefix("## ") }.map { $0.dropFirst(3) }
    #expect(
      titles == [
        "Needs you", "Summary", "Commits", "Checks and claims", "Action list", "Decisions in force", "Attempts",
        "Timeline", "Review and read-back", "Anchor"
      ])
    let html = try written(ReportFixtures.rich, .html, #require(Language("ko", overridesIn: nil)))
    #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"ko\">"))
    #expect(html.contains("검토담당 (review-agent)이 검토할 차례"))
    #expect(html.contains("검토 없이 완료됨") && html.contains("작성자가 작업하던 곳에서 승인함"))
  }

  @Test func `trailers are the last paragraph of a pull request`() throws {
    for language in Language.builtIn {
      let body = try written(ReportFixtures.rich, .pr, language)
      #expect(
        body.hasSuffix(
          """


          Author: company-agent
          Reviewer: review-agent
          Source: openclaw:discord
          Orch-Task: t-7k2f9q3h
          Orch-Lease: kpi#3

          """))
      let hostile = try written(ReportFixtures.hostile, .pr, language)
      let last = hostile.split(separator: "\n", omittingEmptySubsequences: false).dropLast().split(separator: "").last
      #expect(last?.map { $0.prefix { $0 != ":" } } == ["Author", "Source", "Orch-Task"])
    }
  }

  @Test func `a pull request without tasks names its commits`() throws {
    var report = ReportFixtures.rich
    report.tasks = []
    #expect(try written(report, .pr).hasPrefix("## What\n\n- `3f2a91c4b7` feat: "))
  }

  @Test func `nothing gets through raw`() throws {
    for language in Language.builtIn {
      let html = try written(ReportFixtures.hostile, .html, language)
      for raw in [
        "<script", "<img", "<a href='x'", "<!-- ", "</textarea", "javascript:alert(2)\"", "\u{202E}", "\u{1B}", "\u{1}"
      ] {
        #expect(!html.contains(raw), "\(raw)")
      }
      #expect(html.contains("{{#tasks}} {{/tasks}} {{{title}}} {{&gt;x}} {0}"))
      let markdown = try written(ReportFixtures.hostile, .md, language)
      #expect(markdown.split(separator: "\n").filter { $0.hasPrefix("```") } == ["```mermaid", "```"])
      #expect(!markdown.contains("://evil") && !markdown.contains("\u{1B}"))
      let chart = markdown.split(separator: "```mermaid\n")[1].split(separator: "\n```")[0]
      for line in chart.split(separator: "\n").dropFirst(3) {
        #expect(line.hasPrefix("  section ") || line.split(separator: " :").count == 2, "\(line)")
        #expect(!line.contains("%%") && !line.contains(";") && !line.contains("#") && !line.contains("`"))
      }
    }
  }

  @Test func `a template of the user gets nothing raw`() throws {
    let home = Files.makeScratch()
    defer { Files.remove(home) }
    try Files.write("<p title=\"{{title}}\">{{title}}</p>{{#timeline}}{{svg}}{{/timeline}}", to: "\(home)/report.html")
    let html = try written(ReportFixtures.hostile, .html, overridesIn: home)
    #expect(!html.contains("<script") && !html.contains("<img") && html.contains("<svg"))
    try Files.write("\n{{#tasks}}\n{{{title}}}\n{{/tasks}}", to: "\(home)/report.html")
    #expect {
      try written(ReportFixtures.rich, .html, overridesIn: home)
    } throws: {
      ($0 as? TemplateError)?.message.english == "\(home)/report.html:3: no value can be had without escaping"
    }
  }

  @Test func `a timeline draws a limited number of bars`() throws {
    var report = ReportFixtures.rich
    report.attempts = (0..<250).map { _ in report.attempts[0] }
    let html = try written(report, .html)
    #expect(html.contains("52 more are not drawn."))
    #expect(html.split(separator: "<rect").count == 201)
  }

  @Test func `attempts that took no time are drawn`() throws {
    var report = ReportFixtures.rich
    report.attempts = [report.attempts[0]]
    report.attempts[0].attempt.endedAt = report.attempts[0].attempt.startedAt
    report.reviews = []
    #expect(try written(report, .html).contains(" width=\"4\" "))
    let markdown = try written(report, .md)
    #expect(
      markdown.split(separator: "\n").contains {
        $0.contains(" :done, ") && $0.contains(":00, ") && $0.hasSuffix(":01")
      })
  }
}
