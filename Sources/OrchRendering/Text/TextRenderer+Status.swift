package import OrchApp
import OrchCore

extension TextRenderer {
  private static let rows = 50

  package func status(_ status: Status) -> String {
    var lines: [String] = []
    let held = zip(status.sessions, status.titles).filter { $0.0.session.lease?.isStale(at: status.now) == false }
    lines += capped(held.map { self.held($0.0, $0.1, status) })
    let counts = VisibleState.allCases.compactMap { state -> String? in
      guard let count = status.counts[state], count > 0 else { return nil }
      return "\(localized(state.message)) \(count)"
    }
    lines.append(
      label(.labelTasks) + (counts.isEmpty ? localized(.valueNone) : counts.joined(separator: "   ")))
    lines += capped(status.stale.map { label(.labelStale) + recovery($0, planned: true) })
    lines += capped(status.alerts.filter { $0.code != .stale }.map { alert($0) })
    if !status.stale.isEmpty { lines.append(label(.labelThen) + "orch recover") }
    return lines.joined(separator: "\n")
  }

  private func held(_ view: SessionView, _ title: String, _ status: Status) -> String {
    guard let lease = view.session.lease else { return "" }
    let session = view.session
    // Its log where another one has a session of this name.
    let logID = session.alias.map { String($0.dropFirst(session.id.count)) } ?? ""
    return label(.labelHeld)
      + "\(lease.task)\(logID)  \(excerpt(title, 100))   \(lease.agent) @ \(line(lease.host))"
      + (lease.instance.map { " \(line($0))" } ?? "")
      + "   \(left(lease, status.now)), \(seen(lease.heartbeatAt, status.now))"
  }

  /// Nothing at all when there is nothing.
  package func brief(_ brief: Brief) -> String {
    guard !brief.isEmpty else { return "" }
    var lines: [String] = []
    lines += capped(
      brief.held.map {
        label(.labelYouHold)
          + "\($0.task.shownID)  \(excerpt($0.task.title, 200))   \(left($0.lease, brief.now))"
      })
    lines += capped(brief.handoffs.map { label(.labelOffered) + row($0, lease: nil, at: brief.now) })
    lines += capped(brief.reviews.map { label(.labelToReview) + row($0, lease: nil, at: brief.now) })
    lines += capped(brief.assigned.map { label(.labelForYou) + row($0, lease: nil, at: brief.now) })
    lines += capped(brief.decisions.map { label(.labelDecided) + decision($0) })
    lines += capped(brief.alerts.map { alert($0) })
    let next =
      if !brief.held.isEmpty {
        "orch resume"
      } else if let offered = brief.handoffs.first {
        "orch handoff accept \(offered.shownID) --restate …"
      } else if let review = brief.reviews.first {
        "orch show \(review.shownID) | orch review approve|reject \(review.shownID) -m …"
      } else {
        brief.assigned.isEmpty ? "orch claim" : "orch claim \(brief.assigned[0].shownID)"
      }
    lines.append(label(.labelThen) + next)
    return lines.joined(separator: "\n")
  }

  private func alert(_ alert: Alert) -> String {
    let padding = Terminal.padded("", columns: LabeledText.indent - Terminal.columns(localized(.labelAlert)))
    return alarm(localized(.labelAlert)) + padding
      + "\(localized(alert.code.message))   \(alert.task ?? alert.session ?? "")   \(line(localized(alert.message)))"
  }

  /// A label with the blanks that align what follows it.
  private func label(_ label: Message) -> String { Terminal.padded(localized(label), columns: LabeledText.indent) }

  /// `seen 5 min ago`.
  func seen(_ instant: Instant, _ now: Instant) -> String { localized(.statusSeen(ago: ago(instant, now: now))) }

  private func capped(_ lines: [String]) -> [String] {
    guard lines.count > Self.rows else { return lines }
    let more = Terminal.padded("…", columns: LabeledText.indent)
    return lines.prefix(Self.rows) + [more + localized(.statusMore(count: lines.count - Self.rows))]
  }

  package func verification(_ result: Verification) -> String {
    var lines = result.findings.prefix(200).map { finding in
      let place = [
        finding.session.map { line($0) }, finding.seq.map { "#\($0)" }, finding.event.map { String($0.prefix(10)) }
      ]
      .compactMap { $0 }.joined(separator: " ")
      return alarm(localized(.verifyProblem))
        + "  \(place.isEmpty ? "" : place + ": ")\(line(localized(finding.problem)))"
    }
    if result.findings.count > 200 {
      lines.append(localized(.verifyMore(count: result.findings.count - 200)))
    }
    lines.append(
      localized(
        result.isSound
          ? .verifySound(
            events: Message.countEvents(count: result.events), sessions: Message.countSessions(count: result.sessions))
          : .verifyUnsound(
            count: result.findings.count, events: Message.countEvents(count: result.events),
            sessions: Message.countSessions(count: result.sessions))))
    lines.append("\(localized(.verifyHead))  \(result.head)")
    if result.anchors.isEmpty { lines.append(localized(.verifyNotAnchored(command: "orch verify --expect HEAD"))) }
    for anchor in result.anchors { lines.append("\(localized(.verifyAnchor))  \(line(localized(anchor)))") }
    return lines.joined(separator: "\n")
  }
}
