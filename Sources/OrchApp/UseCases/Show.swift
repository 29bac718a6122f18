import OrchGit
package import OrchCore
package import OrchStore

/// What a reference names.
package enum Shown: Sendable {
  case task(TaskDetail)
  case session(SessionDetail)
  case event(StoredEvent)
  case commit([Trace])
}

package struct TaskDetail: Sendable {
  package var packet: ResumePacket
  package var lease: Lease?
  /// The task's events, oldest first.
  package var events: [StoredEvent]
  package var reviews: [ReviewView] = []
  package var handoffs: [HandoffView] = []
  package var checks: [CheckView] = []
  /// What is submitted; nil of a task that never was.
  package var submission: SubmissionView?
  package var now: Instant
}

package struct SessionDetail: Sendable {
  package var view: SessionView
  package var tasks: [Task]
  package var events: [StoredEvent]
  package var now: Instant
}

extension App {
  /// Finds what `reference` names: exact task, exact session, then a unique task or event prefix, then a commit.
  ///
  /// `task:`, `session:`, `event:` and `commit:` in front of it force a kind.
  package func show(_ reference: String) throws(OrchError) -> Shown {
    try mappingErrors { try shown(reference) }
  }

  private func shown(_ reference: String) throws -> Shown {
    let (kind, name) = Self.split(reference)
    if kind == "commit" { return .commit(try trace(reference)) }
    do {
      let shown = try show(name, kind: kind)
      guard case .task(let detail) = shown else { return shown }
      return .task(try completed(detail))
    } catch let error as OrchError where error.code == .notFound && kind == nil {
      // Last of all it may be a commit.
      guard (try? surroundings.repository?.resolve(name)) != nil else { throw error }
      return .commit(try trace("commit:" + name))
    }
  }

  private func show(_ name: String, kind: String?) throws -> Shown {
    try store.read { reader in
      if kind == nil || kind == "task", let task = try reader.task(name) { return try show(task, in: reader) }
      if kind == nil || kind == "session", let session = try reader.session(name) {
        return try show(session, in: reader)
      }
      var tasks: [String] = []
      if kind == nil || kind == "task", name.hasPrefix("t-"), name.utf8.count >= 6 {
        tasks = try reader.taskIDs(prefix: name, limit: 6)
      }
      var events: [StoredEvent] = []
      if kind == nil || kind == "event", (4...64).contains(name.utf8.count), name.utf8.allSatisfy(\.isHexDigit) {
        events = try reader.events(idPrefix: name.lowercased(), limit: 6)
      }
      switch (tasks.count, events.count) {
      case (1, 0): return try show(try task(tasks[0], in: reader), in: reader)
      case (0, 1): return .event(events[0])
      case (0, 0):
        throw OrchError.notFound(
          .errorNoReference(or: kind.map(Message.kind) ?? .kindAny, name: name),
          hint: kind == "event" || name.utf8.count < 4 ? .run("log", "--oneline") : .run("list"))
      default: throw OrchError.ambiguous(name, tasks + events.map { String($0.id.hex.prefix(12)) })
      }
    }
  }

  /// Adds what the repository says of the submission.
  private func completed(_ detail: TaskDetail) throws -> TaskDetail {
    var detail = detail
    let task = detail.packet.task
    // Reviews, handoffs and checks stand inside the task here, under its plain name.
    var plain = task
    plain.alias = nil
    var history = TaskHistory(plain)
    for event in detail.events { history.add(try event.entry(), id: event.id) }
    detail.submission = try view(task.review.submission, isOver: task.state != .review)
    history.compare(
      isStale: task.state == .review && detail.submission?.state == .stale,
      presentTree: history.checks.isEmpty ? nil : surroundings.head?.tree?.hex)
    (detail.reviews, detail.handoffs, detail.checks) = (history.reviews, history.handoffs, history.checks)
    return detail
  }

  static func split(_ reference: String) -> (kind: String?, name: String) {
    for kind in ["task", "session", "event", "commit"] where reference.hasPrefix(kind + ":") {
      return (kind, String(reference.dropFirst(kind.count + 1)))
    }
    return (nil, reference)
  }

  private func show(_ task: Task, in reader: any StoreReader) throws -> Shown {
    let session = try session(of: task, in: reader)
    var events: [StoredEvent] = []
    try reader.forEachEvent(EventQuery(.oldestFirst, task: reader.reference(to: task))) {
      events.append($0)
      return true
    }
    let lease = session.lease.flatMap { $0.task == task.id ? $0 : nil }
    return .task(
      TaskDetail(packet: try packet(task, session, in: reader), lease: lease, events: events, now: reader.now))
  }

  private func show(_ session: Session, in reader: any StoreReader) throws -> Shown {
    var query = TaskQuery()
    query.session = reader.reference(to: session)
    let tasks = try reader.tasks(query, after: nil, limit: .max).map { try reader.named($0) }
    var events: [StoredEvent] = []
    try reader.forEachEvent(EventQuery(.oldestFirst, session: reader.reference(to: session))) {
      events.append($0)
      return true
    }
    return .session(
      SessionDetail(view: try reader.load(view(session, in: reader)), tasks: tasks, events: events, now: reader.now))
  }
}

extension UInt8 {
  /// An ASCII hexadecimal digit.
  fileprivate var isHexDigit: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}
