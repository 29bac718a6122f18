extension Schema {
  /// Migration 1: the log, the projections that follow from it, and the indexes that make a claim quick.
  ///
  /// What is not obvious:
  ///
  /// - A transaction pays for each page it changes, and for little else. So an event has two places in the tree of
  ///   pages, its row and its name; the streams of sessions and tasks are chains through the rows (`prev_session`,
  ///   `prev_task`), with an index entry every `Log.anchorSpacing` events of a session.
  /// - `event.name` is the first eight bytes of the id as an ordered integer: a third of the size of an index by id.
  /// - `event_block.block` is a block of positions; of facet 7, a linked commit, and of facet 8, where a run of events
  ///   about commits begins in the chain of the task with that ordinal, the position itself.
  /// - No column that an index mentions changes when a task is done, and one, `place`, when it is claimed.
  /// - `class` has the filter keys; `task.bucket` is the key of a ready queue, see `ReadyQueueKey`; `task.place` is the
  ///   task's `QueueSlot` in it. `session.tops` lists the session's heads, the tasks at place 1.
  static let initial = """
    CREATE TABLE meta(
      key TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE session(
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      log TEXT NOT NULL,
      seq INTEGER NOT NULL,
      head BLOB,
      at INTEGER NOT NULL,
      last_event INTEGER,
      fence INTEGER NOT NULL,
      lease_task TEXT,
      lease_attempt INTEGER,
      lease_agent TEXT,
      lease_instance TEXT,
      lease_host TEXT,
      lease_fence INTEGER,
      lease_token BLOB,
      lease_acquired_at INTEGER,
      lease_heartbeat_at INTEGER,
      lease_expires_at INTEGER,
      lease_ttl INTEGER,
      lease_noticed_seq INTEGER,
      offer_task TEXT,
      offer_to TEXT,
      offer_expires_at INTEGER,
      recovered TEXT,
      checkpoint_seq INTEGER,
      note_seq INTEGER,
      tops TEXT,
      queued INTEGER NOT NULL,
      running INTEGER NOT NULL,
      review INTEGER NOT NULL,
      offered INTEGER NOT NULL,
      done INTEGER NOT NULL,
      dead INTEGER NOT NULL,
      cancelled INTEGER NOT NULL,
      UNIQUE(id, log)
    ) STRICT;
    CREATE INDEX session_lease ON session(lease_expires_at) WHERE lease_expires_at IS NOT NULL;
    CREATE INDEX session_offer ON session(offer_expires_at) WHERE offer_expires_at IS NOT NULL;

    CREATE TABLE class(
      id INTEGER PRIMARY KEY,
      kind TEXT NOT NULL,
      project TEXT,
      assignee TEXT,
      reviewers TEXT
    ) STRICT;

    CREATE TABLE task(
      ordinal INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      session INTEGER NOT NULL REFERENCES session DEFERRABLE INITIALLY DEFERRED,
      state TEXT NOT NULL,
      place INTEGER NOT NULL,
      bucket INTEGER NOT NULL,
      priority INTEGER NOT NULL,
      ready_at INTEGER NOT NULL,
      not_before INTEGER,
      open_blockers INTEGER NOT NULL,
      open_key TEXT,
      aside TEXT,
      attempt INTEGER NOT NULL,
      failures INTEGER NOT NULL,
      last_event INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      last_author TEXT,
      holders TEXT,
      approvals TEXT,
      passed_checks TEXT,
      has_error INTEGER NOT NULL,
      error_code TEXT,
      error_message TEXT,
      offer_from TEXT,
      offer_to TEXT,
      offer_why TEXT,
      offer_next TEXT,
      offer_expires_at INTEGER,
      has_content INTEGER NOT NULL,
      title TEXT NOT NULL,
      key TEXT,
      max_attempts INTEGER NOT NULL,
      ttl INTEGER,
      created_at INTEGER NOT NULL,
      created_by TEXT,
      source TEXT,
      after_tasks TEXT,
      require_review INTEGER NOT NULL,
      required_checks TEXT
    ) STRICT;
    CREATE INDEX task_top ON task(bucket, priority, ready_at) WHERE place = 1;
    CREATE INDEX task_due ON task(ready_at) WHERE place = 1 AND not_before IS NOT NULL;
    CREATE INDEX task_waiting ON task(session, bucket, priority, ready_at) WHERE place = 2;
    CREATE INDEX task_blocked ON task(priority, ready_at) WHERE place = 3;
    CREATE INDEX task_blocked_session ON task(session, bucket) WHERE place = 3;
    CREATE INDEX task_aside ON task(aside, priority, ready_at) WHERE aside IS NOT NULL;
    CREATE INDEX task_order ON task(priority, ready_at);
    CREATE INDEX task_session ON task(session, priority, ready_at);
    CREATE INDEX task_key ON task(key) WHERE key IS NOT NULL;
    CREATE UNIQUE INDEX task_open_key ON task(open_key) WHERE open_key IS NOT NULL;

    CREATE TABLE task_content(
      task INTEGER PRIMARY KEY,
      body TEXT,
      payload TEXT,
      result TEXT
    ) STRICT;

    CREATE TABLE dependency(
      after_task TEXT NOT NULL,
      task INTEGER NOT NULL,
      PRIMARY KEY(after_task, task)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE grant_token(
      token_hash BLOB PRIMARY KEY,
      session INTEGER NOT NULL,
      task INTEGER NOT NULL,
      fence INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE agent(
      name TEXT PRIMARY KEY,
      display TEXT,
      role TEXT
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE event(
      pos INTEGER PRIMARY KEY,
      session INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      name INTEGER NOT NULL,
      id BLOB NOT NULL,
      prev_session INTEGER,
      task INTEGER,
      prev_task INTEGER,
      type TEXT NOT NULL,
      body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX event_name ON event(name);
    CREATE INDEX event_anchor ON event(session, seq) WHERE seq % 32 = 0;

    CREATE TABLE event_block(
      facet INTEGER NOT NULL,
      value TEXT NOT NULL,
      block INTEGER NOT NULL,
      PRIMARY KEY(facet, value, block)
    ) STRICT, WITHOUT ROWID;
    """

  /// The guards of the log: it grows at its end and changes nowhere else, whoever writes.
  ///
  /// `INSERT OR REPLACE` deletes without asking the trigger on DELETE, so what exists may not be inserted: not at its
  /// position, under its id or under its number. `RAISE(FAIL)` and `INSERT OR FAIL` spare the statement journal that
  /// `ABORT` needs; a statement that fails there has changed nothing before it.
  static let guards: [(name: String, sql: String)] = [
    (
      "event_append",
      """
      CREATE TRIGGER event_append BEFORE INSERT ON event
      WHEN NEW.pos IS NOT (SELECT coalesce(max(pos), 0) + 1 FROM event)
        OR NEW.seq <= (SELECT seq FROM session WHERE number = NEW.session)
        OR EXISTS (SELECT 1 FROM event WHERE name = NEW.name AND id = NEW.id)
      BEGIN SELECT RAISE(FAIL, 'the log is append-only'); END
      """
    ),
    (
      "event_update",
      """
      CREATE TRIGGER event_update BEFORE UPDATE ON event
      BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
      """
    ),
    (
      "event_delete",
      """
      CREATE TRIGGER event_delete BEFORE DELETE ON event
      BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
      """
    )
  ]
}
