public import OrchCore
public import OrchStore

/// One page for the one who takes over or reviews: what is observed, what is only reported, and what is open.
///
/// Everything is data, gathered in one go; how it looks is the business of who renders it. A list without entries is a
/// section that is left out.
public struct Report: Sendable {
  public var scope: Scope
  /// Of what it is: the task's title where there is one task, else the session, the range or the time.
  public var title: String
  public var project: String?
  /// For whom; nil for nobody in particular.
  public var reader: String?
  public var now: Instant

  public var needs: [Need] = []
  public var standing = Standing(level: .onTrack, reasons: [])
  public var tasks: [Item] = []
  public var agents: [Share] = []
  /// Oldest first; those of no task, too.
  public var commits: [TracedCommit] = []
  /// What was observed: oldest first.
  public var checks: [CheckView] = []
  /// What somebody only said: oldest first.
  public var claims: [Claimed] = []
  public var actions: [Action] = []
  public var decisions: [DecisionView] = []
  public var attempts: [Run] = []
  public var reviews: [ReviewView] = []
  public var handoffs: [HandoffView] = []
  public var anchor: Anchor
  /// What a squash of the work is to carry at its end: `Author`, `Reviewer`, `Source`, `Orch-Task`, …
  public var trailers: [Line] = []
  /// How agents are called where they have another name than the one they go by.
  public var displays: [String: String] = [:]

  public init(scope: Scope, title: String, now: Instant, anchor: Anchor) {
    self.scope = scope
    self.title = title
    self.now = now
    self.anchor = anchor
  }

  /// What it is about.
  public enum Scope: Hashable, Sendable {
    case tasks([String])
    case session(String)
    case time(since: Instant, until: Instant?)
    case range(String)
    /// Everything that is open.
    case open
  }

  /// Something that waits for somebody.
  public struct Need: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Hashable, Sendable {
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

    public var kind: Kind
    public var task: String?
    public var title: String?
    /// For whom it waits; empty for anybody.
    public var who: [String]
    /// Since when, or, of an offer, until when.
    public var at: Instant?
    /// What somebody said about it, or the name of the check.
    public var detail: String?
    /// What to run next.
    public var command: String

    public init(
      _ kind: Kind, task: String?, title: String?, who: [String] = [], at: Instant? = nil, detail: String? = nil,
      command: String
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
  public struct Standing: Hashable, Sendable {
    public enum Level: String, CaseIterable, Hashable, Sendable {
      case onTrack = "on-track"
      case watch, blocked
    }

    /// A count of tasks and what is the matter with them.
    public struct Reason: Hashable, Sendable {
      public enum Code: String, CaseIterable, Hashable, Sendable {
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

      public var code: Code
      public var count: Int

      public init(_ code: Code, _ count: Int) {
        self.code = code
        self.count = count
      }
    }

    public var level: Level
    public var reasons: [Reason]

    public init(level: Level, reasons: [Reason]) {
      self.level = level
      self.reasons = reasons
    }
  }

  /// One task of the report.
  public struct Item: Sendable {
    public var task: Task
    public var state: VisibleState
    /// Who holds it.
    public var lease: Lease?
    public var checkpoint: Checkpoint?
    /// What the last holder said when giving it back.
    public var outcome: String?
    /// Whether it was done without anybody's approval.
    public var isUnreviewed = false
    public var submission: SubmissionView?

    public init(task: Task, state: VisibleState) {
      self.task = task
      self.state = state
    }
  }

  /// What one agent did.
  public struct Share: Hashable, Sendable {
    public var agent: String
    public var role: String?
    public var attempts = 0
    public var done = 0
    public var commits = 0
    public var insertions = 0
    public var deletions = 0
    public var checks = 0
    public var reviews = 0
    public var lastSeenAt: Instant?

    public init(agent: String) { self.agent = agent }
  }

  /// What somebody said of a task.
  public struct Claimed: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Hashable, Sendable {
      /// With a release: done, failed, requeue, review.
      case release
      /// In a checkpoint: what was done last.
      case checkpoint
      case note
    }

    public var kind: Kind
    public var task: String?
    public var by: String?
    public var at: Instant
    public var text: String
    public var event: EventID

    public init(_ kind: Kind, task: String?, by: String?, at: Instant, text: String, event: EventID) {
      self.kind = kind
      self.task = task
      self.by = by
      self.at = at
      self.text = text
      self.event = event
    }
  }

  /// Something to be done next, and by whom.
  public struct Action: Hashable, Sendable {
    public var task: String
    public var owner: String?
    public var text: String
    /// Where it was said: a checkpoint's next action, an offer's, a rejection.
    public var event: EventID?

    public init(task: String, owner: String?, text: String, event: EventID?) {
      self.task = task
      self.owner = owner
      self.text = text
      self.event = event
    }
  }

  /// An attempt and its task.
  public struct Run: Hashable, Sendable {
    public var task: String
    public var attempt: Attempt

    public init(task: String, attempt: Attempt) {
      self.task = task
      self.attempt = attempt
    }
  }

  /// Where the log stood, to be verified against.
  public struct Anchor: Hashable, Sendable {
    public struct Head: Hashable, Sendable {
      public var session: String
      public var events: Int
      public var id: EventID

      public init(session: String, events: Int, id: EventID) {
        self.session = session
        self.events = events
        self.id = id
      }
    }

    public var log: String
    /// The sessions of the report.
    public var heads: [Head]
    /// The line that checks one of them.
    public var command: String

    public init(log: String, heads: [Head], command: String) {
      self.log = log
      self.heads = heads
      self.command = command
    }
  }

  /// A line of a trailer.
  public struct Line: Hashable, Sendable {
    public var key: String
    public var value: String

    public init(_ key: String, _ value: String) {
      self.key = key
      self.value = value
    }
  }
}
