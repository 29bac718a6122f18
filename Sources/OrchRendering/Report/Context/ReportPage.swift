import OrchApp
import OrchCore

/// A report as one reader sees it: what its templates are filled with.
///
/// Every object has all its members wherever it stands; what there is nothing to say of is `nothing`.
struct ReportPage {
  let report: Report
  let reader: Reader
  let words: StringTable

  /// The sections are nothing where there is nothing in them.
  func context() -> TemplateValue {
    .object([
      "language": .text(reader.language.rawValue), "words": words.value, "title": .text(report.title),
      "scope": .text(scope), "project": .text(report.project), "reader": .text(report.reader.map(name)),
      "generated": date(report.now), "needs": needs, "status": status, "tasks": tasks, "agents": agents,
      "commits": commits, "hasEvidence": .flag(!report.checks.isEmpty || !report.claims.isEmpty), "checks": checks,
      "claims": claims, "actions": actions, "decisions": decisions, "attempts": attempts, "timeline": timeline,
      "hasReviews": .flag(!report.reviews.isEmpty || !report.handoffs.isEmpty), "reviews": reviews,
      "handoffs": handoffs, "anchor": anchor, "trailers": trailers
    ])
  }

  // MARK: Parts of sections

  /// `회사재규 (company-agent)` where the agent is called otherwise.
  func name(_ agent: String) -> String {
    guard let display = report.displays[agent], !display.isEmpty, display != agent else { return agent }
    return "\(display) (\(agent))"
  }

  func name(_ agent: String?) -> TemplateValue { .text(agent.map(name)) }

  func names(_ agents: [String]) -> TemplateValue {
    agents.isEmpty ? .nothing : .text(agents.map(name).joined(separator: ", "))
  }

  /// A date in the reader's zone, and as machines read it.
  func date(_ instant: Instant?) -> TemplateValue {
    guard let instant else { return .nothing }
    return .object([
      "long": .text(reader.longDate(instant)), "short": .text(reader.shortDate(instant)), "iso": .text(instant.iso8601),
      "date": .text(reader.date(reader.local(instant))), "clock": .text(reader.clock(instant))
    ])
  }

  /// The beginning of an id that is long.
  func short(_ id: String?) -> TemplateValue { .code(id.map { String($0.prefix(10)) }) }

  func short(_ event: EventID?) -> TemplateValue { short(event?.hex) }

  // MARK: Head and end

  private var scope: String {
    switch report.scope {
    case .tasks(let ids) where ids.count == 1: words("scope.task", ["task": ids[0]])
    case .tasks(let ids): words("scope.tasks", ["count": String(ids.count)])
    case .session(let session): words("scope.session", ["session": session])
    case .time(let since, nil): words("scope.since", ["since": reader.longDate(since)])
    case .time(let since, let until?):
      words("scope.between", ["since": reader.longDate(since), "until": reader.longDate(until)])
    case .range(let range): words("scope.range", ["range": range])
    case .open: words("scope.open")
    }
  }

  private var anchor: TemplateValue {
    .object([
      "log": .code(report.anchor.logID), "command": .code(report.anchor.command),
      "heads": .rows(
        report.anchor.heads.map { head in
          .object([
            "session": .code(head.session), "events": .number(head.events), "id": .code(head.id.hex)
          ])
        })
    ])
  }

  private var trailers: TemplateValue {
    var block: Markup = ""
    for line in report.trailers where !line.value.isEmpty {
      if !block.text.isEmpty { block += "\n" }
      block += "\(trailer: line.key): \(trailer: line.value)"
    }
    return .markup(block)
  }
}
