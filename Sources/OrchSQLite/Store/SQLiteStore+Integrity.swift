package import OrchCore
import OrchStore

extension SQLiteStore {
  package func integrityProblems() throws -> [Message] {
    try Self.translating {
      try connection.read(deadline: Deadline(after: .seconds(3600))) {
        var problems: [Message] = []
        // One check that cannot be made is a finding, and does not keep the others from being made.
        for check in [file, references, guards, positions, places, blockers, tallies] {
          do {
            problems += try check()
          } catch let failure as SQLiteFailure where failure.category == .corrupt {
            problems.append(.findingFile(detail: failure.message))
          }
        }
        return problems
      }
    }
  }

  /// SQLite's own check of pages, rows and indexes.
  private func file() throws -> [Message] {
    try lines("PRAGMA integrity_check(20)") { $0.text(0) == "ok" ? nil : .findingFile(detail: $0.text(0)) }
  }

  private func references() throws -> [Message] {
    try lines("PRAGMA foreign_key_check") { .findingReference(table: $0.text(0), other: $0.text(2)) }
  }

  /// The triggers of the log, to the letter.
  private func guards() throws -> [Message] {
    var problems: [Message] = []
    for (name, sql) in Migration.sqliteGuards {
      let select = try connection.prepare("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?1")
      select.bind(1, name)
      if try select.first({ $0.text(0) }) != sql {
        problems.append(.findingGuard(name: name))
      }
    }
    return problems
  }

  private func positions() throws -> [Message] {
    try lines("SELECT count(*), coalesce(max(pos), 0), coalesce(min(pos), 1) FROM event") {
      $0.int(0) == $0.int(1) && $0.int(2) == 1
        ? nil : .findingPositions(events: Int($0.int(0)), position: Int($0.int(1)))
    }
  }

  /// The places of tasks against those that follow from their states and their sessions'.
  private func places() throws -> [Message] {
    var problems = try lines(Self.wrongPlaces) {
      .findingPlace(task: $0.text(0), place: Int($0.int(1)), right: Int($0.int(2)))
    }
    var tops: [Int64: [Int64]] = [:]
    try connection.prepare("SELECT session, ordinal FROM task WHERE place = 1")
      .query { row in tops[row.int(0), default: []].append(row.int(1)) }
    try connection.prepare("SELECT id, heads, number FROM session").query { row in
      let listed = row.withText(1) { QueueHead.list($0) }?.map(\.ordinal).sorted()
      if listed != (tops[row.int(2)] ?? []).sorted() {
        problems.append(.findingQueueHeads(session: row.text(0)))
      }
    }
    return problems
  }

  private func blockers() throws -> [Message] {
    try lines(Self.wrongBlockers) {
      .findingOpenBlockers(task: $0.text(0), open: Int($0.int(2)), stored: Int($0.int(1)))
    }
  }

  private func tallies() throws -> [Message] {
    try lines(Self.wrongTallies) { .findingStateCounts(session: $0.text(0)) }
  }

  private func lines(_ sql: String, _ line: (borrowing Row) -> Message?) throws -> [Message] {
    var lines: [Message] = []
    try connection.prepare(sql).query { row in
      if lines.count < 20, let line = line(row) { lines.append(line) }
    }
    return lines
  }

  private static var wrongPlaces: String {
    let kept = ClaimCondition.allCases.filter(\.isKept)
    // The session's state decides last: a task that is not queued is in no queue, whoever holds its session.
    let ordered = kept.filter { $0 != .session } + kept.filter { $0 == .session }
    let cases = ordered.map { "WHEN NOT \($0.sql(now: 0)) THEN \(QueueSlot.slot(without: $0))" }
    return """
      WITH expected AS (
        SELECT task.id, task.place, CASE
            \(cases.joined(separator: "\n"))
            WHEN row_number() OVER (
              PARTITION BY task.session, task.bucket, \(kept.map { $0.sql(now: 0) }.joined(separator: " AND "))
              ORDER BY task.priority, task.ready_at, task.ordinal) = 1 THEN \(QueueSlot.head)
            ELSE \(QueueSlot.waiting) END AS right
        FROM task JOIN session ON session.number = task.session)
      SELECT id, place, right FROM expected WHERE place <> right
      """
  }

  private static let wrongBlockers = """
    SELECT task.id, task.open_blockers, (
        SELECT count(*) FROM (SELECT DISTINCT value FROM json_each(task.after_tasks)) AS named
        LEFT JOIN task AS blocker ON blocker.id = named.value AND blocker.origin = task.origin
        WHERE blocker.state IS NOT 'done') AS open
    FROM task WHERE task.open_blockers <> open
    """
  private static let wrongTallies = """
    SELECT session.id FROM session LEFT JOIN (
        SELECT session, sum(state = 'queued') AS q, sum(state = 'running') AS r, sum(state = 'review') AS v,
          sum(state = 'offered') AS o, sum(state = 'done') AS d, sum(state = 'dead') AS x, sum(state = 'cancelled') AS c
        FROM task GROUP BY session) AS counted ON counted.session = session.number
    WHERE (queued, running, review, offered, done, dead, cancelled)
      IS NOT (ifnull(q, 0), ifnull(r, 0), ifnull(v, 0), ifnull(o, 0), ifnull(d, 0), ifnull(x, 0), ifnull(c, 0))
    """
}
