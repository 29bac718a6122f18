import OrchCore
import OrchStore
import Testing

extension StoreContract {
  /// What a transaction wrote, it reads.
  package static func readsItsOwnWrites(_ database: DatabaseUnderTest) throws {
    let store = try database.connect()
    let count = try store.write { writer throws in
      try writer.add(.titled("t-1") { $0.key = "k" })
      try writer.add(.titled("t-2") { $0.after = ["t-1"] })
      #expect(try writer.task("t-2")?.openBlockers == 1)
      #expect(try writer.openTask(key: "k")?.id == "t-1")
      #expect(try writer.candidate(for: ClaimQuery(agent: "a"))?.task == "t-1")
      #expect(try writer.claimDiagnosis(to: ClaimQuery(agent: "a")).blocked == 1)
      try writer.act("t-1", .claim(.token(1), named: false), by: "a")
      #expect(try writer.session("t-1")?.lease?.tokenHash == .numbered(1))
      #expect(try writer.grant(.numbered(1))?.task == "t-1")
      #expect(try writer.session(holding: .numbered(1))?.id == "t-1")
      #expect(try writer.heldSessions(limit: 9).map(\.id) == ["t-1"])
      #expect(try writer.candidate(for: ClaimQuery(agent: "a")) == nil)
      try writer.act("t-1", .release(Release(.done), fence: 1), by: "a")
      #expect(try writer.session(holding: .numbered(1)) == nil)
      #expect(try writer.task("t-2")?.openBlockers == 0)
      #expect(try writer.candidate(for: ClaimQuery(agent: "a"))?.task == "t-2")
      #expect(try writer.counts(session: nil)[.done] == 1)
      #expect(try writer.event(session: "t-1", seq: 3)?.entry().event.type == .taskDone)
      #expect(try writer.hasActor("a"))
      return try writer.eventCount()
    }
    #expect(count == 4)
    #expect(try store.read { try $0.eventCount() } == 4)
  }

  /// A token leads to the session whose present lease has it; and what was to be a heartbeat alone may be more.
  package static func findsTheSessionOfALease(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    for (number, id) in ["t-1", "t-2"].enumerated() {
      try desk.add(.titled(id))
      try desk.claim(id, token: number + 1)
    }
    let tokens = [1, 2, 3].map { TokenHash.numbered($0) }
    func sessions(_ reader: any StoreReader) throws -> [String?] {
      try tokens.map { try reader.session(holding: $0)?.id }
    }
    #expect(try desk.store.read { try sessions($0) } == ["t-1", "t-2", nil])
    let requests = tokens.map { ReadRequest.holding($0) }
    #expect(try desk.store.read(requesting: requests) { try sessions($0) } == ["t-1", "t-2", nil])
    for store in [desk.store, try database.connect()] {
      try store.write(requesting: requests) { writer throws in
        let time = writer.now
        #expect(try sessions(writer) == ["t-1", "t-2", nil])
        try writer.act("t-1", .note("x"))
        #expect(writer.now == time)
        #expect(try writer.session(holding: tokens[0])?.seq == writer.session("t-1")?.seq)
      }
    }
    try desk.release("t-1", .done)
    #expect(try desk.store.read(requesting: requests) { try sessions($0) } == [nil, "t-2", nil])
    let events = try desk.store.read {
      try $0.events(EventQuery(.oldestFirst, session: "t-1"), beyond: nil, limit: .max)
    }
    #expect(try events.map { try $0.entry().seq } == [1, 2, 3, 4, 5])
    #expect(events.allSatisfy { $0.position > 0 })
  }

  /// Time is read once a transaction, and goes on between them.
  package static func readsTheTimeOnce(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    try desk.add(.titled("t-1"))
    try desk.store.write { writer throws in
      let first = writer.now
      for _ in 0..<3 {
        waitForLaterTime()
        try writer.act("t-1", .note("x"))
        #expect(writer.now == first)
      }
    }
    try desk.store.read { reader throws in
      let first = reader.now
      _ = try reader.task("t-1")
      waitForLaterTime()
      _ = try reader.eventCount()
      #expect(reader.now == first)
    }
  }

  /// A snapshot stands still while others write.
  package static func readsASnapshot(_ database: DatabaseUnderTest) throws {
    let reading = try database.connect()
    let writing = try StoreFixture(database)
    try writing.add(.titled("t-1"))
    try reading.read { reader throws in
      #expect(try reader.eventCount() == 1)
      try writing.add(.titled("t-2"))
      #expect(try reader.eventCount() == 1 && reader.task("t-2") == nil)
      #expect(try reader.counts(session: nil)[.queued] == 1)
    }
    #expect(try reading.read { try $0.eventCount() } == 2)
  }

