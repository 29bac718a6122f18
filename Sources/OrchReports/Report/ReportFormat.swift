/// What a report is written as.
public enum ReportFormat: String, CaseIterable, Sendable {
  case md, html, json
  /// The body of a pull request, in Markdown, with the trailers last.
  case pr
}
