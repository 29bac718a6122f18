import OrchCore
import OrchTestSupport
import Testing

@Suite("Claiming and resuming")
struct DecideClaimTests {
  @Test func `a claim grants the next fence and begins the next attempt`() throws {
    let decided = given(added()).when(.claim(.token(1), named: false), by: .named("a", at: at(10)))
    decided.then(claimed())
    let after = decided.state()
    #expect(
      after.session.lease
        == Lease(
          task: "t-1", attempt: 1, agent: "a", instance: "/w", host: "box", fence: 1, tokenHash: .numbered(1),
          acquiredAt: at(10), heartbeatAt: at(10), expiresAt: at(1810), ttlSeconds: 1800, noticedSeq: 2))
    let task = try #require(after.task)
    #expect(task.state == .running && task.attempt == 1 && task.lastAuthor == "a" && task.holders == ["a"])
  }

  @Test func `the time to live is the claim's, else the task's, else half an hour`() {
    let own = given(added([.ttlSeconds: .int(60)]))
    #expect(own.when(.claim(.token(1, ttl: 7), named: false), by: .named("a")).state().session.lease?.ttlSeconds == 7)
    #expect(
      own.when(.claim(.token(1), named: false), by: .named("a", at: at(1))).state().session.lease?.expiresAt == at(61))
    #expect(NewLease.defaultTTLSeconds == 1800)
  }

  @Test func `a held session is refused, also when its lease is stale`() throws {
    let history = given(added(), claimed())
    let lease = try #require(history.state.session.lease)
    history.when(.claim(.token(2), named: true), by: .named("b", at: at(11))).thenRefused(.leaseHeld(lease))
    history.when(.claim(.token(2), named: true), by: .named("b", at: at(9_999))).thenRefused(.leaseHeld(lease))
    let other = Task(.titled("t-2"), session: "s", createdAt: at(0), createdBy: "jq", source: nil)
    given([added(), claimed()], task: other).when(.claim(.token(2), named: false), by: .named("a"))
      .thenRefused(.leaseHeld(lease))
  }

  @Test func `an offer reserves the session for its receiver`() {
    let other = Task(.titled("t-2"), session: "s", createdAt: at(0), createdBy: "jq", source: nil)
    let history = given([added(), claimed(), offered()], task: other)
    history.when(.claim(.token(2), named: true), by: .named("c", at: at(30)))
      .thenRefused(.reserved(task: "t-1", to: "b", until: at(86_400)))
    history.when(.claim(.token(2), named: false), by: .named("b", at: at(30)))
      .then(claimed("b", fence: 2, at: at(30), source: "cli:box", task: "t-2"))
  }

  @Test func `only a queued task is claimed`() {
    for (history, state) in [
      ([added(), claimed(), done()], TaskState.done), ([added(), cancelled()], .cancelled),
      ([added(), claimed(), submitted(reviewers: ["r"])], .review)
    ] {
      given(history).when(.claim(.token(2), named: true), by: .named("b")).thenRefused(
        .wrongState(state, .claim))
    }
    given(added(), claimed(), offered()).when(.claim(.token(2), named: true), by: .named("b"))
      .thenRefused(.wrongState(.offered, .claim))
  }

  @Test func `a task waits for the tasks before it`() {
    var history = given(added([.after: ["t-0", "t-9"]]))
    history.state.task?.openBlockers = 2
    history.when(.claim(.token(1), named: true), by: .named("a")).thenRefused(.blocked(open: 2))
    history.state.task?.openBlockers = 1
    history.when(.claim(.token(1), named: true), by: .named("a")).thenRefused(.blocked(open: 1))
    history.state.task?.openBlockers = 0
    #expect(history.when(.claim(.token(1), named: true), by: .named("a")).types == [.taskClaimed])
  }

  @Test func `a task waits for its time, to the millisecond`() {
    let history = given(added([.notBefore: .instant(at(100)), .readyAt: .instant(at(100))]))
    history.when(.claim(.token(1), named: true), by: .named("a", at: at(100).adding(milliseconds: -1)))
      .thenRefused(.scheduled(until: at(100)))
    #expect(history.when(.claim(.token(1), named: true), by: .named("a", at: at(100))).types == [.taskClaimed])
  }

  @Test func `without a time a task is ready by any clock`() {
    let history = given(added(at: at(5_000)))
    #expect(history.when(.claim(.token(1), named: false), by: .named("a", at: at(-9_000))).types == [.taskClaimed])
  }

  @Test func `a claim clears the time to wait for, so recovery leaves it ready`() {
    let after = given(added([.notBefore: .instant(at(5)), .readyAt: .instant(at(5))]))
      .when(.claim(.token(1), named: false), by: .named("a", at: at(10))).state()
    #expect(after.task?.notBefore == nil && after.task?.readyAt == at(5))
  }

  @Test func `an assigned task is for its assignee alone, named or not`() {
    let history = given(added([.assignee: "b"]))
    for named in [true, false] {
      history.when(.claim(.token(1), named: named), by: .named("a")).thenRefused(.assigned(to: "b"))
      #expect(history.when(.claim(.token(1), named: named), by: .named("b")).types == [.taskClaimed])
    }
  }

  @Test func `what somebody is to review is taken by name only`() {
    let history = given(added(reviewers: ["r"]))
    history.when(.claim(.token(1), named: false), by: .named("r")).thenRefused(.claimerReviews)
    #expect(history.when(.claim(.token(1), named: true), by: .named("r")).types == [.taskClaimed])
  }

  @Test func `resuming rotates the token in the same attempt, without a failure`() throws {
    let decided = given(added(), claimed()).when(.resume(.token(2), fence: 1), by: .named("a", at: at(50)))
    decided.then(resumed(fence: 2, at: at(50)))
    let after = decided.state()
    #expect(after.session.fence == 2 && after.session.lease?.fence == 2 && after.session.lease?.attempt == 1)
    #expect(after.session.lease?.tokenHash == .numbered(2))
    #expect(after.task?.failures == 0 && after.task?.attempt == 1)
  }

  @Test func `resuming works on a lease that expired and that nobody took`() {
    given(added(), claimed()).when(.resume(.token(2), fence: 1), by: .named("a", at: at(99_999)))
      .then(resumed(fence: 2, at: at(99_999)))
  }

  @Test func `of two restarts the later one holds`() {
    let history = given(added(), claimed(), resumed(fence: 2, at: at(50)))
    history.when(.resume(.token(3), fence: 1), by: .named("a", at: at(60))).thenRefused(.leaseLost)
    history.when(.checkpoint(CheckpointChange(), fence: 1), by: .named("a", at: at(60))).thenRefused(.leaseLost)
    #expect(history.when(.resume(.token(3), fence: 2), by: .named("a", at: at(60))).types == [.leaseResumed])
  }

  @Test func `resuming without a token takes what holds, of the same agent only`() throws {
    let history = given(added(), claimed())
    #expect(history.when(.resume(.token(2), fence: nil), by: .named("a", at: at(60))).types == [.leaseResumed])
    let lease = try #require(history.state.session.lease)
    history.when(.resume(.token(2), fence: nil), by: .named("b", at: at(60))).thenRefused(.leaseHeld(lease))
    history.when(.resume(.token(2), fence: 1), by: .named("b", at: at(60))).thenRefused(.leaseHeld(lease))
  }

  @Test func `resuming keeps the lease's time to live unless one is given`() {
    let history = given(added([.ttlSeconds: .int(60)]), claimed(ttl: 90))
    #expect(history.when(.resume(.token(2), fence: 1), by: .named("a")).state().session.lease?.ttlSeconds == 90)
    #expect(history.when(.resume(.token(2, ttl: 5), fence: 1), by: .named("a")).state().session.lease?.ttlSeconds == 5)
  }

  @Test func `nothing is resumed that has ended`() {
    given(added(), claimed(), done()).when(.resume(.token(2), fence: 1), by: .named("a")).thenRefused(.leaseLost)
    given(added(), claimed(), done()).when(.resume(.token(2), fence: nil), by: .named("a")).thenRefused(.leaseLost)
    given(added(), claimed(), cancelled()).when(.resume(.token(2), fence: 1), by: .named("a"))
      .thenRefused(.taskCancelled)
    let other = Task(.titled("t-2"), session: "s", createdAt: at(0), createdBy: "jq", source: nil)
    given([added(), claimed()], task: other).when(.resume(.token(2), fence: nil), by: .named("a"))
      .thenRefused(.leaseLost)
  }

  @Test func `the fence lives with the session: it never restarts`() {
    let history = given(
      added(), claimed(), failed(), claimed("b", fence: 2, attempt: 2, at: at(30)), done("b", fence: 2),
      event(.taskRetried, "jq", at: at(40), [.readyAt: .instant(at(40))]))
    let after = history.when(.claim(.token(3), named: false), by: .named("c", at: at(50))).state()
    #expect(after.session.fence == 3 && after.session.lease?.fence == 3 && after.task?.attempt == 3)
  }
}
