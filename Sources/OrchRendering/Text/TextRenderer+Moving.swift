package import OrchApp
import OrchCore

extension TextRenderer {
  package func exported(_ exported: Exported) -> String {
    localized(.exportWrote(count: exported.events, file: line(exported.file)))
  }

  package func imported(_ imported: Imported) -> String {
    let loaded = localized(
      .importLoaded(
        events: Message.countEvents(count: imported.events), sessions: Message.countSessions(count: imported.sessions),
        created: imported.created, skipped: imported.skipped))
    guard !imported.held.isEmpty else { return loaded }
    let shown = imported.held.prefix(10).joined(separator: " ") + (imported.held.count > 10 ? " …" : "")
    return loaded + "\n" + localized(.importHeld(sessions: shown))
  }

  package func moved(_ moved: Moved) -> String {
    let database = line(moved.database)
    let events = Message.countEvents(count: moved.events + moved.skipped)
    let sessions = Message.countSessions(count: moved.sessions)
    let lines: [Message] = [
      moved.skipped == 0
        ? .moveMoved(events: events, sessions: sessions, database: database)
        : .moveMovedAgain(events: events, sessions: sessions, database: database, skipped: moved.skipped),
      .moveVerified(head: moved.head),
      .moveLeases(held: moved.held, files: Message.countLeaseFiles(count: moved.leaseFiles)),
      .moveThen(command: "export ORCH_DATABASE_URL='\(database)'")
    ]
    return lines.map { localized($0) }.joined(separator: "\n")
  }

  /// - Parameter database: where it would have gone.
  package func undoneMove(_ database: String) -> String { localized(.moveUndone(database: line(database))) }
}
