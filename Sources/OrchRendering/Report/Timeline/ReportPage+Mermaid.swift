import OrchCore

extension ReportPage {
  /// The source of a Mermaid gantt chart, on the clock of the reader's wall.
  func mermaid(_ timeline: Timeline) -> Markup {
    var chart: Markup = "gantt\n  dateFormat YYYY-MM-DD HH:mm:ss\n  axisFormat %m-%d %H:%M"
    // What took no time would not be seen.
    let least = max(1000, timeline.milliseconds / 100)
    for group in timeline.groups {
      chart += "\n  section \(label: [group.task, group.title ?? ""].joined(separator: " "))"
      for item in group.items {
        let start = time(item.start)
        switch item.kind {
        case .attempt(_, let isEnded):
          let tag: Markup = isEnded ? "done" : "active"
          let end = time(max(item.end, item.start.adding(milliseconds: least)))
          chart += "\n  \(label: label(item)) :\(tag), \(start), \(end)"
        case .approval: chart += "\n  \(label: label(item)) :milestone, \(start), 0d"
        case .rejection: chart += "\n  \(label: label(item)) :crit, milestone, \(start), 0d"
        }
      }
    }
    return chart
  }

  private func time(_ instant: Instant) -> Markup { Markup(time: text.wallClock(instant)) }
}

extension Markup {
  /// Digits, and what stands between those of a time; anything else is left out.
  fileprivate init(time: String) {
    self = ""
    for byte in time.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): self += "\(Int(byte - UInt8(ascii: "0")))"
      case UInt8(ascii: "-"): self += "-"
      case UInt8(ascii: ":"): self += ":"
      case UInt8(ascii: " "): self += " "
      default: break
      }
    }
  }
}
