import OrchCore
import OrchStore
import Testing

extension StoreContract {
  /// Pages of entries in both orders, under every filter, compared with a filter over the whole log.
  package static func pagesThroughTheLog(_ database: DatabaseUnderTest, seed: UInt64) throws {
    let desk = try StoreFixture(database)
    let clock = TestClock(try desk.now())
    let runner = ScriptRunner(desk.store, clock: clock, atEngineTime: false)
    for step in ScriptGenerator.script(seed: seed, count: 120, origin: clock.now) { _ = try runner.run(step) }
    try desk.store.read { reader throws in
      let all = try reader.events(EventQuery(.oldestFirst), beyond: nil, limit: .max)
      #expect(zip(all, all.dropFirst()).allSatisfy { $0.position < $1.position } && all[0].position > 0)
      #expect(try reader.eventCount() == all.count)
      // A task with a history, or the chains are not looked at.
      let tasks = try all.compactMap { try $0.entry().event.task }
      let busiest = Dictionary(tasks.map { ($0, 1) }, uniquingKeysWith: +).max {
        ($0.value, $0.key) < ($1.value, $1.key)
      }
      let task = try #require(busiest)
      #expect(task.value > 3)
      let home = try #require(try reader.task(task.key)?.session)
      for order in [EventQuery.Order.oldestFirst, .newestFirst] {
        for (session, task) in [
          (nil, nil), ("s-1", nil), (nil, task.key), (home, task.key), ("nowhere", nil), (nil, "t-99999")
        ]
          as [(String?, String?)]
        {
          for facet in facets {
            try comparePages(reader, EventQuery(order, session: session, task: task, facet: facet), all)
          }
        }
      }
      // Types that are to be passed over may be there; no other entry may be missing.
      let omissions: [[EventType]] = [
        [.taskClaimed, .commitLinked], EventType.ofCommits, EventType.ofCommits + [.noteAdded]
      ]
      for (order, omitted) in [EventQuery.Order.oldestFirst, .newestFirst].flatMap({ order in
        omissions.map { (order, $0) }
      }) {
        let query = EventQuery(order, task: task.key, omitting: omitted)
        func isWanted(_ recorded: StoredEvent) throws -> Bool {
          let event = try recorded.entry().event
          return event.task == task.key && !omitted.contains(event.type)
        }
        let expected = try (order == .oldestFirst ? all : all.reversed()).filter(isWanted)
        #expect(try reader.events(query, beyond: nil, limit: .max).filter(isWanted) == expected)
        #expect(try reader.events(query, beyond: nil, limit: 1).count == 1)
        for cursor in all.map(\.position) {
          let beyond = expected.filter { order == .oldestFirst ? $0.position > cursor : $0.position < cursor }
          #expect(try reader.events(query, beyond: cursor, limit: .max).filter(isWanted) == beyond, "beyond \(cursor)")
        }
      }
      for recorded in all {
        let entry = try recorded.entry()
        #expect(try reader.event(session: entry.session, seq: entry.seq) == recorded)
      }
    }
  }

  private static var facets: [EventQuery.Facet?] {
    [
      nil, .actor("a"), .actor("nobody"), .author("b"), .reviewer("r"), .source("script"), .source("none"),
      .type(.taskClaimed), .type(.agentDescribed), .commit(Step.oid(1)), .commit(Step.oid(2)),
      .commit(Step.oid(9999)), .link(Step.oid(1)), .link(Step.oid(2)), .link(Step.oid(9999))
    ]
  }

