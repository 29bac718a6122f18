import OrchCore

extension ReportPage {
  /// A chart in HTML: a row a bar, and over each task its name. Its colours are the template's, by class; shapes and
  /// labels say the same.
  func svg(_ timeline: Timeline) -> Markup {
    let rows = timeline.groups.reduce(0) { $0 + 1 + $1.items.count }
    let height = SVGChart.top + rows * SVGChart.row + SVGChart.bottom
    var chart: Markup = """
      <svg role="img" aria-labelledby="timeline-title timeline-description" \
      viewBox="0 0 \(SVGChart.width) \(height)" width="\(SVGChart.width)" height="\(height)">
      <title id="timeline-title">\(html: localized(.reportTimeline))</title>
      <desc id="timeline-description">\(html: description(timeline))</desc>

      """
    for tick in 0...SVGChart.ticks {
      let x = SVGChart.left + (SVGChart.right - SVGChart.left) * tick / SVGChart.ticks
      let time = timeline.start.adding(milliseconds: timeline.milliseconds * Int64(tick) / Int64(SVGChart.ticks))
      let anchor: Markup = tick == 0 ? "start" : tick == SVGChart.ticks ? "end" : "middle"
      chart += """
        <line class="grid" x1="\(x)" y1="\(SVGChart.top - 4)" x2="\(x)" y2="\(height - SVGChart.bottom)"/>
        <text class="tick" x="\(x)" y="\(SVGChart.top - 10)" text-anchor="\(anchor)">\(html: tickLabel(time, timeline))</text>

        """
    }
    var y = SVGChart.top
    for group in timeline.groups {
      let name = Terminal.truncated([group.task, group.title ?? ""].joined(separator: "  "), columns: 100)
      chart += """
        <text class="group" x="0" y="\(y + SVGChart.baseline)">\(html: name)</text>

        """
      y += SVGChart.row
      for item in group.items {
        chart += row(item, timeline, y)
        y += SVGChart.row
      }
    }
    chart += "</svg>"
    return chart
  }

  private func row(_ item: Timeline.Item, _ timeline: Timeline, _ y: Int) -> Markup {
    let x = SVGChart.x(item.start, timeline)
    let label = Terminal.truncated(label(item), columns: 36)
    var row: Markup = """
      <text class="label" x="12" y="\(y + SVGChart.baseline)">\(html: label)</text>

      """
    let middle = y + SVGChart.row / 2
    switch item.kind {
    case .attempt(_, let isEnded):
      let width = max(4, SVGChart.x(item.end, timeline) - x)
      let style: Markup = isEnded ? "bar" : "bar open"
      row += """
        <rect class="\(style)" x="\(min(x, SVGChart.right - 4))" y="\(y + 5)" width="\(width)" height="\(SVGChart.row - 10)" rx="2"/>

        """
      // Beside the bar, on the side where there is more room.
      let end = x + width
      let isRight = SVGChart.right - end >= x - SVGChart.left
      let anchor: Markup = isRight ? "start" : "end"
      row += """
        <text class="outcome" x="\(isRight ? end + 6 : x - 6)" y="\(y + SVGChart.baseline)" \
        text-anchor="\(anchor)">\(html: Terminal.truncated(item.outcome, columns: 24))</text>

        """
    case .approval(let isStale):
      let style: Markup = isStale ? "approval stale" : "approval"
      row += """
        <path class="\(style)" d="M\(x) \(middle - 7)l7 7l-7 7l-7 -7z"/>

        """
    case .rejection:
      row += """
        <path class="rejection" d="M\(x - 5) \(middle - 5)l10 10M\(x + 5) \(middle - 5)l-10 10"/>

        """
    }
    return row
  }

  private func tickLabel(_ time: Instant, _ timeline: Timeline) -> String {
    let local = text.local(time)
    let clock = "\(text.two(local.hour)):\(text.two(local.minute))"
    let seconds = timeline.milliseconds < 600_000 ? ":\(text.two(local.second))" : ""
    return "\(text.two(local.month))-\(text.two(local.day)) \(clock)\(seconds)"
  }
}

/// The chart's measures, in pixels of its own.
private enum SVGChart {
  static let width = 1000
  static let left = 300
  static let right = 990
  static let top = 32
  static let bottom = 8
  static let row = 26
  /// From a row's top to the line its text stands on.
  static let baseline = 18
  static let ticks = 4

  static func x(_ time: Instant, _ timeline: Timeline) -> Int {
    let share = Double(time - timeline.start) / Double(timeline.milliseconds)
    return left + Int((Double(right - left) * share).rounded())
  }
}
