import OrchCore
import OrchStore
import OrchTestSupport
import Testing

/// Sessions whose rows were written by a program that understood less.
@Suite("Catching up with the log")
struct CatchUpTests {
  private let store = MemoryStore()

  /// A session with a task that was claimed, released and noted on; its entries as they are in the log.
  private func history() throws -> [StoredEvent] {
    var change = SessionChange(Session(id: "s", logID: store.logID))
    var task: Task?
    func next(_ command: Command, by actor: String = "a") throws {
      let state = State(session: change.after, task: task, context: change.context)
      task = try change.apply(try decide(command, by: .named(actor), on: state), to: task)
    }
    try next(.add(.titled("t-1")), by: "jq")
    try next(.claim(.token(1), named: true))
    try next(.checkpoint(.with { $0.phase = "p" }, fence: 1))
    try next(.release(Release(.requeue), fence: 1))
    try next(.claim(.token(2), named: true), by: "b")
    return change.entries
  }

  /// Stores entries as a program of the vocabulary `read` stored them that understood only the first `count`.
  private func store(_ entries: [StoredEvent], understanding count: Int, read: Int) throws {
    try store.write { writer throws in
      var change = SessionChange(Session(id: "s", logID: writer.logID))
      for recorded in entries.prefix(count) {
        try change.apply(recorded, try recorded.entry(), to: change.tasks.first?.after)
      }
      try writer.append(change)
      var session = change.after
      session.neededVocabulary = read + 1
      session.readVocabulary = read
      var rest = SessionChange(session)
      for recorded in entries.dropFirst(count) {
        try rest.apply(recorded, try recorded.entry(), to: change.tasks.first?.after)
      }
      try writer.append(rest)
    }
  }

  private var session: Session { get throws { try #require(try store.read { try $0.session("s") }) } }

  @Test func `the first program that understands it replays it, and its rows are as if it had written them`() throws {
    let entries = try history()
    try store(entries, understanding: 1, read: EventVocabulary.current - 1)
    let behind = try session
    #expect(behind.isBehind && behind.seq == 5 && behind.lease == nil && behind.fence == 0)
    #expect(!behind.isFree, "nobody takes a task of it meanwhile")
    #expect(try store.read { try $0.candidate(for: ClaimQuery(agent: "c")) } == nil)
    try store.write { writer throws in _ = try writer.catchUp(try #require(try writer.session("s"))) }

    var expected = SessionChange(Session(id: "s", logID: store.logID))
    for recorded in entries { try expected.apply(recorded, try recorded.entry(), to: expected.tasks.first?.after) }
    let caughtUp = try session
    #expect(caughtUp == expected.after && caughtUp.isUpToDate)
    #expect(
      try store.read { try $0.task("t-1")?.differences(fromReplay: expected.tasks[0].after) } == [])
    for grant in expected.grants { #expect(try store.read { try $0.grant(grant.tokenHash) } == grant) }
    #expect(try store.read { try $0.eventCount() } == entries.count, "the log is what it was")
    // Once is enough.
    try store.write { writer throws in _ = try writer.catchUp(try #require(try writer.session("s"))) }
    #expect(try session == caughtUp)
  }

  @Test func `a program that does not understand it either changes no row but the mark`() throws {
    var entries = try history()
    let last = try #require(entries.last)
    let starred = Event(
      .unknown("task.starred"), at: at(9), task: "t-1",
      roles: Roles(actor: "x", author: "x", reviewer: nil, source: nil), fence: nil, commit: nil, data: [:])
    let entry = LogEntry(logID: store.logID, session: "s", seq: 6, parent: last.id, event: starred)
    // As it is read: an unknown type of this schema.
    entries.append(StoredEvent(try LogEntry(json: entry.canonicalBytes)))
    try store(entries, understanding: 5, read: EventVocabulary.current - 1)
    let behind = try session
    try store.write { writer throws in _ = try writer.catchUp(behind) }
    var expected = behind
    expected.neededVocabulary = EventVocabulary.current + 1
    expected.readVocabulary = EventVocabulary.current
    #expect(try session == expected && expected.isBehind)
    #expect(throws: StoreError.notUnderstood(expected)) {
      try store.write { writer throws in
        var change = SessionChange(try #require(try writer.session("s")))
        let task = try #require(try writer.task("t-1"))
        let events = try decide(.note("x"), by: .named("jq"), on: State(session: change.after, task: task))
        try change.apply(events, to: task)
      }
    }
  }

  @Test func `a session whose rows follow from keys that were passed over is replayed before it is decided on`() throws
  {
    var session = Session(id: "s", logID: "l")
    session.seq = 1
    session.neededVocabulary = 1
    session.readVocabulary = EventVocabulary.current - 1
    #expect(session.isUnderstood && !session.isUpToDate && !session.isBehind)
    var change = SessionChange(session)
    let state = State(session: session, task: nil)
    #expect(throws: StoreError.notUnderstood(session)) {
      try change.apply(try decide(.note("x"), by: .named("jq"), on: state), to: nil)
    }
    session.readVocabulary = EventVocabulary.current
    #expect(session.isUpToDate, "who passed them over does not look again")
  }

  @Test func `a sign of life is no decision, as long as the rows are right`() throws {
    var session = Session(id: "s", logID: "l")
    session.neededVocabulary = EventVocabulary.current + 1
    var change = SessionChange(session)
    #expect(throws: Never.self) { try change.apply([], to: nil) }
    session.readVocabulary = EventVocabulary.current
    change = SessionChange(session)
    #expect(throws: StoreError.notUnderstood(session)) { try change.apply([], to: nil) }
  }

  @Test func `a damaged log is not replayed over the rows`() throws {
    let entries = try history()
    try store(entries, understanding: 1, read: EventVocabulary.current - 1)
    var wrong = try session
    wrong.head = .numbered(7)
    #expect(throws: StoreError.self) { try store.write { _ = try $0.catchUp(wrong) } }
  }
}
