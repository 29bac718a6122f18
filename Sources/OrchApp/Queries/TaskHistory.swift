import OrchCore
import OrchStore

/// What the events of one task say of its reviews, its offers and its checks.
struct TaskHistory {
  private(set) var reviews: [ReviewView] = []
  private(set) var handoffs: [HandoffView] = []
  private(set) var checks: [CheckView] = []
  private var submission: Submission?
  /// Where attempts were held.
  private var places: Set<Place> = []
  private let task: Task

  private struct Place: Hashable {
    var host: String?
    var instance: String?
  }

  init(_ task: Task) { self.task = task }

  /// Takes the task's events, in the order of the log.
  mutating func add(_ entry: LogEntry, id: EventID) {
    let event = entry.event
    let data = event.data
    switch event.type {
    case .taskClaimed, .leaseResumed:
      places.insert(Place(host: data.string(.host), instance: data.string(.instance)))
    case .reviewRequested:
      submission = Submission(data[.submission], seq: entry.seq)
      add(.requested, event, id)
    case .reviewApproved: add(.approved, event, id)
    case .reviewRejected: add(.rejected, event, id)
    case .reviewCommented: add(.commented, event, id)
    case .handoffOffered:
      handoffs.append(
        HandoffView(
          task: task.id, from: data.string(.from) ?? "", to: data.string(.to) ?? "", why: data.string(.why),
          next: data.string(.next), state: .offered, offeredAt: event.at,
          expiresAt: data.instant(.expiresAt) ?? event.at, event: id))
    case .handoffAccepted: endOffer(.accepted, at: event.at, answer: data.string(.restate))
    case .handoffDeclined: endOffer(.declined, at: event.at, answer: data.string(.why))
    case .handoffExpired: endOffer(.expired, at: event.at, answer: nil)
    case .taskCancelled: endOffer(.cancelled, at: event.at, answer: data.string(.why))
    case .checkRecorded: addCheck(event, id)
    default: break
    }
  }

  /// Says which approvals hold no more, and which checks ran on what counts now.
  ///
  /// - Parameters:
  ///   - standing: how the present submission stands to the repository around here.
  ///   - present: the tree that counts where nothing is submitted.
  mutating func settle(_ standing: SubmissionView.Standing?, present: String?) {
    for index in reviews.indices where reviews[index].verdict == .approved {
      let isOfPresent =
        reviews[index].submission.map { mine in submission.map { mine.isSame(as: $0) } ?? false } ?? false
      reviews[index].isStale = !isOfPresent || standing == .stale
    }
    let tree = task.review.submission?.tree ?? present
    for index in checks.indices { checks[index].isPresent = checks[index].tree == tree }
  }

  private mutating func add(_ verdict: ReviewView.Verdict, _ event: Event, _ id: EventID) {
    let place = Place(host: event.data.string(.host), instance: event.data.string(.instance))
    reviews.append(
      ReviewView(
        task: task.id, reviewer: event.roles.reviewer, verdict: verdict,
        text: event.data.string(verdict == .requested ? .message : .text), at: event.at, event: id,
        submission: submission, isFromAuthorsPlace: verdict != .requested && places.contains(place)))
  }

  private mutating func endOffer(_ state: HandoffView.State, at instant: Instant, answer: String?) {
    guard let last = handoffs.indices.last, handoffs[last].state == .offered else { return }
    handoffs[last].state = state
    handoffs[last].endedAt = instant
    handoffs[last].answer = answer
  }

  private mutating func addCheck(_ event: Event, _ id: EventID) {
    let data = event.data
    let name = data.string(.name) ?? ""
    checks.append(
      CheckView(
        task: task.id, name: name, command: data.string(.command) ?? "", exitStatus: data.int(.exitStatus) ?? 0,
        durationMilliseconds: data.int(.durationMs) ?? 0, at: event.at, by: event.roles.actor,
        oid: data.string(.head), tree: data.string(.tree), dirty: data.bool(.dirty),
        outputHash: data.string(.outputHash) ?? "", isPresent: false, isRequired: task.requiredChecks.contains(name),
        event: id))
  }
}

extension App {
  /// What a task's events say of its reviews, offers and checks; of a task with thousands of commits without these.
  func history(of task: Task, in reader: any StoreReader) throws -> TaskHistory {
    var history = TaskHistory(task)
    try reader.forEachEvent(
      EventQuery(.oldestFirst, task: reader.reference(to: task), omitting: EventType.ofCommits)
    ) {
      history.add(try $0.entry(), id: $0.id)
      return true
    }
    return history
  }
}
