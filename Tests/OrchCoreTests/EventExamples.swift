import OrchCore
import OrchTestSupport

/// One well-formed event of each type, with the history that it fits.
struct EventExample {
  var history: [Event]
  var event: Event
  /// The keys without which it is malformed.
  var required: [EventKey] = []

  /// - Parameter type: one that this program knows.
  static func of(_ type: EventType) -> EventExample {
    let running = [added(), claimed()]
    let submission: [Event] = running + [submitted(reviewers: ["r"])]
    let offer = running + [offered()]
    let terms: [EventKey] = [.acquiredAt, .expiresAt, .tokenHash, .ttlSeconds]
    switch type {
    case .taskAdded: return EventExample(history: [], event: added(), required: [.title])
    case .taskImported:
      var event = added()
      event.type = .taskImported
      event.data[.state] = "dead"
      return EventExample(history: [], event: event, required: [.title])
    case .taskEdited: return EventExample(history: running, event: made(type, [.title: "New", .body: .null]))
    case .taskClaimed: return EventExample(history: [added()], event: claimed(at: at(77)), required: terms)
    case .leaseResumed: return EventExample(history: running, event: resumed(fence: 2, at: at(77)), required: terms)
    case .taskDone: return EventExample(history: running, event: made(type, [.result: "1"]))
    case .taskFailed:
      return EventExample(
        history: running, event: made(type, [.failures: .int(1), .message: "m"]), required: [.failures])
    case .taskDead:
      return EventExample(
        history: [added(), claimed(), failed(failures: 4)], event: made(type, [.failures: .int(4)]))
    case .taskRequeued: return EventExample(history: running, event: made(type, [.message: "later"]))
    case .taskCancelled: return EventExample(history: running, event: made(type, [.why: "w"]))
    case .taskRetried:
      return EventExample(history: running + [cancelled()], event: made(type, [.readyAt: .instant(at(77))]))
    case .leaseExpired:
      return EventExample(
        history: running, event: made(type, [.failures: .int(1), .forced: false]), required: [.failures])
    case .checkpointSaved: return EventExample(history: running, event: made(type, [.phase: "p"]))
    case .noteAdded: return EventExample(history: running, event: made(type, [.text: "t"]), required: [.text])
    case .reviewRequested:
      return EventExample(
        history: running, event: made(type, [.reviewers: ["r"], .submission: Submission(oid: "o", tree: "t").json]))
    case .reviewApproved, .reviewRejected, .reviewCommented:
      return EventExample(history: submission, event: made(type, [.text: "t"]))
    case .handoffOffered:
      return EventExample(
        history: running, event: made(type, [.expiresAt: .instant(at(99)), .from: "a", .to: "b"]),
        required: [.expiresAt, .from, .to])
    case .handoffAccepted: return EventExample(history: offer, event: made(type, [.restate: "x"]))
    case .handoffDeclined: return EventExample(history: offer, event: made(type, [.why: "w"]))
    case .handoffExpired: return EventExample(history: offer, event: made(type, [.expiresAt: .instant(at(77))]))
    case .commitLinked: return EventExample(history: running, event: made(type, [.oid: "abc"]), required: [.oid])
    case .commitRewritten: return EventExample(history: running, event: made(type, [.old: "abc"]), required: [.old])
    case .checkRecorded:
      return EventExample(
        history: running, event: made(type, [.dirty: false, .exitStatus: .int(0), .name: "c"]),
        required: [.exitStatus, .name])
    case .decisionMade:
      return EventExample(
        history: running, event: made(type, [.key: "k", .value: "v"]), required: [.key, .value])
    case .agentDescribed: return EventExample(history: running, event: made(type, [.name: "n"]), required: [.name])
    case .unknown: preconditionFailure("nobody writes an unknown event")
    }
  }

  private static func made(_ type: EventType, _ data: EventData) -> Event {
    OrchCoreTests.event(type, "x", at: at(77), reviewer: "r", fence: 1, data)
  }
}
