import OrchApp
import OrchCore
import OrchStore

extension Bench {
  /// Adds tasks that no claim may take: in a session that is held, behind a task that is not done, and before their
  /// time. Each kind is added once a database.
  func addObstacles(held: Int, blocked: Int, scheduled: Int) throws {
    func add(_ kind: String, _ count: Int, _ make: (inout AddRequest) -> Void) throws {
      guard count > 0, try store.read({ try $0.task("\(kind).0") }) == nil else { return }
      try fill(count) { number in
        var request = AddRequest(task: NewTask(id: "\(kind).\(number)", title: "Task \(number)"))
        request.task.priority = 2
        make(&request)
        return request
      }
    }
    try add("held", held) { $0.session = "held" }
    if held > 0, try store.read({ try $0.session("held")?.lease }) == nil { try hold("held") }
    if blocked > 0, try store.read({ try $0.task("gate") }) == nil {
      // In the future itself, so that it stays undone.
      var gate = AddRequest(task: NewTask(id: "gate", title: "Gate"))
      gate.task.notBefore = try store.read { $0.now }.adding(seconds: 30 * 86400)
      _ = try app.add(gate)
    }
    try add("blocked", blocked) { $0.task.after = ["gate"] }
    let later = try store.read { $0.now }.adding(seconds: 86400)
    try add("scheduled", scheduled) { $0.task.notBefore = later }
  }

  /// Claims a task of a session, for 30 days.
  func hold(_ session: String) throws {
    var request = ClaimRequest()
    request.session = session
    request.token = Token()
    request.ttlSeconds = 30 * 86400
    _ = try app.claim(request)
  }

  /// Adds tasks that are held under leases without a sign of life for an hour: decided as ever, but long ago.
  func addStale(_ count: Int) throws {
    let then = try store.read { $0.now }.adding(seconds: -3600)
    let series = try store.read { try $0.eventCount() }
    var next = 0
    while next < count {
      let end = min(next + Self.batch, count)
      try store.write { writer in
        for number in next..<end {
          let id = "stale\(series).\(number)"
          let caller = Caller(
            actor: "home-agent", source: nil, defaultSource: "bench", host: "host", instance: "/bench", commit: nil,
            now: then, jitter: 0)
          var change = SessionChange(Session(id: id, logID: writer.logID))
          let added = try decide(
            .add(NewTask(id: id, title: "Task \(number)")), by: caller, on: State(session: change.after, task: nil))
          let task = try change.apply(added, to: nil)
          try writer.append(change)
          change = SessionChange(change.after)
          let lease = NewLease(tokenHash: Token().hash, ttlSeconds: 1)
          let claimed = try decide(
            .claim(lease, named: true), by: caller, on: State(session: change.before, task: task))
          try change.apply(claimed, to: task)
          try writer.append(change)
        }
      }
      next = end
    }
  }
}