  private static func comparePages(_ reader: any StoreReader, _ query: EventQuery, _ all: [StoredEvent]) throws {
    func wanted(_ recorded: StoredEvent, facet: EventQuery.Facet?) throws -> Bool {
      let entry = try recorded.entry()
      return (query.session == nil || entry.session == query.session)
        && (query.task == nil || entry.event.task == query.task) && (facet?.matches(entry.event) ?? true)
    }
    let ordered = query.order == .oldestFirst ? all : all.reversed()
    let expected = try ordered.filter { try wanted($0, facet: query.facet) }
    for limit in [1, 7, 1000] {
      var found: [StoredEvent] = []
      var page = try reader.events(query, beyond: nil, limit: limit)
      while let last = page.last, found.count <= all.count {
        #expect(page.count <= limit)
        found += page
        page = try reader.events(query, beyond: last.position, limit: limit)
      }
      // A facet is a hint: entries without it may be there, entries with it must be.
      #expect(try found.filter { try wanted($0, facet: query.facet) } == expected, "\(query), \(limit) a page")
      #expect(try found.allSatisfy { try wanted($0, facet: nil) }, "\(query), \(limit) a page")
      let positions = found.map(\.position)
      #expect(positions == (query.order == .oldestFirst ? positions.sorted() : positions.sorted(by: >)), "\(query)")
    }
    // A page begins anywhere, also at an entry that the query does not want.
    for cursor in [0, 1, 2, all.count / 3, all.count / 2, all.count - 1, all.count, all.count + 1] {
      let page = try reader.events(query, beyond: cursor, limit: 1000)
      let beyond = expected.filter { query.order == .oldestFirst ? $0.position > cursor : $0.position < cursor }
      #expect(try page.filter { try wanted($0, facet: query.facet) } == beyond, "\(query), beyond \(cursor)")
      if query.facet == nil {
        #expect(try reader.events(query, beyond: cursor, limit: 2) == Array(beyond.prefix(2)), "\(query)")
      }
    }
  }

  /// A name is found by any beginning of it, and by nothing else.
  package static func findsEntriesByName(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    try desk.add(.titled("t-1"))
    for number in 0..<100 { try desk.act("t-1", .note("\(number)")) }
    try desk.store.read { reader throws in
      let all = try reader.events(EventQuery(.oldestFirst), beyond: nil, limit: .max)
      for recorded in all.prefix(20) {
        for length in [1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 32, 63, 64] {
          let prefix = String(recorded.id.hex.prefix(length))
          let expected = Set(all.filter { $0.id.hex.hasPrefix(prefix) })
          #expect(try Set(reader.events(idPrefix: prefix, limit: 200)) == expected, "\(prefix)")
          #expect(try reader.events(idPrefix: prefix, limit: 1).count == 1)
          // The same beginning and then another digit.
          let last = prefix.last == "0" ? "1" : "0"
          let other = String(prefix.dropLast()) + last
          #expect(
            try Set(reader.events(idPrefix: other, limit: 200)) == Set(all.filter { $0.id.hex.hasPrefix(other) }))
        }
      }
      for digit in ["0", "7", "8", "f"] {
        #expect(try reader.events(idPrefix: digit, limit: 200).count == all.count { $0.id.hex.hasPrefix(digit) })
      }
    }
  }

  /// Everybody who acted, and what agents are called.
  package static func knowsWhoActed(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    let start = try desk.now()
    try desk.add(.titled("t-1"), by: "jq", at: start)
    try desk.act("t-1", .note("x"), by: "회사재규", at: start.adding(seconds: 10))
    try desk.act("t-1", .note("y"), by: "jq", at: start.adding(seconds: 20))
    func describe(_ name: String, _ display: String?, _ role: String?) throws {
      try desk.store.write { writer in
        var change = SessionChange(try writer.session("agents") ?? Session(id: "agents", logID: writer.logID))
        var data: EventData = [.name: .string(name)]
        data[.display] = display.map { .string($0) }
        data[.role] = role.map { .string($0) }
        let roles = Roles(actor: "admin", author: "admin", reviewer: nil, source: nil)
        let at = start.adding(seconds: 30)
        try change.apply(
          [Event(.agentDescribed, at: at, task: nil, roles: roles, fence: nil, commit: nil, data: data)], to: nil)
        try writer.append(change)
      }
    }
    try describe("jq", "Jae", "owner")
    try describe("b", nil, nil)
    try describe("jq", "재규", nil)
    try database.connect().read { reader throws in
      #expect(
        try Set(reader.actors()) == [
          ActorSighting(name: "jq", firstSeenAt: start, lastSeenAt: start.adding(seconds: 20)),
          ActorSighting(name: "회사재규", firstSeenAt: start.adding(seconds: 10), lastSeenAt: start.adding(seconds: 10)),
          ActorSighting(name: "admin", firstSeenAt: start.adding(seconds: 30), lastSeenAt: start.adding(seconds: 30))
        ])
      #expect(try reader.hasActor("jq") && reader.hasActor("회사재규") && !reader.hasActor("b") && !reader.hasActor("JQ"))
      #expect(
        try Set(reader.agents()) == [
          AgentDescription(name: "jq", display: "재규", role: nil), AgentDescription(name: "b", display: nil, role: nil)
        ])
      #expect(try reader.agents().count == 2)
    }
  }
}
