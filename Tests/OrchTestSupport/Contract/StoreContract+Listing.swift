import OrchCore
import OrchStore
import Testing

extension StoreContract {
  /// Pages of tasks, counts and look-ups, compared with what a filter over all of them gives.
  package static func listsTasks(_ database: DatabaseUnderTest, seed: UInt64) throws {
    let desk = try StoreFixture(database)
    let clock = TestClock(try desk.now().adding(seconds: -2500))
    let runner = ScriptRunner(desk.store, clock: clock, atEngineTime: false)
    for step in ScriptGenerator.script(seed: seed, count: 200, origin: clock.now) { _ = try runner.run(step) }
    try desk.store.read { reader throws in
      let all = try (1...200).compactMap { try reader.task("t-\($0)") }
      let ordered = all.sorted {
        ($0.priority, $0.readyAt, $0.ordinal) < ($1.priority, $1.readyAt, $1.ordinal)
      }
      #expect(try reader.tasks(TaskQuery(), after: nil, limit: .max) == ordered)
      #expect(Set(all.map(\.ordinal)).count == all.count && all.allSatisfy { $0.ordinal > 0 })
      try comparePages(reader, ordered)
      try compareCounts(reader, all)
      for task in all {
        let waiting = all.sorted { $0.ordinal < $1.ordinal }.filter { $0.after.contains(task.id) }
        #expect(try reader.dependents(of: task.id) == waiting)
      }
    }
  }

  private static func comparePages(_ reader: any StoreReader, _ ordered: [Task]) throws {
    for query in queries {
      let expected = ordered.filter { task in
        (query.state == nil || task.visibleState(at: reader.now) == query.state)
          && (query.kind == nil || task.kind == query.kind) && (query.session == nil || task.session == query.session)
          && (query.assignee == nil || task.assignee == query.assignee) && (query.key == nil || task.key == query.key)
          && query.projects.contains(task.project)
      }
      for limit in [1, 3, 100] {
        var found: [Task] = []
        var page = try reader.tasks(query, after: nil, limit: limit)
        while let last = page.last, found.count <= expected.count {
          #expect(page.count <= limit)
          found += page
          page = try reader.tasks(query, after: TaskCursor(last), limit: limit)
        }
        #expect(found == expected, "\(query)")
      }
    }
  }

  private static var queries: [TaskQuery] {
    func query(_ change: (inout TaskQuery) -> Void) -> TaskQuery {
      var query = TaskQuery()
      change(&query)
      return query
    }
    var queries = [TaskQuery()] + VisibleState.allCases.map { state in query { $0.state = state } }
    for scope in [ProjectScope.current(nil), .current("p"), .only("p"), .only("nowhere")] {
      queries += [
        query { $0.projects = scope },
        query {
          $0.projects = scope; $0.state = .queued
        }
      ]
    }
    queries += ["fix", "none"].map { kind in query { $0.kind = kind } }
    queries += ["s-1", "t-2", "nowhere"].map { session in query { $0.session = session } }
    queries += ["a", "b", "nobody"].map { agent in query { $0.assignee = agent } }
    queries += ["k", "none"].map { key in query { $0.key = key } }
    // What leads to the tasks of a state does not lead to those of a key, or of a session.
    for state in VisibleState.allCases {
      queries += [
        query {
          $0.key = "k"; $0.state = state
        },
        query {
          $0.session = "s-1"; $0.state = state; $0.kind = "task"
        }
      ]
    }
    queries.append(
      query {
        $0.state = .done
        $0.kind = "task"
        $0.session = "s-1"
        $0.projects = .current("p")
      })
    return queries
  }

  private static func compareCounts(_ reader: any StoreReader, _ all: [Task]) throws {
    for session in [nil, "s-1", "s-2", "t-1", "nowhere"] as [String?] {
      let counts = try reader.counts(session: session)
      for state in VisibleState.allCases {
        let expected = all.count { task in
          (session == nil || task.session == session) && task.visibleState(at: reader.now) == state
        }
        #expect(counts[state, default: 0] == expected, "\(session ?? "all") \(state)")
      }
    }
  }

  /// Prefixes are bytes: no wildcard, no case, no more than was asked for.
  package static func findsTasksByPrefix(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    let ids = ["t-ab", "t-abc", "t-abd", "t-aB", "t-b", "t_ab", "T-ab", "t-가", "t-각", "t-z~", "x%y", "xay", "x"]
    for id in ids { try desk.add(.titled(id)) }
    func found(_ prefix: String, _ limit: Int = 99) throws -> [String] {
      try desk.store.read { try $0.taskIDs(prefix: prefix, limit: limit) }
    }
    let sorted = ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for prefix in ["", "t", "t-", "t-a", "t-ab", "t-abc", "t_", "x%", "x_", "x", "t-가", "t-z", "zz", "T", "*", "t-?"] {
      #expect(try found(prefix) == sorted.filter { $0.utf8.starts(with: prefix.utf8) }, "\(prefix)")
    }
    #expect(try found("t-a", 2) == ["t-aB", "t-ab"])
  }

  /// Sessions come in order of birth, a page at a time.
  package static func listsSessionsInOrderOfBirth(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    #expect(try desk.store.read { try $0.sessionIDs(after: nil, limit: 9) } == [])
    let ids = ["z", "a", "m", "b"]
    for id in ids { try desk.add(.titled(id)) }
    try desk.act("z", .note("does not make it younger"))
    var found: [String] = []
    while true {
      let page = try desk.store.read { try $0.sessionIDs(after: found.last, limit: 3) }
      guard !page.isEmpty, found.count < 9 else { break }
      found += page
    }
    #expect(found == ids)
    #expect(try desk.store.read { try $0.sessionIDs(after: nil, limit: .max) } == ids)
  }
}
