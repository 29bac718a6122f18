package import OrchApp
package import OrchCore
package import OrchGit
import OrchStore

extension JSON {
  /// What `trace` says of one task, or of commits that are none's.
  package static func trace(_ trace: Trace) -> JSON {
    .object([
      "task": trace.task.map { .task($0, lease: trace.lease, at: trace.now) } ?? .null,
      "attempts": .array(trace.attempts.map { .attempt($0) }), "commits": .array(trace.commits.map { .commit($0) }),
      "events": .array(trace.events.map { .event($0) })
    ])
  }

  /// The `Commit` object.
  static func commit(_ commit: TracedCommit) -> JSON {
    .object([
      "oid": .string(commit.oid), "subject": .string(commit.subject), "author": .string(commit.author),
      "agent": .text(commit.agent), "reviewer": .text(commit.reviewer), "task": .text(commit.task),
      "date": commit.date.map { .instant($0) } ?? .null, "state": .string(commit.state.rawValue),
      "rewrittenTo": .text(commit.rewrittenTo), "superseded": .bool(commit.isSuperseded),
      "diff": commit.diff.map {
        .object(["files": .int($0.files), "insertions": .int($0.insertions), "deletions": .int($0.deletions)])
      } ?? .null
    ])
  }

  /// What linking did to one commit.
  package static func link(_ entry: LinkReport.Entry) -> JSON {
    .object([
      "oid": .string(entry.oid), "subject": .string(entry.subject), "task": .string(entry.task),
      "state": .string(entry.state.rawValue), "rewrittenTo": .text(entry.rewrittenTo)
    ])
  }

  /// A line of `blame`.
  package static func blamed(_ line: BlamedLine) -> JSON {
    .object([
      "line": .int(line.number), "text": .string(line.text), "commit": .string(line.commit.oid),
      "author": .string(line.commit.author), "agent": .text(line.commit.agent), "task": .text(line.commit.task),
      "reviewer": .text(line.commit.reviewer), "state": .string(line.commit.state.rawValue)
    ])
  }

  /// What `contributors` says of one of them.
  package static func contributor(_ contributor: Contributions.Contributor) -> JSON {
    .object([
      "name": .string(contributor.name), "display": .text(contributor.display),
      "authored": .array(contributor.authored.map { .commit($0) }),
      "reviewed": .array(contributor.reviewed.map { .commit($0) })
    ])
  }
}

extension JSON {
  package static func hook(_ change: HookChange) -> JSON {
    .object([
      "hook": .string(change.hook.rawValue), "path": .string(change.path), "change": .string(change.kind.rawValue)
    ])
  }

  package static func hook(_ status: HookStatus) -> JSON {
    .object([
      "hook": .string(status.hook.rawValue), "path": .string(status.path), "state": .string(status.state.rawValue),
      "original": .text(status.original)
    ])
  }
}
