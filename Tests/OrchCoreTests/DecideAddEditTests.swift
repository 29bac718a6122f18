import OrchCore
import OrchTestSupport
import Testing

@Suite("Adding, editing, remarking, cancelling, retrying")
struct DecideAddEditTests {
  @Test func `a plain task is added with its defaults, ready at once`() {
    given().when(.add(.titled("t-1")), by: .named("jq", at: at(0))).then(added())
  }

  @Test func `everything that is given stands in the event`() {
    let new = NewTask.titled("t-1") {
      $0.body = "body"
      $0.project = "p"
      $0.kind = "review"
      $0.priority = 0
      $0.payload = "{\"a\":1.50}"
      $0.assignee = "a"
      $0.after = ["t-0", "t-9"]
      $0.key = "k"
      $0.maxAttempts = 1
      $0.notBefore = at(60)
      $0.ttlSeconds = 90
      $0.reviewers = ["r", "q"]
      $0.requireReview = true
      $0.requiredChecks = ["test"]
    }
    let expected = event(
      .taskAdded, "jq", reviewer: "r", source: "chat",
      [
        .after: ["t-0", "t-9"], .assignee: "a", .body: "body", .key: "k", .kind: "review", .maxAttempts: .int(1),
        .notBefore: .instant(at(60)), .payload: "{\"a\":1.50}", .priority: .int(0), .project: "p",
        .readyAt: .instant(at(60)), .requireReview: true, .requiredChecks: ["test"], .reviewers: ["r", "q"],
        .title: "Title of t-1", .ttlSeconds: .int(90)
      ])
    let decided = given().when(.add(new), by: .named("jq", source: "chat"))
    decided.then(expected)
    var task = Task(new, session: "s", createdAt: at(0), createdBy: "jq", source: "chat")
    task.logID = decided.state().session.logID
    #expect(decided.state().task == task)
  }

  @Test func `an id is added once`() {
    given(added()).when(.add(.titled("t-1")), by: .named("jq")).thenRefused(.taskExists)
  }

  @Test(arguments: [-1, 10])
  func `a priority is 0 to 9`(priority: Int) {
    given().when(.add(.titled("t-1") { $0.priority = priority }), by: .named("jq"))
      .thenRefused(.outOfRange("priority"))
    given(added()).when(.edit(.with { $0.priority = priority }), by: .named("jq"))
      .thenRefused(.outOfRange("priority"))
  }

