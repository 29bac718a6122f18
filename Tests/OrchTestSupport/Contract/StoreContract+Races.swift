import OrchCore
import OrchStore
import Testing

// Threads with a connection each, on one database.

extension StoreContract {
  /// Whoever is first has the session; everybody else is told who.
  package static func grantsASessionOnce(_ database: DatabaseUnderTest, rounds: Int = 20) throws {
    let desk = try StoreFixture(database)
    for round in 0..<rounds {
      try desk.add(.titled("t-\(round)"))
      let winners = Collected<Int>()
      let losers = Collected<Int>()
      try onThreads(4) { thread in
        let store = try database.connect()
        do {
          try StoreFixture(store).claim("t-\(round)", by: "agent-\(thread)", token: round * 10 + thread)
          winners.add(thread)
        } catch Rejection.leaseHeld {
          losers.add(thread)
        }
      }
      #expect(winners.all.count == 1 && losers.all.count == 3)
      let session = try desk.store.read { try $0.session("t-\(round)") }
      #expect(session?.lease?.agent == winners.all.first.map { "agent-\($0)" })
      #expect(session?.fence == 1)
    }
  }

  /// Several claimers of one queue take each task once.
  package static func handsOutAQueueOnce(_ database: DatabaseUnderTest, tasks: Int = 40) throws {
    let desk = try StoreFixture(database)
    try desk.store.write { writer throws in
      for number in 0..<tasks { try writer.add(.titled("t-\(number)")) }
    }
    let taken = Collected<String>()
    try onThreads(4) { thread in
      let store = try database.connect()
      var count = 0
      while true {
        count += 1
        let token = thread * 1000 + count
        let next = try store.write { writer -> String? in
          guard let best = try writer.candidate(for: ClaimQuery(agent: "a")) else { return nil }
          try writer.act(best.task, .claim(.token(token), named: false), by: "a")
          return best.task
        }
        guard let next else { return }
        taken.add(next)
      }
    }
    #expect(taken.all.count == tasks && Set(taken.all).count == tasks)
  }

  /// Nothing that was acknowledged is lost: 1,000 random acts of two connections, all of them in the log.
  package static func losesNoUpdate(_ database: DatabaseUnderTest, acts: Int = 1000) throws {
    let first = try StoreFixture(database)
    let before = try first.now()
    let acknowledged = Collected<EventID>()
    try onThreads(2) { thread in
      let store = try database.connect()
      // Two scripts about the same tasks: they meet all the time.
      let runner = ScriptRunner(store, clock: TestClock(before), atEngineTime: thread == 0)
      let script = ScriptGenerator.script(
        seed: UInt64(40 + thread), count: acts / 2, origin: before, firstToken: 1 + thread * 100_000)
      for step in script {
        try runner.run(step).events.forEach(acknowledged.add)
      }
    }
    var invariants = Invariants()
    try invariants.check(first.store)
    #expect(invariants.problems == [])
    try first.store.read { reader throws in
      let all = try reader.events(EventQuery(.oldestFirst), beyond: nil, limit: .max)
      #expect(Set(all.map(\.id)) == Set(acknowledged.all))
      #expect(all.count == acknowledged.all.count)
    }
    #expect(try first.store.integrityProblems() == [])
  }

  /// Counters in several sessions, moved by read, then write: every step of every thread is there.
  package static func countsEveryStep(_ database: DatabaseUnderTest, steps: Int = 100) throws {
    let desk = try StoreFixture(database)
    try desk.add(.titled("t-0"))
    try desk.add(.titled("t-1"))
    try onThreads(4) { thread in
      let store = try database.connect()
      var generator = SeededGenerator(seed: UInt64(thread))
      for _ in 0..<steps {
        let id = "t-\(Int.random(in: 0...1, using: &generator))"
        try store.write { writer throws in
          let count = Int(try writer.present(id).task.content.body ?? "0") ?? 0
          try writer.act(id, .edit(.with { $0.body = .some("\(count + 1)") }))
        }
      }
    }
    let total = try desk.store.read { reader throws in
      try ["t-0", "t-1"].map { Int(try reader.task($0)?.content.body ?? "0") ?? 0 }.reduce(0, +)
    }
    #expect(total == 4 * steps)
  }
}
