import OrchCore
import OrchTestSupport
import Testing

/// What each event does to the state, beyond what the decisions' examples show.
@Suite("Evolving")
struct EvolveTests {
  @Test(arguments: EventType.allCases)
  func `every event takes a number, sets the session's time and marks its task`(type: EventType) {
    let example = EventExample.of(type)
    var event = example.event
    event.at = at(77)
    let before = given(example.history).state
    let after = evolved(before, event)
    #expect(after.session.seq == before.session.seq + 1)
    #expect(after.session.at == at(77))
    #expect(after.task?.updatedAt == at(77))
    #expect(after.session.head == before.session.head, "the chain is the store's")
    #expect(after.session.fence >= before.session.fence)
  }

  /// What an event may do to a running task: end its lease, or not.
  @Test(arguments: EventType.allCases)
  func `the events that end the attempt end the lease`(type: EventType) {
    let example = EventExample.of(type)
    let before = given(example.history).state
    let after = evolved(before, example.event)
    switch type {
    case .taskDone, .taskFailed, .taskRequeued, .taskCancelled, .leaseExpired, .reviewRequested, .handoffOffered:
      #expect(type.attemptEnd != nil)
      #expect(before.session.lease != nil && after.session.lease == nil)
      #expect(after.task?.state != .running)
    case .taskClaimed, .leaseResumed:
      #expect(type.attemptEnd == nil)
      #expect(after.session.lease != nil)
    default:
      #expect(type.attemptEnd == nil)
      #expect((after.session.lease != nil) == (before.session.lease != nil))
    }
  }

  @Test(arguments: [
    EventType.commitLinked, .commitRewritten, .decisionMade, .agentDescribed, .reviewCommented, .noteAdded
  ])
  func `remarks change nothing of the task but its time`(type: EventType) {
    let example = EventExample.of(type)
    let before = given(example.history).state
    var task = before.task
    task?.updatedAt = at(77)
    let after = evolved(before, example.event)
    #expect(after.task == task)
    #expect(after.session.lease == before.session.lease)
  }

  @Test func `an event about no task leaves the task alone`() {
    let before = given(added(), claimed()).state
    let after = evolved(before, event(.decisionMade, "x", at: at(77), task: nil, [.key: "k", .value: "v"]))
    #expect(after.task == before.task && after.session.seq == before.session.seq + 1)
  }

  @Test func `the session remembers its last checkpoint and note`() {
    let state = given(
      added(), claimed(), event(.checkpointSaved, "a", at: at(20), fence: 1, [.phase: "p"]),
      event(.noteAdded, "jq", [.text: "1"]), event(.noteAdded, "jq", [.text: "2"]), event(.taskEdited, "jq")
    ).state
    #expect(state.session.checkpointSeq == 3 && state.session.noteSeq == 5)
    #expect(state.context == Checkpoint.Context(phase: "p"))
  }

  @Test func `failing without a wait keeps the place`() {
    let bare = event(.taskFailed, "a", at: at(20), fence: 1, [.failures: .int(4)])
    let task = given(added(), claimed(), bare).state.task
    #expect(task?.readyAt == at(0) && task?.notBefore == nil && task?.failures == 4)
  }

  @Test func `a result stays until there is another`() {
    let first = event(.taskFailed, "a", at: at(20), fence: 1, [.failures: .int(1), .result: "1"])
    let second = event(.taskDone, "a", at: at(40), fence: 2)
    let state = given(added(), claimed(), first, claimed(fence: 2, attempt: 2, at: at(30)), second).state
    #expect(state.task?.content.result == "1")
  }

