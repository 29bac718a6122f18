import OrchCore
import OrchStore

/// One change of one session on its way into the database.
///
/// The order: the entries (their guard compares with the session's old number), the tasks one after the other, each
/// with the blockers of those that wait for it, then the session's row.
final class Append {
  let transaction: SQLiteTransaction
  private let entry: SessionEntry
  private let isNew: Bool
  private let places: ReadyQueueHeads
  /// Of other sessions, by number: those whose tasks wait for tasks of this one.
  private var otherPlaces: [Int64: ReadyQueueHeads] = [:]
  /// The changed tasks, in the change's order.
  private var tasks: [Target] = []
  private var tally: StateCounts
  private var lastEvent: Int64?

  /// A task on its way: where it is stored, and the head of its chain.
  private struct Target {
    let ordinal: Int64
    let old: TaskEntry?
    /// Nil where it is not known.
    let oldPlace: Int64?
    var lastEvent: Int64?
    /// Nil where it is not known yet.
    var lastType: EventType?
  }

  /// - Parameter entry: the session's row, or, of a new session, an empty one with the number it gets.
  init(_ change: SessionChange, entry: SessionEntry, isNew: Bool, in transaction: SQLiteTransaction) {
    self.entry = entry
    self.isNew = isNew
    self.transaction = transaction
    tally = entry.tally
    lastEvent = entry.lastEvent
    places = ReadyQueueHeads(
      session: entry.number, tops: entry.tops, isKept: entry.session.isFree && change.after.isFree, in: transaction)
  }

  func run(_ change: SessionChange) throws {
    let wasFree = entry.session.isFree
    let isFree = change.after.isFree
    for index in change.tasks.indices { try target(change, index) }
    for index in change.entries.indices { try append(change, index) }
    if wasFree, !isFree { try places.clear(except: tasks) { $0.ordinal } }
    for index in change.tasks.indices { try store(change, index) }
    if wasFree || !isFree {
      try places.refill()
    } else if tally.queued > 0 {
      try places.fill()
    }
    try storeSession(change)
    for grant in change.grants { try store(grant, change) }
    for agent in change.agents { try transaction.store(agent) }
    try settle()
  }

  // MARK: Entries

  /// Finds a changed task's row as it is; gives a new task its ordinal.
  private func target(_ change: SessionChange, _ index: Int) throws {
    let id = change.tasks[index].after.id
    let isAdded = change.tasks[index].before == nil
    guard let old = try transaction.entry(ofTask: id, logID: change.after.logID) else {
      guard isAdded else { throw StoreError.internal("the task \(id) is not stored") }
      tasks.append(Target(ordinal: try transaction.nextOrdinal(), old: nil, oldPlace: nil))
      return
    }
    guard !isAdded else { throw StoreError.conflict }
    guard old.session == entry.number else { throw StoreError.internal("\(id) is of another session") }
    // Where several tasks change, one may move another.
    let base = QueueSlot.base(old.task)
    let isTop = base == QueueSlot.waiting && entry.tops.contains { $0.ordinal == old.ordinal }
    tasks.append(
      Target(
        ordinal: old.ordinal, old: old, oldPlace: change.tasks.count > 1 ? nil : isTop ? QueueSlot.head : base,
        lastEvent: old.lastEvent))
  }

  private func append(_ change: SessionChange, _ index: Int) throws {
    let event = try change.entries[index].entry().event
    let about = event.task.flatMap { id in change.tasks.firstIndex { $0.after.id == id } }
    var reference: Log.TaskReference?
    if let about {
      reference = Log.TaskReference(
        ordinal: tasks[about].ordinal, previous: tasks[about].lastEvent,
        beginsCommits: try event.type.isOfCommits && !isOfCommits(last: tasks[about]))
    }
    let position = try transaction.append(
      change.entries[index], event, session: entry.number, seq: change.before.seq + index + 1, previous: lastEvent,
      task: reference)
    lastEvent = position
    if let about { (tasks[about].lastEvent, tasks[about].lastType) = (position, event.type) }
  }

  /// Whether the last event of a task is about commits.
  private func isOfCommits(last task: Target) throws(SQLiteFailure) -> Bool {
    if let type = task.lastType { return type.isOfCommits }
    guard let position = task.lastEvent else { return false }
    return try transaction.isOfCommits(at: position)
  }

  // MARK: Tasks

