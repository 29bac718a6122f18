import OrchCore
import OrchTestSupport
import Testing

/// Given events, when a command, then events or a refusal: the decider as a table of examples.
///
/// After Emmett's `DeciderSpecification`.
struct Specification {
  var state = State(session: Session(id: "s", logID: "0123456789ABCDEFGHJKMNPQRS"), task: nil)

  func when(_ command: Command, by caller: Caller) -> Decided {
    do {
      return Decided(state: state, caller: caller, result: .success(try decide(command, by: caller, on: state)))
    } catch {
      return Decided(state: state, caller: caller, result: .failure(error))
    }
  }
}

/// The state that `events` of one session and one task lead to.
func given(_ events: [Event], task other: Task? = nil) -> Specification {
  var specification = Specification()
  for event in events { specification.state = evolved(specification.state, event) }
  if let other { specification.state.task = other }
  return specification
}

func given(_ events: Event...) -> Specification { given(events) }

/// The state after an event that follows from it; a malformed one is recorded and changes nothing.
func evolved(_ state: State, _ event: Event, sourceLocation: SourceLocation = #_sourceLocation) -> State {
  do { return try evolve(state, event) } catch {
    Issue.record("malformed: \(error)", sourceLocation: sourceLocation)
    return state
  }
}

/// What a command came to.
struct Decided {
  let state: State
  let caller: Caller
  let result: Result<[Event], Rejection>

  func then(_ expected: Event..., sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(result == .success(expected), sourceLocation: sourceLocation)
  }

  func thenRefused(_ expected: Rejection, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(result == .failure(expected), sourceLocation: sourceLocation)
  }

  /// The state after the command; a refusal is recorded and changes nothing.
  func state(sourceLocation: SourceLocation = #_sourceLocation) -> State {
    switch result {
    case .success(let events): return events.reduce(state) { evolved($0, $1, sourceLocation: sourceLocation) }
    case .failure(let rejection):
      Issue.record("refused: \(rejection)", sourceLocation: sourceLocation)
      return state
    }
  }

  /// The types of the events, for examples that are about which they are.
  var types: [EventType] { (try? result.get().map(\.type)) ?? [] }
  var events: [Event] { (try? result.get()) ?? [] }
}

/// An event as `caller` leaves it: the author is the actor unless named, the source the caller's.
func event(
  _ type: EventType, _ actor: String, at instant: Instant = at(0), task: String? = "t-1", author: String? = nil,
  reviewer: String? = nil, source: String? = "cli:box", fence: Int? = nil, _ data: EventData = [:]
) -> Event {
  Event(
    type, at: instant, task: task,
    roles: Roles(actor: actor, author: author ?? actor, reviewer: reviewer, source: source), fence: fence, commit: nil,
    data: data)
}

// MARK: - Histories

/// `jq` adds t-1.
func added(
  at instant: Instant = at(0), reviewers: [String] = [], source: String? = "cli:box", _ more: EventData = [:]
) -> Event {
  var data: EventData = [
    .kind: "task", .maxAttempts: .int(4), .priority: .int(5), .readyAt: .instant(instant), .title: "Title of t-1"
  ]
  if !reviewers.isEmpty { data[.reviewers] = .strings(reviewers) }
  for member in more.members { data[member.key] = member.value }
  return event(.taskAdded, "jq", at: instant, reviewer: reviewers.first, source: source, data)
}

/// `agent` takes t-1 under `fence` for half an hour.
func claimed(
  _ agent: String = "a", fence: Int = 1, attempt: Int = 1, at instant: Instant = at(10), ttl: Int = 1800,
  reviewer: String? = nil, source: String? = "cli:box", task: String = "t-1"
) -> Event {
  event(
    .taskClaimed, agent, at: instant, task: task, reviewer: reviewer, source: source, fence: fence,
    granted(fence, attempt: attempt, at: instant, ttl: ttl))
}

/// `agent` takes its lease up again under `fence`.
func resumed(_ agent: String = "a", fence: Int, attempt: Int = 1, at instant: Instant, ttl: Int = 1800) -> Event {
  event(.leaseResumed, agent, at: instant, fence: fence, granted(fence, attempt: attempt, at: instant, ttl: ttl))
}

func granted(_ token: Int, attempt: Int, at instant: Instant, ttl: Int) -> EventData {
  [
    .acquiredAt: .instant(instant), .attempt: .int(attempt), .expiresAt: .instant(instant.adding(seconds: ttl)),
    .host: "box", .instance: "/w", .tokenHash: .string(Digest.numbered(token).hex), .ttlSeconds: .int(ttl)
  ]
}

/// `agent` fails attempt `number`, its `failures`th failure.
func failed(_ agent: String = "a", fence: Int = 1, failures: Int = 1, at instant: Instant = at(20)) -> Event {
  event(
    .taskFailed, agent, at: instant, fence: fence,
    [.attempt: .int(failures), .failures: .int(failures), .notBefore: .instant(instant.adding(seconds: 2))])
}

func done(_ agent: String = "a", fence: Int = 1) -> Event {
  event(.taskDone, agent, at: at(20), fence: fence, [.attempt: .int(1)])
}

func cancelled(by actor: String = "jq") -> Event {
  event(.taskCancelled, actor, at: at(20), [.why: "not needed"])
}

/// The holder `a` submits for `reviewers`.
func submitted(reviewers: [String], fence: Int? = 1, owners: [String]? = nil, _ submission: Submission? = nil) -> Event
{
  event(
    .reviewRequested, "a", at: at(20), reviewer: reviewers.first, fence: fence,
    [
      .attempt: .int(1), .host: "box", .instance: "/w", .owners: owners.map { .strings($0) },
      .reviewers: .strings(reviewers), .submission: submission?.json
    ])
}

/// The holder `a` offers t-1 to `receiver`, until `expiry`.
func offered(to receiver: String = "b", until expiry: Instant = at(86_400), fence: Int = 1) -> Event {
  event(
    .handoffOffered, "a", at: at(20), fence: fence,
    [
      .attempt: .int(1), .expiresAt: .instant(expiry), .from: "a", .host: "box", .instance: "/w",
      .next: "write tests", .to: .string(receiver), .why: "night"
    ])
}

func checked(_ name: String, exitStatus: Int, tree: String? = nil, dirty: Bool = false) -> Event {
  event(
    .checkRecorded, "a", at: at(15), fence: 1,
    [.dirty: .bool(dirty), .exitStatus: .int(exitStatus), .name: .string(name), .tree: tree.map { .string($0) }])
}
