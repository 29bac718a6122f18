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
      $0.submission = Submission(oid: "abc")
    }
    let decided = given(added(reviewers: ["r"]), claimed(reviewer: "r"))
      .when(.release(release, fence: 1), by: .named("a", at: at(20)))
    decided.then(
      event(
        .reviewRequested, "a", at: at(20), reviewer: "r", fence: 1,
        [
          .attempt: .int(1), .host: "box", .instance: "/w", .message: "ready", .reviewers: ["r", "q"],
          .submission: Submission(oid: "abc").json
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
      .when(.approve(Verdict("good")), by: .named("r", at: at(30)))
    decided.then(
      verdict(.reviewApproved, "r", "good"),
      event(.taskDone, "r", at: at(30), author: "a", reviewer: "r", [.attempt: .int(1)]))
    #expect(decided.state().task?.state == .done)
  }

  @Test func `every eligible reviewer must approve`() {
    let history = given(added(), claimed(), submitted(reviewers: ["r", "q", "a"]))
    let first = history.when(.approve(Verdict("good")), by: .named("q", at: at(30)))
    first.then(verdict(.reviewApproved, "q", "good"))
    #expect(first.state().task?.state == .review && first.state().task?.review.approvers == ["q"])
    var next = history
    next.state = first.state()
    #expect(next.when(.approve(Verdict("again")), by: .named("q", at: at(31))).types == [.reviewApproved])
    #expect(next.when(.approve(Verdict("good")), by: .named("r", at: at(31))).types == [.reviewApproved, .taskDone])
  }

  @Test func `nobody approves or rejects what they held`() {
    let history = given(
      added(reviewers: ["a", "b", "r"]), claimed(), failed(), claimed("b", fence: 2, attempt: 2, at: at(30)),
      event(
        .reviewRequested, "b", at: at(40), reviewer: "a", fence: 2, [.attempt: .int(2), .reviewers: ["a", "b", "r"]]))
    for holder in ["a", "b"] {
      history.when(.approve(Verdict("mine")), by: .named(holder, at: at(50))).thenRefused(.reviewerIsAuthor)
      history.when(.reject(Verdict("mine")), by: .named(holder, at: at(50))).thenRefused(.reviewerIsAuthor)
    }
    #expect(history.when(.approve(Verdict("good")), by: .named("r", at: at(50))).types == [.reviewApproved, .taskDone])
  }

  @Test func `only a named reviewer judges`() {
    let history = given(added(), claimed(), submitted(reviewers: ["r"]))
    history.when(.approve(Verdict("x")), by: .named("q")).thenRefused(.notAReviewer(["r"]))
    history.when(.reject(Verdict("x")), by: .named("q")).thenRefused(.notAReviewer(["r"]))
    history.when(.comment(Verdict("x")), by: .named("q")).thenRefused(.notAReviewer(["r"]))
  }

  @Test func `only what is submitted is judged, and anything commented`() {
    let history = given(added(reviewers: ["r"]))
    history.when(.approve(Verdict("x")), by: .named("r")).thenRefused(.wrongState(.queued, .review))
    history.when(.reject(Verdict("x")), by: .named("r")).thenRefused(.wrongState(.queued, .review))
    history.when(.comment(Verdict("hm")), by: .named("r", at: at(30)))
      .then(
        event(
          .reviewCommented, "r", at: at(30), reviewer: "r",
          [.host: "box", .instance: "/w", .text: "hm"]))
  }

  @Test func `an approval waits for the required checks`() {
    let history = given(
      added([.requiredChecks: ["test"]]), claimed(), submitted(reviewers: ["r"]))
    history.when(.approve(Verdict("x")), by: .named("r")).thenRefused(.checksMissing(["test"]))
    var passed = history
    passed.state = evolved(history.state, checked("test", exitStatus: 0))
    #expect(passed.when(.approve(Verdict("x")), by: .named("r")).types == [.reviewApproved, .taskDone])
  }

  @Test func `a rejection sends it back to its author, without a failure`() {
    let approved = verdict(.reviewApproved, "q", "good")
    let decided = given(added(), claimed(), submitted(reviewers: ["r", "q"]), approved)
      .when(.reject(Verdict("bad")), by: .named("r", at: at(40)))
    decided.then(verdict(.reviewRejected, "r", "bad", at: at(40)))
    let task = decided.state().task
    #expect(task?.state == .queued && task?.assignee == "a" && task?.failures == 0)
    #expect(task?.review.approvals.map(\.reviewer) == ["q"], "what others said of it stays said")
  }

  @Test func `an author submits again, and approvals of what was are stale`() {
    let approved = verdict(.reviewApproved, "q", "good")
    let history = given(added(), claimed(), submitted(reviewers: ["r", "q"]), approved)
    let decided = history.when(.resubmit(nil, owners: [], message: "rebased"), by: .named("a", at: at(40)))
    decided.then(
      event(
        .reviewRequested, "a", at: at(40), reviewer: "r",
        [
          .attempt: .int(1), .host: "box", .instance: "/w", .message: "rebased", .reviewers: ["r", "q"]
        ]))
    let review = decided.state().task?.review
    #expect(review?.approvers == [] && review?.staleApprovers == ["q"] && decided.state().task?.state == .review)
    history.when(.resubmit(nil, owners: [], message: nil), by: .named("r")).thenRefused(.notAnAuthor(["a"]))
    given(added(), claimed()).when(.resubmit(nil, owners: [], message: nil), by: .named("a"))
      .thenRefused(.wrongState(.running, .submit))
  }

  // MARK: Content

  static let first = Submission(oid: "o1", tree: "t1", change: "c1", branch: "work", repository: "r")

  /// `q` approves `first`, of which `r` has not said anything; then `next` is submitted.
  private func resubmitted(_ next: Submission?) -> Specification {
    given(
      added(), claimed(), submitted(reviewers: ["r", "q"], Self.first), verdict(.reviewApproved, "q", "good"),
      submitted(reviewers: ["r", "q"], fence: nil, next))
  }

  @Test(arguments: [
    (Submission(oid: "o2", tree: "t1", change: "c2", repository: "r"), true),
    (Submission(oid: "o2", tree: "t2", change: "c1", repository: "r"), true),
    (Submission(oid: "o1", tree: "t2", change: "c2", repository: "r"), false),
    (Submission(oid: "o2", tree: "t2", change: "c2", repository: "r"), false),
    (Submission(oid: "o2", tree: "t1", change: "c1", repository: "other"), false),
    (Submission(oid: "o2", repository: "r"), false), (Submission(), false)
  ]) func `an approval holds for the same tree or the same change, and for nothing else`(
    _ next: Submission, _ holds: Bool
  ) {
    let history = resubmitted(next)
    #expect(history.state.task?.review.approvers == (holds ? ["q"] : []))
    #expect(history.state.task?.awaitedReviewers == (holds ? ["r"] : ["r", "q"]))
    let decided = history.when(.approve(Verdict("good")), by: .named("r", at: at(40)))
    #expect(decided.types == (holds ? [.reviewApproved, .taskDone] : [.reviewApproved]))
  }

  @Test func `without git an approval is of one submission`() {
    let decided = resubmitted(nil).when(.approve(Verdict("good")), by: .named("r", at: at(40)))
    #expect(decided.types == [.reviewApproved], "two that name no content are not the same")
  }

  @Test func `what the reviewer saw is what is approved`() {
    let history = resubmitted(Submission(oid: "o2", tree: "t2", change: "c2", branch: "work", repository: "r"))
    history.when(.approve(Verdict("x", submission: 3)), by: .named("r")).thenRefused(.resubmitted)
    #expect(history.when(.approve(Verdict("x", submission: 5)), by: .named("r", at: at(40))).types == [.reviewApproved])
    history.when(.approve(Verdict("x", isStale: true)), by: .named("r")).thenRefused(.staleSubmission(branch: "work"))
    #expect(history.when(.reject(Verdict("x", isStale: true)), by: .named("r", at: at(40))).types == [.reviewRejected])
  }

  @Test func `an approval says what it is of`() {
    let history = given(added(), claimed(), submitted(reviewers: ["r", "q"], Self.first))
    history.when(.approve(Verdict("good", submission: 3, event: "ab")), by: .named("q", at: at(30))).then(
      event(
        .reviewApproved, "q", at: at(30), author: "a", reviewer: "q",
        [
          .change: "c1", .host: "box", .instance: "/w", .oid: "o1", .reference: "ab", .text: "good", .tree: "t1"
        ]))
  }

  @Test func `the owner approves last, and that is asked of one of them`() {
    let history = given(added(), claimed(), submitted(reviewers: ["r"], owners: ["jq", "kim"], Self.first))
    #expect(history.state.task?.awaitedReviewers == ["r"])
    history.when(.approve(Verdict("x")), by: .named("jq")).thenRefused(.ownerIsLast(["r"]))
    var next = history
    next.state = history.when(.approve(Verdict("good")), by: .named("r", at: at(30))).state()
    #expect(next.state.task?.state == .review && next.state.task?.awaitedReviewers == ["jq", "kim"])
    #expect(next.when(.approve(Verdict("good")), by: .named("kim", at: at(40))).types == [.reviewApproved, .taskDone])
    // As the reviewer is set up, where the submission says nothing of it.
    let plain = given(added(), claimed(), submitted(reviewers: ["r"], Self.first))
    let first = plain.when(.approve(Verdict("good", owners: ["jq"])), by: .named("r", at: at(30)))
    #expect(first.types == [.reviewApproved] && first.state().task?.awaitedReviewers == ["jq"])
    // An owner who did the work cannot also approve it.
    let own = given(added(), claimed(), submitted(reviewers: ["r"], owners: ["a"], Self.first))
    #expect(own.when(.approve(Verdict("good")), by: .named("r", at: at(30))).types == [.reviewApproved, .taskDone])
  }

  @Test func `checks count on the tree that is submitted, with nothing uncommitted`() {
    let required = added([.requiredChecks: ["test"]])
    func approving(_ checks: Event...) -> Decided {
      given([required, claimed()] + checks + [submitted(reviewers: ["r"], Self.first)])
        .when(.approve(Verdict("x")), by: .named("r", at: at(30)))
    }
    approving(checked("test", exitStatus: 0, tree: "t2")).thenRefused(.checksMissing(["test"]))
    approving(checked("test", exitStatus: 0, tree: "t1", dirty: true)).thenRefused(.checksMissing(["test"]))
    approving(checked("test", exitStatus: 0, tree: "t1"), checked("test", exitStatus: 1, tree: "t1"))
      .thenRefused(.checksMissing(["test"]))
    #expect(
      approving(checked("test", exitStatus: 0, tree: "t1"), checked("test", exitStatus: 1, tree: "t2")).types
        == [.reviewApproved, .taskDone])
    let release = Release.with(.done) { $0.submission = Submission(tree: "t1", dirty: true) }
    given(required, claimed(), checked("test", exitStatus: 0, tree: "t1"))
      .when(.release(release, fence: 1), by: .named("a")).thenRefused(.uncommitted)
  }
}
