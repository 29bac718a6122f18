package import OrchCore
import OrchStore

/// One page for the one who takes over or reviews: what is observed, what is only reported, and what is open.
///
/// Everything is data, gathered in one go; how it looks is the business of who renders it. A list without entries is a
/// section that is left out.
package struct Report: Sendable {
  package var scope: Scope
  /// Of what it is: the task's title where there is one task, else the session, the range or the time.
  package var title: String
  package var project: String?
  /// For whom; nil for nobody in particular.
  package var reader: String?
  package var now: Instant

  package var needs: [Need] = []
  package var health = Health(level: .onTrack, reasons: [])
  package var tasks: [Item] = []
  package var agents: [Share] = []
  /// Oldest first; those of no task, too.
  package var commits: [TracedCommit] = []
  /// What was observed: oldest first.
  package var checks: [CheckView] = []
  /// What somebody only said: oldest first.
  package var claims: [Statement] = []
  package var actions: [Action] = []
  package var decisions: [DecisionView] = []
  package var attempts: [Run] = []
  package var reviews: [ReviewView] = []
  package var handoffs: [HandoffView] = []
  package var anchor: Anchor
  /// What a squash of the work is to carry at its end: `Author`, `Reviewer`, `Source`, `Orch-Task`, …
  package var trailers: [Line] = []
  /// How agents are called where they have another name than the one they go by.
  package var displays: [String: String] = [:]

  package init(scope: Scope, title: String, now: Instant, anchor: Anchor) {
    self.scope = scope
    self.title = title
    self.now = now
    self.anchor = anchor
  }

  /// What it is about.
  package enum Scope: Hashable, Sendable {
    case tasks([String])
    case session(String)
    case time(since: Instant, until: Instant?)
    case range(String)
    /// Everything that is open.
    case open
  }

  /// Something that waits for somebody.
  package struct Need: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Hashable, Sendable {
      /// A submission that nobody approved or rejected yet.
      case review
      /// An offer that is neither accepted nor declined.
      case offer
      /// A task that failed too often.
      case dead
      /// An approval of other content than what is submitted now.
      case staleApproval = "stale-approval"
      /// The submitted branch holds something else by now.
      case staleSubmission = "stale-submission"
      /// A lease without a sign of life.
      case staleLease = "stale-lease"
      /// It waits for a task that will not be done.
      case dependencyDead = "dependency-dead"
      /// A required check that has not passed on what is submitted.
      case check
    }

    package var kind: Kind
    package var task: String?
    package var title: String?
    /// For whom it waits; empty for anybody.
    package var who: [String]
    /// Since when, or, of an offer, until when.
    package var at: Instant?
    /// What somebody said about it, or the name of the check.
    package var detail: String?
    /// What to run next.
    package var command: ShellCommand

    package init(
      _ kind: Kind, task: String?, title: String?, who: [String] = [], at: Instant? = nil, detail: String? = nil,
      command: ShellCommand
    ) {
      self.kind = kind
      self.task = task
      self.title = title
      self.who = who
      self.at = at
      self.detail = detail
      self.command = command
    }
  }

  /// How things stand, and why: computed, not said by anybody.
  package struct Health: Hashable, Sendable {
    package enum Level: String, CaseIterable, Hashable, Sendable {
      case onTrack = "on-track"
      case watch, blocked
    }

    /// A count of tasks and what is the matter with them.
    package struct Reason: Hashable, Sendable {
      package enum Code: String, CaseIterable, Hashable, Sendable {
        case done, running, queued, review, offered, blocked, scheduled, dead, cancelled
        case staleLease = "stale-lease"
        case staleApproval = "stale-approval"
        case staleSubmission = "stale-submission"
        case dependencyDead = "dependency-dead"
        case failedCheck = "failed-check"
        case missingCheck = "missing-check"
        case notReviewed = "done-not-reviewed"
        case unresolvedCommit = "unresolved-commit"
      }

      package var code: Code
      package var count: Int

      package init(_ code: Code, _ count: Int) {
        self.code = code
        self.count = count
      }
    }

    package var level: Level
    package var reasons: [Reason]

    package init(level: Level, reasons: [Reason]) {
      self.level = level
      self.reasons = reasons
    }
  }

  /// One task of the report.
  package struct Item: Sendable {
    package var task: Task
    package var state: VisibleState
    /// Who holds it.
    package var lease: Lease?
    package var checkpoint: Checkpoint?
    /// What the last holder said when giving it back.
    package var outcome: String?
    /// Whether it was done without anybody's approval.
    package var isUnreviewed = false
    package var submission: SubmissionView?

    package init(task: Task, state: VisibleState) {
      self.task = task
      self.state = state
    }
  }

  /// What one agent did.
  package struct Share: Hashable, Sendable {
    package var agent: String
    package var role: String?
    package var attempts = 0
    package var done = 0
    package var commits = 0
    package var insertions = 0
    package var deletions = 0
    package var checks = 0
    package var reviews = 0
    package var lastSeenAt: Instant?

    package init(agent: String) { self.agent = agent }
  }

  /// Something to be done next, and by whom.
  package struct Action: Hashable, Sendable {
    package var task: String
    package var owner: String?
    package var text: String
    /// Where it was said: a checkpoint's next action, an offer's, a rejection.
    package var event: EventID?

    package init(task: String, owner: String?, text: String, event: EventID?) {
      self.task = task
      self.owner = owner
      self.text = text
      self.event = event
    }
  }

  /// An attempt and its task.
  package struct Run: Hashable, Sendable {
    package var task: String
    package var attempt: Attempt

    package init(task: String, attempt: Attempt) {
      self.task = task
      self.attempt = attempt
    }
  }

  /// Where the log stood, to be verified against.
  package struct Anchor: Hashable, Sendable {
    package struct Head: Hashable, Sendable {
      package var session: String
      package var events: Int
      package var id: EventID

      package init(session: String, events: Int, id: EventID) {
        self.session = session
        self.events = events
        self.id = id
      }
    }

    package var logID: String
    /// The sessions of the report.
    package var heads: [Head]
    /// The line that checks one of them.
    package var command: ShellCommand

    package init(logID: String, heads: [Head], command: ShellCommand) {
      self.logID = logID
      self.heads = heads
      self.command = command
    }
  }

  /// A line of a trailer.
  package struct Line: Hashable, Sendable {
    package var key: String
    package var value: String

    package init(_ key: String, _ value: String) {
      self.key = key
      self.value = value
    }
  }
}
