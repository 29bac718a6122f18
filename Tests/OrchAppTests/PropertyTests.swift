import OrchApp
import OrchCore
import OrchStore
import OrchTestSupport
import Testing

/// Random scripts of several agents, carried out by the use cases on the reference engine: what is promised holds after
/// every step.
@Suite("Properties of random histories")
struct PropertyTests {
  @Test(arguments: 0..<8)
  func `what is promised holds after every step`(batch: Int) throws {
    for seed in batch * 50..<(batch + 1) * 50 {
      let script = ScriptGenerator.script(seed: UInt64(seed), count: 100)
      guard let problem = try problem(script, seed: seed) else { continue }
      let shortest = try PropertyCheck.shrunk(script) { try self.problem($0, seed: seed) != nil }
      let told = shortest.map { "  \($0)" }.joined(separator: "\n")
      let last = try self.problem(shortest, seed: seed) ?? problem
      Issue.record("seed \(seed): \(problem)\nthe shortest script, \(last):\n\(told)")
      return
    }
  }

  private func problem(_ script: [Step], seed: Int) throws -> String? {
    let database = MemoryDatabase()
    // Some bodies run more than once, as on an engine under contention.
    database.injectConflicts(seed % 5 * 4)
    return try PropertyCheck.problem(script, on: MemoryStore(database), clock: database.clock)
  }

  @Test func `the scripts reach every event and the errors of the rules`() throws {
    var types: Set<EventType> = []
    var codes: Set<ErrorCode> = []
    let foreign: Set<EventType> = [.taskImported, .decisionMade, .agentDescribed]
    // Some events are rare: a receiver mostly takes an offer by a plain claim before somebody declines it.
    for seed in 0..<2000 where types.count < EventType.allCases.count - foreign.count {
      let database = MemoryDatabase()
      let store = MemoryStore(database)
      let runner = ScriptRunner(store, clock: database.clock)
      for step in ScriptGenerator.script(seed: UInt64(seed), count: 100) {
        if case .refused(let code, _) = try runner.run(step).answer { codes.insert(code) }
      }
      let entries = try store.read { try $0.events(EventQuery(.oldestFirst), beyond: nil, limit: .max) }
      for recorded in entries { types.insert(try recorded.entry().event.type) }
    }
    #expect(Set(EventType.allCases).subtracting(types) == foreign)
    #expect(
      codes.isSuperset(of: [
        .refused, .leaseHeld, .leaseLost, .taskCancelled, .nothingClaimable, .nothingHeld, .notFound
      ])
    )
  }
}
