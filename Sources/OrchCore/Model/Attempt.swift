/// One claim-to-end run of a task, as its events tell it.
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

  /// The attempts of a task, from that task's events in the order of the log.
  package static func fold(_ entries: some Sequence<LogEntry>) -> [Attempt] {
    var attempts: [Attempt] = []
    var lineage = Lineage()
    // The attempt that was on, for commits whose messages name no lease.
    var latest: [String: Int] = [:]
    for entry in entries {
      let event = entry.event
      lineage.add(event)
      switch event.type {
      case .taskClaimed:
        attempts.append(
          Attempt(
            number: event.data.int(.attempt) ?? attempts.count + 1, agent: event.roles.actor,
            host: event.data.string(.host), instance: event.data.string(.instance), fence: event.fence ?? 0,
            startedAt: event.at, commits: []))
      case .leaseResumed:
        guard let last = attempts.indices.last else { continue }
        attempts[last].fence = event.fence ?? attempts[last].fence
        attempts[last].host = event.data.string(.host)
        attempts[last].instance = event.data.string(.instance)
      case .commitLinked:
        guard let last = attempts.indices.last, let link = CommitLink(event) else { continue }
        // Resuming grants a higher fence to the same attempt.
        latest[link.oid] = link.fence.flatMap { fence in attempts.firstIndex { $0.fence >= fence } } ?? last
      case .commitRewritten:
        guard let rewrite = CommitRewrite(event), let new = rewrite.new, latest[new] == nil else { continue }
        latest[new] = latest[rewrite.old]
      default:
        guard event.type.endsAttempt, let last = attempts.indices.last, attempts[last].endedAt == nil else { continue }
        attempts[last].end(with: entry)
      }
    }
    for link in lineage.present {
      if let index = latest[link.oid] { attempts[index].commits.append(link.oid) }
    }
    return attempts
  }

  private mutating func end(with entry: LogEntry) {
    let event = entry.event
    endedAt = event.at
    endSeq = entry.seq
    message = event.data.string(.message) ?? event.data.string(.why)
    switch event.type {
    case .taskDone: outcome = Outcome.done.rawValue
    case .taskFailed: outcome = Outcome.failed.rawValue
    case .taskRequeued: outcome = Outcome.requeue.rawValue
    case .reviewRequested: outcome = Outcome.review.rawValue
    case .leaseExpired: outcome = "expired"
    case .taskCancelled: outcome = "cancelled"
    case .handoffOffered: outcome = "handoff"
    default: break
    }
  }
}
