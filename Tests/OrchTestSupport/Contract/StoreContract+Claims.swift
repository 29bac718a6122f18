import OrchCore
import OrchStore
import Testing

extension StoreContract {
  /// Over random states and every combination of filters, the engine finds exactly what the decider would grant.
  package static func findsWhatTheDeciderGrants(_ database: DatabaseUnderTest, seed: UInt64) throws {
    let desk = try StoreFixture(database)
    let clock = TestClock(try desk.now().adding(seconds: -2500))
    let runner = ScriptRunner(desk.store, clock: clock, atEngineTime: false)
    let script = ScriptGenerator.script(seed: seed, count: 120, origin: clock.now)
    for (index, step) in script.enumerated() {
      _ = try runner.run(step)
      guard index % 10 == 9 else { continue }
      // One filter in so many, others each time; at the end every one.
      let every = index == script.count - 1 ? 1 : 11
      try desk.store.read { try compareClaims($0, "seed \(seed), step \(index)", index / 10, every) }
    }
  }

  private static func compareClaims(_ reader: any StoreReader, _ place: String, _ first: Int, _ every: Int) throws {
    let oracle = try ClaimOracle(reader)
    var number = first
    let sessions: [String?] = [nil, "s-1", "s-2", "t-3", "nowhere"]
    let projects: [ProjectScope] = [
      .all, .current(nil), .current("p"), .current("x"), .only("p"), .only("q"), .only("x")
    ]
    let kinds = [[], ["fix"], ["task"], ["fix", "task"], ["none"]]
    for agent in ScriptGenerator.agents + ["stranger"] {
      for session in sessions {
        for scope in projects {
          for kind in kinds {
            number += 1
            guard number % every == 0 else { continue }
            let query = ClaimQuery(agent: agent, kinds: kind, projects: scope, session: session)
            let found = try reader.candidate(for: query)
            let expected = oracle.candidate(for: query)
            #expect(found?.task == expected?.id && found?.session == expected?.session, "\(place): \(query)")
            #expect(try reader.claimDiagnosis(to: query) == oracle.claimDiagnosis(to: query), "\(place): \(query)")
            try compareExpired(reader, oracle, query, place)
          }
        }
      }
    }
    try compareExpired(reader, oracle, nil, place)
    let held = try reader.heldSessions(limit: .max)
    #expect(Set(held) == Set(oracle.sessions.values.filter { $0.lease != nil }), "\(place)")
    let expiries = held.compactMap(\.lease?.expiresAt)
    #expect(expiries == expiries.sorted(), "\(place): the first to expire first")
    #expect(try reader.heldSessions(limit: 2) == Array(held.prefix(2)), "\(place)")
  }

  private static func compareExpired(
    _ reader: any StoreReader, _ oracle: ClaimOracle, _ query: ClaimQuery?, _ place: String
  ) throws {
    let expired = try reader.expiredSessions(matching: query, limit: .max)
    #expect(Set(expired) == oracle.expired(matching: query), "\(place): \(String(describing: query))")
    #expect(Set(expired.map(\.id)).count == expired.count, "\(place): each once")
    let instants = expired.map { oracle.expiry(of: $0) }
    #expect(instants == instants.sorted(), "\(place): the longest expired first")
    #expect(try reader.expiredSessions(matching: query, limit: 1) == Array(expired.prefix(1)), "\(place)")
  }

  /// Priority, then ready time, then insertion; a task without a time to wait for is ready by any clock.
  package static func ordersClaims(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    let now = try desk.now()
    func add(_ id: String, priority: Int, ready: Int, waits: Bool = false) throws {
      try desk.add(
        .titled(id) { new in
          new.priority = priority
          new.notBefore = waits ? now.adding(seconds: ready) : nil
        }, at: now.adding(seconds: ready))
    }
    try add("late", priority: 5, ready: -10)
    try add("early", priority: 5, ready: -20)
    try add("same", priority: 5, ready: -20)
    try add("urgent", priority: 1, ready: 5000)
    try add("scheduled", priority: 0, ready: 5000, waits: true)
    try add("was scheduled", priority: 5, ready: -30, waits: true)
    var order: [String] = []
    while let next = try desk.store.read({ try $0.candidate(for: ClaimQuery(agent: "a")) }) {
      order.append(next.task)
      try desk.claim(next.task, token: order.count)
    }
    #expect(order == ["urgent", "was scheduled", "early", "same", "late"])
    let all = try desk.store.read { try $0.tasks(TaskQuery(), after: nil, limit: .max).map(\.id) }
    #expect(all == ["scheduled", "urgent", "was scheduled", "early", "same", "late"])
    let claimDiagnosis = try desk.store.read { try $0.claimDiagnosis(to: ClaimQuery(agent: "a")) }
    #expect(claimDiagnosis.scheduled == 1 && claimDiagnosis.nextReadyAt == now.adding(seconds: 5000))
  }

