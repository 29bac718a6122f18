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
  private(set) var notCompared: Message?
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
      report(nil, nil, .verifyNoRow)
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
    var unknown: (seq: Int, type: Message)?
    try reader.forEachEvent(EventQuery(.oldestFirst, session: id)) { recorded in
      count += 1
      if recorded.position <= position { report(count, recorded.id, .verifyBeforeParent) }
      position = recorded.position
      if SHA256.digest(of: recorded.bytes) != recorded.id {
        report(count, recorded.id, .verifyContent)
      }
      let entry: LogEntry
      do {
        entry = try recorded.entry()
      } catch {
        report(count, recorded.id, .verifyUnreadable)
        fault = fault ?? count
        parent = recorded.id
        return true
      }
      if entry.canonicalBytes != recorded.bytes { report(count, recorded.id, .verifyNotCanonical) }
      if entry.seq != count { report(count, recorded.id, .verifyNumber(number: entry.seq, expected: count)) }
      if entry.parent != parent { report(count, recorded.id, .verifyParent) }
      if entry.session != session.id || entry.logID != logID {
        report(count, recorded.id, .verifyOtherSession)
      }
      parent = recorded.id
      if entry.understanding == .nothing, unknown == nil {
        let isNewer = entry.schema > LogEntry.schema
        let type = entry.event.type.rawValue
        unknown = (
          count, isNewer ? .verifyTypeOfSchema(type: type, schema: entry.schema) : Message(verbatim: type)
        )
      }
      if fault == nil {
        do throws(MalformedEvent) { try replay.apply(entry, id: recorded.id) } catch {
          fault = count
          report(count, recorded.id, .importMalformed(problem: error.message))
        }
      }
      if let agent = AgentDescription(entry.event) { agents[agent.name] = (recorded.position, agent) }
      return true
    }
    if session.seq != count { report(nil, nil, .verifyRowPosition(row: session.seq, log: count)) }
    if !replay.session.isUnderstood {
      notCompared = unknown.map { .verifyUnknownEvent(seq: $0.seq, type: $0.type) }
    } else if !session.isUpToDate {
      notCompared = .verifyOlderRows
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
        report(nil, nil, .verifyRowDiffers(columns: differing.joined(separator: ", ")))
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
    if rows != replay.tasks.count { report(nil, nil, .verifyTaskCount(rows: rows, log: replay.tasks.count)) }
    for grant in replay.grants.values where try reader.grant(grant.tokenHash) != grant {
      report(nil, nil, .verifyToken)
    }
  }

  /// The session in which agents are described.
  static let agents = "agents"

  private mutating func compare(_ task: Task, in reader: any StoreReader) throws {
    guard let told = replay.tasks[task.id] else {
      return report(nil, nil, .verifyNoTask(task: task.id))
    }
    let differing = task.differences(fromReplay: told)
    if !differing.isEmpty {
      report(nil, nil, .verifyTaskDiffers(task: task.id, columns: differing.joined(separator: ", ")))
    }
    let open = try task.after.filter { try reader.task($0, logID: task.logID)?.state != .done }.count
    if open != task.openBlockers {
      report(nil, nil, .verifyBlockers(task: task.id, open: open, stored: task.openBlockers))
    }
  }

  private mutating func report(_ seq: Int?, _ event: EventID?, _ problem: Message) {
    findings.append(.init(session: id, seq: seq, event: event?.hex, problem: problem))
  }
}
