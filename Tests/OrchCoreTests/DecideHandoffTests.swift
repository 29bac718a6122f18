import OrchCore
import OrchTestSupport
import Testing

@Suite("Handing over")
struct DecideHandoffTests {
  let offering = given(added(), claimed(), offered())
  let offer = Offer(from: "a", to: "b", why: "night", next: "write tests", expiresAt: at(86_400))

  @Test func `an offer ends the attempt and reserves the session, without a failure`() {
    let decided = given(added(), claimed()).when(.offer(offer, fence: 1), by: .named("a", at: at(20)))
    decided.then(offered())
    let after = decided.state()
    #expect(after.task?.state == .offered && after.task?.offer == offer && after.task?.failures == 0)
    #expect(after.session.lease == nil)
    #expect(after.session.offer == Session.Reservation(task: "t-1", to: "b", expiresAt: at(86_400)))
  }

  @Test func `nobody offers to themselves`() {
    var own = offer
    own.to = "a"
    given(added(), claimed()).when(.offer(own, fence: 1), by: .named("a")).thenRefused(.offerToSelf)
  }

  @Test func `a session has one offer at a time`() {
    var receiving = given(added(), claimed(), offered())
    receiving.state.task = Task(.titled("t-2"), session: "s", createdAt: at(0), createdBy: "jq", source: nil)
    receiving.state = receiving.when(.claim(.token(2), named: false), by: .named("b", at: at(30))).state()
    let onward = Offer(from: "b", to: "c", why: nil, next: nil, expiresAt: at(99))
    receiving.when(.offer(onward, fence: 2), by: .named("b", at: at(40)))
      .thenRefused(.reserved(task: "t-1", to: "b", until: at(86_400)))
  }

  @Test func `accepting claims in the same breath, with the read-back`() {
    let decided = offering.when(.accept(.token(2), restate: "I write tests"), by: .named("b", at: at(30)))
    decided.then(
      event(
        .handoffAccepted, "b", at: at(30), author: "a",
        [.from: "a", .host: "box", .instance: "/w", .restate: "I write tests"]),
      claimed("b", fence: 2, attempt: 2, at: at(30)))
    let after = decided.state()
    #expect(after.task?.state == .running && after.task?.offer == nil && after.task?.holders == ["a", "b"])
    #expect(after.session.offer == nil && after.session.lease?.agent == "b" && after.session.fence == 2)
  }

  @Test func `accepting works late, until the offer is swept`() {
    #expect(
      offering.when(.accept(.token(2), restate: nil), by: .named("b", at: at(99_999))).types
        == [.handoffAccepted, .taskClaimed])
  }

  @Test func `only the receiver accepts or declines`() {
    offering.when(.accept(.token(2), restate: nil), by: .named("c")).thenRefused(.notTheReceiver(to: "b"))
    offering.when(.decline(why: "no"), by: .named("a")).thenRefused(.notTheReceiver(to: "b"))
  }

  @Test func `a receiver who holds the session for another task accepts later`() throws {
    var busy = offering
    busy.state.task = Task(.titled("t-2"), session: "s", createdAt: at(0), createdBy: "jq", source: nil)
    busy.state = busy.when(.claim(.token(2), named: false), by: .named("b", at: at(30))).state()
    let lease = try #require(busy.state.session.lease)
    busy.state.task = offering.state.task
    busy.when(.accept(.token(3), restate: nil), by: .named("b", at: at(40))).thenRefused(.leaseHeld(lease))
  }

  @Test func `declining sends it back to the giver's queue`() {
    let decided = offering.when(.decline(why: "busy"), by: .named("b", at: at(30)))
    decided.then(
      event(
        .handoffDeclined, "b", at: at(30), author: "a",
        [.from: "a", .host: "box", .instance: "/w", .why: "busy"]))
    let after = decided.state()
    #expect(after.task?.state == .queued && after.task?.assignee == "a" && after.task?.offer == nil)
    #expect(after.session.offer == nil && after.task?.failures == 0)
  }

  @Test func `an offer expires at its time, into the open queue`() {
    offering.when(.expireOffer, by: .named("watchdog", at: at(86_400).adding(milliseconds: -1)))
      .thenRefused(.reserved(task: "t-1", to: "b", until: at(86_400)))
    let decided = offering.when(.expireOffer, by: .named("watchdog", at: at(86_400)))
    decided.then(
      event(
        .handoffExpired, "watchdog", at: at(86_400), author: "a",
        [
          .expiresAt: .instant(at(86_400)), .from: "a", .host: "box", .instance: "/w", .to: "b"
        ]))
    let after = decided.state()
    #expect(after.task?.state == .queued && after.task?.assignee == nil && after.task?.offer == nil)
    #expect(after.session.offer == nil)
  }

  @Test func `without an offer there is nothing to hand over`() {
    let history = given(added(), claimed())
    let refused = Rejection.wrongState(.running, .handOver)
    history.when(.accept(.token(2), restate: nil), by: .named("b")).thenRefused(refused)
    history.when(.decline(why: "no"), by: .named("b")).thenRefused(refused)
    history.when(.expireOffer, by: .named("b")).thenRefused(refused)
  }
}
