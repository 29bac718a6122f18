/// What ties a commit to a task: what `commit.linked` records.
package struct CommitLink: Hashable, Sendable {
  /// How far the tie is to be trusted.
  package enum State: String, Hashable, Sendable {
    /// By an event of the task's own session, or by hand.
    case linked
    /// A name in the message and nothing behind it: shown, and never counted as work of the task.
    case unverified
  }

  /// 40 hexadecimal digits.
  package var oid: String
  package var subject: String
  /// As git has it: `Name <address>`.
  package var author: String
  /// When the author wrote it.
  package var date: Instant?
  /// The agent that the message names.
  package var agent: String?
  /// The reviewer that the message names.
  package var reviewer: String?
  /// The fence of the lease that the message names.
  package var fence: Int?
  package var repository: String?
  package var state: State
  /// Linked by somebody's command, not by what stands in the message.
  package var isByHand: Bool
  /// Made by a holder whose lease somebody else had taken over.
  package var isSuperseded: Bool

  package init(
    oid: String, subject: String, author: String, date: Instant? = nil, agent: String? = nil, reviewer: String? = nil,
    fence: Int? = nil, repository: String? = nil, state: State, isByHand: Bool = false, isSuperseded: Bool = false
  ) {
    self.oid = oid
    self.subject = subject
    self.author = author
    self.date = date
    self.agent = agent
    self.reviewer = reviewer
    self.fence = fence
    self.repository = repository
    self.state = state
    self.isByHand = isByHand
    self.isSuperseded = isSuperseded
  }

  var data: EventData {
    [
      .agent: agent.json, .authoredBy: .string(author), .date: date.json, .fence: fence.json, .oid: .string(oid),
      .reason: isByHand ? .string("by hand") : nil, .repository: repository.json, .reviewer: reviewer.json,
      .state: .string(state.rawValue), .subject: .string(subject), .superseded: isSuperseded ? .bool(true) : nil
    ]
  }

  /// The link that an event records; nil unless it is a `commit.linked`.
  package init?(_ event: Event) {
    guard event.type == .commitLinked, let oid = event.data.string(.oid) else { return nil }
    self.init(
      oid: oid, subject: event.data.string(.subject) ?? "", author: event.data.string(.authoredBy) ?? "",
      date: event.data.instant(.date), agent: event.data.string(.agent), reviewer: event.data.string(.reviewer),
      fence: event.data.int(.fence), repository: event.data.string(.repository),
      state: event.data.string(.state).flatMap(State.init) ?? .linked,
      isByHand: event.data.has(.reason), isSuperseded: event.data.bool(.superseded))
  }
}

/// What became of a linked commit: what `commit.rewritten` records.
package struct CommitRewrite: Hashable, Sendable {
  package enum Reason: String, Hashable, Sendable {
    /// git said so, to the hook that it calls after rewriting.
    case amend, rebase
    /// The same change, byte for byte, by the same author, stands there now.
    case sameChange = "same-change"
    /// It is gone, and nothing tells where to.
    case lost
    /// It was gone, and is there again.
    case restored
    /// Somebody said so.
    case byHand = "by-hand"
  }

  package var old: String
  /// Nil: lost.
  package var new: String?
  package var reason: Reason

  package init(old: String, new: String?, reason: Reason) {
    self.old = old
    self.new = new
    self.reason = reason
  }

  /// What an event records; nil unless it is a `commit.rewritten`.
  package init?(_ event: Event) {
    guard event.type == .commitRewritten, let old = event.data.string(.old) else { return nil }
    self.init(
      old: old, new: event.data.string(.new), reason: event.data.string(.reason).flatMap(Reason.init) ?? .byHand)
  }
}

/// An event about a commit.
package enum CommitEvent: Hashable, Sendable {
  case linked(CommitLink)
  case rewritten(CommitRewrite)

  /// Nil for an event that is not about a commit, and for one that names none.
  package init?(_ event: Event) {
    switch event.type {
    case .commitLinked:
      guard let link = CommitLink(event) else { return nil }
      self = .linked(link)
    case .commitRewritten:
      guard let rewrite = CommitRewrite(event) else { return nil }
      self = .rewritten(rewrite)
    case .taskAdded, .taskEdited, .taskClaimed, .taskDone, .taskFailed, .taskDead, .taskRequeued, .taskCancelled,
      .taskRetried, .taskImported, .leaseExpired, .leaseResumed, .checkpointSaved, .noteAdded, .reviewRequested,
      .reviewApproved, .reviewRejected, .reviewCommented, .handoffOffered, .handoffAccepted, .handoffDeclined,
      .handoffExpired, .checkRecorded, .decisionMade, .agentDescribed, .unknown:
      return nil
    }
  }
}

/// The commits of a task, and what became of each, as its events tell it.
///
/// A link is never edited: what comes later in the log wins.
package struct Lineage: Hashable, Sendable {
  package struct Commit: Hashable, Sendable {
    package var link: CommitLink
    /// What it was rewritten into last; nil while it stands, and when nobody knows.
    package var rewrittenTo: String?
    package var isLost = false

    /// Whether it stands in the history as it is.
    package var isPresent: Bool { rewrittenTo == nil && !isLost }
  }

  /// In the order in which they were linked.
  package private(set) var commits: [Commit] = []
  /// Rewrites of commits that no link names: a link between may have been overtaken.
  private var indices: [String: Int] = [:]

  package init() {}

  /// The commits that events are about, given in the order of the log; other events are passed over.
  package init(_ events: some Sequence<Event>) {
    for event in events { CommitEvent(event).map { add($0) } }
  }

  /// Adds the next event of the task that is about a commit.
  package mutating func add(_ event: CommitEvent) {
    switch event {
    case .linked(let link): add(link)
    case .rewritten(let rewrite): add(rewrite)
    }
  }

  private mutating func add(_ link: CommitLink) {
    guard let index = indices[link.oid] else {
      indices[link.oid] = commits.count
      commits.append(Commit(link: link))
      return
    }
    // Linked again: the better evidence counts.
    if link.state == .linked || commits[index].link.state == .unverified { commits[index].link = link }
    commits[index].isLost = false
    commits[index].rewrittenTo = nil
  }

  private mutating func add(_ rewrite: CommitRewrite) {
    guard let index = indices[rewrite.old] else { return }
    let restored = rewrite.new == rewrite.old
    commits[index].rewrittenTo = restored ? nil : rewrite.new
    commits[index].isLost = rewrite.new == nil
    if let new = rewrite.new, !restored { stand(new, for: index) }
  }

  /// Takes up what a commit became: it is the task's too, whoever linked it first, and it stands in the history.
  private mutating func stand(_ new: String, for old: Int) {
    guard let index = indices[new] else {
      var link = commits[old].link
      link.oid = new
      indices[new] = commits.count
      commits.append(Commit(link: link))
      return
    }
    commits[index].isLost = false
    // Back to what it was: without this each would be the other.
    var next = commits[index].rewrittenTo
    var steps = 0
    while let oid = next, steps < commits.count {
      guard oid != commits[old].link.oid else {
        commits[index].rewrittenTo = nil
        return
      }
      next = indices[oid].flatMap { commits[$0].rewrittenTo }
      steps += 1
    }
  }

  package subscript(oid: String) -> Commit? { indices[oid].map { commits[$0] } }

  /// The work of the task as it stands: what is linked, not rewritten, and not lost.
  package var present: [CommitLink] {
    commits.filter { $0.isPresent && $0.link.state == .linked }.map(\.link)
  }
}
