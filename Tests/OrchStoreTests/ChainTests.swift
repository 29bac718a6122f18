import OrchCore
import OrchStore
import OrchTestSupport
import Testing

@testable import OrchSQLite

/// A task that thousands of commits are tied to.
@Suite("The chain of a task with many commits")
struct ChainTests {
  private let store: SQLiteStore

  init() throws {
    store = try #require(try EngineUnderTest.sqlite.makeDatabase().connect() as? SQLiteStore)
  }

  private static func oid(_ number: Int) -> String { String(number, radix: 16).leftPadded(40) }

  /// Appends the events of commands, one transaction each.
  private func act(_ commands: [Command]) throws {
    for command in commands {
      try store.write { writer in
        let session = try writer.session("t-1") ?? Session(id: "t-1", logID: writer.logID)
        let task = try writer.task("t-1")
        var change = SessionChange(session)
        let events = try decide(command, by: .named("jq", at: writer.now), on: State(session: session, task: task))
        try change.apply(events, to: task)
        try writer.append(change)
      }
    }
  }

  private func link(_ number: Int) -> Command {
    .link(CommitLink(oid: Self.oid(number), subject: "s", author: "a <a@b>", state: .linked))
  }

  /// Changes a row of the log, which its guards forbid.
  private func damage(_ position: Int) throws {
    try store.connection.execute(
      script: "DROP TRIGGER event_update; UPDATE event SET prev_task = pos WHERE pos = \(position)")
  }

  @Test func `what is not about commits is read without them`() throws {
    try act(
      [.add(.titled("t-1"))] + (1...60).map(link) + [.note("one")] + (61...90).map(link) + [.note("two"), link(91)])
    let wanted: [EventType] = [.taskAdded, .noteAdded, .noteAdded]
    func read(_ omitted: [EventType]) throws -> [EventType] {
      try store.read { reader in
        try reader.events(EventQuery(.oldestFirst, task: "t-1", omitting: omitted), beyond: nil, limit: .max)
          .map { try $0.entry().event.type }
      }
    }
    #expect(try read(EventType.ofCommits) == wanted)
    #expect(try read([]).count == 94)
    // In the middle of each run: whoever reads there fails.
    try damage(30)
    #expect(throws: StoreError.self) { try read([]) }
    #expect(try read(EventType.ofCommits) == wanted)
  }

  @Test func `a run from before there were entries for runs is walked through`() throws {
    try act([.add(.titled("t-1"))] + (1...20).map(link) + [.note("one")] + (21...30).map(link))
    try store.connection.execute(script: "DELETE FROM event_block WHERE facet = \(Log.commitsFacet) AND block < 10")
    let types = try store.read { reader in
      try reader.events(EventQuery(.oldestFirst, task: "t-1", omitting: EventType.ofCommits), beyond: nil, limit: .max)
        .map { try $0.entry().event.type }
    }
    #expect(types == [.taskAdded, .noteAdded])
  }
}

extension String {
  fileprivate func leftPadded(_ count: Int) -> String { String(repeating: "0", count: count - self.count) + self }
}