  @Test(arguments: [0, 9])
  func `the ends of the priorities are taken`(priority: Int) {
    let task = given().when(.add(.titled("t-1") { $0.priority = priority }), by: .named("jq")).state().task
    #expect(task?.priority == priority)
    #expect(
      given(added()).when(.edit(.with { $0.priority = priority }), by: .named("jq")).state().task?.priority == priority)
  }

  @Test(arguments: [0, -3])
  func `a task has at least one attempt`(limit: Int) {
    given().when(.add(.titled("t-1") { $0.maxAttempts = limit }), by: .named("jq"))
      .thenRefused(.outOfRange("max-attempts"))
    given(added()).when(.edit(.with { $0.maxAttempts = limit }), by: .named("jq"))
      .thenRefused(.outOfRange("max-attempts"))
  }

  @Test func `an edit says what changes and nothing else`() {
    given(added([.body: "old", .assignee: "a"]))
      .when(
        .edit(
          .with {
            $0.title = "New"
            $0.body = .some(nil)
          }), by: .named("jq", at: at(30))
      )
      .then(event(.taskEdited, "jq", at: at(30), [.body: .null, .title: "New"]))
  }

  @Test func `every field can be edited, and cleared where it may be absent`() throws {
    let set = TaskEdit.with {
      $0.title = "New"
      $0.body = "b"
      $0.project = "p"
      $0.kind = "k"
      $0.priority = 1
      $0.payload = "[]"
      $0.assignee = "a"
      $0.after = ["t-0"]
      $0.maxAttempts = 7
      $0.notBefore = at(99)
      $0.ttlSeconds = 60
      $0.reviewers = ["r"]
      $0.requireReview = true
      $0.requiredChecks = ["c"]
    }
    let edited = try #require(given(added()).when(.edit(set), by: .named("jq", at: at(5))).state().task)
    var expected = NewTask.titled("t-1")
    expected.title = "New"
    expected.body = "b"
    expected.project = "p"
    expected.kind = "k"
    expected.priority = 1
    expected.payload = "[]"
    expected.assignee = "a"
    expected.after = ["t-0"]
    expected.maxAttempts = 7
    expected.notBefore = at(99)
    expected.ttlSeconds = 60
    expected.reviewers = ["r"]
    expected.requireReview = true
    expected.requiredChecks = ["c"]
    var task = Task(expected, session: "s", createdAt: at(0), createdBy: "jq", source: "cli:box")
    task.logID = edited.logID
    task.updatedAt = at(5)
    #expect(edited == task)

    let clear = TaskEdit.with {
      $0.body = .some(nil)
      $0.project = .some(nil)
      $0.payload = .some(nil)
      $0.assignee = .some(nil)
      $0.after = []
      $0.notBefore = .some(nil)
      $0.ttlSeconds = .some(nil)
      $0.reviewers = []
      $0.requireReview = false
      $0.requiredChecks = []
    }
    var specification = given(added())
    specification.state.task = edited
    let cleared = try #require(specification.when(.edit(clear), by: .named("jq", at: at(6))).state().task)
    #expect(cleared.content == TaskContent(body: nil, payload: nil, result: nil))
    #expect(cleared.project == nil && cleared.assignee == nil && cleared.ttlSeconds == nil)
    #expect(cleared.after == [] && cleared.reviewers == [] && cleared.requiredChecks == [])
    #expect(cleared.notBefore == nil && cleared.readyAt == at(99), "its place in the order stays")
    #expect(!cleared.requireReview)
  }

  @Test func `what is done is not edited`() {
    given(added(), claimed(), done()).when(.edit(.with { $0.title = "x" }), by: .named("jq"))
      .thenRefused(.wrongState(.done, .edit))
  }

  @Test func `the attempts are not cut below the failures that were counted`() {
    let history = given(
      added(), claimed(), failed(failures: 1), claimed(fence: 2, attempt: 2), failed(fence: 2, failures: 2))
    history.when(.edit(.with { $0.maxAttempts = 2 }), by: .named("jq")).thenRefused(.outOfRange("max-attempts"))
    #expect(
      history.when(.edit(.with { $0.maxAttempts = 3 }), by: .named("jq", at: at(30))).state().task?.maxAttempts == 3)
  }

  @Test func `a note is anybody's, also to what is over`() {
    given(added(), claimed(), done()).when(.note("look here"), by: .named("jq", at: at(40)))
      .then(event(.noteAdded, "jq", at: at(40), author: "a", [.text: "look here"]))
  }

  @Test func `cancelling a running task ends its lease, under the holder's fence`() {
    let decided = given(added(), claimed()).when(.cancel(why: "wrong"), by: .named("jq", at: at(30)))
    decided.then(event(.taskCancelled, "jq", at: at(30), author: "a", fence: 1, [.why: "wrong"]))
    #expect(decided.state().session.lease == nil)
    #expect(decided.state().task?.state == .cancelled)
  }

  @Test func `cancelling leaves another task's lease alone`() {
    var other = Task(.titled("t-2"), session: "s", createdAt: at(0), createdBy: "jq", source: nil)
    other.state = .queued
    let decided = given([added(), claimed()], task: other).when(.cancel(why: "wrong"), by: .named("jq", at: at(30)))
    decided.then(event(.taskCancelled, "jq", at: at(30), task: "t-2", [.why: "wrong"]))
    #expect(decided.state().session.lease?.task == "t-1")
  }

  @Test func `queued, submitted, offered and dead tasks can be cancelled`() {
    let dead = event(.taskDead, "a", at: at(20), fence: 1, [.failures: .int(4), .maxAttempts: .int(4)])
    for history in [
      [added()], [added(), claimed(), submitted(reviewers: ["r"])], [added(), claimed(), offered()],
      [added(), claimed(), dead]
    ] {
      let after = given(history).when(.cancel(why: "x"), by: .named("jq", at: at(40))).state()
      #expect(after.task?.state == .cancelled)
      #expect(after.session.offer == nil && after.task?.offer == nil && after.session.lease == nil)
    }
  }

  @Test func `what is done or cancelled is not cancelled`() {
    given(added(), claimed(), done()).when(.cancel(why: "x"), by: .named("jq"))
      .thenRefused(.wrongState(.done, .cancel))
    given(added(), cancelled()).when(.cancel(why: "x"), by: .named("jq"))
      .thenRefused(.wrongState(.cancelled, .cancel))
  }

  @Test func `retrying starts the count of failures anew, the numbering goes on`() throws {
    let dead = event(.taskDead, "a", at: at(20), fence: 1, [.failures: .int(1), .maxAttempts: .int(4)])
    for end in [[failed(), dead], [done()], [cancelled()]] {
      let decided = given([added(reviewers: ["r"]), claimed()] + end)
        .when(.retry(why: "again"), by: .named("jq", at: at(50)))
      decided.then(
        event(
          .taskRetried, "jq", at: at(50), author: "a", reviewer: "r",
          [.readyAt: .instant(at(50)), .why: "again"]))
      let task = try #require(decided.state().task)
      #expect(task.state == .queued && task.failures == 0 && task.attempt == 1)
      #expect(task.readyAt == at(50) && task.notBefore == nil)
      #expect(task.holders == ["a"], "whoever held it still may not approve it")
    }
  }

  @Test func `what is open is not retried`() {
    for (history, state) in [
      ([added()], TaskState.queued), ([added(), claimed()], .running),
      ([added(), claimed(), submitted(reviewers: ["r"])], .review), ([added(), claimed(), offered()], .offered)
    ] {
      given(history).when(.retry(why: nil), by: .named("jq")).thenRefused(.wrongState(state, .retry))
    }
  }
}
