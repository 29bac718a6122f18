package import OrchApp
import OrchCore
import OrchStore

extension TextRenderer {
  /// An entry as `orch log` shows it, ending with an empty line.
  package func entry(_ line: LogLine) throws -> String {
    let entry = try line.recorded.entry()
    let event = entry.event
    var lines = [
      name(localized(.logEvent(id: line.recorded.id.hex.prefix(10))))
        + " (\(entry.session)\(line.logSuffix ?? "") #\(entry.seq))"
    ]
    func field(_ label: Message, _ value: String) {
      lines.append(Terminal.padded(localized(label), columns: 10) + value)
    }
    if event.roles.actor != event.roles.author { field(.logActor, self.line(event.roles.actor ?? "-")) }
    field(.logAuthor, self.line(event.roles.author ?? "-"))
    if let reviewer = event.roles.reviewer { field(.logReviewer, self.line(reviewer)) }
    if let source = event.roles.source { field(.logSource, self.line(source)) }
    field(.logDate, gitDate(event.at))
    if let oid = event.commit?.oid {
      field(.logCommit, "\(self.line(String(oid.prefix(7))))\(line.commitSubject.map { " " + excerpt($0, 200) } ?? "")")
    }
    lines.append("")
    lines.append("    " + subject(event, of: line.logSuffix, title: line.title))
    for text in details(event) { lines.append("    " + text) }
    return lines.joined(separator: "\n")
  }

  /// An entry on one line.
  package func oneline(_ line: LogLine) throws -> String {
    let event = try line.recorded.entry().event
    let time = local(event.at)
    let parts = [
      name(String(line.recorded.id.hex.prefix(10))), "\(date(time)) \(minutes(time))",
      self.line(event.roles.actor ?? "-"), event.type.rawValue,
      event.type.isUnknown ? "(\(localized(.logUnknown)))" : nil, event.task.map { $0 + (line.logSuffix ?? "") },
      line.title.map { excerpt($0, 200) }
    ]
    return parts.compactMap { $0 }.joined(separator: " ")
  }

  /// `task.claimed t-7k2f9q3h  Implement the schema (attempt 1, fence 3)`.
  private func subject(_ event: Event, of log: String?, title: String?) -> String {
    var text = event.type.rawValue
    if let task = event.task { text += " \(task)\(log ?? "")" }
    if let title { text += "  \(excerpt(title, 300))" }
    let marks: [Message?] = [
      event.type.isUnknown ? .logUnknown : nil,
      event.data.int(.attempt).map { .logAttempt(number: $0) }, event.fence.map { .logFence(fence: $0) },
      event.data.bool(.late) ? .logLate : nil, event.data.bool(.forced) ? .logForced : nil
    ]
    let shown = marks.compactMap { $0 }.map { localized($0) }
    return shown.isEmpty ? text : text + " (\(shown.joined(separator: ", ")))"
  }

  /// What people said in the event.
  private func details(_ event: Event) -> [String] {
    let plain: [EventKey] = [.message, .why, .text]
    let labelled: [(EventKey, (String) -> Message)] = [
      (.code, { .logCode(text: $0) }), (.lastAction, { .logLast(text: $0) }), (.nextAction, { .logNext(text: $0) }),
      (.note, { .logNote(text: $0) }), (.to, { .logTo(text: $0) }), (.restate, { .logRestated(text: $0) }),
      (.display, { .logDisplay(text: $0) }), (.role, { .logRole(text: $0) })
    ]
    return commits(event) + plain.compactMap { event.data.string($0).map { excerpt($0, 500) } }
      + labelled.compactMap { key, label in event.data.string(key).map { localized(label(excerpt($0, 500))) } }
  }

  /// Which commit was linked, or became which.
  private func commits(_ event: Event) -> [String] {
    func short(_ oid: String) -> String { String(oid.prefix(10)) }
    if let link = CommitLink(event) {
      let state = link.state == .linked ? "" : " (\(localized(.commitStateUnverified)))"
      let lost = link.isSuperseded ? " (\(localized(.traceSuperseded)))" : ""
      return ["\(short(link.oid)) \(excerpt(link.subject, 200))\(state)\(lost)"]
    }
    guard let rewrite = CommitRewrite(event) else { return [] }
    guard let new = rewrite.new else { return ["\(short(rewrite.old)) → ? (\(rewrite.reason.rawValue))"] }
    return ["\(short(rewrite.old)) → \(short(new)) (\(rewrite.reason.rawValue))"]
  }

  /// The placeholders of `formatted`, the longest first.
  package static let placeholders = [
    "%an", "%ad", "%at", "%rn", "%sn", "%a", "%H", "%h", "%s", "%t", "%T", "%c", "%d", "%n", "%%"
  ]

  /// An entry in a format with placeholders.
  package func formatted(_ line: LogLine, _ format: String) throws -> String {
    let entry = try line.recorded.entry()
    let event = entry.event
    var text = ""
    var rest = format[...]
    while let percent = rest.firstIndex(of: "%") {
      text += rest[..<percent]
      rest = rest[percent...]
      guard let code = Self.placeholders.first(where: { rest.hasPrefix($0) }) else {
        text += "%"
        rest = rest.dropFirst()
        continue
      }
      rest = rest.dropFirst(code.count)
      text += value(code, line.recorded, entry, event)
    }
    return text + rest
  }

  private func value(_ code: String, _ recorded: StoredEvent, _ entry: LogEntry, _ event: Event) -> String {
    switch code {
    case "%H": recorded.id.hex
    case "%h": String(recorded.id.hex.prefix(10))
    case "%s": entry.session
    case "%a": line(event.roles.actor ?? "")
    case "%an": line(event.roles.author ?? "")
    case "%rn": line(event.roles.reviewer ?? "")
    case "%sn": line(event.roles.source ?? "")
    case "%ad": machineGitDate(event.at)
    case "%at": String(event.at.milliseconds / 1000)
    case "%t": event.type.rawValue
    case "%T": event.task ?? ""
    case "%c": line(event.commit?.oid ?? "")
    case "%d": Terminal.escaped(event.data.json.text())
    case "%n": "\n"
    default: "%"
    }
  }
}
