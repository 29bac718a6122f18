import OrchApp
import OrchCore

extension ReportPage {
  /// What waits for somebody.
  var needs: TemplateValue {
    .rows(
      report.needs.map { need in
        .object([
          "kind": .text(need.kind.rawValue), "text": .text(sentence(need)), "task": .code(need.task),
          "title": .text(need.title), "who": names(need.who), "when": .text(time(need)),
          // A check's name stands in the sentence.
          "detail": need.kind == .check ? .nothing : .remark(need.detail), "command": .code(need.command)
        ])
      })
  }

  private func sentence(_ need: Report.Need) -> String {
    let key = "need.\(need.kind.rawValue)"
    let who = need.who.map(name).joined(separator: ", ")
    let detail = need.detail ?? "?"
    guard !who.isEmpty else { return words(key, ["detail": detail]) }
    if words.has("\(key).who") { return words("\(key).who", ["who": who, "detail": detail]) }
    return words("need.others", ["sentence": words(key, ["detail": detail]), "who": who])
  }

  private func time(_ need: Report.Need) -> String? {
    guard let at = need.at else { return nil }
    return words(need.kind == .offer ? "need.until" : "need.since", ["at": reader.longDate(at)])
  }

  /// How things stand, with a mark whose shape says it, too.
  var status: TemplateValue {
    let level = report.standing.level
    let mark =
      switch level {
      case .onTrack: "●"
      case .watch: "▲"
      case .blocked: "■"
      }
    let reasons = report.standing.reasons.map { words("reason.\($0.code.rawValue)", ["count": String($0.count)]) }
    return .object([
      "level": .text(level.rawValue), "label": .text(words("status.\(level.rawValue)")), "mark": .text(mark),
      "reasons": reasons.isEmpty ? .nothing : .text(reasons.joined(separator: ", "))
    ])
  }
}
