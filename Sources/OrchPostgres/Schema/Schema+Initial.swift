extension Schema {
  /// Migration 1: the log, the projections that follow from it, and the indexes that make a claim quick.
  ///
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
  static let initial = [
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
  static let guards = [
    """
    CREATE FUNCTION orch.refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the log is append-only' USING ERRCODE = '42501'; END $$
    """,
    """
    CREATE TRIGGER event_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON orch.event
    FOR EACH STATEMENT EXECUTE FUNCTION orch.refuse_change()
    """
  ]
}
