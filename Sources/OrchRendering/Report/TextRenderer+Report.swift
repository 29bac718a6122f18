package import OrchApp
import OrchCore
import Templates

extension TextRenderer {
  /// A report, ended by a line feed.
  ///
  /// - Parameter directory: where the user's own templates and words are, see `Templates.load`; nil for none.
  /// - Throws: `TemplateError` where one of the user's files is wrong, `UnreadableTemplate` where it cannot be read.
  package func report(_ report: Report, as format: ReportFormat, overridesIn directory: String?) throws -> String {
    switch format {
    case .json: JSON.report(report).text() + "\n"
    case .md: try filled("report.md", .markdown, report, directory)
    case .pr: try filled("report.pr.md", .markdown, report, directory)
    case .html: try filled("report.html", .html, report, directory)
    }
  }

  private func filled(
    _ name: String, _ language: MarkupLanguage, _ report: Report, _ directory: String?
  ) throws -> String {
    let builtIn = Templates.file(name) ?? []
    let bytes = try Templates.load(name, overridesIn: directory) ?? builtIn
    // An error names the file that its author knows.
    let file = bytes == builtIn ? name : directory.map { "\($0)/\(name)" } ?? name
    let texts = TextRenderer(strings: try strings.withOwnReportTexts(in: directory), isColoured: isColoured)
    let page = ReportPage(report: report, text: texts)
    return try Template(bytes, name: file).filled(page.context(), in: language)
  }
}
