package import OrchCore

extension StoreWriter {
  /// Replays sessions whose rows a program of a lower vocabulary wrote; one whose log is damaged stays as it is.
  ///
  /// - Returns: how many were replayed.
  @discardableResult
  package func catchUpSessions(limit: Int) throws -> Int {
    var count = 0
    for session in try sessionsToReplay(limit: limit) {
      do {
        try catchUp(session)
        count += 1
      } catch StoreError.corrupt {
        // `verify` names it; the other sessions go on.
        continue
      }
    }
    return count
  }

  /// Replays a session whose rows were written by a program that understood less of its events than this one, and
  /// rewrites its rows from the log. Where this program does not understand all of it either, only that is noted.
  ///
  /// - Returns: the session as its row is then.
  /// - Throws: `StoreError.corrupt` when its log is damaged, or holds a malformed event.
  @discardableResult
  package func catchUp(_ session: Session) throws -> Session {
    guard let read = session.readVocabulary, read < EventVocabulary.current else { return session }
    let name = reference(to: session)
    var replay = Replay(session: session.id, logID: session.logID)
    var cursor: Int?
    while true {
      let page = try events(EventQuery(.oldestFirst, session: name), beyond: cursor, limit: CatchUp.page)
      for recorded in page {
        do {
          try replay.apply(try recorded.entry(), id: recorded.id)
        } catch let malformed as MalformedEvent {
          throw StoreError.corrupt(.damageMalformedEvent(event: recorded.id.hex.prefix(10), problem: malformed.message))
        }
      }
      guard page.count == CatchUp.page else { break }
      cursor = page.last?.position
    }
    guard replay.session.seq == session.seq, replay.session.head == session.head else {
      throw StoreError.corrupt(.damageSessionRow(session: session.id))
    }
    var tasks: [Task] = []
    for id in replay.tasks.keys.sorted() {
      guard let task = try task(id, logID: session.logID) else {
        throw StoreError.corrupt(.damageTaskRow(task: id, session: session.id))
      }
      tasks.append(task)
    }
    let known = try Set(replay.grants.keys.filter { try grant($0) != nil })
    let change = SessionChange(replaying: session, by: replay, tasks: tasks, grants: known)
    try append(change)
    return change.after
  }
}

private enum CatchUp {
  /// How many events are read at once.
  static let page = 256
}
