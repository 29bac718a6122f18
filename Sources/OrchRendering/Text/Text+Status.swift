package import OrchApp
import OrchCore

extension Reader {
  private static let rows = 50

  package func status(_ status: Status) -> String {
    var lines: [String] = []
    let held = zip(status.sessions, status.titles).filter { $0.0.session.lease?.isStale(at: status.now) == false }
    lines += capped(held.map { self.held($0.0, $0.1, status) })
    let counts = VisibleState.allCases.compactMap { state -> String? in
      guard let count = status.counts[state], count > 0 else { return nil }
      return "\(state.rawValue) \(count)"
    }
    lines.append(
      label(say("tasks", "작업")) + (counts.isEmpty ? say("none", "없음") : counts.joined(separator: "   ")))
    lines += capped(status.stale.map { label(say("stale", "만료")) + recovery($0, planned: true) })
    lines += capped(
      status.alerts.filter { $0.code != .stale }.map { label(alarm(say("alert", "경고"))) + alert($0) })
    if !status.stale.isEmpty { lines.append(label(say("then", "다음")) + "orch recover") }
    return lines.joined(separator: "\n")
  }

  private func held(_ view: SessionView, _ title: String, _ status: Status) -> String {
    guard let lease = view.session.lease else { return "" }
    let session = view.session
    // Its log where another one has a session of this name.
    let logID = session.alias.map { String($0.dropFirst(session.id.count)) } ?? ""
    return label(say("held", "점유"))
      + "\(lease.task)\(logID)  \(excerpt(title, 100))   \(lease.agent) @ \(line(lease.host))"
      + (lease.instance.map { " \(line($0))" } ?? "")
      + "   \(left(lease, status.now)), \(say("seen", "최근")) \(ago(lease.heartbeatAt, now: status.now))"
  }

  /// Nothing at all when there is nothing.
  package func brief(_ brief: Brief) -> String {
    guard !brief.isEmpty else { return "" }
    var lines: [String] = []
    lines += capped(
      brief.held.map {
        label(say("you hold", "점유 중"))
          + "\($0.task.shownID)  \(excerpt($0.task.title, 200))   \(left($0.lease, brief.now))"
      })
    lines += capped(brief.handoffs.map { label(say("offered", "인계 제안")) + row($0, lease: nil, at: brief.now) })
    lines += capped(brief.reviews.map { label(say("to review", "검토 대기")) + row($0, lease: nil, at: brief.now) })
    lines += capped(brief.assigned.map { label(say("for you", "담당 작업")) + row($0, lease: nil, at: brief.now) })
    lines += capped(
      brief.decisions.map {
        label(say("decided", "결정"))
          + "\(line($0.key))=\(line($0.value)) (\(line($0.entry.event.roles.actor ?? "?")))"
      })
    lines += capped(brief.alerts.map { label(alarm(say("alert", "경고"))) + alert($0) })
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
    lines.append(label(say("then", "다음")) + next)
    return lines.joined(separator: "\n")
  }

  private func alert(_ alert: Alert) -> String {
    "\(alert.code.rawValue)   \(alert.task ?? alert.session ?? "")   \(line(alert.message))"
  }

  private func label(_ text: String) -> String {
    let plain = text.hasPrefix("\u{1B}") ? 9 : 0
    return Terminal.padded(text, columns: LabeledText.indent + plain)
  }

  private func capped(_ lines: [String]) -> [String] {
    guard lines.count > Self.rows else { return lines }
    let more = lines.count - Self.rows
    return lines.prefix(Self.rows) + [label("…") + say("and \(more) more", "외 \(more)건")]
  }

  package func verification(_ result: Verification) -> String {
    var lines = result.findings.prefix(200).map { finding in
      let place = [
        finding.session.map { line($0) }, finding.seq.map { "#\($0)" }, finding.event.map { String($0.prefix(10)) }
      ]
      .compactMap { $0 }.joined(separator: " ")
      return alarm(say("problem", "문제")) + "  \(place.isEmpty ? "" : place + ": ")\(line(finding.problem))"
    }
    if result.findings.count > 200 {
      lines.append(say("… and \(result.findings.count - 200) more", "… 외 \(result.findings.count - 200)건"))
    }
    lines.append(
      result.isSound
        ? say(
          "sound: \(result.events) events in \(result.sessions) sessions, replayed and equal",
          "이상 없음: 세션 \(result.sessions)개의 이벤트 \(result.events)건을 재생해 상태와 일치함")
        : say(
          "\(result.findings.count) problems in \(result.events) events of \(result.sessions) sessions",
          "세션 \(result.sessions)개, 이벤트 \(result.events)건에서 문제 \(result.findings.count)건"))
    lines.append("\(say("head", "헤드"))  \(result.head)")
    if result.anchors.isEmpty {
      lines.append(
        say(
          "not anchored outside: keep this head elsewhere, and later  orch verify --expect HEAD",
          "외부에 고정된 헤드 없음: 이 헤드를 다른 곳에 보관한 뒤  orch verify --expect HEAD"))
    }
    for anchor in result.anchors { lines.append("\(say("anchor", "고정점"))  \(line(anchor))") }
    return lines.joined(separator: "\n")
  }
}
