import OrchCore
import OrchTestSupport
import Testing

@Suite("Recovering stale and forced leases")
struct DecideRecoverTests {
  /// What `lease.expired` says of the first claim, taken over at `instant`.
  func expired(
    at instant: Instant, failures: Int, forced: Bool, why: String? = nil, by actor: String = "watchdog"
  ) -> Event {
    var data: EventData = [
      .agent: "a", .attempt: .int(1), .expiresAt: .instant(at(1810)), .failures: .int(failures), .fence: .int(1),
      .forced: .bool(forced), .heartbeatAt: .instant(at(10)), .host: "box", .instance: "/w"
    ]
    data[.why] = why.map { .string($0) }
    return event(.leaseExpired, actor, at: instant, author: "a", fence: 1, data)
  }

  @Test func `a live lease is not stale, to the millisecond`() throws {
    let history = given(added(), claimed())
    let lease = try #require(history.state.session.lease)
    history.when(.expire(forced: false, why: nil), by: .named("watchdog", at: at(1810).adding(milliseconds: -1)))
      .thenRefused(.notStale(lease))
    #expect(
      history.when(.expire(forced: false, why: nil), by: .named("watchdog", at: at(1810))).types == [.leaseExpired])
  }

  @Test func `a heartbeat sets the expiry, also to an earlier one`() throws {
    var history = given(added(), claimed())
    let lease = try #require(history.state.session.lease)
    let longer = lease.renewed(at: at(100), ttlSeconds: nil)
    #expect(longer.expiresAt == at(1900) && longer.heartbeatAt == at(100) && longer.ttlSeconds == 1800)
    let shorter = longer.renewed(at: at(110), ttlSeconds: 5)
    #expect(shorter.expiresAt == at(115) && shorter.ttlSeconds == 5 && shorter.fence == lease.fence)
    history.state.session.lease = shorter
    #expect(history.when(.expire(forced: false, why: nil), by: .named("w", at: at(115))).types == [.leaseExpired])
  }

  @Test func `recovery leaves its evidence, counts one failure and requeues, ready as before`() {
    let decided = given(added(), claimed()).when(.expire(forced: false, why: nil), by: .named("watchdog", at: at(2000)))
    decided.then(expired(at: at(2000), failures: 1, forced: false))
    let after = decided.state()
    #expect(after.session.lease == nil && after.session.fence == 1 && after.session.recovered == "t-1")
    #expect(after.task?.state == .queued && after.task?.failures == 1)
    #expect(after.task?.readyAt == at(0) && after.task?.notBefore == nil)
  }

  @Test func `force ends a live lease and counts no failure`() {
    let decided = given(added(), claimed()).when(.expire(forced: true, why: "hung"), by: .named("jq", at: at(30)))
    decided.then(expired(at: at(30), failures: 0, forced: true, why: "hung", by: "jq"))
    #expect(decided.state().task?.failures == 0 && decided.state().task?.state == .queued)
    let mortal = given(added([.maxAttempts: .int(1)]), claimed())
    #expect(mortal.when(.expire(forced: true, why: "hung"), by: .named("jq", at: at(30))).types == [.leaseExpired])
  }

  @Test func `force on a stale lease is no force`() {
    given(added(), claimed()).when(.expire(forced: true, why: "hung"), by: .named("jq", at: at(2000)))
      .then(expired(at: at(2000), failures: 1, forced: false, why: "hung", by: "jq"))
  }

  @Test func `the last stale lease kills the task`() {
    let decided = given(added([.maxAttempts: .int(1)]), claimed())
      .when(.expire(forced: false, why: nil), by: .named("watchdog", at: at(2000)))
    decided.then(
      expired(at: at(2000), failures: 1, forced: false),
      event(
        .taskDead, "watchdog", at: at(2000), author: "a", fence: 1, [.failures: .int(1), .maxAttempts: .int(1)]))
    #expect(decided.state().task?.state == .dead && decided.state().session.recovered == nil)
  }

  @Test func `where nobody holds there is nothing to recover`() {
    given(added()).when(.expire(forced: true, why: "x"), by: .named("jq")).thenRefused(.nothingToRecover)
  }

  @Test func `each recovery of the same task leaves its event`() {
    // Fixed idempotency keys, `stale:<session>`, would swallow the second.
    var history = given(added(), claimed())
    for round in 1...3 {
      let later = at(round * 10_000)
      let decided = history.when(.expire(forced: false, why: nil), by: .named("watchdog", at: later))
      #expect(decided.types == [.leaseExpired])
      history.state = decided.state()
      #expect(history.state.task?.failures == round)
      history.state = history.when(.claim(.token(round + 1), named: false), by: .named("b", at: later)).state()
      #expect(history.state.session.fence == round + 1)
    }
    #expect(
      history.when(.expire(forced: false, why: nil), by: .named("watchdog", at: at(90_000))).types
        == [.leaseExpired, .taskDead])
  }

  @Test func `claiming what was recovered takes the mark away, claiming another does not`() {
    let recovered = given(added(), claimed(), expired(at: at(2000), failures: 1, forced: false))
    #expect(recovered.when(.claim(.token(2), named: false), by: .named("b")).state().session.recovered == nil)
    var other = recovered
    other.state.task = Task(.titled("t-2"), session: "s", createdAt: at(0), createdBy: "jq", source: nil)
    #expect(other.when(.claim(.token(2), named: false), by: .named("b")).state().session.recovered == "t-1")
    #expect(recovered.when(.cancel(why: "x"), by: .named("jq")).state().session.recovered == nil)
  }

  @Test(arguments: 0...64)
  func `the wait is uniform in the upper half of the doubled second, at most an hour`(failures: Int) {
    let most = failures >= 12 ? 3600 : min(3600, 1 << failures)
    let bounds = Int64(most) * 500...Int64(most) * 1000
    #expect(RetryPolicy.delayMilliseconds(failures: failures, jitter: 0) == bounds.lowerBound)
    #expect(RetryPolicy.delayMilliseconds(failures: failures, jitter: UInt64(most) * 500) == bounds.upperBound)
    var generator = SeededGenerator(seed: UInt64(failures))
    for jitter in [1, UInt64(most) * 500 + 1, .max] + (0..<100).map({ _ in generator.next() }) {
      #expect(bounds.contains(RetryPolicy.delayMilliseconds(failures: failures, jitter: jitter)))
    }
  }
}
