internal import OrchCore
internal import OrchStore

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
    throw OrchError.notFound("there is no task \(reference)", hint: "orch list")
  }

  /// The session named `id`.
  func session(_ id: String, in reader: any StoreReader) throws -> Session {
    guard let session = try reader.session(id) else {
      throw OrchError.notFound("there is no session \(id)", hint: "orch list")
    }
    return session
  }

  /// The session of a task that was just read: it is there, or the database contradicts itself.
  func session(of task: Task, in reader: any StoreReader) throws -> Session {
    guard let session = try reader.session(task.session) else {
      throw StoreError.corrupt("\(task.id) names a session that is not there")
    }
    return session
  }

  /// Decides, and puts a refusal into words.
  func decided(
    _ command: Command, by caller: Caller, session: Session, task: Task?, context: Checkpoint.Context = .init()
  ) throws -> [Event] {
    do {
      return try decide(command, by: caller, on: State(session: session, task: task, context: context))
    } catch {
      throw OrchError(error, task: task?.id ?? session.id)
    }
  }
}

extension OrchError {
  static func ambiguous(_ reference: String, _ ids: [String]) -> OrchError {
    OrchError(
      .ambiguous, "\(reference) is several: \(ids.prefix(5).joined(separator: " "))\(ids.count > 5 ? " …" : "")",
      hint: "give more of it")
  }
}

extension App {
  /// How many entries are read at once.
  static let eventPage = 256
}

extension StoreReader {
  /// Visits every entry that `query` finds until `visit` returns false, a page at a time.
  func forEachEvent(
    _ query: EventQuery, beyond start: Int? = nil, _ visit: (Recorded) throws -> Bool
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
