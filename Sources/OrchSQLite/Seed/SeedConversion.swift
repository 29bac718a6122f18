import OrchCore
import OrchStore

/// Carries a first-generation database over: everything in it as events, whatever it is worth.
///
/// What does not read is kept as text and named in `warnings`; nothing stops the conversion.
struct SeedConversion {
  private(set) var warnings: [Message] = []
  private var contents: SeedContents
  /// The rows of each session, so that a session finds its own at once.
  private var rows: [[UInt8]: SeedContents] = [:]
  private var sessions = SeedNames()
  private var tasks = SeedNames()
  private var openKeys: Set<String> = []
  /// Who acted last on a task, and how often it was claimed.
  private var history: [[UInt8]: (actor: String, claims: Int)] = [:]
  private let host: String
  private let now: Instant

  init(_ contents: SeedContents, host: String, now: Instant) {
    self.contents = contents
    self.host = host
    self.now = now
  }

  /// The changes that rebuild the contents, one a session.
  mutating func changes(logID: String) throws(StoreError) -> [SessionChange] {
    nameTheUnnamed()
    var order: [[UInt8]] = []
    func sort(_ table: WritableKeyPath<SeedContents, [SeedRow]>) {
      for row in contents[keyPath: table] {
        let name = row["session_id"] ?? []
        if rows[name] == nil { order.append(name) }
        rows[name, default: SeedContents()][keyPath: table].append(row)
      }
    }
    for table in [\SeedContents.sessions, \.tasks, \.events, \.deadLetters, \.lockEvents] { sort(table) }
    for name in order { name.isEmpty ? () : noteName(name, sessions.identifier(name), Message.seedSessionRenamed) }
    for row in contents.tasks {
      let name = row["task_id"] ?? []
      noteName(name, tasks.identifier(name), Message.seedTaskRenamed)
    }
    for event in contents.events {
      guard let task = Self.task(of: event) else { continue }
      let actor = SeedNames.escaped(event["actor_agent"] ?? [])
      let claims = event.text("event_type") == "task_claimed" ? 1 : 0
      history[task] = (actor, (history[task]?.claims ?? 0) + claims)
    }
    if contents.alerts > 0 { warnings.append(.seedAlerts(count: contents.alerts)) }
    return try order.map { name throws(StoreError) in try change(name, logID: logID) }
  }

  /// Gives a name to tasks without one, of which there may be several.
  private mutating func nameTheUnnamed() {
    for index in contents.tasks.indices where (contents.tasks[index]["task_id"] ?? []).isEmpty {
      contents.tasks[index].values["task_id"] = Array("unnamed-\(index + 1)".utf8)
      warnings.append(.seedUnnamed(number: index + 1))
    }
  }

  private mutating func noteName(_ name: [UInt8], _ identifier: String, _ warning: (String, String) -> Message) {
    if Array(identifier.utf8) != name {
      warnings.append(warning(String(decoding: name, as: UTF8.self).replacingNUL, identifier))
    }
  }

  private mutating func change(_ name: [UInt8], logID: String) throws(StoreError) -> SessionChange {
    let id = sessions.identifier(name)
    var change = SessionChange(Session(id: id, logID: logID))
    let own = rows[name] ?? SeedContents()
    for row in own.sessions { try begin(row, &change) }
    for row in own.tasks { try add(row, &change) }
    for row in own.events { try note(row, "event_type", actor: row["actor_agent"], &change) }
    for row in own.deadLetters { try note(row, "reason", actor: nil, &change) }
    for row in own.lockEvents { try note(row, "event_type", actor: row["actor_agent"], &change) }
    if change.entries.isEmpty {
      try append(.noteAdded, nil, nil, nil, [.text: "a session without anything in it"], &change)
    }
    return change
  }

  /// The session's row, and its saved context if it has one.
  private mutating func begin(_ row: SeedRow, _ change: inout SessionChange) throws(StoreError) {
    let at = time(row, "created_at", .seedSession(session: change.before.id))
    try append(
      .noteAdded, nil, at, nil, [.original: row.original, .text: "carried over from the first generation"], &change)
    let context = ["last_action", "next_action", "memory_ref"].map { row.text($0) }
    guard context.contains(where: { $0 != nil }) else { return }
    try append(
      .checkpointSaved, nil, time(row, "updated_at", nil), row["owner_agent"],
      [
        .lastAction: context[0].map { .string($0) }, .nextAction: context[1].map { .string($0) },
        .phase: row.text("phase").map { .string($0) }, .reference: context[2].map { .string($0) }
      ], &change)
  }

  private mutating func add(_ row: SeedRow, _ change: inout SessionChange) throws(StoreError) {
    let name = row["task_id"] ?? []
    let id = tasks.identifier(name)
    let payload = payload(row, id)
    let limit = number(row, "max_retries", in: 0...999, default: 3, id) + 1
    let (state, retried) = state(row, id, limit: limit)
    let priority = number(row, "priority", in: 0...9, default: 5, id)
    let kind = word(row, "task_type", id) ?? "task"
    let owner = state.isOpen ? word(row, "owner_agent", id) : nil
    let error = row.text("error_msg") ?? row.text("last_error")
    let past = history[name]
    let retryAt = state == .queued ? time(row, "next_retry_at", Message(verbatim: id)) : nil
    try append(
      .taskImported, id, time(row, "created_at", Message(verbatim: id)),
      past.map { Array($0.actor.utf8) } ?? row["owner_agent"],
      [
        .agent: past.map { .string($0.actor) }, .assignee: owner.map { .string($0) },
        .attempt: .int(max(past?.claims ?? 0, retried)), .code: row.text("error_code").map { .string($0) },
        .failures: .int(retried), .key: key(row, id, isOpen: state.isOpen), .kind: .string(kind),
        .maxAttempts: .int(limit), .message: error.map { .string($0) }, .notBefore: retryAt.map { .instant($0) },
        .original: row.original, .payload: payload.map { .string($0) }, .priority: .int(priority),
        .readyAt: .instant(retryAt ?? row.instant("created_at") ?? now), .state: .string(state.rawValue),
        .title: .string(Self.title(row, id))
      ], &change)
  }

