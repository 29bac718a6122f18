/// One run of a task from its claim to its end, as the task's events tell it.
package struct Attempt: Hashable, Sendable {
  package var number: Int
  package var agent: String?
  package var host: String?
  package var instance: String?
  /// The last fence of the attempt: resuming grants a new one.
  package var fence: Int
  package var startedAt: Instant
  package var endedAt: Instant?
  /// How it ended: an outcome of `release`, `expired`, `cancelled` or `handoff`.
  package var outcome: String?
  package var message: String?
  /// Its commits as they stand now, oldest first.
  package var commits: [String]
  /// The number in the session of the event that ended it.
  package var endSeq: Int?
}

/// The attempts of one task, from its events in the order of the log.
struct AttemptLedger {
  private var ledger: [Attempt] = []
  /// The attempt of each commit, for commits whose messages name no lease: the one that was running.
  private var attemptOfCommit: [String: Int] = [:]

  /// Begins an attempt with its `task.claimed`.
  mutating func begin(_ event: Event) {
    ledger.append(
      Attempt(
        number: event.data.int(.attempt) ?? ledger.count + 1, agent: event.roles.actor,
        host: event.data.string(.host), instance: event.data.string(.instance), fence: event.fence ?? 0,
        startedAt: event.at, commits: []))
  }

  /// Moves the running attempt to the fence and the place of its `lease.resumed`.
  mutating func resume(_ event: Event) {
    guard let last = ledger.indices.last else { return }
    ledger[last].fence = event.fence ?? ledger[last].fence
    ledger[last].host = event.data.string(.host)
    ledger[last].instance = event.data.string(.instance)
  }

  mutating func add(_ commit: CommitEvent) {
    switch commit {
    case .linked(let link):
      guard let last = ledger.indices.last else { return }
      // Resuming grants a higher fence to the same attempt.
      attemptOfCommit[link.oid] = link.fence.flatMap { fence in ledger.firstIndex { $0.fence >= fence } } ?? last
    case .rewritten(let rewrite):
      guard let new = rewrite.new, attemptOfCommit[new] == nil else { return }
      attemptOfCommit[new] = attemptOfCommit[rewrite.old]
    }
  }

  /// Ends the running attempt, if there is one.
  mutating func end(_ entry: LogEntry, _ end: AttemptEnd) {
    guard let last = ledger.indices.last, ledger[last].endedAt == nil else { return }
    let event = entry.event
    ledger[last].endedAt = event.at
    ledger[last].endSeq = entry.seq
    ledger[last].message = event.data.string(.message) ?? event.data.string(.why)
    ledger[last].outcome = end.name
  }

  /// The attempts, each with those of `commits` that are its own.
  func attempts(with commits: [CommitLink]) -> [Attempt] {
    var attempts = ledger
    for link in commits {
      if let index = attemptOfCommit[link.oid] { attempts[index].commits.append(link.oid) }
    }
    return attempts
  }
}
