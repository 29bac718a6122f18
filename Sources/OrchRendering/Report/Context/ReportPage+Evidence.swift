import OrchGit
import OrchApp
import OrchCore

extension ReportPage {
  var commits: TemplateValue {
    .rows(
      report.commits.map { commit in
        .object([
          "oid": short(commit.oid), "subject": .text(commit.subject), "task": .code(commit.task),
          "agent": .text(commit.agent.map(name) ?? commit.author), "reviewer": name(commit.reviewer),
          "when": date(commit.date), "size": .text(commit.diff.map { "+\($0.insertions) −\($0.deletions)" }),
          "files": .text(commit.diff.map { words("files", ["count": String($0.files)]) }),
          "state": .text(commit.state.rawValue), "stateLabel": .text(stateLabel(commit)),
          "isSuperseded": .flag(commit.isSuperseded)
        ])
      })
  }

  private func stateLabel(_ commit: TracedCommit) -> String {
    words("commit.\(commit.state.rawValue)", ["oid": String((commit.rewrittenTo ?? "?").prefix(10))])
  }

  /// What was observed.
  var checks: TemplateValue {
    .rows(
      report.checks.map { check in
        .object([
          "name": .text(check.name), "task": .code(check.task), "result": .text(result(check)),
          "mark": .text(check.hasPassed ? "✔" : check.exitStatus == 0 ? "▲" : "✖"),
          "outcome": .text(check.hasPassed ? "passed" : check.exitStatus == 0 ? "dirty" : "failed"),
          "isEarlier": .flag(!check.isPresent), "isRequired": .flag(check.isRequired), "command": .code(check.command),
          "duration": .text(reader.duration(milliseconds: check.durationMilliseconds)), "when": date(check.at),
          "by": name(check.by), "commit": short(check.oid), "tree": short(check.tree),
          "output": short(check.outputHash)
        ])
      })
  }

  private func result(_ check: CheckView) -> String {
    if check.exitStatus != 0 { return words("failed", ["status": String(check.exitStatus)]) }
    return words(check.dirty ? "dirty" : "passed")
  }

  /// What somebody only said.
  var claims: TemplateValue {
    .rows(
      report.claims.map { claim in
        .object([
          "kind": .text(words("claim.\(claim.kind.rawValue)")), "task": .code(claim.task), "by": name(claim.by),
          "when": date(claim.at), "text": .remark(claim.text), "event": short(claim.event)
        ])
      })
  }

  var actions: TemplateValue {
    .rows(
      report.actions.map { action in
        .object([
          "task": .code(action.task), "owner": .text(action.owner.map(name) ?? words("anybody")),
          "text": .remark(action.text), "event": short(action.event)
        ])
      })
  }

  var decisions: TemplateValue {
    .rows(
      report.decisions.map { decision in
        let event = decision.entry.event
        return .object([
          "key": .text(decision.key), "value": .remark(decision.value), "because": .remark(event.data.string(.because)),
          "by": name(event.roles.actor), "when": date(event.at), "event": short(decision.id)
        ])
      })
  }
}
