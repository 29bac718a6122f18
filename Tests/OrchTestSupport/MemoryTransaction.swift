import OrchCore
import OrchStore

/// A transaction on a copy of the rows.
final class MemoryTransaction: StoreWriter {
  var rows: MemoryRows
  let now: Instant
  /// Why this transaction may not be committed: an append failed, perhaps half-way.
  private(set) var failure: (any Error)?

  init(_ rows: MemoryRows, now: Instant) {
    self.rows = rows
    self.now = now
  }

  var logID: String { rows.logID }

  func append(_ change: SessionChange) throws {
    do {
      try store(change)
    } catch {
      failure = error
      throw error
    }
  }

  private func store(_ change: SessionChange) throws {
    let id = reference(to: change.before)
    guard (rows.sessions[id]?.seq ?? 0) == change.before.seq else { throw StoreError.conflict }
    if rows.sessions[id] == nil { rows.births.append(id) }
    rows.sessions[id] = change.after
    for task in change.tasks { try store(task) }
    for grant in change.grants {
      guard rows.grants.updateValue(grant, forKey: grant.tokenHash) == nil else { throw StoreError.conflict }
    }
    for entry in change.entries { try record(entry) }
    for agent in change.agents { rows.agents[agent.name] = agent }
  }

  private func store(_ change: SessionChange.TaskChange) throws {
    var task = change.after
    if let index = rows.index(ofTask: task.id, logID: task.logID) {
      guard change.before != nil else { throw StoreError.conflict }
      task.ordinal = rows.tasks[index].ordinal
      rows.tasks[index] = task
    } else {
      guard change.before == nil else { throw StoreError.internal("task \(task.id) is not there") }
      task.ordinal = rows.tasks.count + 1
      rows.tasks.append(task)
    }
    guard let key = task.key, task.state.isOpen else { return }
    guard rows.tasks.count(where: { $0.key == key && $0.logID == task.logID && $0.state.isOpen }) == 1 else {
      throw StoreError.conflict
    }
  }

  private func record(_ entry: StoredEvent) throws {
    guard !rows.entries.contains(where: { $0.id == entry.id }) else { throw StoreError.conflict }
    var entry = entry
    entry.position = rows.entries.count + 1
    rows.entries.append(entry)
    let event = try entry.entry().event
    guard let actor = event.roles.actor else { return }
    var sighting =
      rows.actors[actor] ?? ActorSighting(name: actor, firstSeenAt: event.at, lastSeenAt: event.at)
    sighting.firstSeenAt = min(sighting.firstSeenAt, event.at)
    sighting.lastSeenAt = max(sighting.lastSeenAt, event.at)
    rows.actors[actor] = sighting
  }

  func renewLease(_ session: Session) throws {
    guard let stored = rows.sessions[reference(to: session)]?.lease, let lease = session.lease,
      stored.fence == lease.fence
    else { throw StoreError.conflict }
    var renewed = stored
    renewed.heartbeatAt = lease.heartbeatAt
    renewed.expiresAt = lease.expiresAt
    renewed.ttlSeconds = lease.ttlSeconds
    renewed.noticedSeq = lease.noticedSeq
    rows.sessions[reference(to: session)]?.lease = renewed
  }
}
