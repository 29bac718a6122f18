/// What a report is written as.
package enum ReportFormat: String, CaseIterable, Sendable {
  case md, html, json
  /// The body of a pull request, in Markdown, with the trailers last.
  case pr
}
