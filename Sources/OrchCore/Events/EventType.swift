/// The catalogue of events: what this program writes, and what it reads back.
///
/// Each type has a name, which stands in the log, and a vocabulary number (see `EventVocabulary`). Neither is ever
/// given to another type.
package enum EventType: Hashable, Sendable {
  case taskAdded
  case taskEdited
  case taskClaimed
  case taskDone
  case taskFailed
  case taskDead
  case taskRequeued
  case taskCancelled
  case taskRetried
  case taskImported
  case leaseExpired
  case leaseResumed
  case checkpointSaved
  case noteAdded
  case reviewRequested
  case reviewApproved
  case reviewRejected
  case reviewCommented
  case handoffOffered
  case handoffAccepted
  case handoffDeclined
  case handoffExpired
  case commitLinked
  case commitRewritten
  case checkRecorded
  case decisionMade
  case agentDescribed
  /// A type, or a schema number of a type, that a newer program wrote. Only its name is known; it is never written.
  case unknown(String)

  /// The name in the log, and the vocabulary number.
  private var definition: (name: String, number: Int) {
    switch self {
    case .taskAdded: ("task.added", 1)
    case .taskEdited: ("task.edited", 2)
    case .taskClaimed: ("task.claimed", 3)
    case .taskDone: ("task.done", 4)
    case .taskFailed: ("task.failed", 5)
    case .taskDead: ("task.dead", 6)
    case .taskRequeued: ("task.requeued", 7)
    case .taskCancelled: ("task.cancelled", 8)
    case .taskRetried: ("task.retried", 9)
    case .taskImported: ("task.imported", 10)
    case .leaseExpired: ("lease.expired", 11)
    case .leaseResumed: ("lease.resumed", 12)
    case .checkpointSaved: ("checkpoint.saved", 13)
    case .noteAdded: ("note.added", 14)
    case .reviewRequested: ("review.requested", 15)
    case .reviewApproved: ("review.approved", 16)
    case .reviewRejected: ("review.rejected", 17)
    case .reviewCommented: ("review.commented", 18)
    case .handoffOffered: ("handoff.offered", 19)
    case .handoffAccepted: ("handoff.accepted", 20)
    case .handoffDeclined: ("handoff.declined", 21)
    case .handoffExpired: ("handoff.expired", 22)
    case .commitLinked: ("commit.linked", 23)
    case .commitRewritten: ("commit.rewritten", 24)
    case .decisionMade: ("decision.made", 25)
    case .agentDescribed: ("agent.described", 26)
    case .checkRecorded: ("check.recorded", 27)
    case .unknown(let name): (name, EventVocabulary.current + 1)
    }
  }

  /// The number that a program's vocabulary must have reached to understand the type; of an unknown one the next
  /// number after this program's.
  package var vocabulary: Int { definition.number }

  /// What ties commits to a task, and says what became of them. A task may have thousands of these, and the rest of its
  /// events are few.
  package static let ofCommits: [EventType] = [.commitLinked, .commitRewritten]

  package var isOfCommits: Bool { Self.ofCommits.contains(self) }

  /// Whether this program does not know what it means.
  package var isUnknown: Bool { if case .unknown = self { true } else { false } }

  /// Whether it grants a lease: the event carries a token's hash and the session's next fence.
  package var isGrant: Bool {
    switch self {
    case .taskClaimed, .leaseResumed:
      true
    case .taskAdded, .taskEdited, .taskDone, .taskFailed, .taskDead, .taskRequeued, .taskCancelled, .taskRetried,
      .taskImported, .leaseExpired, .checkpointSaved, .noteAdded, .reviewRequested, .reviewApproved, .reviewRejected,
      .reviewCommented, .handoffOffered, .handoffAccepted, .handoffDeclined, .handoffExpired, .commitLinked,
      .commitRewritten, .checkRecorded, .decisionMade, .agentDescribed, .unknown:
      false
    }
  }

  /// How it ends the attempt under whose fence it was written; nil when it ends none.
  package var attemptEnd: AttemptEnd? {
    switch self {
    case .taskDone: .released(.done)
    case .taskFailed: .released(.failed)
    case .taskRequeued: .released(.requeue)
    case .reviewRequested: .released(.review)
    case .handoffOffered: .handedOver
    case .taskCancelled: .cancelled
    case .leaseExpired: .expired
    case .taskAdded, .taskEdited, .taskClaimed, .taskDead, .taskRetried, .taskImported, .leaseResumed,
      .checkpointSaved, .noteAdded, .reviewApproved, .reviewRejected, .reviewCommented, .handoffAccepted,
      .handoffDeclined, .handoffExpired, .commitLinked, .commitRewritten, .checkRecorded, .decisionMade,
      .agentDescribed, .unknown:
      nil
    }
  }
}

/// How an attempt ended.
package enum AttemptEnd: Hashable, Sendable {
  /// By its holder's `release`.
  case released(Outcome)
  /// Offered to another agent by its holder.
  case handedOver
  case cancelled
  /// Its lease was recovered.
  case expired

  /// As attempts are shown: the outcome, `handoff`, `cancelled` or `expired`.
  package var name: String {
    switch self {
    case .released(let outcome): outcome.rawValue
    case .handedOver: "handoff"
    case .cancelled: "cancelled"
    case .expired: "expired"
    }
  }
}

extension EventType: CaseIterable {
  /// The types that this program knows, in the order of their vocabulary numbers.
  package static let allCases: [EventType] = [
    .taskAdded, .taskEdited, .taskClaimed, .taskDone, .taskFailed, .taskDead, .taskRequeued, .taskCancelled,
    .taskRetried, .taskImported, .leaseExpired, .leaseResumed, .checkpointSaved, .noteAdded, .reviewRequested,
    .reviewApproved, .reviewRejected, .reviewCommented, .handoffOffered, .handoffAccepted, .handoffDeclined,
    .handoffExpired, .commitLinked, .commitRewritten, .decisionMade, .agentDescribed,
    .checkRecorded
  ]
}

extension EventType: RawRepresentable {
  private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

  /// The type with a name; nil when this program does not know it.
  package init?(rawValue: String) {
    guard let type = Self.byName[rawValue] else { return nil }
    self = type
  }

  /// The name in the log.
  package var rawValue: String { definition.name }
}
