import OrchGit
package import OrchApp
import OrchCore
import OrchStore

extension TextRenderer {
  /// One task of `trace`.
  package func trace(_ trace: Trace) -> String {
    var lines: [String] = []
    if let task = trace.task {
      lines.append(
        "\(name(task.id))  \(excerpt(task.title, 300))   \(localized(task.visibleState(at: trace.now).message))")
      let reviewers = task.reviewers.map { line($0) }.joined(separator: ", ")
      let roles = [
        task.createdBy.map { localized(.traceAskedBy(agent: line($0))) },
        task.source.map { localized(.fieldSource(source: line($0))) },
        reviewers.isEmpty ? nil : localized(.fieldReviewers(reviewers: reviewers))
      ].compactMap { $0 }
      if !roles.isEmpty { lines.append("  " + roles.joined(separator: "   ")) }
      for attempt in trace.attempts {
        let end: Message =
          attempt.outcome.map {
            .attemptEnded(outcome: outcome($0), at: attempt.endedAt.map { clock($0, now: trace.now) } ?? "")
          } ?? .attemptOpen
        let text = Message.traceAttempt(
          number: attempt.number, fence: attempt.fence, agent: line(attempt.agent ?? "?"), end: end)
        lines.append("  " + localized(text))
      }
    } else {
      lines.append(localized(.traceNoTask))
    }
    if trace.commits.isEmpty { lines.append("  " + localized(.traceNoCommits)) }
    for commit in trace.commits { lines.append("  " + self.commit(commit)) }
    return lines.joined(separator: "\n")
  }

  private func commit(_ commit: TracedCommit) -> String {
    let who = [
      commit.agent.map { line($0) }, commit.reviewer.map { localized(.fieldReviewers(reviewers: line($0))) }
    ].compactMap { $0 }.joined(separator: ", ")
    var text = "\(name(String(commit.oid.prefix(10))))  \(state(commit))  \(excerpt(commit.subject, 200))"
    if !who.isEmpty { text += "   \(who)" }
    if let diff = commit.diff {
      text +=
        "  "
        + localized(.traceSize(count: diff.files, insertions: diff.insertions, deletions: diff.deletions))
    }
    if commit.isSuperseded { text += "   " + localized(.traceSuperseded) }
    return text
  }

  private func state(_ commit: TracedCommit) -> String {
    let label = localized(commit.state.label)
    switch commit.state {
    case .rewritten: return rewritten(to: commit.rewrittenTo ?? "?")
    case .unverified, .elsewhere: return commit.task.map { "\(label) (\(line($0)))" } ?? label
    case .linked, .unresolved, .untracked: return label
    }
  }

  private func rewritten(to oid: String) -> String { localized(.commitStateRewrittenTo(commit: oid.prefix(10))) }

  /// What `link` did with a commit.
  package func link(_ entry: LinkReport.Entry) -> String {
    let what = entry.rewrittenTo.map { rewritten(to: $0) } ?? localized(entry.state.label)
    return "\(name(String(entry.oid.prefix(10))))  \(what)  \(line(entry.task))  \(excerpt(entry.subject, 200))"
  }

  /// That `link` did nothing.
  package func unlinked(_ report: LinkReport) -> String { localized(.linkNothing(count: report.visited)) }

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

extension CommitState {
  /// As texts call it.
  var label: Message {
    switch self {
    case .linked: .commitStateLinked
    case .rewritten: .commitStateRewritten
    case .unresolved: .commitStateUnresolved
    case .unverified: .commitStateUnverified
    case .elsewhere: .commitStateElsewhere
    case .untracked: .commitStateUntracked
    }
  }
}

extension StringProtocol {
  fileprivate var trimmed: String {
    var text = Substring(self)
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
