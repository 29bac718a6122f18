import OrchCore
import OrchStore
import Testing

extension StoreContract {
  /// For each condition and filter of the claim rule there is a task that meets all others: no claim finds it, the
  /// diagnosis counts it as the rule says, and the decider refuses it, unless it is merely not asked for.
  package static func honoursEveryConditionOfTheClaimRule(_ database: DatabaseUnderTest) throws {
    let desk = try StoreFixture(database)
    let query = ClaimQuery(agent: "a", kinds: ["task"], projects: .current("p"))
    var expected = ClaimDiagnosis()
    for condition in ClaimCondition.allCases {
      let id = "\(condition)"
      try makeTask(id, unlike: condition, desk)
      let refusal = try refusal(id, named: true, desk)
      #expect(refusal != nil, "\(condition)")
      try expectUnclaimable(id, query, condition.obstacle, &expected, desk)
    }
    for filter in ClaimFilter.allCases {
      let id = "\(filter)"
      try makeTask(id, unlike: filter, desk)
      #expect(try refusal(id, named: false, desk) == (filter.obstacle == nil ? nil : self.refusal(of: filter)))
      #expect(try (refusal(id, named: true, desk) == nil) == !ClaimRule(claimer: "a", isNamed: true).applies(filter))
      try expectUnclaimable(id, query, filter.obstacle, &expected, desk)
    }
    // Over all sessions, too; and what meets everything is found.
    try desk.store.read { reader throws in
      #expect(try reader.candidate(for: query) == nil)
      #expect(try reader.claimDiagnosis(to: query) == expected)
    }
    try desk.add(.titled("right") { $0.project = "p" })
    #expect(try desk.store.read { try $0.candidate(for: query)?.task } == "right")
  }

  private static func expectUnclaimable(
    _ id: String, _ query: ClaimQuery, _ obstacle: ClaimObstacle?, _ expected: inout ClaimDiagnosis,
    _ desk: StoreFixture
  ) throws {
    var query = query
    query.session = id
    let readyAt = try desk.store.read { try $0.task(id)?.notBefore }
    var alone = ClaimDiagnosis()
    if let obstacle {
      alone.add(1, obstacle, readyAt: readyAt)
      expected.add(1, obstacle, readyAt: readyAt)
    }
    try desk.store.read { reader throws in
      #expect(try reader.candidate(for: query) == nil, "\(id)")
      #expect(try reader.claimDiagnosis(to: query) == alone, "\(id)")
    }
  }

  /// A task, in a session of its name, that fails one condition.
  private static func makeTask(_ id: String, unlike condition: ClaimCondition, _ desk: StoreFixture) throws {
    let later = try desk.now().adding(seconds: 5000)
    try desk.add(
      .titled(id) { new in
        new.project = "p"
        switch condition {
        case .session, .state: break
        case .blockers: new.after = ["nowhere"]
        case .time: new.notBefore = later
        }
      })
    switch condition {
    case .session:
      try desk.add(.titled("\(id) held") { $0.project = "p" }, to: id)
      try desk.claim("\(id) held", by: "b", token: 1)
    case .state: try desk.act(id, .cancel(why: "no longer wanted"))
    case .blockers, .time: break
    }
  }

  /// A task, in a session of its name, that fails one filter of an agent `a` that asks for the kind `task` and the project
  /// `p`.
  private static func makeTask(_ id: String, unlike filter: ClaimFilter, _ desk: StoreFixture) throws {
    try desk.add(
      .titled(id) { new in
        new.project = "p"
        switch filter {
        case .kind: new.kind = "other"
        case .project: new.project = "q"
        case .assignee: new.assignee = "b"
        case .reviewers: new.reviewers = ["b", "a"]
        }
      })
  }

  private static func refusal(of filter: ClaimFilter) -> Rejection? {
    switch filter {
    case .kind, .project: nil
    case .assignee: .assigned(to: "b")
    case .reviewers: .claimerReviews
    }
  }

  private static func refusal(_ id: String, named: Bool, _ desk: StoreFixture) throws -> Rejection? {
    try desk.store.read { reader throws in
      guard let task = try reader.task(id), let session = try reader.session(task.session) else {
        throw StoreError.internal("the test needs task \(id)")
      }
      do throws(Rejection) {
        let state = State(session: session, task: task)
        _ = try decide(.claim(.token(9), named: named), by: .named("a", at: reader.now), on: state)
        return nil
      } catch {
        return error
      }
    }
  }
}
