import OrchCore
import OrchStore

// What tasks wait for.

extension SQLiteTransaction {
  /// A task that waits for another.
  struct Waiter {
    var session: Int64
    var place: Int64
    var openBlockers: Int64
    var top: QueueHead
  }

  /// How many of the tasks in its `after` are not done. One that does not exist is not done.
  func openBlockers(of task: Task) throws(SQLiteFailure) -> Int {
    var open = 0
    for id in Set(task.after) {
      let select = try statement(Self.selectIsDone)
      select.bind(1, id)
      select.bind(2, origin(of: task))
      if try select.first({ $0.bool(0) }) != true { open += 1 }
    }
    return open
  }

  /// The tasks of the same log that name `task` in their `after`.
  func waitingTasks(for task: Task) throws(SQLiteFailure) -> [Waiter] {
    let select = try statement(Self.selectWaiters)
    select.bind(1, task.id)
    select.bind(2, origin(of: task))
    var waiters: [Waiter] = []
    try select.query { row in
      waiters.append(
        Waiter(
          session: row.int(0), place: row.int(1), openBlockers: row.int(2),
          top: QueueHead(bucket: row.int(3), priority: row.int(4), readyAt: row.int(5), ordinal: row.int(6))))
    }
    return waiters
  }

  /// Changes a count relatively, never from a value that was read earlier.
  func storeBlockers(of ordinal: Int64, delta: Int64, place: Int64) throws(SQLiteFailure) {
    let update = try statement(Self.updateBlockers)
    update.bind(1, ordinal)
    update.bind(2, delta)
    update.bind(3, place)
    try update.run()
  }

  private static let selectIsDone: SQL = "SELECT state = 'done' FROM task WHERE id = ?1 AND origin = ?2"
  static let selectWaiters: SQL = """
    SELECT task.session, task.place, task.open_blockers, task.bucket, task.priority, task.ready_at, task.ordinal
    FROM dependency CROSS JOIN task ON task.ordinal = dependency.task
    WHERE dependency.after_task = ?1 AND task.origin = ?2
    """
  private static let updateBlockers: SQL = """
    UPDATE task SET open_blockers = open_blockers + ?2, place = ?3 WHERE ordinal = ?1
    """
}
