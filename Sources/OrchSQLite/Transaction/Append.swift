internal import OrchCore
internal import OrchStore

/// One change of one session on its way into the database.
///
/// The order: the entries (their guard compares with the session's old number), the tasks one after the other, each
/// with the blockers of those that wait for it, then the session's row.
final class Append {
  let transaction: SQLiteTransaction
  private let change: Change
  private var entry: SessionEntry
  private let isNew: Bool
  private let places: Places
  /// Of other sessions, by number: those whose tasks wait for tasks of this one.
  private var otherPlaces: [Int64: Places] = [:]
  /// Of the changed tasks that are new, by id.
  private var ordinals: [String: Int64] = [:]
  /// The last events of the changed tasks, by id.
  private var lastEvents: [String: Int64] = [:]
  private var stored: [TaskEntry] = []

  /// - Parameter entry: the session's row, or, of a new session, an empty one with the number it gets.
  init(_ change: Change, entry: SessionEntry, isNew: Bool, in transaction: SQLiteTransaction) {
    self.change = change
    self.entry = entry
    self.isNew = isNew
    self.transaction = transaction
    places = Places(
      session: entry.number, tops: entry.tops, isKept: entry.session.isFree && change.after.isFree, in: transaction)
  }

  func run() throws {
    let wasFree = entry.session.isFree
    let isFree = change.after.isFree
    var old: [TaskEntry?] = []
    for task in change.tasks { old.append(try oldEntry(task)) }
    let oldTops = entry.tops
    try appendEntries()
    if wasFree, !isFree { try places.clear(except: old.compactMap { $0?.ordinal }) }
    for (task, old) in zip(change.tasks, old) {
      let isTop = old.map { old in oldTops.contains { $0.ordinal == old.ordinal } } ?? false
      try store(task.after, old, isTop: isTop)
    }
    if !wasFree, isFree { try places.fill() } else { try places.refill() }
    try storeSession()
    for grant in change.grants { try store(grant) }
    for agent in change.agents { try store(agent) }
    try settle()
  }

  // MARK: Entries

  private func appendEntries() throws {
    for recorded in change.entries {
      let event = try recorded.entry().event
      let task = event.task.map { Log.TaskReference(ordinal: ordinals[$0], previous: lastEvents[$0]) }
      let position = try transaction.append(
        recorded, event, session: entry.number, seq: entry.session.seq + 1, previous: entry.lastEvent, task: task)
      entry.session.seq += 1
      entry.lastEvent = position
      if let id = event.task { lastEvents[id] = position }
    }
    entry.session.seq = change.before.seq
  }

  /// The row of a changed task as it is; gives a new task its ordinal.
  private func oldEntry(_ task: Change.TaskChange) throws -> TaskEntry? {
    guard let old = try transaction.entry(ofTask: task.after.id) else {
      guard task.before == nil else { throw StoreError.internal("the task \(task.after.id) is not stored") }
      ordinals[task.after.id] = try transaction.nextOrdinal()
      return nil
    }
    guard task.before != nil else { throw StoreError.conflict }
    guard old.session == entry.number else { throw StoreError.internal("\(task.after.id) is of another session") }
    ordinals[task.after.id] = old.ordinal
    lastEvents[task.after.id] = old.lastEvent
    return old
  }

  // MARK: Tasks

