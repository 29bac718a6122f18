package import OrchCore

/// What a session or a task is called in a database that may have several of its name.
///
/// A plain name is the one of the database's own log, else the only one of another log; `kpi@01HX3F` is the one of the log
/// that begins so. A name that is there as it stands comes first, since names may hold an `@`.
package enum Reference {
  /// The fewest characters that name a log.
  package static let shortest = 6

  /// The name and the beginning of a log that a text joins; nil when it is a name alone.
  package static func split(_ text: String) -> (name: String, logID: String)? {
    guard let at = text.utf8.lastIndex(of: UInt8(ascii: "@")) else { return nil }
    let logID = text[text.index(after: at)...]
    guard
      (shortest...26).contains(logID.utf8.count), at > text.startIndex,
      logID.utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) })
    else { return nil }
    return (String(text[..<at]), logID.uppercased())
  }

  /// The text that names the `id` of one log, and of no other, in the database of `own`.
  package static func to(_ id: String, of logID: String, in own: String) -> String {
    logID == own || logID.isEmpty ? id : "\(id)@\(logID)"
  }

  /// Chooses among those that a text may name.
  ///
  /// - Parameters:
  ///   - named: all of the name `text`, whatever their log.
  ///   - qualified: all of the name in `split(text)`.
  /// - Throws: `StoreError.ambiguous` when it is one of several.
  package static func choose<Row>(
    _ text: String, own: String, named: [(logID: String, row: Row)], qualified: () throws -> [(logID: String, row: Row)]
  ) throws -> Row? {
    if let found = named.first(where: { $0.logID == own }) { return found.row }
    if let first = named.first {
      guard named.count == 1 else { throw several(text, named.map(\.logID)) }
      return first.row
    }
    guard let (name, logID) = split(text) else { return nil }
    let found = try qualified().filter { $0.logID.hasPrefix(logID) }
    guard found.count < 2 else { throw several(name, found.map(\.logID)) }
    return found.first?.row
  }

  private static func several(_ name: String, _ logs: [String]) -> StoreError {
    .ambiguous(name, logs.map { short(name, $0, among: logs) }.sorted())
  }

  /// `kpi@01HX3F`: as much of the log as tells it from the others.
  package static func short(_ id: String, _ logID: String, among logs: [String]) -> String {
    var length = shortest
    while length < 26, logs.contains(where: { $0 != logID && $0.hasPrefix(logID.prefix(length)) }) { length += 1 }
    return "\(id)@\(logID.prefix(length))"
  }
}

extension StoreReader {
  /// What the session is asked for by.
  package func reference(to session: Session) -> String { Reference.to(session.id, of: session.logID, in: logID) }
  /// What the task is asked for by.
  package func reference(to task: Task) -> String { Reference.to(task.id, of: task.logID, in: logID) }
  /// What the session of a task is asked for by.
  package func sessionReference(of task: Task) -> String { Reference.to(task.session, of: task.logID, in: logID) }
}
