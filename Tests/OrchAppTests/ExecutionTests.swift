import OrchApp
import OrchCore
import OrchStore
import OrchTestSupport
import Testing

@Suite("The driver of all commands")
struct ExecutionTests {
  private let fixture = UseCaseFixture()

  @Test func `every holder's command renews the lease`() throws {
    try fixture.add("t-1")
    let claim = try fixture.claim(ttl: 100)
    func expiry() throws -> Instant? { try fixture.store.read { try $0.session("t-1")?.lease?.expiresAt } }
    #expect(try expiry() == claim.lease.acquiredAt.adding(seconds: 100))
    fixture.clock.advance(seconds: 50)
    _ = try fixture.app().heartbeat(HolderRequest(), ttlSeconds: nil)
    #expect(try expiry() == fixture.clock.now.adding(seconds: 100))
    fixture.clock.advance(seconds: 50)
    _ = try fixture.app().checkpoint(HolderRequest(), CheckpointChange(), ttlSeconds: 30)
    #expect(try expiry() == fixture.clock.now.adding(seconds: 30))
    fixture.clock.advance(seconds: 10)
    let subject = try fixture.app().checkSubject(HolderRequest())
    let result = CheckResult(
      name: "test", command: "make", exitStatus: 0, durationMilliseconds: 1, outputHash: .numbered(1), head: nil,
      tree: nil, dirty: false)
    _ = try fixture.app().record(result, of: subject)
    #expect(try expiry() == fixture.clock.now.adding(seconds: 30))
    #expect(try fixture.eventTypes("t-1") == [.taskAdded, .taskClaimed, .checkpointSaved, .checkRecorded])
  }

  @Test func `notes are shown once, to the holder`() throws {
    try fixture.add("t-1")
    _ = try fixture.claim()
    _ = try fixture.app("ben").note("t-1", text: "look")
    _ = try fixture.app().note("t-1", text: "my own")
    func texts(_ renewal: LeaseRenewal) -> [String?] { renewal.notices.map { $0.entry.event.data.string(.text) } }
    #expect(texts(try fixture.app().heartbeat(HolderRequest(), ttlSeconds: nil)) == ["look"])
    #expect(texts(try fixture.app().heartbeat(HolderRequest(), ttlSeconds: nil)) == [])
    _ = try fixture.app("ben").note("t-1", text: "more")
    #expect(
      texts(try fixture.app().checkpoint(HolderRequest(), CheckpointChange(), ttlSeconds: nil).renewal) == ["more"])
  }

  @Test func `a dry run of recover says what recovering does`() throws {
    for (id, attempts) in [("t-1", 1), ("t-2", 2)] {
      try fixture.add(id) { $0.maxAttempts = attempts }
      _ = try fixture.claim(id, ttl: 10)
    }
    try fixture.add("t-3")
    _ = try fixture.claim("t-3", ttl: 10)
    let offer = OfferRequest(to: "ben", why: "night", next: nil, expiresInSeconds: 5, allowsDirty: true)
    _ = try fixture.app().offer(HolderRequest(task: "t-3"), offer)
    fixture.clock.advance(seconds: 60)
    func recovered(dryRun: Bool) throws -> [String] {
      var request = RecoverRequest()
      request.dryRun = dryRun
      var told: [String] = []
      try fixture.app("watchdog").recover(request) { told.append("\($0.session) \($0.action.rawValue)") }
      return told
    }
    let events = try fixture.store.read { try $0.eventCount() }
    let planned = try recovered(dryRun: true)
    #expect(planned.sorted() == ["t-1 dead", "t-2 requeued", "t-3 offer-expired"])
    #expect(try fixture.store.read { try $0.eventCount() } == events)
    #expect(try recovered(dryRun: false) == planned)
    #expect(try recovered(dryRun: true) == [])
  }

  @Test func `a body that runs again decides again, and changes nothing twice`() throws {
    try fixture.add("t-1")
    fixture.database.injectConflicts(3)
    let claim = try fixture.claim()
    fixture.database.injectConflicts(2)
    _ = try fixture.app().release(HolderRequest(token: claim.token), Release(.done))
    #expect(try fixture.eventTypes("t-1") == [.taskAdded, .taskClaimed, .taskDone])
  }

  @Test func `an agent's description is an event of the agents' session`() throws {
    _ = try fixture.app().describe("ann", display: .some("Ann"), role: "owner")
    _ = try fixture.app().describe("ann", display: nil, role: "owner")
    #expect(try fixture.eventTypes("agents") == [.agentDescribed])
    #expect(try fixture.app().agents().map(\.display) == ["Ann"])
  }
}

@Suite("A lease file around a grant")
struct LeaseFileReservationTests {
  private let fixture = UseCaseFixture()

  @Test func `is there after a grant, and gone after none`() throws {
    #expect(try fixture.code { _ = try fixture.claim() } == .nothingClaimable)
    #expect(fixture.leaseFiles.all().isEmpty)
    try fixture.add("t-1")
    let claim = try fixture.claim()
    #expect(fixture.leaseFiles.all().map(\.token) == [claim.token])
    #expect(fixture.leaseFiles.all().map(\.task) == ["t-1"])
  }

  @Test func `takes the place of those that are superseded`() throws {
    try fixture.add("t-1")
    _ = try fixture.claim()
    let resumed = try fixture.app().resume(ResumeRequest(holder: HolderRequest()))
    #expect(fixture.leaseFiles.all().map(\.token) == [resumed.token])
    #expect(resumed.lease.fence == 2)
  }

  @Test func `stays when nobody knows whether the grant took effect`() throws {
    try fixture.add("t-1")
    let losing = LosingStore(fixture.store)
    losing.losesAnswers = true
    #expect(try fixture.code { _ = try fixture.app(on: losing).claim(ClaimRequest()) } == .outcomeUnknown)
    #expect(fixture.leaseFiles.all().count == 1)
    #expect(try fixture.app().resume(ResumeRequest(holder: HolderRequest())).lease.fence == 2)
  }

  @Test func `is not made for the caller's own token, with which a claim can be repeated`() throws {
    try fixture.add("t-1")
    var request = ClaimRequest()
    request.token = .numbered(1)
    let first = try fixture.app().claim(request)
    #expect(try fixture.app().claim(request).lease == first.lease)
    #expect(fixture.leaseFiles.all().isEmpty)
    _ = try fixture.app().release(HolderRequest(token: .numbered(1)), Release(.done))
    #expect(try fixture.code { _ = try fixture.app().claim(request) } == .refused)
  }
}
