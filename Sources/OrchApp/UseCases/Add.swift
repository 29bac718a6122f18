package import OrchCore
import OrchStore

/// A task to be added; what is nil gets its default.
package struct AddRequest: Sendable {
  /// `id` is empty for a generated one; `after` may hold prefixes of ids.
  package var task: NewTask
  /// Nil: a session of its own, named like the task.
  package var session: String?

  package init(task: NewTask, session: String? = nil) {
    self.task = task
    self.session = session
  }
}

/// An added task, or the open one that has its key already.
package struct Added: Sendable {
  package var task: Task
  package var created: Bool
  package var now: Instant
}

extension App {
  package func add(_ request: AddRequest) throws -> Added {
    try store.write(requesting: foresight(request)) { try add(request, in: $0) }
  }

  /// Adds many tasks, all or none. `after` may name any of them.
  package func add(_ requests: [AddRequest]) throws -> [Added] {
    let order = try ordered(requests)
    return try store.write { writer in
      var added = [Added?](repeating: nil, count: requests.count)
      for index in order { added[index] = try add(requests[index], in: writer) }
      return added.compactMap { $0 }
    }
  }

  /// Adds a task and claims it in the same transaction.
  package func addAndClaim(_ request: AddRequest, ttlSeconds: Int?) throws -> Claim {
    let agent = try agent()
    let token = Token()
    let files = leaseFiles.all()
    let file = try newLeaseFile(token, agent: agent)
    do {
      let claim: Claim = try store.write { writer in
        try warnOfUnknown(agent, writer)
        let added = try add(request, in: writer)
        let lease = NewLease(tokenHash: token.hash, ttlSeconds: ttlSeconds)
        var claim = try self.claim(added.task, lease, token, agent: agent, named: true, in: writer)
        claim.supersededFiles = try supersededFiles(files, by: file, in: writer)
        return claim
      }
      settle(file, claim)
      return claim
    } catch {
      if case .outcomeUnknown? = error as? StoreError { throw error }
      leaseFiles.remove(file)
      throw error
    }
  }

  private func add(_ request: AddRequest, in writer: any StoreWriter) throws -> Added {
    var new = request.task
    if let key = new.key, let open = try openTask(key: key, request, in: writer) {
      return Added(task: open, created: false, now: writer.now)
    }
    if new.id.isEmpty { new.id = try unusedID(in: writer) }
    let session = try session(for: new, request, in: writer)
    if try writer.task(new.id, logID: session.logID) != nil { throw OrchError(.taskExists, task: new.id) }
    var seen: Set<String> = []
    new.after = try new.after.map { reference in
      guard reference != new.id else { throw OrchError.cycle([new.id, new.id]) }
      return try task(reference, before: session.logID, in: writer).id
    }.filter { seen.insert($0).inserted }
    let caller = caller(actor, at: writer.now)
    let events = try decided(.add(new), by: caller, session: session, task: nil)
    var change = SessionChange(session)
    guard let task = try change.apply(events, to: nil) else {
      throw StoreError.internal("an added task without a task")
    }
    try writer.append(change)
    return Added(
      task: try writer.named(writer.task(task.id, logID: task.logID) ?? task), created: true, now: writer.now)
  }

  /// The open task with a key, of the log that the task would be of.
  private func openTask(key: String, _ request: AddRequest, in writer: any StoreWriter) throws -> Task? {
    let logID = try request.session.flatMap { try writer.session($0) }?.logID ?? writer.logID
    guard let open = try writer.openTask(key: key, logID: logID) else { return nil }
    return try writer.named(open)
  }

  /// The session that a task is added to: the one named, else a new one of this log, named like the task.
  private func session(for new: NewTask, _ request: AddRequest, in writer: any StoreWriter) throws -> Session {
    if let id = request.session { return try writer.session(id) ?? Session(id: id, logID: writer.logID) }
    guard try writer.session(new.id, logID: writer.logID) == nil else {
      throw OrchError.refused(
        "there is a session \(new.id) already", hint: "orch add … --id \(new.id) --session \(new.id), or another --id")
    }
    return Session(id: new.id, logID: writer.logID)
  }

  /// What adding a task asks.
  private func foresight(_ request: AddRequest) -> [ReadRequest] {
    var foreseen = request.task.after.map { ReadRequest.task($0) }
    if let key = request.task.key { foreseen.append(.openTask(key: key)) }
    if !request.task.id.isEmpty { foreseen.append(.task(request.task.id)) }
    if let session = request.session ?? (request.task.id.isEmpty ? nil : request.task.id) {
      foreseen.append(.session(session))
    }
    return foreseen
  }

  private func unusedID(in reader: any StoreReader) throws -> String {
    while true {
      var generator = SystemRandomNumberGenerator()
      let bytes = withUnsafeBytes(of: generator.next()) { Array($0) }
      let id = "t-" + CrockfordBase32.lowercase(bytes, count: 8)
      try reader.prefetch([.task(id), .session(id)])
      if try reader.task(id) == nil, try reader.session(id) == nil { return id }
    }
  }

  /// The order in which requests can be added: what a task waits for comes before it.
  private func ordered(_ requests: [AddRequest]) throws -> [Int] {
    var index: [String: Int] = [:]
    for (place, request) in requests.enumerated() where !request.task.id.isEmpty {
      guard index.updateValue(place, forKey: request.task.id) == nil else {
        throw OrchError.invalid("line \(place + 1): the id \(request.task.id) is there twice")
      }
    }
    var order: [Int] = []
    var state = [Int: Bool]()  // false: being visited, true: placed
    for start in requests.indices {
      var path = [(start, 0)]
      while let (place, next) = path.popLast() {
        if next == 0 {
          if state[place] == true { continue }
          state[place] = false
        }
        let after = requests[place].task.after
        if next == after.count {
          state[place] = true
          order.append(place)
          continue
        }
        path.append((place, next + 1))
        guard let dependency = index[after[next]] else { continue }
        switch state[dependency] {
        case nil: path.append((dependency, 0))
        case true?: continue
        case false?:
          throw OrchError.cycle(path.map { requests[$0.0].task.id } + [requests[dependency].task.id])
        }
      }
    }
    return order
  }
}

extension OrchError {
  static func cycle(_ ids: [String]) -> OrchError {
    .refused("tasks would wait for each other: \(ids.joined(separator: " → "))")
  }
}
