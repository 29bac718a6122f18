import OrchCore
import OrchStore

/// The check of one session: its chain, and its rows against a replay.
struct SessionCheck {
  /// What it is asked for by.
  let id: String
  /// What its events describe, with where they stand: of several logs the last one counts.
  private(set) var agents: [String: (position: Int, description: AgentDescription)] = [:]
  private(set) var findings: [Verification.Finding] = []
  /// Why the rows were not compared with the log, which by itself is whole; nil where they were.
  private(set) var notCompared: String?
  private var replay: Replay
  private var logID: String

  init(id: String, logID: String) {
    self.id = id
    self.logID = logID
    replay = Replay(session: id, logID: logID)
  }

  /// - Returns: how many entries the session has.
  mutating func run(in reader: any StoreReader) throws -> Int {
    guard let session = try reader.session(id) else {
      report(nil, nil, "the session's row is missing")
      return 0
    }
    logID = session.logID
    replay = Replay(session: session.id, logID: logID)
    var count = 0
    var position = 0
    var parent: EventID?
    // The first event that cannot be applied.
    var fault: Int?
    // The first event that is not understood.
    var unknown: (seq: Int, type: String)?
    try reader.forEachEvent(EventQuery(.oldestFirst, session: id)) { recorded in
      count += 1
      if recorded.position <= position { report(count, recorded.id, "stands before its parent in the log") }
      position = recorded.position
      if SHA256.digest(of: recorded.bytes) != recorded.id {
        report(count, recorded.id, "its content is not what its id says")
      }
      let entry: LogEntry
      do {
        entry = try recorded.entry()
      } catch {
        report(count, recorded.id, "it does not read")
        fault = fault ?? count
        parent = recorded.id
        return true
      }
      if entry.canonicalBytes != recorded.bytes { report(count, recorded.id, "it is not written canonically") }
      if entry.seq != count { report(count, recorded.id, "its number is \(entry.seq), not \(count)") }
      if entry.parent != parent { report(count, recorded.id, "its parent is not the event before it") }
      if entry.session != session.id || entry.logID != logID {
        report(count, recorded.id, "it belongs to another session")
      }
      parent = recorded.id
      if entry.understanding == .nothing, unknown == nil {
        let isNewer = entry.schema > LogEntry.schema
        unknown = (count, entry.event.type.rawValue + (isNewer ? " of the schema \(entry.schema)" : ""))
      }
      if fault == nil {
        do { try replay.apply(entry, id: recorded.id) } catch {
          fault = count
          report(count, recorded.id, "it is malformed: \(error)")
        }
      }
      if let agent = AgentDescription(entry.event) { agents[agent.name] = (recorded.position, agent) }
      return true
    }
    if session.seq != count { report(nil, nil, "its row is at event \(session.seq), its log ends at \(count)") }
    if !replay.session.isUnderstood {
      notCompared = unknown.map { "event \($0.seq), \($0.type), is unknown to this orch: upgrade it" }
    } else if !session.isUpToDate {
      notCompared = "an older orch wrote its rows: the next command about it replays it"
    } else if fault == nil {
      // What comes after an event that cannot be applied follows from nothing.
      try compare(session, in: reader)
    }
    return count
  }

  private mutating func compare(_ session: Session, in reader: any StoreReader) throws {
    if session.seq == replay.session.seq {
      let differing = session.differences(fromReplay: replay.session)
      if !differing.isEmpty {
        report(nil, nil, "its row is not what its log says: \(differing.joined(separator: ", "))")
      }
    }
    var query = TaskQuery()
    query.session = id
    var rows = 0
    var cursor: TaskCursor?
    while true {
      let page = try reader.tasks(query, after: cursor, limit: 500)
      for task in page { try compare(task, in: reader) }
      rows += page.count
      guard page.count == 500, let last = page.last else { break }
      cursor = TaskCursor(last)
    }
    if rows != replay.tasks.count { report(nil, nil, "\(rows) tasks in its rows, \(replay.tasks.count) in its log") }
    for grant in replay.grants.values where try reader.grant(grant.tokenHash) != grant {
      report(nil, nil, "a token that its log grants is not known")
    }
  }

  /// The session in which agents are described.
  static let agents = "agents"

  private mutating func compare(_ task: Task, in reader: any StoreReader) throws {
    guard let told = replay.tasks[task.id] else {
      return report(nil, nil, "the task \(task.id) is not in its log")
    }
    let differing = task.differences(fromReplay: told)
    if !differing.isEmpty {
      report(nil, nil, "the row of \(task.id) is not what its log says: \(differing.joined(separator: ", "))")
    }
    let open = try task.after.filter { try reader.task($0, logID: task.logID)?.state != .done }.count
    if open != task.openBlockers {
      report(nil, nil, "\(task.id) waits for \(open) tasks, its row says \(task.openBlockers)")
    }
  }

  private mutating func report(_ seq: Int?, _ event: EventID?, _ problem: String) {
    findings.append(.init(session: id, seq: seq, event: event?.hex, problem: problem))
  }
}
