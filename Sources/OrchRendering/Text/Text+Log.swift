package import OrchApp
import OrchCore
import OrchStore

extension Reader {
  /// An entry as `orch log` shows it, ending with an empty line.
  package func entry(_ line: LogLine) throws -> String {
    let entry = try line.recorded.entry()
    let event = entry.event
    var lines = [
      name("event \(line.recorded.id.hex.prefix(10))") + " (\(entry.session)\(line.logSuffix ?? "") #\(entry.seq))"
    ]
    if event.roles.actor != event.roles.author { lines.append("Actor:    \(self.line(event.roles.actor ?? "-"))") }
    lines.append("Author:   \(self.line(event.roles.author ?? "-"))")
    if let reviewer = event.roles.reviewer { lines.append("Reviewer: \(self.line(reviewer))") }
    if let source = event.roles.source { lines.append("Source:   \(self.line(source))") }
    lines.append("Date:     \(gitDate(event.at))")
    if let oid = event.commit?.oid {
      lines.append("Commit:   \(oid.prefix(7))\(line.commitSubject.map { " " + excerpt($0, 200) } ?? "")")
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
      name(String(line.recorded.id.hex.prefix(10))), "\(date(time)) \(two(time.hour)):\(two(time.minute))",
      self.line(event.roles.actor ?? "-"), event.type.rawValue, event.task.map { $0 + (line.logSuffix ?? "") },
      line.title.map { excerpt($0, 200) }
    ]
    return parts.compactMap { $0 }.joined(separator: " ")
  }

  /// `task.claimed t-7k2f9q3h  Implement the schema (attempt 1, fence 3)`.
  private func subject(_ event: Event, of log: String?, title: String?) -> String {
    var text = event.type.rawValue
    if let task = event.task { text += " \(task)\(log ?? "")" }
    if let title { text += "  \(excerpt(title, 300))" }
    let numbers = [
      event.data.int(.attempt).map { "attempt \($0)" }, event.fence.map { "fence \($0)" },
      event.data.bool(.late) ? "late" : nil, event.data.bool(.forced) ? "forced" : nil
    ].compactMap { $0 }
    return numbers.isEmpty ? text : text + " (\(numbers.joined(separator: ", ")))"
  }

  /// What people said in the event.
  private func details(_ event: Event) -> [String] {
    let shown: [(EventKey, String)] = [
      (.message, ""), (.why, ""), (.text, ""), (.code, "code "), (.lastAction, "last "), (.nextAction, "next "),
      (.note, "note "), (.to, "to "), (.restate, "restated "), (.display, "shown as "), (.role, "role ")
    ]
    return commits(event) + shown.compactMap { key, label in event.data.string(key).map { label + excerpt($0, 500) } }
  }

  /// Which commit was linked, or became which.
  private func commits(_ event: Event) -> [String] {
    func short(_ oid: String) -> String { String(oid.prefix(10)) }
    if let link = CommitLink(event) {
      let standing = link.standing == .linked ? "" : " (\(link.standing.rawValue))"
      let lost = link.isSuperseded ? " (made under a lost lease)" : ""
      return ["\(short(link.oid)) \(excerpt(link.subject, 200))\(standing)\(lost)"]
    }
    guard let rewrite = CommitRewrite(event) else { return [] }
    guard let new = rewrite.new else { return ["\(short(rewrite.old)) → ? (\(rewrite.reason.rawValue))"] }
    return ["\(short(rewrite.old)) → \(short(new)) (\(rewrite.reason.rawValue))"]
  }

  /// The placeholders of `formatted`, the longest first, as the help lists them.
  package static let placeholders: [(code: String, meaning: String)] = [
    ("%an", "author"), ("%ad", "date"), ("%at", "date as seconds since 1970"), ("%rn", "reviewer"), ("%sn", "source"),
    ("%a", "actor"), ("%H", "event id"), ("%h", "its first 10 digits"), ("%s", "session"), ("%t", "type"),
    ("%T", "task"), ("%c", "commit"), ("%d", "data, as JSON"), ("%n", "new line"), ("%%", "a per cent sign")
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
      guard let code = Self.placeholders.first(where: { rest.hasPrefix($0.code) })?.code else {
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
    case "%ad": gitDate(event.at)
    case "%at": String(event.at.milliseconds / 1000)
    case "%t": event.type.rawValue
    case "%T": event.task ?? ""
    case "%c": event.commit?.oid ?? ""
    case "%d": Terminal.escaped(event.data.json.text())
    case "%n": "\n"
    default: "%"
    }
  }
}
