internal import OrchCore
internal import OrchStore

extension SQLiteTransaction {
  func tasks(_ query: TaskQuery, after cursor: TaskCursor?, limit: Int) throws -> [Task] {
    try store.classes.refresh(connection)
    if let key = query.key {
      let statement = try statement("SELECT * FROM task WHERE key = ?1 ORDER BY priority, ready_at, ordinal")
      statement.bind(1, key)
      return try Array(all(statement).filter { passes($0, query) && isBeyond($0, cursor) }.prefix(limit))
    }
    var found: [Task] = []
    var position = cursor
    while found.count < limit {
      let page = try page(query, after: position, limit: min(500, limit))
      for task in page where passes(task, query) && found.count < limit { found.append(task) }
      guard page.count == min(500, limit), let last = page.last else { break }
      position = TaskCursor(last)
    }
    return found
  }

  private func page(_ query: TaskQuery, after cursor: TaskCursor?, limit: Int) throws -> [Task] {
    let statement: Statement
    if let session = query.session {
      guard try sessions[session] != nil || self.session(session) != nil, let row = sessions[session] else { return [] }
      statement = try self.statement(
        """
        SELECT * FROM task WHERE session = ?5 AND (priority, ready_at, ordinal) > (?1, ?2, ?3)
        ORDER BY priority, ready_at, ordinal LIMIT ?4
        """)
      statement.bind(5, row.number)
    } else if let aside = Self.aside(query.state) {
      statement = try self.statement(
        """
        SELECT * FROM task WHERE aside = ?5 AND (priority, ready_at, ordinal) > (?1, ?2, ?3)
        ORDER BY priority, ready_at, ordinal LIMIT ?4
        """)
      statement.bind(5, aside)
    } else if let assignee = query.assignee {
      let classes = store.classes.all.filter { $0.value.assignee == assignee }.map { JSON.int($0.key) }
      statement = try self.statement(
        """
        SELECT * FROM task WHERE class IN (SELECT value FROM json_each(?5)) AND (priority, ready_at, ordinal) > (?1, ?2, ?3)
        ORDER BY priority, ready_at, ordinal LIMIT ?4
        """)
      statement.bind(5, JSON.array(classes).text())
    } else {
      statement = try self.statement(
        """
        SELECT * FROM task WHERE (priority, ready_at, ordinal) > (?1, ?2, ?3)
        ORDER BY priority, ready_at, ordinal LIMIT ?4
        """)
    }
    statement.bind(1, cursor?.priority ?? -1)
    statement.bind(2, cursor?.readyAt.milliseconds ?? 0)
    statement.bind(3, cursor?.ordinal ?? 0)
    statement.bind(4, limit)
    return try all(statement)
  }

  private static func aside(_ state: VisibleState?) -> String? {
    switch state {
    case .review, .offered, .dead, .cancelled: state?.rawValue
    case .queued, .scheduled, .blocked, .running, .done, nil: nil
    }
  }

  private func isBeyond(_ task: Task, _ cursor: TaskCursor?) -> Bool {
    guard let cursor else { return true }
    return (task.priority, task.readyAt, task.ordinal) > (cursor.priority, cursor.readyAt, cursor.ordinal)
  }

  private func passes(_ task: Task, _ query: TaskQuery) -> Bool {
    (query.state == nil || task.visibleState(at: now) == query.state) && (query.kind == nil || task.kind == query.kind)
      && (query.session == nil || task.session == query.session) && TaskClass(task).isIn(query.projects)
      && (query.assignee == nil || task.assignee == query.assignee) && (query.key == nil || task.key == query.key)
  }

  func counts(session id: String?) throws -> [VisibleState: Int] {
    let statement: Statement
    if let id {
      guard try sessions[id] != nil || session(id) != nil, let row = sessions[id] else { return [:] }
      statement = try self.statement(
        """
        SELECT state, open_blockers > 0, coalesce(not_before > ?1, 0), count(*) FROM task WHERE session = ?2
        GROUP BY 1, 2, 3
        """)
      statement.bind(2, row.number)
    } else {
      statement = try self.statement(
        "SELECT state, open_blockers > 0, coalesce(not_before > ?1, 0), count(*) FROM task GROUP BY 1, 2, 3")
    }
    statement.bind(1, now.milliseconds)
    var counts: [VisibleState: Int] = [:]
    try statement.query { row in
      let isQueued = row.text(0) == TaskState.queued.rawValue
      let state: VisibleState? =
        isQueued && row.bool(1) ? .blocked : isQueued && row.bool(2) ? .scheduled : VisibleState(rawValue: row.text(0))
      if let state { counts[state, default: 0] += Int(row.int(3)) }
    }
    return counts
  }
}