  /// The state and the failures of a task. What was running is queued again, with one failure.
  private mutating func state(_ row: SeedRow, _ id: String, limit: Int) -> (TaskState, failures: Int) {
    let failures = number(row, "retry_count", in: 0...limit, default: 0, id)
    let status = row.text("status") ?? ""
    switch status {
    case "pending", "queued":
      if failures == limit { warnings.append(.seedOneMore(task: id, count: failures)) }
      return (.queued, min(failures, limit - 1))
    case "claimed", "running":
      warnings.append(.seedRequeued(task: id, status: status))
      return (.queued, min(failures + 1, limit - 1))
    case "done": return (.done, failures)
    case "failed", "dead": return (.dead, max(failures, 1))
    case "cancelled": return (.cancelled, failures)
    default:
      warnings.append(.seedUnknownStatus(task: id, status: status))
      return (.dead, max(failures, 1))
    }
  }

  /// A number that may lie outside what is allowed, or be none at all.
  private mutating func number(
    _ row: SeedRow, _ column: String, in range: ClosedRange<Int>, default fallback: Int, _ id: String
  ) -> Int {
    // The first releases have not every column.
    guard let text = row.text(column) else { return fallback }
    let number = min(range.upperBound, max(range.lowerBound, row.int(column) ?? fallback))
    if text != String(number) { warnings.append(.seedNumber(task: id, column: column, text: text, number: number)) }
    return number
  }

  /// A word that has to be an identifier; nil when there is none.
  private mutating func word(_ row: SeedRow, _ column: String, _ id: String) -> String? {
    guard let bytes = row[column], !bytes.isEmpty else { return nil }
    let word = SeedNames.escaped(bytes)
    if Array(word.utf8) != bytes { warnings.append(.seedWord(task: id, column: column, word: word)) }
    return word
  }

  private mutating func payload(_ row: SeedRow, _ id: String) -> String? {
    guard let text = row.text("payload") else { return nil }
    if let json = try? JSON.minified(text) { return json }
    warnings.append(.seedPayload(task: id))
    return JSON.string(text).text()
  }

  private mutating func key(_ row: SeedRow, _ id: String, isOpen: Bool) -> JSON? {
    guard let key = word(row, "dedupe_key", id) else { return nil }
    if isOpen, !openKeys.insert(key).inserted {
      warnings.append(.seedKey(task: id, key: key))
      return nil
    }
    return .string(key)
  }

  private static func title(_ row: SeedRow, _ id: String) -> String {
    let payload = row.text("payload").flatMap { try? JSON.parse($0) }
    let candidates = [payload?["title"]?.stringValue, row.text("task_type"), id]
    return candidates.compactMap { $0 }.first { (try? TextRules.title($0)) != nil } ?? id
  }

  private mutating func note(_ row: SeedRow, _ column: String, actor: [UInt8]?, _ change: inout SessionChange)
    throws(StoreError)
  {
    let task = Self.task(of: row).flatMap { tasks.known($0) }
    let mine = task.flatMap { id in change.tasks.contains { $0.after.id == id } ? id : nil }
    try append(
      .noteAdded, mine, time(row, "created_at", .seedEventOf(session: change.before.id)), actor,
      [.original: row.original, .text: .string(row.text(column) ?? "")], &change)
  }

  /// The task that an old event is about: from its own column, its payload, or its idempotency key.
  private static func task(of row: SeedRow) -> [UInt8]? {
    if let id = row["task_id"] { return id }
    let payload = row.text("payload").flatMap { try? JSON.parse($0) }
    if let id = payload?["task_id"]?.stringValue ?? payload?["taskId"]?.stringValue { return Array(id.utf8) }
    guard let key = row.text("idempotency_key") else { return nil }
    if key.hasPrefix("task-finalize:") { return Array(key.dropFirst("task-finalize:".count).utf8) }
    guard key.hasPrefix("task-claim:") else { return nil }
    // Later releases added the lock's token, a UUID, behind the task.
    let rest = key.dropFirst("task-claim:".count)
    let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
    let hasToken = parts.count > 1 && parts.last?.utf8.count == 36
    return Array((hasToken ? rest.dropLast(37) : rest).utf8)
  }

  /// A time that may not read; then nil, with a warning when `of` names its place.
  private mutating func time(_ row: SeedRow, _ column: String, _ of: Message?) -> Instant? {
    guard let text = row.text(column) else { return nil }
    if let instant = row.instant(column) { return instant }
    if let of { warnings.append(.seedTime(of: of, column: column, text: text)) }
    return nil
  }

  private func append(
    _ type: EventType, _ task: String?, _ at: Instant?, _ actor: [UInt8]?, _ data: EventData,
    _ change: inout SessionChange
  ) throws(StoreError) {
    let name = actor.map { SeedNames.escaped($0) } ?? "orch"
    let parent = change.after.seq == 0 ? Instant(milliseconds: 0) : change.after.at
    let event = Event(
      type, at: max(at ?? parent, parent), task: task,
      roles: Roles(actor: name, author: name, reviewer: nil, source: "first-generation:\(host)"), fence: nil,
      commit: nil, data: data)
    let known = task.flatMap { id in change.tasks.first { $0.after.id == id }?.after }
    try change.apply([event], to: known)
  }
}
