import OrchApp
import OrchCore

/// When each task was worked on and judged: what a chart of a report draws, and the table beside it says.
struct Timeline {
  /// How much is drawn at most; beyond that a chart says nothing any more.
  static let limit = 200

  struct Group {
    let task: String
    /// Nil of a task that is none of the report's.
    let title: String?
    var items: [Item]
  }

  struct Item {
    enum Kind {
      case attempt(number: Int, isEnded: Bool)
      /// Stale: of other content than what is submitted now.
      case approval(isStale: Bool)
      case rejection
    }

    let kind: Kind
    /// Whose attempt or verdict it is.
    let agent: String?
    let start: Instant
    /// Of a verdict its start, of an attempt that still goes on the time of the report.
    let end: Instant
    /// How an attempt ended, or the verdict, in the reader's language.
    let outcome: String
  }

  private(set) var groups: [Group] = []
  private(set) var start = Instant(milliseconds: .max)
  private(set) var end = Instant(milliseconds: .min)
  private(set) var attempts = 0
  private(set) var verdicts = 0
  /// How many more there are than are drawn.
  private(set) var omitted = 0

  /// Nil where there is nothing to draw.
  init?(_ page: ReportPage) {
    let report = page.report
    for run in report.attempts {
      let attempt = run.attempt
      let item = Item(
        kind: .attempt(number: attempt.number, isEnded: attempt.endedAt != nil), agent: attempt.agent.map(page.name),
        start: attempt.startedAt, end: max(attempt.startedAt, attempt.endedAt ?? report.now),
        outcome: page.outcome(attempt))
      if add(item, run.task, report) { attempts += 1 }
    }
    for review in report.reviews where review.verdict == .approved || review.verdict == .rejected {
      let isStale = review.verdict == .approved && review.isStale
      let item = Item(
        kind: review.verdict == .approved ? .approval(isStale: isStale) : .rejection,
        agent: review.reviewer.map(page.name), start: review.at, end: review.at,
        outcome: isStale ? page.localized(.reportVerdictApprovedStale) : page.label(review.verdict))
      if add(item, review.task, report) { verdicts += 1 }
    }
    guard !groups.isEmpty else { return nil }
    for index in groups.indices { groups[index].items.sort { $0.start < $1.start } }
  }

  private mutating func add(_ item: Item, _ task: String, _ report: Report) -> Bool {
    guard attempts + verdicts < Self.limit else {
      omitted += 1
      return false
    }
    start = min(start, item.start)
    end = max(end, item.end)
    if let index = groups.firstIndex(where: { $0.task == task }) {
      groups[index].items.append(item)
    } else {
      let title = report.tasks.first { $0.task.id == task }?.task.title
      groups.append(Group(task: task, title: title, items: [item]))
    }
    return true
  }

  /// At least a millisecond, so that something can be divided by it.
  var milliseconds: Int64 { max(1, end - start) }
}

extension ReportPage {
  var timeline: TemplateValue {
    guard let timeline = Timeline(self) else { return .nothing }
    let zones = [text.zone(timeline.start), text.zone(timeline.end)]
    let zone = zones[0] == zones[1] ? zones[0] : zones.joined(separator: ", ")
    return .object([
      "mermaid": .markup(mermaid(timeline)), "svg": .markup(svg(timeline)),
      "description": .text(description(timeline)), "zone": .text(localized(.reportTimelineZone(zone: zone))),
      "more": timeline.omitted == 0
        ? .nothing : .text(localized(.reportTimelineMore(count: timeline.omitted))),
      "rows": .list(
        timeline.groups.flatMap { group in
          group.items.map { item in
            .object([
              "task": .code(group.task), "what": .text(label(item)), "start": date(item.start),
              "end": item.hasEnd ? date(item.end) : .nothing, "outcome": .text(item.outcome)
            ])
          }
        })
    ])
  }

  func description(_ timeline: Timeline) -> String {
    localized(
      .reportTimelineDescription(
        attempts: Message.countAttempts(count: timeline.attempts),
        reviews: Message.countReviews(count: timeline.verdicts), start: text.longDate(timeline.start),
        end: text.longDate(timeline.end)))
  }

  /// `attempt 2 home-agent`, `approved company-agent`.
  func label(_ item: Timeline.Item) -> String {
    switch item.kind {
    case .attempt(let number, _): localized(.reportTimelineBar(number: number, agent: item.agent ?? "?"))
    case .approval, .rejection: "\(item.outcome) \(item.agent ?? "?")"
    }
  }
}

extension Timeline.Item {
  /// Of an attempt that has ended; a verdict takes no time.
  var hasEnd: Bool { if case .attempt(_, isEnded: true) = kind { true } else { false } }
}
