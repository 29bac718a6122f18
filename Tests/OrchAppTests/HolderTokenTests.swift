import OrchApp
import OrchCore
import OrchStore
import OrchTestSupport
import Testing

@Suite("Which lease a holder's command is about")
struct HolderTokenTests {
  private let fixture = UseCaseFixture()

  @Test func `the lease that was taken here`() throws {
    try fixture.add("t-1")
    let claim = try fixture.claim()
    #expect(try fixture.app().heartbeat(HolderRequest(), ttlSeconds: nil).lease.fence == claim.lease.fence)
    #expect(try fixture.app(nil).heartbeat(HolderRequest(), ttlSeconds: nil).lease.agent == "ann")
    #expect(try fixture.code { _ = try fixture.app("ben").heartbeat(HolderRequest(), ttlSeconds: nil) } == .nothingHeld)
    let elsewhere = fixture.app(in: "/x")
    #expect(try fixture.code { _ = try elsewhere.heartbeat(HolderRequest(), ttlSeconds: nil) } == .nothingHeld)
    #expect(try elsewhere.heartbeat(HolderRequest(task: "t-1"), ttlSeconds: nil).session == "t-1")
  }

  @Test func `the nearest of several, and none of two that are as near`() throws {
    for id in ["t-1", "t-2", "t-3"] { try fixture.add(id) }
    _ = try fixture.claim("t-1", in: "/w")
    _ = try fixture.claim("t-2", in: "/w/deep")
    func held(_ directory: String, _ request: HolderRequest = HolderRequest()) throws -> String {
      try fixture.app(in: directory).heartbeat(request, ttlSeconds: nil).session
    }
    #expect(try held("/w") == "t-1")
    #expect(try held("/w/deep") == "t-2")
    #expect(try held("/w/deep/er") == "t-2")
    _ = try fixture.claim("t-3", in: "/w/deep")
    #expect(try fixture.code { _ = try held("/w/deep") } == .usage)
    #expect(try held("/w/deep", HolderRequest(task: "t-3")) == "t-3")
    #expect(try held("/w/deep", HolderRequest(session: "t-1")) == "t-1")
  }

  @Test func `a token that is over says how it ended`() throws {
    try fixture.add("t-1")
    let first = try fixture.claim(ttl: 10)
    fixture.clock.advance(seconds: 10)
    let late = try fixture.app().heartbeat(HolderRequest(token: first.token), ttlSeconds: nil)
    #expect(late.lease.fence == 1, "nobody took it yet")
    fixture.clock.advance(seconds: 20)
    let second = try fixture.claim("t-1", by: "ben", in: "/y")
    #expect(second.lease.fence == 2)
    for request in [HolderRequest(token: first.token), HolderRequest()] {
      #expect(try fixture.code { _ = try fixture.app().heartbeat(request, ttlSeconds: nil) } == .leaseLost)
      #expect(try fixture.code { _ = try fixture.app().release(request, Release(.done)) } == .leaseLost)
    }
    _ = try fixture.app("jq").cancel("t-1", why: "no")
    let cancelled = HolderRequest(token: second.token)
    #expect(try fixture.code { _ = try fixture.app("ben").heartbeat(cancelled, ttlSeconds: nil) } == .taskCancelled)
    #expect(
      try fixture.code { _ = try fixture.app().heartbeat(HolderRequest(token: Token()), ttlSeconds: nil) } == .leaseLost
    )
  }

  @Test func `a given token is for its own task and its own agent`() throws {
    for id in ["t-1", "t-2"] { try fixture.add(id) }
    let claim = try fixture.claim("t-1")
    let wrongTask = HolderRequest(token: claim.token, task: "t-2")
    #expect(try fixture.code { _ = try fixture.app().release(wrongTask, Release(.done)) } == .refused)
    let request = HolderRequest(token: claim.token)
    #expect(try fixture.code { _ = try fixture.app("ben").heartbeat(request, ttlSeconds: nil) } == .refused)
    #expect(try fixture.code { _ = try fixture.app("ben").release(request, Release(.done)) } == .refused)
    #expect(try fixture.store.read { try $0.session("t-1")?.lease } == claim.lease)
  }

  @Test func `the same release again answers what was recorded`() throws {
    try fixture.add("t-1")
    let claim = try fixture.claim()
    let request = HolderRequest(token: claim.token)
    let first = try fixture.app().release(request, Release(.requeue))
    _ = try fixture.claim("t-1", by: "ben", in: "/y")
    let again = try fixture.app().release(request, Release(.requeue))
    #expect(again.event?.id == first.event?.id)
    #expect(again.task.state == .running)
    #expect(try fixture.code { _ = try fixture.app().release(request, Release(.done)) } == .refused)
    #expect(try fixture.eventTypes("t-1") == [.taskAdded, .taskClaimed, .taskRequeued, .taskClaimed])
  }
}
