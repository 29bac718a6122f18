import OrchCore
import OrchStore

// What is written. No statement here needs the answer to another: they wait together for the next question or for the
// commit, those of one append as few as can be, and one that does not find what it expects fails, and with it everything.

extension PostgresTransaction {
  func append(_ change: SessionChange) throws {
    let entry = try entry(ofSession: change.before.id, logID: change.before.logID)
    guard (entry?.session.seq ?? 0) == change.before.seq else { throw StoreError.conflict }
    try number()
    do {
      var append = try Append(change, entry, self)
      try append.run()
    } catch {
      refuse(error as? StoreError ?? .internal("\(error)"))
      throw error
    }
    cache.prefetched = .init()
    if let last = change.entries.last { appended.append((change.after, last)) }
  }

  func renewLease(_ session: Session) throws {
    guard let lease = session.lease, var entry = try entry(ofSession: session.id, logID: session.logID) else {
      throw StoreError.conflict
    }
    var values = [entry.number, lease.expiresAt, lease.fence, lease.tokenHash].map { (value: any QueryValue) in
      value.queryText
    }
    values += lease.parameters(.renewal)
    hold(Query(Self.renewal + Requirement.oneRow(of: "renewed", capabilities), values: values))
    guard entry.session.lease?.fence == lease.fence, entry.session.lease?.tokenHash == lease.tokenHash else {
      throw StoreError.conflict
    }
    entry.session.lease = lease
    cache.keep(entry)
  }

  private static let renewal = """
    WITH leased AS (UPDATE orch.lease SET expires_at = $2::bigint WHERE session = $1::bigint), renewed AS (
      UPDATE orch.session SET \(Lease.columns(.renewal).assignments("$", from: 5))
      WHERE number = $1::bigint AND lease_fence = $3::bigint AND lease_token = $4::bytea RETURNING 1)

    """
}

/// One change of one session on its way into the database.
private struct Append {
  let change: SessionChange
  let transaction: PostgresTransaction
  private let isNew: Bool
  private var entry: SessionEntry
  /// The ordinals of the changed tasks, and how they were.
  private var tasks: [(ordinal: Int, old: TaskEntry?)] = []
  private var positions: [Int] = []
  /// What was not handed over yet.
  private var batch = Batch()

  /// - Parameter entry: the session's row, nil of a new session.
  init(_ change: SessionChange, _ entry: SessionEntry?, _ transaction: PostgresTransaction) throws {
    self.change = change
    self.transaction = transaction
    isNew = entry == nil
    for _ in change.entries { positions.append(try transaction.nextPosition()) }
    // A session without events gets no row.
    self.entry = entry ?? SessionEntry(number: positions.first ?? 0, session: change.before, tally: StateCounts())
  }

  mutating func run() throws {
    for index in change.tasks.indices { tasks.append(try target(index)) }
    for index in change.entries.indices { try append(index) }
    for index in change.tasks.indices { try store(index) }
    storeSession()
    for grant in change.grants { try store(grant) }
    for agent in change.agents { store(agent) }
    moveReady()
    flush()
  }

  // MARK: Statements

  /// Adds a statement to those that go out as one.
  private mutating func add(
    _ values: [(any QueryValue)?], _ more: [String?] = [], isNeeded: Bool = false, _ text: (Batch.Parameters) -> String
  ) {
    if batch.isFull { flush() }
    batch.add(values.map { $0?.queryText } + more, isNeeded: isNeeded, text)
  }

  private mutating func flush() {
    if !batch.isEmpty { transaction.hold(batch.take(transaction.capabilities)) }
  }

  /// Holds back a statement of its own: what it reads was written by those before it.
  private mutating func hold(_ query: Query) {
    flush()
    transaction.hold(query)
  }

  // MARK: Entries

  private func target(_ index: Int) throws -> (ordinal: Int, old: TaskEntry?) {
    let id = change.tasks[index].after.id
    let old = try transaction.entry(ofTask: id, logID: change.after.logID)
    guard change.tasks[index].before != nil else {
      guard old == nil else { throw StoreError.conflict }
      let first = try change.entries.firstIndex { try $0.entry().event.task == id }
      guard let first else { throw StoreError.internal("the task \(id) comes from no event") }
      return (positions[first], nil)
    }
    guard let old else { throw StoreError.internal("the task \(id) is not stored") }
    guard old.session == entry.number else { throw StoreError.internal("\(id) is of another session") }
    return (old.ordinal, old)
  }

