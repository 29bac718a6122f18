import OrchCore
import OrchStore

/// What a move came to.
package struct Moved: Sendable {
  /// Where it is now, without a password.
  package var database: String
  package var engine: String
  /// The identity of the other database; the sessions keep theirs.
  package var logID: String
  /// Copied.
  package var events = 0
  /// There already, from an earlier attempt.
  package var skipped = 0
  package var sessions = 0
  /// Sessions that are held: their leases go on there.
  package var held = 0
  /// Lease files of this machine that point there now.
  package var leaseFiles = 0
  /// The head of the other database: see `Verification`.
  package var head = ""
}

/// What a move is at.
package enum MoveStep: Sendable {
  case copied(Int), verified(Int)
}

extension App {
  /// Moves all of this database into another, and leaves this one read-only, with a pointer to the other.
  ///
  /// From the first step on nobody can write here, so nothing is lost between copying and closing. Then everything is
  /// copied, leases with their present times; the other database is verified; and only then the pointer is final. When
  /// anything fails before, this database is opened again. A move that was killed is finished by another, or undone by
  /// `undoMove`.
  ///
  /// - Parameter target: the use cases on the other database.
  package func move(to target: App, progress: (MoveStep) -> Void) throws(OrchError) -> Moved {
    try mappingErrors { try moveAll(to: target, progress) }
  }

  private func moveAll(to target: App, _ progress: (MoveStep) -> Void) throws -> Moved {
    let address = target.settings.database
    let logID = try store.read { $0.logID }
    let other = try target.store.read { $0.logID }
    guard logID != other else {
      throw OrchError.refused(.errorSameDatabase(address: address), hint: .text(.hintMoveElsewhere))
    }
    if let relocation = target.store.relocation { throw OrchError(relocation) }
    let before = store.relocation
    if let before, before.stage == .moved || before.database != address { throw OrchError(before) }
    // Of a session that is not understood the other database would have fewer rows, and no lease.
    try forEachSession { session, _ in guard session.isUpToDate else { throw StoreError.notUnderstood(session) } }
    let mine = Relocation(.moving, to: address, by: Token().text)
    try store.relocate(from: before, to: mine)
    var moved = Moved(database: address, engine: target.store.engine, logID: other)
    do {
      try copy(to: target, &moved, progress)
      try compare(with: target, &moved, progress)
      try store.relocate(from: mine, to: Relocation(.moved, to: address, by: mine.mover))
    } catch {
      try? store.relocate(from: mine, to: nil)
      throw error
    }
    for file in leaseFiles.all() where file.logID == logID {
      if leaseFiles.replace(file, database: address, logID: other) { moved.leaseFiles += 1 }
    }
    return moved
  }

  /// Opens the database again after a move that died before its end.
  ///
  /// - Returns: where it would have gone.
  package func undoMove() throws(OrchError) -> String {
    try mappingErrors { try reopen() }
  }

  private func reopen() throws -> String {
    try store.read { _ in }
    guard let relocation = store.relocation else {
      throw OrchError.refused(.errorNoMove, hint: .run("status"))
    }
    guard relocation.stage == .moving else {
      throw OrchError.refused(
        .errorAlreadyMoved(database: relocation.database),
        hint: .shell("--database", relocation.database))
    }
    try store.relocate(from: relocation, to: nil)
    return relocation.database
  }

  private func copy(to target: App, _ moved: inout Moved, _ progress: (MoveStep) -> Void) throws {
    let ends = try ends()
    var cursor: Int?
    var sessions: Set<Stream> = []
    while true {
      let page = try store.read { try $0.events(EventQuery(.oldestFirst), beyond: cursor, limit: Self.movePage) }
      let entries = try page.map { recorded in
        let entry = try recorded.entry()
        guard SHA256.digest(of: recorded.bytes) == recorded.id else {
          throw StoreError.corrupt(.damageEventContent(event: recorded.id.hex.prefix(10)))
        }
        return (recorded: recorded, entry: entry)
      }
      let loaded = try target.store.write { writer in
        var loader = EventImporter(writer, ends: ends)
        try loader.load(entries, in: writer)
        try loader.finish()
        return loader.result
      }
      moved.events += loaded.events
      moved.skipped += loaded.skipped
      sessions.formUnion(entries.map { Stream(logID: $0.entry.logID, session: $0.entry.session) })
      progress(.copied(moved.events + moved.skipped))
      guard page.count == Self.movePage else { break }
      cursor = page.last?.position
    }
    moved.sessions = sessions.count
    // Signs of life are no events.
    for session in try store.read({ try $0.heldSessions(limit: .max) }) {
      try target.store.write { writer in
        guard var there = try writer.session(session.id, logID: session.logID) else { return }
        there.lease = session.lease
        try writer.renewLease(there)
      }
      moved.held += 1
    }
  }

  /// How many events a transaction of a move copies.
  private static let movePage = 1024

  /// The last event of each session.
  private func ends() throws -> [Stream: StreamPosition] {
    var ends: [Stream: StreamPosition] = [:]
    try forEachSession { session, _ in
      guard let head = session.head else { return }
      ends[Stream(logID: session.logID, session: session.id)] = StreamPosition(
        first: 1, seq: session.seq, id: head, at: session.at)
    }
    return ends
  }

  private func forEachSession(_ visit: (Session, any StoreReader) throws -> Void) throws {
    var cursor: String?
    while true {
      let page = try store.read { reader in
        let page = try reader.sessionIDs(after: cursor, limit: 500)
        for name in page {
          guard let session = try reader.session(name) else {
            throw StoreError.corrupt(.damageSession(session: name))
          }
          try visit(session, reader)
        }
        return page
      }
      guard page.count == 500 else { return }
      cursor = page.last
    }
  }

  /// Every session is there as it is here, and all that is there is sound.
  private func compare(with target: App, _ moved: inout Moved, _ progress: (MoveStep) -> Void) throws {
    try forEachSession { session, reader in
      let counts = try reader.counts(session: reader.reference(to: session))
      try target.store.read { other in
        var there = try other.session(session.id, logID: session.logID)
        // Of a session from an older schema it is only known not to be less.
        there?.neededVocabulary = session.neededVocabulary
        guard let there, there == session, try other.counts(session: other.reference(to: there)) == counts else {
          throw OrchError.refused(
            .errorDiffersThere(session: session.id, seq: there?.seq ?? 0, seqOther: session.seq),
            hint:
              .text(.hintWorkThere(session: session.id, database: ShellCommand.words(target.settings.database))))
        }
      }
    }
    let verification = try target.verify(session: nil, expected: []) { progress(.verified($0)) }
    guard verification.isSound else {
      throw OrchError(
        .storeCorrupt, .errorOtherUnsound(problem: verification.findings.first?.problem ?? Message(verbatim: "")),
        hint: .run("verify", "--database", target.settings.database))
    }
    moved.head = verification.head
  }
}
