import OrchCore
import OrchTestSupport
import Testing

@Suite("Submitting and reviewing")
struct DecideReviewTests {
  func verdict(_ type: EventType, _ actor: String, _ text: String, at instant: Instant = at(30)) -> Event {
    event(
      type, actor, at: instant, author: "a", reviewer: actor,
      [.host: "box", .instance: "/w", .text: .string(text)])
  }

  @Test func `submitting ends the attempt and names the reviewers`() {
    let release = Release.with(.review) {
      $0.message = "ready"
      $0.reviewers = ["q", "r"]
      $0.submission = ["oid": "abc"]
    }
    let decided = given(added(reviewers: ["r"]), claimed(reviewer: "r"))
      .when(.release(release, fence: 1), by: .named("a", at: at(20)))
    decided.then(
      event(
        .reviewRequested, "a", at: at(20), reviewer: "r", fence: 1,
        [
          .attempt: .int(1), .host: "box", .instance: "/w", .message: "ready", .reviewers: ["r", "q"],
          .submission: ["oid": "abc"],
        ]))
    let after = decided.state()
    #expect(after.task?.state == .review && after.task?.reviewers == ["r", "q"] && after.session.lease == nil)
    #expect(after.task?.failures == 0)
  }

  @Test func `submitting needs a reviewer who held no attempt`() {
    let submit = Command.release(Release(.review), fence: 1)
    given(added(), claimed()).when(submit, by: .named("a")).thenRefused(.noEligibleReviewer)
    given(added(reviewers: ["a"]), claimed()).when(submit, by: .named("a")).thenRefused(.noEligibleReviewer)
    given(added(), claimed())
      .when(.release(.with(.review) { $0.reviewers = ["a"] }, fence: 1), by: .named("a"))
      .thenRefused(.noEligibleReviewer)
    // Who held an earlier attempt is no reviewer either.
    given(added(reviewers: ["a"]), claimed(), failed(), claimed("b", fence: 2, attempt: 2, at: at(30)))
      .when(.release(Release(.review), fence: 2), by: .named("b", at: at(40))).thenRefused(.noEligibleReviewer)
  }

  @Test func `the one reviewer's approval makes it done`() {
    let decided = given(added(reviewers: ["r"]), claimed(), submitted(reviewers: ["r"]))
      .when(.approve(text: "good"), by: .named("r", at: at(30)))
    decided.then(
      verdict(.reviewApproved, "r", "good"),
      event(.taskDone, "r", at: at(30), author: "a", reviewer: "r", [.attempt: .int(1)]))
    #expect(decided.state().task?.state == .done)
  }

  @Test func `every eligible reviewer must approve`() {
    let history = given(added(), claimed(), submitted(reviewers: ["r", "q", "a"]))
    let first = history.when(.approve(text: "good"), by: .named("q", at: at(30)))
    first.then(verdict(.reviewApproved, "q", "good"))
    #expect(first.state().task?.state == .review && first.state().task?.approvals == ["q"])
    var next = history
    next.state = first.state()
    #expect(next.when(.approve(text: "again"), by: .named("q", at: at(31))).types == [.reviewApproved])
    #expect(next.when(.approve(text: "good"), by: .named("r", at: at(31))).types == [.reviewApproved, .taskDone])
  }

  @Test func `nobody approves or rejects what they held`() {
    let history = given(
      added(reviewers: ["a", "b", "r"]), claimed(), failed(), claimed("b", fence: 2, attempt: 2, at: at(30)),
      event(
        .reviewRequested, "b", at: at(40), reviewer: "a", fence: 2, [.attempt: .int(2), .reviewers: ["a", "b", "r"]]))
    for holder in ["a", "b"] {
      history.when(.approve(text: "mine"), by: .named(holder, at: at(50))).thenRefused(.reviewerIsAuthor)
      history.when(.reject(text: "mine"), by: .named(holder, at: at(50))).thenRefused(.reviewerIsAuthor)
    }
    #expect(history.when(.approve(text: "good"), by: .named("r", at: at(50))).types == [.reviewApproved, .taskDone])
  }

  @Test func `only a named reviewer judges`() {
    let history = given(added(), claimed(), submitted(reviewers: ["r"]))
    history.when(.approve(text: "x"), by: .named("q")).thenRefused(.notAReviewer(["r"]))
    history.when(.reject(text: "x"), by: .named("q")).thenRefused(.notAReviewer(["r"]))
    history.when(.comment(text: "x"), by: .named("q")).thenRefused(.notAReviewer(["r"]))
  }

  @Test func `only what is submitted is judged, and anything commented`() {
    let history = given(added(reviewers: ["r"]))
    history.when(.approve(text: "x"), by: .named("r")).thenRefused(.wrongState(.queued, verb: "review"))
    history.when(.reject(text: "x"), by: .named("r")).thenRefused(.wrongState(.queued, verb: "review"))
    history.when(.comment(text: "hm"), by: .named("r", at: at(30)))
      .then(
        event(
          .reviewCommented, "r", at: at(30), reviewer: "r",
          [.host: "box", .instance: "/w", .text: "hm"]))
  }

  @Test func `an approval waits for the required checks`() {
    let history = given(
      added([.requiredChecks: ["test"]]), claimed(), submitted(reviewers: ["r"]))
    history.when(.approve(text: "x"), by: .named("r")).thenRefused(.checksMissing(["test"]))
    var passed = history
    passed.state = evolve(history.state, checked("test", exitStatus: 0))
    #expect(passed.when(.approve(text: "x"), by: .named("r")).types == [.reviewApproved, .taskDone])
  }

  @Test func `a rejection sends it back to its author, without a failure, approvals void`() {
    let approved = verdict(.reviewApproved, "q", "good")
    let decided = given(added(), claimed(), submitted(reviewers: ["r", "q"]), approved)
      .when(.reject(text: "bad"), by: .named("r", at: at(40)))
    decided.then(verdict(.reviewRejected, "r", "bad", at: at(40)))
    let task = decided.state().task
    #expect(task?.state == .queued && task?.assignee == "a" && task?.approvals == [] && task?.failures == 0)
  }

  @Test func `an author submits again, approvals void`() {
    let approved = verdict(.reviewApproved, "q", "good")
    let history = given(added(), claimed(), submitted(reviewers: ["r", "q"]), approved)
    let decided = history.when(.resubmit(message: "rebased"), by: .named("a", at: at(40)))
    decided.then(
      event(
        .reviewRequested, "a", at: at(40), reviewer: "r",
        [
          .attempt: .int(1), .host: "box", .instance: "/w", .message: "rebased", .reviewers: ["r", "q"],
        ]))
    #expect(decided.state().task?.approvals == [] && decided.state().task?.state == .review)
    history.when(.resubmit(message: nil), by: .named("r")).thenRefused(.notTheHolder(holder: "a"))
    given(added(), claimed()).when(.resubmit(message: nil), by: .named("a"))
      .thenRefused(.wrongState(.running, verb: "submit"))
  }
}
