import OrchGit
package import OrchApp
import OrchCore
import OrchStore

extension Reader {
  /// What `trace` says of one task.
  package func trace(_ trace: Trace) -> String {
    var lines: [String] = []
    if let task = trace.task {
      lines.append("\(name(task.id))  \(excerpt(task.title, 300))   \(state(task.visibleState(at: trace.now)))")
      let reviewers = task.reviewers.map { line($0) }.joined(separator: ", ")
      let roles = [
        task.createdBy.map { say("asked by ", "요청 ") + line($0) }, task.source.map { say("source ", "출처 ") + line($0) },
        reviewers.isEmpty ? nil : say("reviewer ", "검토자 ") + reviewers
      ].compactMap { $0 }
      if !roles.isEmpty { lines.append("  " + roles.joined(separator: "   ")) }
      for attempt in trace.attempts {
        let end = attempt.outcome.map { "\($0) \(attempt.endedAt.map { clock($0, now: trace.now) } ?? "")" }
        lines.append(
          "  "
            + say(
              "attempt \(attempt.number), fence \(attempt.fence): ", "시도 \(attempt.number), 펜스 \(attempt.fence): ")
            + "\(line(attempt.agent ?? "?")), \(end ?? say("not ended", "끝나지 않음"))")
      }
    } else {
      lines.append(say("of no task", "작업 없음"))
    }
    if trace.commits.isEmpty { lines.append("  " + say("no commits", "커밋 없음")) }
    for commit in trace.commits { lines.append("  " + self.commit(commit)) }
    return lines.joined(separator: "\n")
  }

  private func commit(_ commit: TracedCommit) -> String {
    let size = commit.diff.map {
      "  \($0.files)\($0.files == 1 ? say(" file", "개 파일") : say(" files", "개 파일")) +\($0.insertions) −\($0.deletions)"
    }
    let who = [commit.agent.map { line($0) }, commit.reviewer.map { say("reviewer ", "검토자 ") + line($0) }]
      .compactMap { $0 }.joined(separator: ", ")
    var text = "\(name(String(commit.oid.prefix(10))))  \(state(commit))  \(excerpt(commit.subject, 200))"
    if !who.isEmpty { text += "   \(who)" }
    if let size { text += size }
    if commit.isSuperseded { text += say("   made under a lost lease", "   잃은 임대로 만든 커밋") }
    return text
  }

  private func state(_ commit: TracedCommit) -> String {
    switch commit.state {
    case .rewritten: "rewritten → \(commit.rewrittenTo.map { String($0.prefix(10)) } ?? "?")"
    case .unverified: commit.task.map { "unverified (\(line($0)))" } ?? "unverified"
    case .elsewhere: commit.task.map { "elsewhere (\(line($0)))" } ?? "elsewhere"
    case .linked, .unresolved, .untracked: commit.state.rawValue
    }
  }

  private func state(_ state: VisibleState) -> String { state.rawValue }

  /// What `link` did with a commit.
  package func link(_ entry: LinkReport.Entry) -> String {
    let what = entry.rewrittenTo.map { "rewritten → \($0.prefix(10))" } ?? entry.state.rawValue
    return "\(name(String(entry.oid.prefix(10))))  \(what)  \(line(entry.task))  \(excerpt(entry.subject, 200))"
  }

  /// That `link` did nothing.
  package func unlinked(_ report: LinkReport) -> String {
    say(
      "nothing new to link in \(report.visited) \(report.visited == 1 ? "commit" : "commits")",
      "커밋 \(report.visited)개에 새로 이을 것이 없음")
  }

  /// The lines of a file with who wrote them.
  package func blame(_ lines: [BlamedLine]) -> String {
    func columns(_ text: (BlamedLine) -> String) -> Int {
      min(28, lines.map { Terminal.columns(text($0)) }.max() ?? 0)
    }
    func agent(_ line: BlamedLine) -> String {
      self.line(line.commit.agent ?? line.commit.author.prefix { $0 != "<" }.trimmed)
    }
    func task(_ line: BlamedLine) -> String {
      let task = self.line(line.commit.task ?? "-")
      return line.commit.state == .linked || line.commit.task == nil ? task : "\(task)?"
    }
    func reviewer(_ line: BlamedLine) -> String { self.line(line.commit.reviewer ?? "-") }
    let widths = (columns(agent), columns(task), columns(reviewer), String(lines.count).count)
    return lines.map { line in
      [
        name(String(line.commit.oid.prefix(10))), Terminal.padded(agent(line), columns: widths.0),
        Terminal.padded(task(line), columns: widths.1), Terminal.padded(reviewer(line), columns: widths.2),
        String(repeating: " ", count: max(0, widths.3 - String(line.number).count)) + "\(line.number))",
        Terminal.escaped(line.text)
      ].joined(separator: " ")
    }.joined(separator: "\n")
  }
}

extension StringProtocol {
  fileprivate var trimmed: String {
    var text = Substring(self)
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
