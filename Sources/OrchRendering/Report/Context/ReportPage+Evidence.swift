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
          "files": .text(commit.diff.map { localized(.reportFiles(count: $0.files)) }),
          "state": .text(commit.state.rawValue), "stateLabel": .text(stateLabel(commit)),
          "isSuperseded": .flag(commit.isSuperseded)
        ])
      })
  }

  private func stateLabel(_ commit: TracedCommit) -> String {
    let message: Message =
      switch commit.state {
      case .linked: .reportCommitLinked
      case .rewritten: .reportCommitRewritten(oid: (commit.rewrittenTo ?? "?").prefix(10))
      case .unresolved: .reportCommitUnresolved
      case .unverified: .reportCommitUnverified
      case .elsewhere: .reportCommitElsewhere
      case .untracked: .reportCommitUntracked
      }
    return localized(message)
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
          "duration": .text(text.duration(milliseconds: check.durationMilliseconds)), "when": date(check.at),
          "by": name(check.by), "commit": short(check.oid), "tree": short(check.tree),
          "output": short(check.outputHash)
        ])
      })
  }

  private func result(_ check: CheckView) -> String {
    localized(
      check.exitStatus != 0
        ? .reportFailed(status: check.exitStatus) : check.dirty ? .reportDirty : .reportPassed)
  }

  /// What somebody only said.
  var claims: TemplateValue {
    .rows(
      report.claims.map { claim in
        .object([
          "kind": .text(label(claim.kind)), "task": .code(claim.task), "by": name(claim.by),
          "when": date(claim.at), "text": .comment(claim.text), "event": short(claim.event)
        ])
      })
  }

  private func label(_ kind: Statement.Kind) -> String {
    let message: Message =
      switch kind {
      case .release: .reportClaimRelease
      case .checkpoint: .reportClaimCheckpoint
      case .note: .reportClaimNote
      }
    return localized(message)
  }

  var actions: TemplateValue {
    .rows(
      report.actions.map { action in
        .object([
          "task": .code(action.task), "owner": .text(action.owner.map(name) ?? localized(.reportAnybody)),
          "text": .comment(action.text), "event": short(action.event)
        ])
      })
  }

  var decisions: TemplateValue {
    .rows(
      report.decisions.map { decision in
        let event = decision.entry.event
        return .object([
          "key": .text(decision.key), "value": .comment(decision.value),
          "because": .comment(event.data.string(.because)),
          "by": name(event.roles.actor), "when": date(event.at), "event": short(decision.id)
        ])
      })
  }
}