  private mutating func append(_ index: Int) throws {
    let recorded = change.entries[index]
    let event = try recorded.entry().event
    let task = event.task.flatMap { id in change.tasks.firstIndex { $0.after.id == id } }
    add([
      positions[index], entry.number, change.before.seq + index + 1, recorded.id, task.map { tasks[$0].ordinal },
      event.type.rawValue, String(decoding: recorded.bytes, as: UTF8.self)
    ]) { "INSERT INTO orch.event(pos, session, seq, id, task, type, body) VALUES (\($0.list(7)))" }
    transaction.shared.note(event, at: positions[index])
    entry.lastEvent = positions[index]
  }

  /// What the index of names has beside the ids of this session's tasks.
  private var origin: String { transaction.origin(of: change.after.logID) }

  // MARK: Tasks

  private mutating func store(_ index: Int) throws {
    let (ordinal, old) = tasks[index]
    let task = change.tasks[index].after
    var row = TaskEntry(
      ordinal: ordinal, session: entry.number, origin: origin, task: task, hasDependents: old?.hasDependents ?? false)
    // Counted by the engine, whatever the change says.
    row.task.openBlockers = task.after.isEmpty ? 0 : old?.task.openBlockers ?? 0
    row.task.ordinal = ordinal
    entry.tally.add(1, task.state)
    if let old {
      entry.tally.add(-1, old.task.state)
      update(row, old)
    } else {
      insert(row)
    }
    if old == nil || old?.task.after != task.after { depend(row, on: Set(old?.task.after ?? [])) }
    // What it waits for is known only to the database.
    if task.after.isEmpty || old?.task.after == task.after {
      transaction.cache.keep(row)
    } else {
      transaction.cache.forgetTasks { $0.ordinal == row.ordinal }
      transaction.cache.knownTasks.remove(task.id)
    }
    let filterKey = ClaimFilterKey(task)
    if old.map({ ClaimFilterKey($0.task) != filterKey }) ?? true { transaction.shared.note(filterKey) }
    let wasDone = old?.task.state == .done
    if wasDone != (task.state == .done), row.hasDependents || transaction.cache.hasNewDependencies || old == nil {
      shift(task.id, by: wasDone ? 1 : -1)
    }
  }

  private mutating func update(_ row: TaskEntry, _ old: TaskEntry) {
    let isNarrow = row.onlyHotColumnsChanged(from: old)
    add([row.ordinal], row.parameters(isNarrow ? .hot : .updated)) {
      "UPDATE orch.task SET \($0.set(isNarrow ? TaskEntry.hot : TaskEntry.updated, from: 1)) WHERE ordinal = \($0[0])"
    }
  }

  private mutating func insert(_ row: TaskEntry) {
    add([], row.parameters()) {
      "INSERT INTO orch.task(\(TaskEntry.all.list())) VALUES (\($0.list(TaskEntry.all.count)))"
    }
  }

  /// Stores what a task waits for, under locks of those tasks' sessions, and counts what of it is not done.
  private mutating func depend(_ row: TaskEntry, on before: Set<String>) {
    let after = Set(row.task.after)
    guard before != after else { return }
    let named = "SELECT t.session FROM orch.task t WHERE t.id = ANY($1::text[]) AND t.origin = $2"
    hold(Query(Self.touch(named), values: [row.task.after.queryText, origin]))
    if !before.isEmpty {
      hold(Query("DELETE FROM orch.dependency WHERE task = $1::bigint", row.ordinal))
    }
    hold(
      Query(
        "INSERT INTO orch.dependency(after_task, task) SELECT named.id, $1::bigint FROM unnest($2::text[]) AS named(id)",
        row.ordinal, after.sorted()))
    hold(
      Query(
        """
        UPDATE orch.task SET open_blockers = (
          SELECT count(*) FROM unnest($2::text[]) AS named(id) LEFT JOIN orch.task b
            ON b.id = named.id AND b.origin = $3
          WHERE b.state IS DISTINCT FROM 'done')
        WHERE ordinal = $1::bigint
        """, row.ordinal, after.sorted(), origin))
    transaction.cache.hasNewDependencies = true
  }

