package import OrchCore
package import OrchStore

// Rows, pages and counts, each by a scan over everything.

extension MemoryTransaction {
  func session(_ id: String) throws -> Session? {
    try Reference.resolve(id, own: logID, row: session(_:logID:)) { id in born.filter { $0.id == id }.map(\.logID) }
  }

  func session(_ id: String, logID: String) throws -> Session? {
    rows.sessions[Reference.to(id, of: logID, in: self.logID)]
  }

  func task(_ id: String) throws -> Task? {
    try Reference.resolve(id, own: logID, row: task(_:logID:)) { id in
      rows.tasks.filter { $0.id == id }.map(\.logID)
    }
  }

  func task(_ id: String, logID: String) throws -> Task? {
    rows.index(ofTask: id, logID: logID).map { rows.counted(rows.tasks[$0]) }
  }

  func openTask(key: String) throws -> Task? { try openTask(key: key, logID: logID) }

  func openTask(key: String, logID: String) throws -> Task? {
    rows.tasks.first { $0.key == key && $0.logID == logID && $0.state.isOpen }.map(rows.counted)
  }

  func grant(_ tokenHash: TokenHash) throws -> Grant? { rows.grants[tokenHash] }

  func sessionsOffered(to agent: String, limit: Int) throws -> [Session] {
    let offered = born.filter { $0.offer?.to == agent && $0.lease == nil }
    return Array(offered.stablySorted { ($0.offer?.expiresAt).map(\.milliseconds) ?? 0 }.prefix(limit))
  }

  func sessionsToReplay(limit: Int) throws -> [Session] {
    Array(born.filter { ($0.readVocabulary ?? .max) < EventVocabulary.current }.prefix(limit))
  }

  func heldSessions(limit: Int) throws -> [Session] {
    let held = born.filter { $0.lease != nil }
    return Array(held.stablySorted { ($0.lease?.expiresAt).map(\.milliseconds) ?? 0 }.prefix(limit))
  }

  func tasks(_ query: TaskQuery, after cursor: TaskCursor?, limit: Int) throws -> [Task] {
    let session = try query.session.flatMap { try self.session($0) }
    let matching = rows.countedTasks.filter { task in
      (query.state.map { task.visibleState(at: now) == $0 } ?? true)
        && (query.kind.map { task.kind == $0 } ?? true)
        && (query.session == nil || (task.session == session?.id && task.logID == session?.logID))
        && query.projects.contains(task.project)
        && (query.assignee.map { task.assignee == $0 } ?? true)
        && (query.key.map { task.key == $0 } ?? true)
        && (cursor.map { $0 < TaskCursor(task) } ?? true)
    }
    return Array(matching.sorted { TaskCursor($0) < TaskCursor($1) }.prefix(limit))
  }

  func counts(session: String?) throws -> [VisibleState: Int] {
    var counts: [VisibleState: Int] = [:]
    let found = try session.flatMap { try self.session($0) }
    for task in rows.countedTasks
    where session == nil || (task.session == found?.id && task.logID == found?.logID) {
      counts[task.visibleState(at: now), default: 0] += 1
    }
    return counts
  }

  func dependents(of task: String) throws -> [Task] {
    let named = try self.task(task)
    return rows.countedTasks.filter { $0.after.contains(named?.id ?? task) && $0.logID == named?.logID ?? logID }
  }

  func taskIDs(prefix: String, limit: Int) throws -> [String] {
    let ids = rows.tasks.filter { $0.id.utf8.starts(with: prefix.utf8) }.map { reference(to: $0) }
    return Array(ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.prefix(limit))
  }

  func sessionIDs(after id: String?, limit: Int) throws -> [String] {
    let start = id.flatMap { rows.births.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
    return Array(rows.births[start...].prefix(limit))
  }

  func events(_ query: EventQuery, beyond cursor: Int?, limit: Int) throws -> [StoredEvent] {
    let (session, task) = (
      try query.session.flatMap { try self.session($0) }, try query.task.flatMap { try self.task($0) }
    )
    let ordered = query.order == .oldestFirst ? rows.entries : rows.entries.reversed()
    let matching = try ordered.filter { recorded in
      let entry = try recorded.entry()
      let beyond = cursor.map { query.order == .oldestFirst ? recorded.position > $0 : recorded.position < $0 } ?? true
      return beyond && (query.session == nil || (entry.session == session?.id && entry.logID == session?.logID))
        && (query.task == nil || (task != nil && entry.event.task == task?.id && entry.logID == task?.logID))
        && (query.facet?.matches(entry.event) ?? true)
    }
    return Array(matching.prefix(limit))
  }

  func event(session: String, seq: Int) throws -> StoredEvent? {
    let found = try self.session(session)
    return try rows.entries.first { recorded in
      let entry = try recorded.entry()
      return entry.session == found?.id && entry.logID == found?.logID && entry.seq == seq
    }
  }

  func events(idPrefix prefix: String, limit: Int) throws -> [StoredEvent] {
    let matching = rows.entries.filter { $0.id.hex.hasPrefix(prefix) }
    return Array(matching.sorted { $0.id < $1.id }.prefix(limit))
  }

  func eventCount() throws -> Int { rows.entries.count }

  func actors() throws -> [ActorSighting] {
    rows.actors.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  func hasActor(_ name: String) throws -> Bool { rows.actors[name] != nil }

  func agents() throws -> [AgentDescription] {
    rows.agents.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// All sessions in order of birth.
  var born: [Session] { rows.births.compactMap { rows.sessions[$0] } }
}

extension Array {
  /// Sorted by a key; equals stay in their order.
  func stablySorted<Key: Comparable>(by key: (Element) -> Key) -> [Element] {
    enumerated().sorted { left, right in
      let (first, second) = (key(left.element), key(right.element))
      return first == second ? left.offset < right.offset : first < second
    }.map(\.element)
  }
}

extension EventQuery.Facet {
  package func matches(_ event: Event) -> Bool {
    switch kind {
    case .actor: event.roles.actor == value
    case .author: event.roles.author == value
    case .reviewer: event.roles.reviewer == value
    case .source: event.roles.source == value
    case .type: event.type.rawValue == value
    case .commit: event.commits.contains(value)
    case .link: event.linkedCommits.contains(value)
    }
  }
}
