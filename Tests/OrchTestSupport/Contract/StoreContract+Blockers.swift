import OrchCore
import OrchStore
import Testing

extension StoreContract {
  /// The tasks before it that are not done, in whatever session, whatever happens to them.
  package static func countsOpenBlockers(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    try desk.add(.titled("one"))
    try desk.add(.titled("two"))
    try desk.add(.titled("finished"))
    try desk.finish("finished", token: 1)
    try desk.add(.titled("last") { $0.after = ["one", "two", "finished"] })
    try desk.add(.titled("same session") { $0.after = ["one"] }, to: "one")
    func open(_ id: String = "last") throws -> Int? { try desk.store.read { try $0.task(id)?.openBlockers } }
    #expect(try open() == 2)
    #expect(try open("same session") == 1)
    #expect(try desk.store.read { try $0.counts(session: nil) } == [.queued: 2, .blocked: 2, .done: 1])
    #expect(try desk.store.read { try $0.dependents(of: "one").map(\.id) } == ["last", "same session"])
    #expect(try desk.store.read { try $0.dependents(of: "last") } == [])

    try desk.claim("one", token: 2)
    #expect(try open() == 2)
    try desk.release("one", .done)
    #expect(try open() == 1)
    #expect(try open("same session") == 0)
    try desk.act("one", .retry(why: nil))
    #expect(try open() == 2, "done no more")
    try desk.finish("one", token: 3)
    #expect(try open() == 1)

    try desk.act("two", .cancel(why: "x"))
    #expect(try open() == 1, "cancelled is not done")
    try desk.act("last", .edit(.with { $0.after = ["one", "finished"] }))
    #expect(try open() == 0)
    try desk.act("two", .retry(why: nil))
    try desk.finish("two", token: 4)
    #expect(try open() == 0, "it does not wait for it any more")
    try desk.act("last", .edit(.with { $0.after = ["two"] }))
    #expect(try open() == 0)
    try desk.act("two", .retry(why: nil))
    #expect(try open() == 1)
    #expect(try desk.store.read { try $0.dependents(of: "one").map(\.id) } == ["same session"])
    #expect(try desk.store.read { try $0.dependents(of: "two").map(\.id) } == ["last"])
    try desk.act("last", .edit(.with { $0.title = "renamed" }))
    #expect(try open() == 1, "an edit of something else")
    try desk.act("two", .cancel(why: "x"))
    try desk.act("last", .edit(.with { $0.after = [] }))
    #expect(try open() == 0)
    #expect(try desk.store.read { try $0.candidate(for: ClaimQuery(agent: "a"))?.task } == "last")
  }

  /// What a task waited for is done in another session: it takes its place among the claimable ones of its own.
  package static func placesWhatIsUnblockedElsewhere(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    try desk.add(.titled("blocker"), to: "other")
    try desk.add(.titled("slow") { $0.priority = 9 }, to: "s")
    try desk.add(
      .titled("quick") {
        $0.priority = 1; $0.after = ["blocker"]
      }, to: "s")
    func best(_ session: String?) throws -> String? {
      try desk.store.read { try $0.candidate(for: ClaimQuery(agent: "a", session: session))?.task }
    }
    #expect(try best("s") == "slow")
    try desk.finish("blocker", token: 1)
    #expect(try best("s") == "quick")
    #expect(try best(nil) == "quick")
    try desk.act("blocker", .retry(why: nil))
    #expect(try best("s") == "slow")
    #expect(try best(nil) == "blocker")
  }

  /// Several tasks that wait for one another come in one transaction, in any order.
  package static func countsBlockersThatComeLater(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    try desk.store.write { writer throws in
      try writer.add(.titled("waits") { $0.after = ["later", "sooner"] })
      try writer.add(.titled("sooner"))
      try writer.add(.titled("later"))
    }
    func open() throws -> Int? { try desk.store.read { try $0.task("waits")?.openBlockers } }
    #expect(try open() == 2)
    try desk.finish("later", token: 1)
    #expect(try open() == 1)
    try desk.finish("sooner", token: 2)
    #expect(try open() == 0)
    #expect(try desk.store.read { try $0.candidate(for: ClaimQuery(agent: "a"))?.task } == "waits")
  }

  /// The counts are the engine's: what a change says of them counts for nothing.
  package static func countsForItself(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    try desk.add(.titled("one"), to: "s")
    try desk.add(.titled("two") { $0.after = ["one"] }, to: "s")
    let ordinal = try desk.store.read { try $0.task("two")?.ordinal }
    try desk.claim("one", token: 1)
    try desk.store.write { writer throws in
      let (session, one) = try writer.present("one")
      let two = try writer.present("two").task
      var change = SessionChange(session)
      let caller = Caller.named("a", at: writer.now)
      // One change of both tasks: the second was read while it was blocked.
      try change.apply(
        try decide(.release(Release(.done), fence: 1), by: caller, on: State(session: change.after, task: one)),
        to: one)
      try change.apply(try decide(.note("x"), by: caller, on: State(session: change.after, task: two)), to: two)
      try writer.append(change)
    }
    #expect(try desk.store.read { try $0.task("two")?.openBlockers } == 0)
    #expect(try desk.store.read { try $0.task("two")?.ordinal } == ordinal)
    // The other way round: who waits is written before what it waits for.
    try desk.act("one", .retry(why: nil))
    try desk.claim("one", token: 2)
    try desk.store.write { writer throws in
      let (session, one) = try writer.present("one")
      let two = try writer.present("two").task
      var change = SessionChange(session)
      let caller = Caller.named("a", at: writer.now)
      try change.apply(try decide(.note("x"), by: caller, on: State(session: change.after, task: two)), to: two)
      try change.apply(
        try decide(.release(Release(.done), fence: 2), by: caller, on: State(session: change.after, task: one)),
        to: one)
      try writer.append(change)
    }
    #expect(try desk.store.read { try $0.task("two")?.openBlockers } == 0)
  }
}
