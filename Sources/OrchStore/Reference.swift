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

  /// Finds the row that a text names: the one of this name in the database's own log, else the only one of this name,
  /// else the only one of the name in `split(text)` whose log begins so.
  ///
  /// - Parameters:
  ///   - own: the database's own log.
  ///   - row: looks up the row of an id in one log.
  ///   - logs: looks up the logs that have a row of an id.
  /// - Throws: `StoreError.ambiguous` when it is one of several.
  package static func resolve<Row>(
    _ text: String, own: String, row: (_ id: String, _ logID: String) throws -> Row?,
    logs: (_ id: String) throws -> [String]
  ) throws -> Row? {
    if let found = try row(text, own) { return found }
    if let logID = try only(logs(text), of: text) { return try row(text, logID) }
    guard let (id, beginning) = split(text) else { return nil }
    return try only(logs(id).filter { $0.hasPrefix(beginning) }, of: id).flatMap { try row(id, $0) }
  }

  /// The one log that has a row of `id`; nil where none has.
  private static func only(_ logs: [String], of id: String) throws(StoreError) -> String? {
    guard logs.count < 2 else { throw several(id, logs) }
    return logs.first
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