  /// In the session that is chosen the task that was recovered goes first, when this claimer may take it.
  package static func takesUpWhatWasRecovered(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    let now = try desk.now()
    try desk.add(.titled("slow") { $0.priority = 9 }, to: "s", at: now.adding(seconds: -100))
    try desk.claim("slow", token: 1, ttl: 10, at: now.adding(seconds: -90))
    try desk.add(.titled("quick") { $0.priority = 1 }, to: "s", at: now.adding(seconds: -80))
    try desk.add(.titled("elsewhere") { $0.priority = 2 }, at: now.adding(seconds: -70))
    try desk.act("slow", .expire(forced: false, why: nil), by: "watchdog")
    func candidate(_ query: ClaimQuery) throws -> String? {
      try desk.store.read { try $0.candidate(for: query)?.task }
    }
    #expect(try candidate(ClaimQuery(agent: "a")) == "slow", "its session has the best task, and it goes first there")
    #expect(try candidate(ClaimQuery(agent: "a", kinds: ["none"])) == nil)
    // Not before its time, nor before what it waits for.
    try desk.act("slow", .edit(.with { $0.notBefore = .some(now.adding(seconds: 5000)) }))
    #expect(try candidate(ClaimQuery(agent: "a")) == "quick")
    try desk.act(
      "slow",
      .edit(
        .with {
          $0.notBefore = .some(nil); $0.after = ["elsewhere"]
        }))
    #expect(try candidate(ClaimQuery(agent: "a")) == "quick")
    try desk.act("slow", .edit(.with { $0.after = [] }))
    #expect(try candidate(ClaimQuery(agent: "a")) == "slow")
    // Not when it is not this claimer's to take.
    try desk.act("slow", .edit(.with { $0.assignee = "b" }))
    #expect(try candidate(ClaimQuery(agent: "a")) == "quick")
    #expect(try candidate(ClaimQuery(agent: "b")) == "slow")
    try desk.act(
      "slow",
      .edit(
        .with {
          $0.assignee = .some(nil); $0.kind = "other"
        }))
    #expect(try candidate(ClaimQuery(agent: "a", kinds: ["task"])) == "quick")
    // Not in another session that has a better task.
    try desk.add(.titled("best") { $0.priority = 0 })
    #expect(try candidate(ClaimQuery(agent: "a")) == "best")
    #expect(try candidate(ClaimQuery(agent: "a", session: "s")) == "slow")
  }

  /// An offer keeps its session for the receiver, until it ends.
  package static func reservesForTheReceiver(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    try desk.add(.titled("t-1"), to: "s")
    try desk.add(.titled("t-2"), to: "s")
    try desk.claim("t-1", token: 1)
    let offer = Offer(from: "a", to: "b", why: nil, next: nil, expiresAt: try desk.now().adding(seconds: -1))
    try desk.act("t-1", .offer(offer, fence: 1), by: "a")
    try desk.store.read { reader throws in
      #expect(try reader.candidate(for: ClaimQuery(agent: "b"))?.task == "t-2")
      #expect(try reader.candidate(for: ClaimQuery(agent: "c")) == nil)
      #expect(try reader.candidate(for: ClaimQuery(agent: "c", session: "s")) == nil)
      #expect(try reader.claimDiagnosis(to: ClaimQuery(agent: "c")).held == 1)
      #expect(try reader.expiredSessions(matching: nil, limit: 9).map(\.id) == ["s"])
      #expect(try reader.heldSessions(limit: 9) == [])
    }
    try desk.act("t-1", .expireOffer, by: "watchdog")
    try desk.store.read { reader throws in
      #expect(try reader.candidate(for: ClaimQuery(agent: "c"))?.task == "t-1")
      #expect(try reader.expiredSessions(matching: nil, limit: 9) == [])
    }
  }

  /// At its very instant a lease and an offer are expired, and a task is ready.
  package static func countsTheInstantIn(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    try desk.add(.titled("held"))
    try desk.add(.titled("offered"))
    try desk.claim("offered", token: 1)
    try desk.store.write { writer throws in
      let now = writer.now
      try writer.act("held", .claim(.token(2, ttl: 10), named: true), by: "a", at: now.adding(seconds: -10))
      let offer = Offer(from: "a", to: "b", why: nil, next: nil, expiresAt: now)
      try writer.act("offered", .offer(offer, fence: 1), by: "a", at: now.adding(seconds: -5))
      try writer.add(.titled("ready") { $0.notBefore = now })
      try writer.add(.titled("not yet") { $0.notBefore = now.adding(milliseconds: 1) })
      #expect(try Set(writer.expiredSessions(matching: nil, limit: 9).map(\.id)) == ["held", "offered"])
      let query = ClaimQuery(agent: "b")
      #expect(try Set(writer.expiredSessions(matching: query, limit: 9).map(\.id)) == ["held", "offered"])
      #expect(try writer.candidate(for: query)?.task == "ready")
      #expect(try writer.counts(session: nil) == [.running: 1, .offered: 1, .queued: 1, .scheduled: 1])
      #expect(try writer.claimDiagnosis(to: query).nextReadyAt == now.adding(milliseconds: 1))
      #expect(try writer.candidate(for: ClaimQuery(agent: "b", session: "ready"))?.task == "ready")
      #expect(try writer.candidate(for: ClaimQuery(agent: "b", session: "not yet")) == nil)
    }
  }

  /// The longest expired first, as many as were asked for.
  package static func findsTheLongestExpired(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    let now = try desk.now()
    for (index, ttl) in [300, 100, 900, 200].enumerated() {
      try desk.add(.titled("t-\(index)") { $0.kind = ttl == 100 ? "fix" : "task" })
      try desk.claim("t-\(index)", token: index, ttl: ttl, at: now.adding(seconds: -400))
    }
    try desk.store.read { reader throws in
      #expect(try reader.expiredSessions(matching: nil, limit: 9).map(\.id) == ["t-1", "t-3", "t-0"])
      #expect(try reader.expiredSessions(matching: nil, limit: 2).map(\.id) == ["t-1", "t-3"])
      #expect(
        try reader.expiredSessions(matching: ClaimQuery(agent: "b", kinds: ["task"]), limit: 1).map(\.id) == ["t-3"])
      #expect(
        try reader.expiredSessions(matching: ClaimQuery(agent: "b", session: "t-0"), limit: 9).map(\.id) == ["t-0"])
      #expect(try reader.heldSessions(limit: 9).map(\.id) == ["t-1", "t-3", "t-0", "t-2"])
    }
  }
}
