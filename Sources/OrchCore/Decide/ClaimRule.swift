/// Which tasks a claimer may take: those for which every `ClaimCondition` and every `ClaimFilter` holds.
///
/// This is the only description of the rule. The decider and engines in this process interpret it; engines on a
/// database render each case as SQL, in a `switch` that does not compile while a case is missing. The store's contract
/// has a scenario for each case, made by a `switch` too.
package struct ClaimRule: Hashable, Sendable {
  package var claimer: String
  /// The kinds asked for; empty: any.
  package var kinds: [String]
  package var projects: ProjectScope
  /// Whether the claimer names the task. That lifts the filters on kind, project and reviewers.
  package var isNamed: Bool

  package init(
    claimer: String, kinds: [String] = [], projects: ProjectScope = .all, isNamed: Bool = false
  ) {
    self.claimer = claimer
    self.kinds = kinds
    self.projects = projects
    self.isNamed = isNamed
  }
}

/// A condition on what changes while a task waits: its own state and its session's. The order is that in which a claim
/// is refused.
package enum ClaimCondition: CaseIterable, Sendable {
  /// The session is neither held nor reserved for another, and this program understands it.
  case session
  /// The task is queued.
  case state
  /// Every task in `after` is done.
  case blockers
  /// `notBefore` has come.
  case time
}

/// A condition on a task's `ClaimFilterKey`: all tasks of a key meet it, or none. Checked after every `ClaimCondition`.
package enum ClaimFilter: CaseIterable, Sendable {
  /// It is of a kind that was asked for.
  case kind
  /// It is of a project that was asked for.
  case project
  /// It is assigned to nobody, or to the claimer.
  case assignee
  /// The claimer is not one of its reviewers.
  case reviewers
}

/// What keeps a claimer from a queued task that it asked for.
package enum ClaimObstacle: String, Sendable {
  /// Its session is held, or reserved for another.
  case held
  case blocked
  case scheduled
  /// It is assigned to another, or the claimer is to review it.
  case assigned
}

/// The part of a task that a claim's filters look at.
package struct ClaimFilterKey: Hashable, Sendable {
  package var kind: String
  package var project: String?
  package var assignee: String?
  package var reviewers: [String]

  package init(_ task: Task) {
    self.init(kind: task.kind, project: task.project, assignee: task.assignee, reviewers: task.reviewers)
  }

  package init(kind: String, project: String?, assignee: String?, reviewers: [String]) {
    self.kind = kind
    self.project = project
    self.assignee = assignee
    self.reviewers = reviewers
  }
}

/// Which projects a question is about.
package enum ProjectScope: Hashable, Sendable {
  case all
  /// Tasks of this project and tasks of none; nil: of none alone.
  case current(String?)
  /// Tasks of this project alone.
  case only(String)

  package func contains(_ project: String?) -> Bool {
    switch self {
    case .all: true
    case .current(let current): project == nil || project == current
    case .only(let only): project == only
    }
  }
}

// MARK: Interpretation

extension ClaimRule {
  /// Whether the claimer may take a task, and has asked for it.
  package func allows(_ task: Task, in session: Session, at now: Instant) -> Bool {
    admits(ClaimFilterKey(task))
      && ClaimCondition.allCases.allSatisfy { rejection($0, task, in: session, at: now) == nil }
  }

  /// Whether the claimer may take tasks of a session: it is neither held nor reserved for another, and this program
  /// understands it.
  package func allows(_ session: Session) -> Bool { rejection(of: session) == nil }

  private func rejection(of session: Session) -> Rejection? {
    guard session.isUnderstood else { return .notUnderstood(session) }
    if let lease = session.lease { return .leaseHeld(lease) }
    guard let offer = session.offer, offer.to != claimer else { return nil }
    return .reserved(task: offer.task, to: offer.to, until: offer.expiresAt)
  }

  /// Whether every filter lets tasks of a key through.
  package func admits(_ key: ClaimFilterKey) -> Bool { ClaimFilter.allCases.allSatisfy { holds($0, for: key) } }

