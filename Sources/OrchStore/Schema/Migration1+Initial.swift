extension Migration {
  /// The log, the projections that follow from it, and the indexes that make a claim quick.
  static let initial = Migration(
    "initial", lowestReader: 1, lowestWriter: 1,
    sqlite: [initialTables] + sqliteGuards.map(\.sql), postgres: initialStatements + postgresGuards)

  // MARK: SQLite

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
  private static let initialTables = """
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
  package static let sqliteGuards: [(name: String, sql: String)] = [
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

  // MARK: PostgreSQL

  /// What is not obvious:
  ///
  /// - `event.pos` is `(transaction's number + meta.position_offset) << 20 | place in the transaction`: an order of
  ///   append that needs no counter that all writers wait for, and that a reader can follow (see `Positions`). The
  ///   numbers of sessions and tasks are the positions of their first events.
  /// - A session's row is its lock, its lease, its fence and the head of its stream. `revision` grows when tasks of the
  ///   session change from outside: when what they wait for is done.
  /// - `lease` has, of each held session, when its lease expires: an index on the session's own row would get an entry with
  /// each change of it, and make room for none of the old rows where they stand.
  /// - `class` has the filter keys, by their labels; `ready` is the ready queue that `ReadyQueue` describes, a row a head;
  ///   `lane` is the schedule partition.
  /// - `event_block` tells which block of positions has which facet, and of facet 7, a linked commit, the position itself.
  /// - Texts compare by their bytes, whatever the database's language is.
  private static let initialStatements: [PostgresStatement] = [
    """
    CREATE TABLE orch.session(
      number bigint PRIMARY KEY,
      id text COLLATE "C" NOT NULL,
      log text COLLATE "C" NOT NULL,
      seq bigint NOT NULL,
      head bytea,
      at bigint NOT NULL,
      last_event bigint,
      fence bigint NOT NULL,
      lease_task text COLLATE "C",
      lease_attempt bigint,
      lease_agent text,
      lease_instance text,
      lease_host text,
      lease_fence bigint,
      lease_token bytea,
      lease_acquired_at bigint,
      lease_heartbeat_at bigint,
      lease_expires_at bigint,
      lease_ttl bigint,
      lease_noticed_seq bigint,
      offer_task text COLLATE "C",
      offer_to text COLLATE "C",
      offer_expires_at bigint,
      recovered text COLLATE "C",
      checkpoint_seq bigint,
      note_seq bigint,
      queued bigint NOT NULL,
      running bigint NOT NULL,
      review bigint NOT NULL,
      offered bigint NOT NULL,
      done bigint NOT NULL,
      dead bigint NOT NULL,
      cancelled bigint NOT NULL,
      revision bigint NOT NULL DEFAULT 0,
      CONSTRAINT session_name UNIQUE(id, log)
    ) WITH (fillfactor = 60)
    """,
    "CREATE TABLE orch.lease(session bigint PRIMARY KEY, expires_at bigint NOT NULL)",
    "CREATE INDEX lease_expiry ON orch.lease(expires_at, session)",
    "CREATE INDEX session_offer ON orch.session(offer_expires_at, number) WHERE offer_expires_at IS NOT NULL",
    """
    CREATE TABLE orch.task(
      ordinal bigint PRIMARY KEY,
      id text COLLATE "C" NOT NULL,
      session bigint NOT NULL,
      state text COLLATE "C" NOT NULL,
      class text COLLATE "C" NOT NULL,
      lane bigint NOT NULL,
      priority bigint NOT NULL,
      ready_at bigint NOT NULL,
      not_before bigint,
      open_blockers bigint NOT NULL,
      open_key text COLLATE "C",
      attempt bigint NOT NULL,
      failures bigint NOT NULL,
      updated_at bigint NOT NULL,
      last_author text,
      holders text,
      approvals text,
      passed_checks text,
      has_error boolean NOT NULL,
      error_code text,
      error_message text,
      offer_from text,
      offer_to text,
      offer_why text,
      offer_next text,
      offer_expires_at bigint,
      kind text COLLATE "C" NOT NULL,
      project text COLLATE "C",
      assignee text COLLATE "C",
      reviewers text,
      title text NOT NULL,
      key text COLLATE "C",
      max_attempts bigint NOT NULL,
      ttl bigint,
      created_at bigint NOT NULL,
      created_by text,
      source text,
      after_tasks text,
      require_review boolean NOT NULL,
      required_checks text,
      body text,
      payload text,
      result text,
      CONSTRAINT task_name UNIQUE(id)
    ) WITH (fillfactor = 80)
    """,
    """
    CREATE INDEX task_waiting ON orch.task(session, class, lane, priority, ready_at, ordinal)
    WHERE state = 'queued' AND open_blockers = 0
    """,
    "CREATE INDEX task_blocked ON orch.task(session) WHERE state = 'queued' AND open_blockers > 0",
    "CREATE INDEX task_scheduled ON orch.task(ready_at) WHERE state = 'queued' AND not_before IS NOT NULL",
    """
    CREATE INDEX task_aside ON orch.task(state, priority, ready_at, ordinal)
    WHERE state IN ('review', 'offered', 'dead', 'cancelled')
    """,
    "CREATE INDEX task_order ON orch.task(priority, ready_at, ordinal)",
    "CREATE INDEX task_session ON orch.task(session, priority, ready_at, ordinal)",
    "CREATE INDEX task_key ON orch.task(key) WHERE key IS NOT NULL",
    "CREATE INDEX task_assignee ON orch.task(assignee, priority, ready_at, ordinal) WHERE assignee IS NOT NULL",
    "CREATE UNIQUE INDEX task_open_key ON orch.task(open_key) WHERE open_key IS NOT NULL",
    """
    CREATE TABLE orch.class(
      label text COLLATE "C" PRIMARY KEY,
      kind text COLLATE "C" NOT NULL,
      project text COLLATE "C",
      assignee text COLLATE "C",
      reviewers text[] NOT NULL
    )
    """,
    """
    CREATE TABLE orch.ready(
      session bigint NOT NULL,
      class text COLLATE "C" NOT NULL,
      lane bigint NOT NULL,
      priority bigint NOT NULL,
      ready_at bigint NOT NULL,
      ordinal bigint NOT NULL,
      PRIMARY KEY(session, class, lane)
    )
    """,
    "CREATE INDEX ready_due ON orch.ready(ready_at) WHERE lane > 0",
    "CREATE INDEX ready_order ON orch.ready(class, lane, priority, ready_at, ordinal)",
    """
    CREATE TABLE orch.dependency(
      after_task text COLLATE "C" NOT NULL,
      task bigint NOT NULL,
      PRIMARY KEY(after_task, task)
    )
    """,
    """
    CREATE TABLE orch.grant_token(
      token_hash bytea PRIMARY KEY,
      session bigint NOT NULL,
      task bigint NOT NULL,
      fence bigint NOT NULL
    )
    """,
    "CREATE TABLE orch.agent(name text COLLATE \"C\" PRIMARY KEY, display text, role text)",
    """
    CREATE TABLE orch.event(
      pos bigint PRIMARY KEY,
      session bigint NOT NULL,
      seq bigint NOT NULL,
      id bytea NOT NULL,
      task bigint,
      type text COLLATE "C" NOT NULL,
      body text NOT NULL,
      CONSTRAINT event_number UNIQUE(session, seq),
      CONSTRAINT event_id UNIQUE(id)
    )
    """,
    "CREATE INDEX event_task ON orch.event(task, pos) WHERE task IS NOT NULL",
    """
    CREATE TABLE orch.event_block(
      facet bigint NOT NULL,
      value text COLLATE "C" NOT NULL,
      block bigint NOT NULL,
      PRIMARY KEY(facet, value, block)
    )
    """
  ]

  /// The guards of the log: it grows and changes nowhere else, whoever writes. Rights refuse the same to agents.
  private static let postgresGuards = [
    """
    CREATE FUNCTION orch.refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the log is append-only' USING ERRCODE = '42501'; END $$
    """,
    """
    CREATE TRIGGER event_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON orch.event
    FOR EACH STATEMENT EXECUTE FUNCTION orch.refuse_change()
    """
  ].map { PostgresStatement($0, needsFunctions: true) }
}
