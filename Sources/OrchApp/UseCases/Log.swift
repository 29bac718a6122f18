package import OrchCore
package import OrchStore

/// Which entries of the log to show.
package struct LogRequest: Sendable {
  package var by: String?
  package var author: String?
  package var reviewer: String?
  package var source: String?
  package var task: String?
  package var session: String?
  package var project: String?
  /// 40 hexadecimal digits: events about this commit, or written at it.
  package var commit: String?
  /// Types, or patterns of them with `*`.
  package var types: [String] = []
  package var since: Instant?
  package var until: Instant?
  package var limit: Int?
  /// Oldest first.
  package var reverse = false
  /// Only what nothing can come before any more: what follows goes on after it.
  package var onlySettled = false

  package init() {}
}

/// An entry of the log with what its line shows beside it.
package struct LogLine: Sendable {
  package var recorded: StoredEvent
  /// The title of its task.
  package var title: String?
  /// The subject of the commit that it was written at, where the repository is here.
  package var commitSubject: String?
  /// The beginning of its log, where the names of its session and its task alone are others'.
  package var logSuffix: String?

  package init(recorded: StoredEvent, title: String?, commitSubject: String? = nil) {
    self.recorded = recorded
    self.title = title
    self.commitSubject = commitSubject
  }
}

extension App {
  /// Visits entries in append order, newest first unless reversed, until `visit` returns false.
  ///
  /// Pages, so that no snapshot is held and memory does not grow with the log.
  ///
  /// - Returns: the position of the newest entry looked at, from which `follow` goes on.
  @discardableResult
  package func log(
    _ request: LogRequest, titles: Bool, beyond start: Int? = nil, _ visit: (LogLine) throws -> Bool
  ) throws(OrchError) -> Int {
    try mappingErrors { try visitLog(request, titles: titles, beyond: start, visit) }
  }

  private func visitLog(
    _ request: LogRequest, titles: Bool, beyond start: Int?, _ visit: (LogLine) throws -> Bool
  ) throws -> Int {
    let filter = try store.read { try LogFilter(request, self, $0) }
    var query = EventQuery(request.reverse ? .oldestFirst : .newestFirst, session: request.session, facet: filter.facet)
    query.task = filter.task
    var left = request.limit ?? .max
    var cursor = start
    var newest = start ?? 0
    var known: [String: String] = [:]
    var subjects = CommitSubjects(surroundings)
    // A small first page: the first lines of a long log come at once.
    var size = min(64, max(left, 1))
    while left > 0 {
      let (read, end, lines) = try store.read { reader -> ([StoredEvent], Int?, [LogLine]) in
        var page = try reader.events(query, beyond: cursor, limit: size)
        // Where to go on; nil at the end.
        var end = page.count == size ? page.last?.position : nil
        if request.onlySettled {
          let settled = try reader.stablePosition()
          if query.order == .oldestFirst, let last = page.last, last.position > settled { end = nil }
          page.removeAll { $0.position > settled }
        }
        var lines: [LogLine] = []
        for recorded in page {
          let entry = filter.isOpen && !titles ? nil : try recorded.entry()
          if let entry, try !filter.passes(entry, reader) { continue }
          var title: String?
          if titles, let entry, let id = entry.event.task {
            if known.count > 4096 { known = [:] }
            let name = Reference.to(id, of: entry.logID, in: reader.logID)
            title = try known[name] ?? reader.task(id, logID: entry.logID)?.title
            known[name] = title
          }
          var line = LogLine(recorded: recorded, title: title)
          if titles, let entry { line.logSuffix = try aliasLog(of: entry, in: reader) }
          lines.append(line)
        }
        return (page, end, lines)
      }
      for var line in lines.prefix(left) {
        if titles, let oid = try line.recorded.entry().event.commit?.oid {
          line.commitSubject = subjects.subject(of: oid)
        }
        guard try visit(line) else { return newest }
      }
      left -= min(left, lines.count)
      newest = max(newest, read.map(\.position).max() ?? 0)
      guard let end else { break }
      cursor = end
      size = 512
    }
    return newest
  }
}

extension App {
  /// The beginning of an entry's log, where it has to be told.
  private func aliasLog(of entry: LogEntry, in reader: any StoreReader) throws -> String? {
    guard entry.logID != reader.logID else { return nil }
    let isNamed = try reader.named(Session(id: entry.session, logID: entry.logID)).alias == nil
    return isNamed ? nil : Reference.short("", entry.logID, among: [reader.logID])
  }
}

/// The conditions of a `LogRequest`, resolved.
private struct LogFilter {
  let request: LogRequest
  let by: Set<String>?
  let author: Set<String>?
  let reviewer: Set<String>?
  let task: String?
  let facet: EventQuery.Facet?

  init(_ request: LogRequest, _ app: App, _ reader: any StoreReader) throws {
    self.request = request
    let described = try reader.agents()
    func names(_ name: String?) -> Set<String>? {
      name.map { name in Set([name] + described.filter { $0.display == name }.map(\.name)) }
    }
    by = names(request.by)
    author = names(request.author)
    reviewer = names(request.reviewer)
    task = try request.task.map { reader.reference(to: try app.task($0, in: reader)) }
    if let session = request.session { _ = try app.session(session, in: reader) }
    func only(_ names: Set<String>?) -> String? { names?.count == 1 ? names?.first : nil }
    if let commit = request.commit {
      facet = .commit(commit)
    } else if let name = only(by) {
      facet = .actor(name)
    } else if let name = only(author) {
      facet = .author(name)
    } else if let name = only(reviewer) {
      facet = .reviewer(name)
    } else if let source = request.source {
      facet = .source(source)
    } else if request.types.count == 1, let type = EventType(rawValue: request.types[0]) {
      facet = .type(type)
    } else {
      facet = nil
    }
  }

  /// Whether nothing but the engine's own query narrows the log down.
  var isOpen: Bool {
    by == nil && author == nil && reviewer == nil && request.source == nil && request.project == nil
      && request.commit == nil && request.types.isEmpty && request.since == nil && request.until == nil
  }

  func passes(_ entry: LogEntry, _ reader: any StoreReader) throws -> Bool {
    let event = entry.event
    func matches(_ names: Set<String>?, _ name: String?) -> Bool {
      guard let names else { return true }
      return name.map(names.contains) ?? false
    }
    guard
      matches(by, event.roles.actor), matches(author, event.roles.author), matches(reviewer, event.roles.reviewer),
      request.source == nil || request.source == event.roles.source,
      request.commit.map({ event.commits.contains($0) }) ?? true,
      request.since.map({ event.at >= $0 }) ?? true, request.until.map({ event.at <= $0 }) ?? true,
      request.types.isEmpty || request.types.contains(where: { Self.glob($0, event.type.rawValue) })
    else { return false }
    guard let project = request.project else { return true }
    if entry.session == "project:\(project)" { return true }
    return try event.task.flatMap { try reader.task($0, logID: entry.logID) }?.project == project
  }

  /// Whether `pattern`, in which `*` is anything, is all of `text`.
  static func glob(_ pattern: String, _ text: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard parts.count > 1, let first = parts.first, let last = parts.last else { return pattern == text }
    guard text.hasPrefix(first), text.hasSuffix(last), text.count >= first.count + last.count else { return false }
    var rest = text.dropFirst(first.count).dropLast(last.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      var at = rest.startIndex
      while at < rest.endIndex, !rest[at...].hasPrefix(part) { at = rest.index(after: at) }
      guard at < rest.endIndex else { return false }
      rest = rest[at...].dropFirst(part.count)
    }
    return true
  }
}