  /// A task is done, or not any more: those that wait for it wait for one less, or one more.
  private mutating func shift(_ id: String, by delta: Int) {
    let own = "JOIN orch.task x ON x.ordinal = w.task AND x.origin = $2"
    let waiting = "SELECT w.task FROM orch.dependency w \(own) WHERE w.after_task = $1"
    let sessions = "SELECT t.session FROM orch.task t WHERE t.ordinal IN (\(waiting))"
    hold(Query(Self.touch(sessions), id, origin))
    hold(
      Query(
        "UPDATE orch.task SET open_blockers = greatest(0, open_blockers + $3::bigint) WHERE ordinal IN (\(waiting))",
        id,
        origin, delta))
    hold(Query("DELETE FROM orch.ready WHERE session IN (\(sessions))", id, origin))
    hold(Query(ReadyRows.insert(into: sessions), id, origin))
    transaction.cache.forgetTasks { $0.session != entry.number || !$0.task.after.isEmpty }
    if delta < 0 { transaction.wakes = true }
  }

  /// Locks sessions, and says that what is kept of their tasks has changed.
  private static func touch(_ sessions: String) -> String {
    """
    WITH others AS (SELECT number FROM orch.session WHERE number IN (\(sessions)) ORDER BY number FOR UPDATE)
    UPDATE orch.session SET revision = revision + 1 WHERE number IN (SELECT number FROM others)
    """
  }

  // MARK: The session

  private mutating func storeSession() {
    entry.session = change.after
    storeLease()
    if isNew {
      add([], entry.parameters()) {
        "INSERT INTO orch.session(\(SessionEntry.all.list())) VALUES (\($0.list(SessionEntry.all.count)))"
      }
    } else {
      // A lower number than that of the last event's transaction would put the log out of order: with a new one it is not.
      add(
        [entry.number, change.before.seq, transaction.positions.end], entry.parameters(.updated), isNeeded: true
      ) {
        """
        UPDATE orch.session SET \($0.set(SessionEntry.updated, from: 3))
        WHERE number = \($0[0]) AND seq = \($0[1]) AND (last_event IS NULL OR last_event < \($0[2]))
        """
      }
    }
    transaction.keep(entry)
  }

  /// Keeps the session's row in `lease`.
  private mutating func storeLease() {
    let expiry = change.after.lease?.expiresAt
    switch (change.before.lease?.expiresAt, expiry) {
    case (nil, nil): return
    case (nil, _?):
      add([entry.number, expiry]) { "INSERT INTO orch.lease(session, expires_at) VALUES (\($0.list(2)))" }
    case (_?, nil): add([entry.number]) { "DELETE FROM orch.lease WHERE session = \($0[0])" }
    case (let before?, let after?):
      guard before != after else { return }
      add([entry.number, expiry]) { "UPDATE orch.lease SET expires_at = \($0[1]) WHERE session = \($0[0])" }
    }
  }

  private mutating func store(_ grant: Grant) throws {
    guard let index = change.tasks.firstIndex(where: { $0.after.id == grant.task }) else {
      throw StoreError.corrupt(.damageGrant)
    }
    add([grant.tokenHash, entry.number, tasks[index].ordinal, grant.fence]) {
      "INSERT INTO orch.grant_token(token_hash, session, task, fence) VALUES (\($0.list(4)))"
    }
    transaction.cache.grants[grant.tokenHash] = grant
  }

  private mutating func store(_ agent: AgentDescription) {
    hold(
      Query(
        """
        INSERT INTO orch.agent(name, display, role) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET display = excluded.display, role = excluded.role
        """, agent.name, agent.display, agent.role))
  }

  // MARK: What a claim finds

  /// Brings the session's rows in `ready` up to date: it has some while it is free.
  private mutating func moveReady() {
    let wasFree = change.before.isFree
    let isFree = change.after.isFree
    let mayHaveRows = wasFree && !isNew && !change.tasks.isEmpty
    if mayHaveRows { add([entry.number]) { "DELETE FROM orch.ready WHERE session = \($0[0])" } }
    guard isFree, entry.tally.queued > 0, !wasFree || !change.tasks.isEmpty else { return }
    hold(Query(ReadyRows.insert(into: "SELECT $1::bigint"), entry.number))
    transaction.wakes = true
  }
}
