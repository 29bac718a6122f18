import OrchCore
import OrchStore

extension App {
  /// The task that `reference` names: its id, or a unique prefix of a generated one.
  ///
  /// - Throws: `not-found` or `ambiguous`.
  func task(_ reference: String, in reader: any StoreReader) throws -> Task {
    if let task = try reader.task(reference) { return task }
    if reference.hasPrefix("t-"), reference.utf8.count >= 6 {
      let ids = try reader.taskIDs(prefix: reference, limit: 6)
      if ids.count == 1, let task = try reader.task(ids[0]) { return task }
      if ids.count > 1 { throw OrchError.ambiguous(reference, ids) }
    }
    throw OrchError.notFound(.errorNoTask(reference: reference), hint: .run("list"))
  }

  /// The session named `id`.
  func session(_ id: String, in reader: any StoreReader) throws -> Session {
    guard let session = try reader.session(id) else {
      throw OrchError.notFound(.errorNoSession(id: id), hint: .run("list"))
    }
    return session
  }

  /// The session of a task that was just read: it is there, or the database contradicts itself.
  func session(of task: Task, in reader: any StoreReader) throws -> Session {
    guard let session = try reader.session(task.session, logID: task.logID) else {
      throw StoreError.corrupt(.damageNoSession(task: task.id))
    }
    return session
  }

  /// A task of a session: what it holds, or what is offered in it.
  func task(_ id: String, of session: Session, in reader: any StoreReader) throws -> Task {
    guard let task = try reader.task(id, logID: session.logID) else {
      throw StoreError.corrupt(.damageNoTask(session: session.id, task: id))
    }
    return task
  }

  /// The task that a task of a log is to wait for: of several of this name, the one of that log.
  func task(_ reference: String, before logID: String, in reader: any StoreReader) throws -> Task {
    if let task = try reader.task(reference, logID: logID) { return task }
    let task = try task(reference, in: reader)
    guard task.logID == logID else {
      throw OrchError.refused(.errorOfAnotherLog(reference: reference), hint: .run("list"))
    }
    return task
  }
}

// MARK: As reads

extension App {
  /// The task that `reference` names, with its session.
  func subject(_ reference: String) -> Read<Subject> {
    Read([.task(reference)]) { reader in
      let task = try self.task(reference, in: reader)
      return Subject(task: task, session: try self.session(of: task, in: reader))
    }
  }

  /// The task that `reference` names; nil where nothing is named.
  func task(named reference: String?) -> Read<Task?> {
    guard let reference else { return .value(nil) }
    return Read([.task(reference)]) { reader in try self.task(reference, in: reader) }
  }

  /// The session named `id`; nil where nothing is named.
  func session(named id: String?) -> Read<Session?> {
    guard let id else { return .value(nil) }
    return Read([.session(id)]) { reader in try self.session(id, in: reader) }
  }

  /// The task that one of a log is to wait for, once the log is known.
  func blocker(_ reference: String) -> Read<(_ logID: String) throws -> Task> {
    Read([.task(reference)]) { reader in { logID in try self.task(reference, before: logID, in: reader) } }
  }
}

extension OrchError {
  static func ambiguous(_ reference: String, _ ids: [String]) -> OrchError {
    OrchError(
      .ambiguous,
      .errorAmbiguous(
        reference: reference, ids: ids.prefix(5).joined(separator: " "), idsOther: ids.count > 5 ? " …" : ""),
      hint: .text(.hintLongerPrefix))
  }
}

extension App {
  /// How many entries are read at once.
  static let eventPage = 256
}

extension StoreReader {
  /// Visits every entry that `query` finds until `visit` returns false, a page at a time.
  func forEachEvent(
    _ query: EventQuery, beyond start: Int? = nil, _ visit: (StoredEvent) throws -> Bool
  ) throws {
    var cursor = start
    while true {
      let page = try events(query, beyond: cursor, limit: App.eventPage)
      for recorded in page where try !visit(recorded) { return }
      guard page.count == App.eventPage else { return }
      cursor = page.last?.position
    }
  }
}

extension StoreReader {
  /// The session with the name that tells it from others, where its own does not.
  func named(_ session: Session) throws -> Session {
    guard session.logID != logID, try !isOnly(session.logID, in: { try self.session(session.id)?.logID }) else {
      return session
    }
    var named = session
    named.alias = Reference.short(session.id, session.logID, among: [logID])
    return named
  }

  /// The task with the name that tells it from others, where its own does not.
  func named(_ task: Task) throws -> Task {
    guard task.logID != logID, try !isOnly(task.logID, in: { try self.task(task.id)?.logID }) else { return task }
    var named = task
    named.alias = Reference.short(task.id, task.logID, among: [logID])
    return named
  }

  private func isOnly(_ logID: String, in find: () throws -> String?) throws -> Bool {
    do {
      return try find() == logID
    } catch StoreError.ambiguous {
      return false
    }
  }
}

extension Message {
  /// The name of what a reference with such a prefix, as `task:`, means.
  static func kind(_ prefix: String) -> Message {
    switch prefix {
    case "task": .kindTask
    case "session": .kindSession
    case "event": .kindEvent
    case "commit": .kindCommit
    default: Message(verbatim: prefix)
    }
  }
}
