import OrchCore
import OrchStore
import Testing

// Sessions of several logs in one database, and databases that went elsewhere.

extension StoreContract {
  private static let foreign = ["0F0REGNAAAAAAAAAAAAAAAAAAA", "0F0REGNBBBBBBBBBBBBBBBBBBB"]

  /// Names are one log's: what waits waits for its own, and a plain name is this log's first.
  package static func keepsLogsApart(_ database: DatabaseUnderTest) throws {
    let store = try database.connect()
    let own = try store.logID
    try store.write { writer throws in
      try writer.add(.titled("t-1") { $0.key = "k" })
      try writer.add(.titled("t-2") { $0.after = ["t-1"] })
      for logID in foreign {
        try writer.add(.titled("t-1") { $0.key = "k" }, toLog: logID)
        try writer.add(.titled("t-2") { $0.after = ["t-1"] }, toLog: logID)
      }
      try writer.add(.titled("t-3"), toLog: foreign[0])
      try writer.add(.titled("t-4"), toLog: foreign[0])
      try writer.add(.titled("t-4"), toLog: foreign[1])
    }
    try store.read { reader throws in
      #expect(try reader.task("t-1")?.logID == own && reader.session("t-1")?.logID == own)
      #expect(try reader.task("t-3")?.logID == foreign[0] && reader.session("t-3")?.logID == foreign[0])
      #expect(
        try reader.task("t-4@0F0REGNB")?.logID == foreign[1] && reader.session("t-4@0f0regnb")?.logID == foreign[1])
      #expect(try reader.task("t-3@0F0REGNB") == nil && reader.session("t-3@0F0REGNB") == nil)
      #expect(try reader.task("t-1", logID: foreign[1])?.logID == foreign[1] && reader.task("t-3", logID: own) == nil)
      #expect(throws: StoreError.ambiguous("t-4", ["t-4@0F0REGNA", "t-4@0F0REGNB"])) { try reader.task("t-4") }
      #expect(throws: StoreError.ambiguous("t-4", ["t-4@0F0REGNA", "t-4@0F0REGNB"])) {
        try reader.session("t-4@0F0REG")
      }
      #expect(
        try reader.openTask(key: "k")?.logID == own && reader.openTask(key: "k", logID: foreign[0])?.logID == foreign[0]
      )
      #expect(try Set(reader.taskIDs(prefix: "t-1", limit: 9)) == Set(["t-1"] + foreign.map { "t-1@\($0)" }))
      #expect(try reader.sessionIDs(after: nil, limit: 99).count == 9)
      #expect(try reader.sessionIDs(after: "t-3@\(foreign[0])", limit: 99) == foreign.map { "t-4@\($0)" })
      for logID in [own] + foreign {
        let name = Reference.to("t-1", of: logID, in: own)
        #expect(try reader.dependents(of: name).map(\.logID) == [logID])
        #expect(
          try reader.events(EventQuery(.oldestFirst, task: name), beyond: nil, limit: 9).map { try $0.entry().logID }
            == [logID])
        #expect(
          try reader.events(EventQuery(.oldestFirst, session: name), beyond: nil, limit: 9).map { try $0.entry().logID }
            == [logID])
        #expect(try reader.event(session: name, seq: 1)?.entry().logID == logID)
        #expect(try reader.counts(session: name) == [.queued: 1])
        var query = TaskQuery()
        query.session = name
        #expect(try reader.tasks(query, after: nil, limit: 9).map(\.logID) == [logID])
        let claim = ClaimQuery(agent: "a", session: name)
        #expect(try reader.candidate(for: claim).map { [$0.session, $0.task] } == [name, name])
      }
    }
    // Done in one log, only what waits in that log is free.
    let name = "t-1@\(foreign[0])"
    try store.write { writer throws in
      try writer.act(name, .claim(.token(1), named: true), by: "a")
      #expect(try writer.grant(.numbered(1))?.logID == foreign[0])
      try writer.act(name, .release(Release(.done), fence: 1), by: "a")
    }
    try store.read { reader throws in
      #expect(try [own, foreign[0], foreign[1]].map { try reader.task("t-2", logID: $0)?.openBlockers } == [1, 0, 1])
      #expect(try reader.task("t-1")?.state == .queued && reader.openTask(key: "k", logID: foreign[0]) == nil)
      #expect(try reader.expiredSessions(matching: nil, limit: 9).isEmpty)
    }
    // A name of the same log is taken.
    #expect(
      try conflicts(store) { writer throws in
        var change = SessionChange(Session(id: "other", logID: foreign[1]))
        let events = try decide(
          .add(.titled("t-1")), by: .named("jq", at: writer.now), on: State(session: change.after, task: nil))
        try change.apply(events, to: nil)
        try writer.append(change)
      })
    #expect(try store.integrityProblems() == [])
  }

  /// A closed database takes nothing, and opens for whoever closed it.
  package static func closesToWriters(_ database: DatabaseUnderTest) throws {
    let (store, other) = (try database.connect(), try database.connect())
    try StoreFixture(other).add(.titled("t-1"))
    let moving = Relocation(.moving, to: "elsewhere", by: "me")
    let moved = Relocation(.moved, to: "elsewhere", by: "me")
    try store.relocate(from: nil, to: moving)
    #expect(throws: StoreError.moved(moving)) { try StoreFixture(other).add(.titled("t-2")) }
    #expect(throws: StoreError.moved(moving)) { try store.write { _ in } }
    #expect(try other.read { try $0.eventCount() } == 1 && other.relocation == moving)
    #expect(throws: StoreError.self) { try other.relocate(from: nil, to: moved) }
    #expect(throws: StoreError.self) {
      try other.relocate(from: Relocation(.moving, to: "elsewhere", by: "you"), to: nil)
    }
    try other.relocate(from: moving, to: nil)
    try StoreFixture(store).add(.titled("t-2"))
    try store.relocate(from: nil, to: moving)
    try store.relocate(from: moving, to: moved)
    try store.relocate(from: moving, to: moved)
    #expect(throws: StoreError.moved(moved)) { try StoreFixture(other).add(.titled("t-3")) }
    #expect(try other.read { try $0.eventCount() } == 2)
    try store.relocate(from: moved, to: nil)
    try StoreFixture(other).add(.titled("t-3"))
    #expect(try store.read { try $0.eventCount() } == 3 && store.relocation == nil)
  }

  /// Once it is closed, nothing that began before comes in.
  package static func closesBehindWriters(_ database: DatabaseUnderTest, rounds: Int = 5) throws {
    for round in 0..<rounds {
      let (begun, closed) = (Collected<Int>(), Collected<Int>())
      try onThreads(4) { thread in
        let store = try database.connect()
        guard thread > 0 else {
          #expect(eventually { Set(begun.all).count == 3 })
          try store.relocate(from: nil, to: Relocation(.moving, to: "elsewhere", by: "me"))
          closed.add(try store.read { try $0.eventCount() })
          return
        }
        do {
          for number in 0..<150 {
            try StoreFixture(store).add(.titled("t-\(round)-\(thread)-\(number)"))
            begun.add(thread)
          }
        } catch StoreError.moved {}
      }
      let store = try database.connect()
      #expect(closed.all == [try store.read { try $0.eventCount() }])
      try store.relocate(from: store.relocation, to: nil)
    }
  }
}

extension StoreWriter {
  /// Adds a task of another log, to a session of its name.
  fileprivate func add(_ new: NewTask, toLog logID: String) throws {
    var change = SessionChange(Session(id: new.id, logID: logID))
    let events = try decide(.add(new), by: .named("jq", at: now), on: State(session: change.after, task: nil))
    try change.apply(events, to: nil)
    try append(change)
  }
}