  /// A sign of life stores the lease's times, its ttl and what was shown, and leaves no entry.
  package static func storesASignOfLife(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    try desk.add(.titled("t-1"))
    try desk.claim("t-1", token: 1, ttl: 100)
    let renewed = try desk.store.write { writer throws in
      var session = try writer.present("t-1").session
      session.lease = session.lease?.renewed(at: writer.now.adding(seconds: 5), ttlSeconds: 7)
      session.lease?.noticedSeq = 99
      try writer.renewLease(session)
      #expect(try writer.session("t-1") == session)
      return session
    }
    let other = try database.connect()
    try other.read { reader throws in
      #expect(try reader.session("t-1") == renewed)
      #expect(try reader.eventCount() == 2)
      #expect(try reader.heldSessions(limit: 9) == [renewed])
    }
    // An earlier expiry is obeyed at once.
    try desk.store.write { writer throws in
      var session = try writer.present("t-1").session
      session.lease = session.lease?.renewed(at: writer.now.adding(seconds: -60), ttlSeconds: 1)
      try writer.renewLease(session)
      #expect(try writer.expiredSessions(matching: nil, limit: 9).map(\.id) == ["t-1"])
    }
  }

  /// A sign of life under a superseded fence changes nothing, whatever the engine says to it.
  package static func ignoresASignOfLifeOfThePast(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    try desk.add(.titled("t-1"))
    try desk.claim("t-1", token: 1)
    let superseded = try desk.store.write { try $0.present("t-1").session }
    try desk.act("t-1", .resume(.token(2), fence: nil), by: "a")
    let present = try desk.store.read { try $0.session("t-1") }
    func beatLate() throws {
      _ = try? desk.store.write { writer throws in
        var late = superseded
        late.lease = late.lease?.renewed(at: writer.now.adding(seconds: 9999), ttlSeconds: 1)
        do { try writer.renewLease(late) } catch { throw Abandoned() }
      }
    }
    try beatLate()
    #expect(try desk.store.read { try $0.session("t-1") } == present)
    try desk.release("t-1", .done)
    let free = try desk.store.read { try $0.session("t-1") }
    try beatLate()
    #expect(try desk.store.read { try $0.session("t-1") } == free)
    #expect(free?.lease == nil)
  }

  /// A holder's append stores its sign of life with it.
  package static func storesASignOfLifeWithAnAppend(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    try desk.add(.titled("t-1"))
    try desk.claim("t-1", token: 1)
    let expected = try desk.store.write { writer throws in
      let (session, task) = try writer.present("t-1")
      var change = try writer.change(.checkpoint(CheckpointChange(), fence: 1), by: "a", on: session, task).change
      change.renewLease(at: writer.now.adding(seconds: 3), ttlSeconds: 11)
      change.noticed()
      try writer.append(change)
      return change.after
    }
    #expect(expected.lease?.ttlSeconds == 11 && expected.lease?.noticedSeq == 3)
    #expect(try desk.store.read { try $0.session("t-1") } == expected)
  }

  /// Changes of several sessions are one: all or none.
  package static func appendsToSeveralSessionsAtOnce(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    try desk.add(.titled("t-1"))
    try desk.add(.titled("t-2"))
    let stale = try desk.store.write { try $0.present("t-2") }
    try desk.act("t-2", .note("meanwhile"))
    #expect(
      try conflicts(desk.store) { writer throws in
        try writer.act("t-1", .note("first"))
        try writer.append(try writer.change(.note("stale"), on: stale.session, stale.task).change)
      })
    #expect(try desk.store.read { try $0.session("t-1")?.seq } == 1)
    try desk.store.write { writer throws in
      try writer.act("t-1", .note("first"))
      try writer.act("t-2", .note("second"))
      try writer.act("t-1", .note("third"))
    }
    var invariants = Invariants()
    try invariants.check(desk.store)
    #expect(invariants.problems == [])
    #expect(try desk.store.read { try $0.eventCount() } == 6)
  }

  /// A body that goes on after a failed append, which an engine may find out only at the commit, commits nothing of it: the
  /// decision is made again.
  package static func commitsNothingOfAFailedAppend(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    try desk.add(.titled("t-1") { $0.key = "k" })
    let runAgain = try conflicts(desk.store) { writer throws in
      try writer.add(.titled("t-2"))
      do {
        try writer.add(.titled("t-3") { $0.key = "k" })
      } catch StoreError.conflict {}
    }
    #expect(runAgain)
    try database.connect().read { reader throws in
      #expect(try reader.eventCount() == 1)
      #expect(try reader.task("t-2") == nil && reader.task("t-3") == nil && reader.session("t-3") == nil)
    }
  }

  /// One database, one identity, however it is connected to.
  package static func hasOneIdentity(_ database: DatabaseUnderTest) throws {
    let first = try database.connect()
    let logID = try first.read { $0.logID }
    #expect(logID.utf8.count == 26 && CrockfordBase32.isValid(logID, uppercase: true))
    #expect(try first.write { $0.logID } == logID)
    #expect(try database.connect().read { $0.logID } == logID)
  }
}
