import OrchApp
import OrchCore

/// A report in one language: what its templates are filled with.
///
/// Every object has all its members wherever it stands; what there is nothing to say of is `nothing`.
struct ReportPage {
  let report: Report
  /// With the user's own texts of reports.
  let text: TextRenderer

  /// The sections are nothing where there is nothing in them.
  func context() -> TemplateValue {
    .object([
      "language": .text(text.strings.language.code), "words": text.strings.templateWords, "title": .text(report.title),
      "scope": .text(scope), "project": .text(report.project), "reader": .text(report.reader.map(name)),
      "generated": date(report.now), "needs": needs, "status": status, "tasks": tasks, "agents": agents,
      "commits": commits, "hasEvidence": .flag(!report.checks.isEmpty || !report.claims.isEmpty), "checks": checks,
      "claims": claims, "actions": actions, "decisions": decisions, "attempts": attempts, "timeline": timeline,
      "hasReviews": .flag(!report.reviews.isEmpty || !report.handoffs.isEmpty), "reviews": reviews,
      "handoffs": handoffs, "anchor": anchor, "trailers": trailers
    ])
  }

  func localized(_ message: Message) -> String { text.localized(message) }

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
      "long": .text(text.longDate(instant)), "short": .text(text.shortDate(instant)), "iso": .text(instant.iso8601),
      "date": .text(text.date(text.local(instant))), "clock": .text(text.clock(instant))
    ])
  }

  /// The beginning of an id that is long.
  func short(_ id: String?) -> TemplateValue { .code(id.map { String($0.prefix(10)) }) }

  func short(_ event: EventID?) -> TemplateValue { short(event?.hex) }

  // MARK: Head and end

  private var scope: String {
    let message: Message =
      switch report.scope {
      case .tasks(let ids) where ids.count == 1: .reportScopeTask(task: ids[0])
      case .tasks(let ids): .reportScopeTasks(count: ids.count)
      case .session(let session): .reportScopeSession(session: session)
      case .time(let since, nil): .reportScopeSince(since: text.longDate(since))
      case .time(let since, let until?):
        .reportScopeBetween(since: text.longDate(since), until: text.longDate(until))
      case .range(let range): .reportScopeRange(range: range)
      case .open: .reportScopeOpen
      }
    return localized(message)
  }

  private var anchor: TemplateValue {
    .object([
      "log": .code(report.anchor.logID), "command": .code(report.anchor.command.text),
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
