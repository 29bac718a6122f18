extension Migration {
  /// Sessions of several logs in one database, each with names of its own.
  ///
  /// A task's `origin` is the log of its session, and empty of this database's own, which so cost an index a byte. Ids
  /// and open keys are unique in one log. SQLite cannot take a unique index back that stands in a table's definition,
  /// so there the table is made anew.
  static let logs = Migration(
    "logs", lowestReader: 2, lowestWriter: 2,
    sqlite: [
      """
      CREATE TABLE task_of_logs(
        ordinal INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
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
        required_checks TEXT,
        origin TEXT NOT NULL
      ) STRICT;
      INSERT INTO task_of_logs SELECT *, '' FROM task;
      DROP TABLE task;
      ALTER TABLE task_of_logs RENAME TO task;
      CREATE UNIQUE INDEX task_name ON task(id, origin);
      CREATE INDEX task_top ON task(bucket, priority, ready_at) WHERE place = 1;
      CREATE INDEX task_due ON task(ready_at) WHERE place = 1 AND not_before IS NOT NULL;
      CREATE INDEX task_waiting ON task(session, bucket, priority, ready_at) WHERE place = 2;
      CREATE INDEX task_blocked ON task(priority, ready_at) WHERE place = 3;
      CREATE INDEX task_blocked_session ON task(session, bucket) WHERE place = 3;
      CREATE INDEX task_aside ON task(aside, priority, ready_at) WHERE aside IS NOT NULL;
      CREATE INDEX task_order ON task(priority, ready_at);
      CREATE INDEX task_session ON task(session, priority, ready_at);
      CREATE INDEX task_key ON task(key) WHERE key IS NOT NULL;
      CREATE UNIQUE INDEX task_open_key ON task(open_key, origin) WHERE open_key IS NOT NULL;
      """
    ],
    postgres: [
      "ALTER TABLE orch.task ADD COLUMN origin text COLLATE \"C\" NOT NULL DEFAULT ''",
      "ALTER TABLE orch.task DROP CONSTRAINT task_name",
      "ALTER TABLE orch.task ADD CONSTRAINT task_name UNIQUE(id, origin)",
      "DROP INDEX orch.task_open_key",
      "CREATE UNIQUE INDEX task_open_key ON orch.task(open_key, origin) WHERE open_key IS NOT NULL"
    ])
}
