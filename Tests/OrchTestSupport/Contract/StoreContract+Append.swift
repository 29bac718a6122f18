import OrchCore
import OrchStore
import Testing

extension StoreContract {
  /// What is appended is read back as it was, by every connection.
  package static func keepsWhatWasDecided(_ database: DatabaseUnderTest) throws {
    let store = try database.connect()
    let other = try database.connect()
    let new = NewTask.titled("t-1") {
      $0.title = "제목 \"quoted\" \\ \u{1F600}"
      $0.body = "first\nsecond\t\u{1}"
      $0.project = "p"
      $0.kind = "fix"
      $0.priority = 0
      $0.payload = "{\"a\":1.50,\"b\":[null]}"
      $0.assignee = "에이"
      $0.after = ["t-9", "t-0"]
      $0.key = "k/1"
      $0.maxAttempts = 9
      $0.notBefore = at(-1_000_000)
      $0.ttlSeconds = 77
      $0.reviewers = ["r", "q"]
      $0.requireReview = true
      $0.requiredChecks = ["lint", "test"]
    }
    try store.write { writer throws in
      try writer.add(.titled("t-0"))
      try writer.add(.titled("t-9"))
    }
    var after: [SessionChange] = []
    var position = 0
    for step in 0..<3 {
      try store.write { writer throws in
        let session = try writer.session("line") ?? Session(id: "line", logID: writer.logID)
        let command: Command =
          switch step {
          case 0: .add(new)
          case 1:
            .edit(
              .with {
                $0.assignee = .some(nil); $0.after = []
              })
          default: .claim(.token(7), named: true)
          }
        var (change, _) = try writer.change(command, by: "jq", on: session, try writer.task("t-1"))
        if step == 2 { change.noticed() }
        try writer.append(change)
        after.append(change)
      }
      try other.read { reader throws in
        let change = after[step]
        #expect(try reader.session("line") == change.after)
        var task = change.tasks[0].after
        task.ordinal = try reader.task("t-1")?.ordinal ?? 0
        #expect(task.ordinal > 0)
        task.openBlockers = step == 0 ? 2 : 0
        #expect(try reader.task("t-1") == task)
        #expect(try reader.openTask(key: "k/1") == task)
        for entry in change.entries {
          let recorded = try #require(try reader.event(session: "line", seq: try entry.entry().seq))
          #expect(recorded.id == entry.id && recorded.bytes == entry.bytes)
          #expect(try recorded.entry() == entry.entry())
          #expect(recorded.position > position)
          position = recorded.position
        }
      }
    }
    try other.read { reader throws in
      #expect(
        try reader.grant(.numbered(7))
          == Grant(tokenHash: .numbered(7), session: "line", logID: reader.logID, task: "t-1", fence: 1))
      #expect(try reader.grant(.numbered(8)) == nil)
      #expect(try reader.eventCount() == 5)
      #expect(try reader.session("nowhere") == nil && reader.task("t-77") == nil)
      #expect(try reader.openTask(key: "K/1") == nil)
      #expect(try reader.event(session: "line", seq: 0) == nil && reader.event(session: "line", seq: 4) == nil)
      #expect(try reader.event(session: "nowhere", seq: 1) == nil)
    }
    #expect(try other.integrityProblems() == [])
  }

  /// Every state of a session and of a task comes back: offers, reviews, results, errors, recovered, checkpoints, notes.
  package static func keepsEveryState(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    let other = try database.connect()
    let clock = TestClock(try desk.now().adding(seconds: -2000))
    let runner = ScriptRunner(desk.store, clock: clock, atEngineTime: false)
    var invariants = Invariants()
    for step in ScriptGenerator.script(seed: 11, count: 250, origin: clock.now) { _ = try runner.run(step) }
    try invariants.check(other)
    #expect(invariants.problems == [])
    #expect(try other.integrityProblems() == [])
  }

  /// An append of a session that has moved on is a conflict, and the body runs again.
  package static func refusesAStaleVersion(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    let other = try StoreFixture(database)
    try desk.add(.titled("t-1"))
    let stale = try desk.store.write { try $0.present("t-1") }
    try other.act("t-1", .note("meanwhile"))
    let lost = try conflicts(desk.store) { writer throws in
      try writer.append(try writer.change(.note("stale"), on: stale.session, stale.task).change)
    }
    #expect(lost, "a session that is at another number than was read")
    let ahead = try conflicts(desk.store) { writer throws in
      var (session, task) = try writer.present("t-1")
      session.seq += 1
      try writer.append(try writer.change(.note("ahead"), on: session, task).change)
    }
    #expect(ahead)
    let born = try conflicts(desk.store) { writer throws in
      try writer.append(
        try writer.change(.add(.titled("t-2")), on: Session(id: "t-1", logID: writer.logID), nil).change)
    }
    #expect(born, "a session that is there was taken for a new one")
    let unborn = try conflicts(desk.store) { writer throws in
      var session = Session(id: "s-9", logID: writer.logID)
      session.seq = 1
      try writer.append(try writer.change(.add(.titled("t-2")), on: session, nil).change)
    }
    #expect(unborn, "a new session was taken for one that is there")
    try desk.store.read { reader throws in
      #expect(try reader.eventCount() == 2)
      #expect(try reader.session("t-1")?.seq == 2)
      #expect(try reader.task("t-2") == nil && reader.session("s-9") == nil)
    }
  }

  /// An id is a task's for ever, in whatever session.
  package static func refusesATakenTaskID(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    try desk.add(.titled("t-1"))
    for session in ["t-1", "elsewhere"] {
      #expect(try conflicts(desk.store) { try $0.add(.titled("t-1"), to: session) })
    }
    #expect(
      try conflicts(desk.store) { writer throws in
        try writer.add(.titled("t-2"))
        try writer.add(.titled("t-2"), to: "elsewhere")
      })
    #expect(try desk.store.read { try $0.eventCount() } == 1)
    #expect(try desk.store.read { try $0.session("elsewhere") } == nil)
    #expect(try desk.store.read { try $0.task("t-2") } == nil)
  }

  /// A key belongs to one open task at a time.
  package static func refusesAnOpenKey(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    let keyed = { (id: String) in NewTask.titled(id) { $0.key = "k" } }
    try desk.add(keyed("t-1"))
    func taken(by id: String) throws {
      #expect(try conflicts(desk.store) { try $0.add(keyed("t-x")) })
      #expect(try desk.store.read { try $0.openTask(key: "k")?.id } == id)
    }
    try taken(by: "t-1")
    try desk.claim("t-1", token: 1)
    try taken(by: "t-1")
    try desk.release("t-1", .done)
    #expect(try desk.store.read { try $0.openTask(key: "k") } == nil)

    try desk.add(keyed("t-2"))
    try taken(by: "t-2")
    #expect(try conflicts(desk.store) { try $0.act("t-1", .retry(why: nil)) }, "while another open task has its key")
    try desk.act("t-2", .cancel(why: "x"))
    try desk.act("t-1", .retry(why: nil))
    try taken(by: "t-1")
    try desk.act("t-1", .cancel(why: "x"))

    try desk.add(
      .titled("t-3") {
        $0.key = "k"; $0.maxAttempts = 1
      })
    try desk.claim("t-3", token: 3)
    #expect(try desk.release("t-3", .failed).state == .dead)
    try desk.add(keyed("t-4"))
    try taken(by: "t-4")
    // Freed and taken in one transaction.
    try desk.store.write { writer throws in
      try writer.act("t-4", .cancel(why: "x"))
      try writer.add(keyed("t-5"))
    }
    try taken(by: "t-5")
  }

  /// A token is granted once in the life of a database.
  package static func refusesATokenThatWasGranted(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    try desk.add(.titled("t-1"))
    try desk.add(.titled("t-2"))
    try desk.finish("t-1", token: 5)
    #expect(try conflicts(desk.store) { try $0.act("t-2", .claim(.token(5), named: true), by: "b") })
    #expect(try desk.store.read { try $0.session("t-2")?.lease } == nil)
    #expect(try desk.store.read { try $0.grant(.numbered(5))?.task } == "t-1")
    // Close to another, and not it.
    #expect(try desk.store.read { try $0.grant(.numbered(5 + 1 << 40)) } == nil)
    try desk.claim("t-2", by: "b", token: 5 + 1 << 40)
    #expect(try desk.store.read { try $0.grant(.numbered(5))?.task } == "t-1")
    #expect(try desk.store.read { try $0.grant(.numbered(5 + 1 << 40))?.task } == "t-2")
  }

  /// A body that throws leaves nothing, not even a gap in the numbers.
  package static func leavesNothingOfAThrowingBody(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    try desk.add(.titled("t-1"))
    let before = try desk.store.read { reader throws in
      (try reader.session("t-1"), try reader.task("t-1"), try reader.actors(), try reader.counts(session: nil))
    }
    #expect(throws: Abandoned()) {
      try desk.store.write { writer throws in
        try writer.act("t-1", .claim(.token(1), named: true), by: "ghost")
        try writer.add(
          .titled("t-2") {
            $0.after = ["t-1"]; $0.key = "k"
          })
        #expect(try writer.eventCount() == 3)
        throw Abandoned()
      }
    }
    #expect(throws: Rejection.taskExists) {
      try desk.store.write { writer throws in
        try writer.add(.titled("t-3"))
        throw Rejection.taskExists
      }
    }
    for store in [desk.store, try database.connect()] {
      try store.read { reader throws in
        #expect(try reader.session("t-1") == before.0 && reader.task("t-1") == before.1)
        #expect(try reader.actors() == before.2 && reader.counts(session: nil) == before.3)
        #expect(try reader.session("t-2") == nil && reader.task("t-2") == nil && reader.task("t-3") == nil)
        #expect(try reader.grant(.numbered(1)) == nil && reader.openTask(key: "k") == nil)
        #expect(try reader.dependents(of: "t-1") == [] && reader.eventCount() == 1)
        #expect(try !reader.hasActor("ghost") && reader.sessionIDs(after: nil, limit: 9) == ["t-1"])
      }
    }
    try desk.add(.titled("t-2"))
    try desk.store.read { reader throws in
      #expect(try reader.events(EventQuery(.oldestFirst), beyond: nil, limit: 9).count == 2)
      let ordinals = try ["t-1", "t-2"].compactMap { try reader.task($0)?.ordinal }
      #expect(ordinals.count == 2 && ordinals[0] < ordinals[1])
    }
    #expect(try desk.store.integrityProblems() == [])
  }
}