  private func store(_ after: Task, _ old: TaskEntry?, isTop: Bool) throws(SQLiteFailure) {
    var task = after
    // Tasks stored before this one may have opened or closed its blockers.
    let old = old == nil || stored.isEmpty ? old : try transaction.entry(ofTask: after.id)
    if let old, old.task.after == task.after {
      task.openBlockers = old.task.openBlockers
    } else {
      task.openBlockers = try transaction.openBlockers(of: task)
    }
    let ordinal = ordinals[task.id] ?? 0
    task.ordinal = Int(truncatingIfNeeded: ordinal)
    let bucket =
      if let old, task.hasClass(of: old.task) {
        Bucket.of(class: Bucket.classID(old.bucket), notBefore: task.notBefore, priority: task.priority)
      } else {
        Bucket.of(
          class: try transaction.classID(TaskClass(task)), notBefore: task.notBefore, priority: task.priority)
      }
    var row = TaskEntry(
      ordinal: ordinal, session: entry.number, place: Place.base(task), bucket: bucket,
      lastEvent: lastEvents[task.id] ?? 0, task: task)
    places.remove(ordinal)
    if row.place == Place.waiting { row.place = try places.place(row.top) }
    // Where several tasks change, one may have moved another.
    let keepsPlace = change.tasks.count == 1 && row.place == old.map { isTop ? Place.top : Place.base($0.task) }
    try transaction.store(row, old: old, keepsPlace: keepsPlace)
    entry.tally[task.state] += 1
    if let old { entry.tally[old.task.state] -= 1 }
    transaction.cache.tasks[task.id] = row
    stored.append(row)
    if old?.task.notBefore != nil || task.notBefore != nil { transaction.cache.guards = nil }
    let wasDone = old?.task.state == .done
    if wasDone != (task.state == .done) { try shift(task.id, by: wasDone ? 1 : -1) }
  }

  // MARK: Blockers

  /// A task is done, or not any more: those that wait for it wait for one less, or one more.
  private func shift(_ id: String, by delta: Int64) throws(SQLiteFailure) {
    let waiting = try transaction.waitingTasks(for: id)
    guard !waiting.isEmpty else { return }
    transaction.cache.forgetRows()
    for waiter in waiting {
      let open = max(0, waiter.openBlockers + delta)
      var place = waiter.place
      if place != Place.none {
        let places = try places(of: waiter.session)
        if open > 0 {
          places.remove(waiter.top.ordinal)
          place = Place.blocked
        } else if place == Place.blocked {
          place = try places.place(waiter.top)
        }
      }
      try transaction.storeBlockers(of: waiter.top.ordinal, delta: open - waiter.openBlockers, place: place)
      if Bucket.isScheduled(waiter.top.bucket) { transaction.cache.guards = nil }
    }
  }

  private func places(of number: Int64) throws(SQLiteFailure) -> Places {
    if number == entry.number { return places }
    if let known = otherPlaces[number] { return known }
    guard let entry = try transaction.entry(ofSession: number) else { throw .corrupt("the session \(number) is missing") }
    let places = Places(session: number, tops: entry.tops, isKept: entry.session.isFree, in: transaction)
    otherPlaces[number] = places
    return places
  }

  // MARK: The session

  private func storeSession() throws(SQLiteFailure) {
    let before = entry.session
    entry.session = change.after
    entry.tops = places.tops
    if (before.offer == nil) != (change.after.offer == nil) { transaction.cache.guards = nil }
    let scheduled = entry.tops.contains { Bucket.isScheduled($0.bucket) }
    if before.isFree != change.after.isFree, scheduled || transaction.cache.guards?.firstDue != nil {
      transaction.cache.guards = nil
    }
    guard try transaction.store(entry, before: isNew ? nil : change.before.seq) else {
      throw .corrupt("the session \(entry.session.id) is not at the number it was read at")
    }
  }

  private func store(_ grant: Grant) throws(SQLiteFailure) {
    guard let task = ordinals[grant.task] else { throw .corrupt("a grant for a task that did not change") }
    try transaction.store(grant, session: entry.number, task: task)
    transaction.cache.grants[grant.tokenHash] = grant
  }

  private func store(_ agent: AgentDescription) throws(SQLiteFailure) { try transaction.store(agent) }

  /// The firsts of other sessions, and the rows at hand for the next decision.
  private func settle() throws(SQLiteFailure) {
    guard !otherPlaces.isEmpty else { return transaction.keep(entry) }
    for places in otherPlaces.values {
      try places.refill()
      try transaction.storeTops(of: places)
    }
    transaction.cache.forgetRows()
  }
}