  /// Whether tasks of a key are among those asked for, whoever may take them.
  package func asks(for key: ClaimFilterKey) -> Bool {
    ClaimFilter.allCases.allSatisfy { $0.obstacle != nil || holds($0, for: key) }
  }

  /// Why the claimer may not take a task: the first condition that does not hold; nil where none forbids it. That a task
  /// was not asked for forbids nothing.
  package func rejection(of task: Task, in session: Session, at now: Instant) -> Rejection? {
    for condition in ClaimCondition.allCases {
      if let rejection = rejection(condition, task, in: session, at: now) { return rejection }
    }
    let key = ClaimFilterKey(task)
    for filter in ClaimFilter.allCases {
      if let rejection = rejection(filter, key) { return rejection }
    }
    return nil
  }

  /// What keeps the claimer from a task; nil where nothing does, and where the task is not queued or not asked for.
  package func obstacle(to task: Task, in session: Session, at now: Instant) -> ClaimObstacle? {
    let key = ClaimFilterKey(task)
    guard asks(for: key) else { return nil }
    let failing = ClaimCondition.allCases.filter { rejection($0, task, in: session, at: now) != nil }
    guard failing.allSatisfy({ $0.obstacle != nil }) else { return nil }
    return failing.first?.obstacle ?? obstacle(to: key)
  }

  /// What keeps the claimer from every task of a key that it asked for; nil where nothing does.
  package func obstacle(to key: ClaimFilterKey) -> ClaimObstacle? {
    ClaimFilter.allCases.first { !holds($0, for: key) }?.obstacle
  }

  /// Whether a filter counts.
  package func applies(_ filter: ClaimFilter) -> Bool {
    switch filter {
    case .kind, .project, .reviewers: !isNamed
    case .assignee: true
    }
  }

  private func holds(_ filter: ClaimFilter, for key: ClaimFilterKey) -> Bool {
    guard applies(filter) else { return true }
    return switch filter {
    case .kind: kinds.isEmpty || kinds.contains(key.kind)
    case .project: projects.contains(key.project)
    case .assignee: key.assignee == nil || key.assignee == claimer
    case .reviewers: !key.reviewers.contains(claimer)
    }
  }

  private func rejection(_ filter: ClaimFilter, _ key: ClaimFilterKey) -> Rejection? {
    guard !holds(filter, for: key) else { return nil }
    return switch filter {
    case .kind, .project: nil
    case .assignee: key.assignee.map { .assigned(to: $0) }
    case .reviewers: .claimerReviews
    }
  }

  /// Why a condition does not hold; nil where it does.
  ///
  /// - Parameter session: nil for one that is free.
  fileprivate func rejection(
    _ condition: ClaimCondition, _ task: Task, in session: Session?, at now: Instant
  ) -> Rejection? {
    switch condition {
    case .session: return session.flatMap { rejection(of: $0) }
    case .state: return task.state == .queued ? nil : .wrongState(task.state, .claim)
    case .blockers: return task.openBlockers > 0 ? .blocked(open: task.openBlockers) : nil
    case .time: return task.notBefore.flatMap { $0 > now ? .scheduled(until: $0) : nil }
    }
  }
}

extension ClaimCondition {
  /// Whether it holds of a task in a free session.
  package func holds(_ task: Task, at now: Instant) -> Bool {
    ClaimRule(claimer: "").rejection(self, task, in: nil, at: now) == nil
  }

  /// What a task that does not meet it is counted as; nil where it is not counted.
  package var obstacle: ClaimObstacle? {
    switch self {
    case .session: .held
    case .state: nil
    case .blockers: .blocked
    case .time: .scheduled
    }
  }
}

extension ClaimFilter {
  /// What a task that does not meet it is counted as; nil where it is not counted, because it was not asked for.
  package var obstacle: ClaimObstacle? {
    switch self {
    case .kind, .project: nil
    case .assignee, .reviewers: .assigned
    }
  }
}
