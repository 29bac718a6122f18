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
  /// Adds a task, unless the open task with its key is there already.
  package func add(_ request: AddRequest) throws(OrchError) -> Added {
    try write(additionReads(request)) { reads, writer in try add(request, reads, in: writer) }
  }

  /// Adds many tasks, all or none. `after` may name any of them.
  package func add(_ requests: [AddRequest]) throws(OrchError) -> [Added] {
    try mappingErrors {
      let order = try ordered(requests)
      return try store.write { writer in
        var added = [Added?](repeating: nil, count: requests.count)
        for index in order {
          added[index] = try add(requests[index], writer.load(additionReads(requests[index])), in: writer)
        }
        return added.compactMap { $0 }
      }
    }
  }

  /// Adds a task and claims it in the same transaction.
  package func addAndClaim(_ request: AddRequest, ttlSeconds: Int?) throws(OrchError) -> Claim {
    try mappingErrors {
      let agent = try agent()
      return try withReservedLeaseFile(for: agent) { reservation in
        let reads = Read.all(lookalike(of: agent), additionReads(request), heldTokens(reservation))
        return try store.write(reads) { loaded, writer in
          warnOfUnknown(agent, loaded.0)
          let added = try add(request, loaded.1, in: writer)
          let terms = GrantTerms(reservation: reservation, agent: agent, ttlSeconds: ttlSeconds)
          return try grant(added.task, terms, isNamed: true, in: writer)
        }
      }
    }
  }

  /// What adding a task depends on. Each is looked up when it is called: a task that is there needs no more.
  private struct AdditionReads {
    /// The session that is named, if it is there.
    var session: Session?
    /// The open task with the key, of the log that the new task would be of.
    var open: Task?
    /// What has the new task's id; nil where it is still to be generated.
    var id: NameLookup?
    var blockers: [(_ logID: String) throws -> Task] = []
  }

  private func additionReads(_ request: AddRequest) -> Read<AdditionReads> {
    let task = request.task
    let session: Read<Session?> = request.session.map { .session($0) } ?? .value(nil)
    let open = Read<Task?>(session.requests + (task.key.map { [.openTask(key: $0)] } ?? [])) { reader in
      let logID = try session.resolve(reader)?.logID ?? reader.logID
      return try task.key.flatMap { try reader.openTask(key: $0, logID: logID) }
    }
    let id: Read<NameLookup?> =
      task.id.isEmpty ? .value(nil) : Read<NameLookup>.name(task.id).map { lookup, _ in lookup }
    // Most tasks name none of these, and composing reads would cost an addition of many a tenth of its time.
    if request.session == nil, task.key == nil, task.after.isEmpty {
      return id.map { id, _ in AdditionReads(id: id) }
    }
    return Read.all(session, open, id, .list(task.after.map { blocker($0) })).map { reads, _ in
      AdditionReads(session: reads.0, open: reads.1, id: reads.2, blockers: reads.3)
    }
  }

  private func add(_ request: AddRequest, _ reads: AdditionReads, in writer: any StoreWriter) throws -> Added {
    if let open = reads.open { return Added(task: try writer.named(open), created: false, now: writer.now) }
    var new = request.task
    let id = try reads.id ?? unusedID(in: writer)
    new.id = id.name
    let session = try session(for: id, request, reads, in: writer)
    if try id.task(logID: session.logID) != nil { throw OrchError(.taskExists, task: new.id) }
    var seen: Set<String> = []
    new.after = try zip(new.after, reads.blockers).map { reference, blocker in
      guard reference != new.id else { throw OrchError.cycle([new.id, new.id]) }
      return try blocker(session.logID).id
    }.filter { seen.insert($0).inserted }
    let task = try execute(.add(new), on: session, nil, by: actor, in: writer).requiredTask()
    return Added(
      task: try writer.named(writer.task(task.id, logID: task.logID) ?? task), created: true, now: writer.now)
  }

  /// The session that a task is added to: the one named, else a new one of this log, named like the task.
  private func session(
    for id: NameLookup, _ request: AddRequest, _ reads: AdditionReads, in reader: any StoreReader
  ) throws -> Session {
    if let name = request.session { return reads.session ?? Session(id: name, logID: reader.logID) }
    guard try id.session(logID: reader.logID) == nil else {
      throw OrchError.refused(
        .errorSessionExists(new: id.name),
        hint: .text(.hintAddToSession(new: id.name)))
    }
    return Session(id: id.name, logID: reader.logID)
  }

  /// A generated id that neither a task nor a session has.
  private func unusedID(in reader: any StoreReader) throws -> NameLookup {
    while true {
      let bytes = withUnsafeBytes(of: random.next()) { Array($0) }
      let lookup = try reader.load(.name("t-" + CrockfordBase32.lowercase(bytes, count: 8)))
      if try !lookup.isTaken() { return lookup }
    }
  }

  /// The order in which requests can be added: what a task waits for comes before it.
  private func ordered(_ requests: [AddRequest]) throws -> [Int] {
    var index: [String: Int] = [:]
    for (place, request) in requests.enumerated() where !request.task.id.isEmpty {
      guard index.updateValue(place, forKey: request.task.id) == nil else {
        throw OrchError.invalid(.errorIdTwice(place: place + 1, task: request.task.id))
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
    .refused(.errorCycle(path: ids.joined(separator: " → ")))
  }
}
