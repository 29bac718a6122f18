import OrchApp
import OrchCore
import OrchStore
import OrchTestSupport
import Testing

/// One script on two engines: the same answers, rows and bytes. Positions and ordinals are the engine's own.
@Suite("Every engine agrees with the reference engine")
struct DifferentialTests {
  /// On one connection, and on three that take turns: what one remembers the others have changed.
  /// Every engine but the reference, with the scripts it runs: a server takes its time.
  private static func scripts(_ seeds: ClosedRange<UInt64>) -> [(EngineUnderTest, UInt64)] {
    seeds.map { (.sqlite, $0) } + EngineUnderTest.allPostgres.flatMap { engine in seeds.prefix(2).map { (engine, $0) } }
  }

  @Test(arguments: scripts(21...24))
  func `a script comes to the same on both`(engine: EngineUnderTest, seed: UInt64) throws {
    let connections = seed % 2 == 0 ? 3 : 1
    let file = try engine.makeDatabase()
    let connected = try (0..<connections).map { _ in try file.connect() }
    let store = connected[0]
    var turns = SeededGenerator(seed: seed)
    let (logID, start) = try store.read { ($0.logID, $0.now) }
    let database = MemoryDatabase(logID: logID)
    let memory = MemoryStore(database)
    // Decisions are made at times that jump; both engines answer at the time of the first one's transactions.
    let clocks = [TestClock(start.adding(seconds: -1500)), TestClock(start.adding(seconds: -1500))]
    let scratch = ScratchDirectory()
    let first = connected.map { ScriptRunner($0, clock: clocks[0], atEngineTime: false, scratch: scratch) }
    let second = ScriptRunner(memory, clock: clocks[1], atEngineTime: false)
    for (index, step) in ScriptGenerator.script(seed: seed, count: 200, origin: clocks[0].now).enumerated() {
      let answer = try turns.pick(first).run(step) { database.clock.now = $0 }
      #expect(try second.run(step) == answer, "seed \(seed), step \(index): \(step)")
      guard index % 25 == 24 else { continue }
      for store in connected {
        try store.read { reader throws in
          database.clock.now = reader.now
          try memory.read { try compare(reader, $0) }
        }
      }
    }
    #expect(try store.integrityProblems() == [])
  }

  private func compare(_ left: any StoreReader, _ right: any StoreReader) throws {
    let sessions = try right.sessionIDs(after: nil, limit: .max)
    #expect(try left.sessionIDs(after: nil, limit: .max) == sessions)
    for id in sessions {
      #expect(try left.session(id) == right.session(id))
      #expect(try left.counts(session: id) == right.counts(session: id))
    }
    let tasks = try right.tasks(TaskQuery(), after: nil, limit: .max)
    func masked(_ tasks: [Task]) -> [Task] {
      tasks.map { task in
        var task = task
        task.ordinal = 0
        return task
      }
    }
    #expect(try masked(left.tasks(TaskQuery(), after: nil, limit: .max)) == masked(tasks))
    for task in tasks {
      #expect(try masked([left.task(task.id)].compactMap { $0 }) == masked([task]))
      #expect(try masked(left.dependents(of: task.id)) == masked(right.dependents(of: task.id)))
    }
    for order in [EventQuery.Order.oldestFirst, .newestFirst] {
      #expect(
        try left.events(EventQuery(order), beyond: nil, limit: .max).map(\.bytes)
          == right.events(EventQuery(order), beyond: nil, limit: .max).map(\.bytes))
    }
    for key in ["k", "l"] {
      #expect(
        try masked([left.openTask(key: key)].compactMap { $0 }) == masked([right.openTask(key: key)].compactMap { $0 }))
    }
    for token in 1...200 {
      let hash = Token.numbered(token).hash
      #expect(try left.grant(hash) == right.grant(hash))
    }
    for agent in ScriptGenerator.agents {
      let query = ClaimQuery(agent: agent)
      #expect(try left.candidate(for: query)?.task == right.candidate(for: query)?.task)
      #expect(try left.claimDiagnosis(to: query) == right.claimDiagnosis(to: query))
      #expect(
        try Set(left.expiredSessions(matching: query, limit: .max))
          == Set(right.expiredSessions(matching: query, limit: .max)))
    }
    #expect(try Set(left.heldSessions(limit: .max)) == Set(right.heldSessions(limit: .max)))
    #expect(try left.counts(session: nil) == right.counts(session: nil))
    #expect(try Set(left.actors().map(\.name)) == Set(right.actors().map(\.name)))
    #expect(try left.eventCount() == right.eventCount())
  }

  @Test(arguments: scripts(31...36))
  func `what is promised holds after every step`(engine: EngineUnderTest, seed: UInt64) throws {
    // Nobody drops it before the store has connected.
    let database = try engine.makeDatabase()
    defer { withExtendedLifetime(database) {} }
    let store = try database.connect()
    let clock = TestClock(try store.read { $0.now }.adding(seconds: -1500))
    let script = ScriptGenerator.script(seed: seed, count: 100, origin: clock.now)
    let problem = try PropertyCheck.problem(script, on: store, clock: clock, atEngineTime: false)
    #expect(problem == nil, "seed \(seed)")
    #expect(try store.integrityProblems() == [])
  }
}