  @Test func `an approval counts once a reviewer`() {
    let approved = event(.reviewApproved, "r", reviewer: "r")
    #expect(
      given(added(), claimed(), submitted(reviewers: ["r", "q"]), approved, approved).state.task?.review.approvers == [
        "r"
      ])
  }

  @Test func `who rejects takes back what they approved, and what others did stands`() {
    let history = [
      added(), claimed(), submitted(reviewers: ["r", "q"]), event(.reviewApproved, "r", reviewer: "r"),
      event(.reviewApproved, "q", reviewer: "q"), event(.reviewRejected, "r", at: at(30), reviewer: "r")
    ]
    #expect(given(history).state.task?.review.approvers == ["q"])
  }

  @Test func `an offer ends with its own task's events only`() {
    var state = given(added(), claimed(), offered()).state
    let offer = state.task?.offer
    state.task = Task(.titled("t-2"), session: "s", createdAt: at(0), createdBy: "jq", source: nil)
    #expect(evolved(state, event(.taskCancelled, "b", at: at(30), task: "t-2")).session.offer?.task == "t-1")
    state.task?.offer = offer
    #expect(evolved(state, event(.handoffDeclined, "b", at: at(30), task: "t-2")).session.offer?.task == "t-1")
  }

  @Test func `retrying what was approved asks for approval again`() {
    let approved = event(.reviewApproved, "r", at: at(30), reviewer: "r")
    let history = [added(), claimed(), submitted(reviewers: ["r"]), approved, event(.taskDone, "r", at: at(30))]
    #expect(given(history).state.task?.review.approvers == ["r"])
    #expect(given(history + [event(.taskRetried, "jq", at: at(40))]).state.task?.review == Review())
  }

  @Test func `checks: the last run of each name counts`() {
    let history = [added(), claimed(), checked("c", exitStatus: 0)]
    #expect(given(history).state.task?.passedChecks == [PassedCheck(name: "c", tree: nil)])
    #expect(given(history + [checked("c", exitStatus: 0)]).state.task?.passedChecks.count == 1)
    #expect(given(history + [checked("c", exitStatus: 3)]).state.task?.passedChecks == [])
  }

  @Test func `an imported task comes with what it had`() throws {
    let imported = event(
      .taskImported, "importer", author: "old", source: "seed",
      [
        .agent: "old", .attempt: .int(3), .code: "E", .failures: .int(2), .kind: "k", .maxAttempts: .int(3),
        .message: "m", .priority: .int(2), .readyAt: .instant(at(5)), .result: "{}", .state: "dead", .title: "T"
      ])
    let task = try #require(given(imported).state.task)
    #expect(task.state == .dead && task.failures == 2 && task.attempt == 3 && task.maxAttempts == 3)
    #expect(task.content.result == "{}" && task.lastError == TaskError(code: "E", message: "m"))
    #expect(task.lastAuthor == "old" && task.holders == ["old"] && task.readyAt == at(5) && task.source == "seed")
    let plain = try #require(given(event(.taskImported, "importer", [.title: "T"])).state.task)
    #expect(plain.state == .queued && plain.failures == 0 && plain.lastAuthor == nil && plain.lastError == nil)
  }

  @Test func `states as they are shown`() {
    var task = Task(.titled("t-1"), session: "s", createdAt: at(0), createdBy: nil, source: nil)
    for state in TaskState.allCases {
      task.state = state
      #expect(task.visibleState(at: at(0)).rawValue == state.rawValue)
    }
    task.state = .queued
    task.notBefore = at(10)
    #expect(task.visibleState(at: at(10).adding(milliseconds: -1)) == .scheduled)
    #expect(task.visibleState(at: at(10)) == .queued)
    task.openBlockers = 1
    #expect(task.visibleState(at: at(0)) == .blocked)
    #expect(TaskState.allCases.filter(\.isOpen) == [.queued, .running, .review, .offered])
  }

  @Test func `attempts are told from the task's events`() {
    func attempts(_ events: [Event]) -> [Attempt] {
      var history = TaskHistory(Task(.titled("t-1"), session: "s", createdAt: at(0), createdBy: "jq", source: nil))
      for (index, event) in events.enumerated() {
        history.add(
          LogEntry(logID: "l", session: "s", seq: index + 1, parent: nil, event: event), id: .numbered(index + 1))
      }
      return history.attempts
    }
    let expired = event(
      .leaseExpired, "w", at: at(4000), author: "b", fence: 3, [.attempt: .int(2), .failures: .int(2), .why: "gone"])
    let told = attempts(
      [
        added(), claimed(), resumed(fence: 2, at: at(15)), event(.commitLinked, "a", [.oid: "abc"]),
        event(.taskFailed, "a", at: at(20), fence: 2, [.failures: .int(1), .message: "broke"]),
        claimed("b", fence: 3, attempt: 2, at: at(30)), expired,
        claimed("c", fence: 4, attempt: 3, at: at(5000)), event(.reviewRequested, "c", at: at(5010), fence: 4),
        event(.reviewRequested, "c", at: at(5020)), event(.reviewApproved, "r", at: at(5030)),
        event(.taskDone, "r", at: at(5030))
      ])
    #expect(told.map(\.number) == [1, 2, 3])
    #expect(told.map(\.agent) == ["a", "b", "c"])
    #expect(told.map(\.fence) == [2, 3, 4])
    #expect(told.map(\.outcome) == ["failed", "expired", "review"])
    #expect(told.map(\.message) == ["broke", "gone", nil])
    #expect(told.map(\.endSeq) == [5, 7, 9])
    #expect(told.map(\.endedAt) == [at(20), at(4000), at(5010)])
    #expect(told[0].commits == ["abc"])
    let ends: [(EventType, String)] = [
      (.taskDone, "done"), (.taskRequeued, "requeue"), (.taskCancelled, "cancelled"), (.handoffOffered, "handoff")
    ]
    for (type, outcome) in ends {
      #expect(attempts([added(), claimed(), event(type, "a")]).first?.outcome == outcome)
    }
    #expect(attempts([added(), claimed()]).first?.endedAt == nil)
  }
}