  private func store(_ change: SessionChange, _ index: Int) throws(SQLiteFailure) {
    let target = tasks[index]
    var task = change.tasks[index].after
    // Tasks stored before this one may have opened or closed its blockers.
    let old = index == 0 || target.old == nil ? target.old : try transaction.entry(ofTask: task.id, logID: task.logID)
    if let old, old.task.after == task.after {
      task.openBlockers = old.task.openBlockers
    } else {
      task.openBlockers = try transaction.openBlockers(of: task)
    }
    task.ordinal = Int(truncatingIfNeeded: target.ordinal)
    let key = ClaimFilterKey(task)
    let filterKey =
      if let old, key == ClaimFilterKey(old.task) {
        ReadyQueueKey.filterKey(old.bucket)
      } else {
        try transaction.filterKeyID(key)
      }
    let row = TaskEntry(
      ordinal: target.ordinal, session: entry.number, origin: transaction.origin(of: task),
      bucket: ReadyQueueKey.of(filterKey: filterKey, partition: ReadyQueue.partition(task)),
      lastEvent: target.lastEvent ?? 0, task: task)
    places.remove(target.ordinal)
    var place = QueueSlot.base(task)
    if place == QueueSlot.waiting { place = try places.place(row.top) }
    try transaction.store(row, place: place, old: old, oldPlace: target.oldPlace)
    tally.add(1, task.state)
    if let old { tally.add(-1, old.task.state) }
    transaction.keep(row)
    if task.notBefore != nil || old?.task.notBefore != nil { transaction.cache.fastPathFlags = nil }
    let wasDone = old?.task.state == .done
    if wasDone != (task.state == .done) { try shift(task, by: wasDone ? 1 : -1) }
  }

  // MARK: Blockers

  /// A task is done, or not any more: those that wait for it wait for one less, or one more.
  private func shift(_ task: Task, by delta: Int64) throws(SQLiteFailure) {
    let waiting = try transaction.waitingTasks(for: task)
    guard !waiting.isEmpty else { return }
    transaction.cache.forgetRows()
    for waiter in waiting {
      let open = max(0, waiter.openBlockers + delta)
      var place = waiter.place
      if place != QueueSlot.none {
        let places = try places(of: waiter.session)
        if open > 0 {
          places.remove(waiter.top.ordinal)
          place = QueueSlot.blocked
        } else if place == QueueSlot.blocked {
          place = try places.place(waiter.top)
        }
      }
      try transaction.storeBlockers(of: waiter.top.ordinal, delta: open - waiter.openBlockers, place: place)
      if ReadyQueueKey.isScheduled(waiter.top.bucket) { transaction.cache.fastPathFlags = nil }
    }
  }

  private func places(of number: Int64) throws(SQLiteFailure) -> ReadyQueueHeads {
    if number == entry.number { return places }
    if let known = otherPlaces[number] { return known }
    guard let entry = try transaction.entry(ofSession: number) else {
      throw .corrupt(.damageSessionNumber(number: Int(number)))
    }
    let places = ReadyQueueHeads(session: number, tops: entry.tops, isKept: entry.session.isFree, in: transaction)
    otherPlaces[number] = places
    return places
  }

  // MARK: The session

  private func storeSession(_ change: SessionChange) throws(SQLiteFailure) {
    let before = entry.session
    let fastPathFlags = transaction.cache.fastPathFlags
    if (before.offer == nil) != (change.after.offer == nil) { transaction.cache.fastPathFlags = nil }
    if before.readVocabulary != change.after.readVocabulary { transaction.cache.fastPathFlags = nil }
    if before.isFree != change.after.isFree,
      fastPathFlags?.firstDue != nil || places.tops.contains(where: { ReadyQueueKey.isScheduled($0.bucket) })
    {
      transaction.cache.fastPathFlags = nil
    }
    let after = SessionEntry(
      number: entry.number, session: change.after, lastEvent: lastEvent, tops: places.tops, tally: tally)
    guard try transaction.store(after, before: isNew ? nil : change.before.seq) else {
      throw .corrupt(.damageSessionMoved(session: after.session.id))
    }
    transaction.keep(after)
  }

  private func store(_ grant: Grant, _ change: SessionChange) throws(SQLiteFailure) {
    guard let index = change.tasks.firstIndex(where: { $0.after.id == grant.task }) else {
      throw .corrupt(.damageGrant)
    }
    try transaction.store(grant, session: entry.number, task: tasks[index].ordinal)
    transaction.cache.grants[grant.tokenHash] = grant
  }

  /// The firsts of other sessions. What was read of those sessions is older.
  private func settle() throws(SQLiteFailure) {
    guard !otherPlaces.isEmpty else { return }
    for places in otherPlaces.values {
      try places.refill()
      try transaction.storeTops(of: places)
    }
    transaction.cache.forgetRows()
  }
}
