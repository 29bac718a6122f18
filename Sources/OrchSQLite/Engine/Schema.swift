/// The schema, number by number. Each migration is applied in one transaction.
enum Schema {
  /// `ORCH` in the file's header.
  static let applicationID: Int32 = 0x4F52_4348
  static let version = 1

  /// The script that takes the schema from `version - 1` to `version`.
  static func migration(to version: Int) -> String? {
    switch version {
    case 1: initial
    default: nil
    }
  }

  /// What guards the log; `integrityProblems` checks that it is there to the letter.
  static let guards: [(name: String, sql: String)] = [
    (
      "event_no_update",
      "CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
    ),
    (
      "event_no_delete",
      "CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
    ),
    // The position is the only unique constraint of the table, so this is all that INSERT OR REPLACE could get past.
    (
      "event_no_replace",
      "CREATE TRIGGER event_no_replace BEFORE INSERT ON event WHEN NEW.pos IS NOT (SELECT coalesce(max(pos), 0) + 1 FROM event) BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
    ),
  ]

  // Why it looks as it does: each b-tree that a transaction changes costs a page in the log file, so a claim and a
  // release touch as few as possible.
  //
  // event.prev_session and prev_task chain the events of a session and of a task by position; event_mark holds every
  // 64th position of a session, so that any number of it is found in a few steps. event_block says which blocks of 1024
  // events hold a value of an actor, author, …: an index that is written once a block, not once an event.
  //
  // class is everything a claim filters by. A task's bucket is 2 * class, plus 1 if it has a time before which it is not
  // ready. place is 0 for a task nobody could claim for its state, 2 for one that is queued and unblocked, and 1 for the
  // first of those of its bucket in a session that is free: only these are candidates of a claim. session.tops lists
  // the ordinals of the tasks at place 1.
  private static var initial: String {
    """
    CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID, STRICT;

    CREATE TABLE session(
      number INTEGER PRIMARY KEY, id TEXT NOT NULL, log TEXT NOT NULL, seq INTEGER NOT NULL, head BLOB,
      at INTEGER NOT NULL, fence INTEGER NOT NULL,
      lease_task TEXT, lease_attempt INTEGER, lease_agent TEXT, lease_instance TEXT, lease_host TEXT,
      lease_fence INTEGER, lease_token BLOB, lease_acquired_at INTEGER, lease_heartbeat_at INTEGER,
      lease_expires_at INTEGER, lease_ttl INTEGER, lease_noticed INTEGER,
      offer_task TEXT, offer_to TEXT, offer_expires_at INTEGER,
      recovered TEXT, checkpoint_seq INTEGER, note_seq INTEGER,
      last_event INTEGER NOT NULL, tops TEXT NOT NULL,
      UNIQUE(id, log)
    ) STRICT;
    CREATE INDEX session_lease ON session(lease_expires_at) WHERE lease_expires_at IS NOT NULL;
    CREATE INDEX session_offer ON session(offer_expires_at) WHERE offer_expires_at IS NOT NULL;

    CREATE TABLE class(
      id INTEGER PRIMARY KEY, kind TEXT NOT NULL, project TEXT, assignee TEXT, reviewers TEXT NOT NULL,
      name TEXT NOT NULL UNIQUE
    ) STRICT;

    CREATE TABLE task(
      ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, session INTEGER NOT NULL REFERENCES session,
      session_id TEXT NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL, priority INTEGER NOT NULL,
      ready_at INTEGER NOT NULL, not_before INTEGER, class INTEGER NOT NULL REFERENCES class, key TEXT, open_key TEXT,
      after TEXT, require_review INTEGER NOT NULL, required_checks TEXT, attempt INTEGER NOT NULL,
      failures INTEGER NOT NULL, max_attempts INTEGER NOT NULL, ttl INTEGER, created_at INTEGER NOT NULL,
      created_by TEXT, updated_at INTEGER NOT NULL, source TEXT, has_error INTEGER NOT NULL, error_code TEXT,
      error_message TEXT, holders TEXT, last_author TEXT, approvals TEXT, passed_checks TEXT,
      offer_from TEXT, offer_to TEXT, offer_why TEXT, offer_next TEXT, offer_expires_at INTEGER,
      open_blockers INTEGER NOT NULL, last_event INTEGER NOT NULL, bucket INTEGER NOT NULL, place INTEGER NOT NULL,
      aside TEXT, has_content INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX task_list ON task(priority, ready_at);
    CREATE INDEX task_session ON task(session, priority, ready_at);
    CREATE INDEX task_class ON task(class, priority, ready_at);
    CREATE UNIQUE INDEX task_key ON task(open_key) WHERE open_key IS NOT NULL;
    CREATE INDEX task_aside ON task(aside, priority, ready_at) WHERE aside IS NOT NULL;
    CREATE INDEX task_top ON task(bucket, priority, ready_at) WHERE place = 1;
    CREATE INDEX task_due ON task(ready_at) WHERE place = 1 AND not_before IS NOT NULL;
    CREATE INDEX task_ready ON task(session, bucket, priority, ready_at) WHERE place = 2;

    CREATE TABLE task_content(
      task INTEGER PRIMARY KEY REFERENCES task, body TEXT, payload TEXT, result TEXT
    ) STRICT;
    CREATE TABLE dependency(
      after TEXT NOT NULL, task INTEGER NOT NULL REFERENCES task, PRIMARY KEY(after, task)
    ) WITHOUT ROWID, STRICT;

    CREATE TABLE event(
      pos INTEGER PRIMARY KEY, name INTEGER NOT NULL, session INTEGER NOT NULL, seq INTEGER NOT NULL,
      prev_session INTEGER NOT NULL, prev_task INTEGER NOT NULL, id BLOB NOT NULL, body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX event_name ON event(name);
    CREATE TABLE event_mark(
      session INTEGER NOT NULL, seq INTEGER NOT NULL, pos INTEGER NOT NULL, PRIMARY KEY(session, seq)
    ) WITHOUT ROWID, STRICT;
    CREATE TABLE event_block(
      facet INTEGER NOT NULL, value TEXT NOT NULL, block INTEGER NOT NULL, PRIMARY KEY(facet, value, block)
    ) WITHOUT ROWID, STRICT;

    CREATE TABLE token(
      hash BLOB PRIMARY KEY, session INTEGER NOT NULL, task INTEGER NOT NULL, fence INTEGER NOT NULL
    ) WITHOUT ROWID, STRICT;
    CREATE TABLE agent(name TEXT PRIMARY KEY, display TEXT, role TEXT) WITHOUT ROWID, STRICT;

    """ + guards.map { $0.sql + ";\n" }.joined() + "PRAGMA application_id = \(applicationID);\n"
  }
}
