/* The floor for one `orch heartbeat` as a process: opens an orch database with its pragmas, finds the session by the
   token's hash and its fence in one immediate transaction, moves the lease's times, commits, closes.
   usage: heartbeat DB TOKEN-HASH-HEX */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static sqlite3 *db;

static void fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(db));
  exit(1);
}

static void run(const char *sql) {
  if (sqlite3_exec(db, sql, 0, 0, 0)) fail(sql);
}

static sqlite3_stmt *prepare(const char *sql) {
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v2(db, sql, -1, &statement, 0)) fail(sql);
  return statement;
}

int main(int count, char **words) {
  if (count < 3 || strlen(words[2]) != 64) return 64;
  unsigned char hash[32];
  for (int i = 0; i < 32; i++) {
    unsigned byte;
    if (sscanf(words[2] + 2 * i, "%2x", &byte) != 1) return 64;
    hash[i] = byte;
  }
  if (sqlite3_open_v2(words[1], &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, 0)) fail("open");
  sqlite3_busy_timeout(db, 10000);
  sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, 0);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, 0);
  run("PRAGMA synchronous=FULL");
  run("BEGIN IMMEDIATE");
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  sqlite3_int64 now = time.tv_sec * 1000LL + time.tv_nsec / 1000000;
  sqlite3_stmt *find = prepare(
      "SELECT session.number, session.lease_ttl FROM grant_token JOIN session ON session.number = grant_token.session "
      "WHERE grant_token.token_hash = ?1 AND session.lease_fence = grant_token.fence AND session.lease_token = ?1");
  sqlite3_bind_blob(find, 1, hash, 32, SQLITE_STATIC);
  if (sqlite3_step(find) != SQLITE_ROW) fail("no lease has this token");
  sqlite3_int64 session = sqlite3_column_int64(find, 0), ttl = sqlite3_column_int64(find, 1);
  sqlite3_finalize(find);
  sqlite3_stmt *beat = prepare("UPDATE session SET lease_heartbeat_at = ?2, lease_expires_at = ?3 WHERE number = ?1");
  sqlite3_bind_int64(beat, 1, session);
  sqlite3_bind_int64(beat, 2, now);
  sqlite3_bind_int64(beat, 3, now + ttl * 1000);
  if (sqlite3_step(beat) != SQLITE_DONE) fail("update");
  sqlite3_finalize(beat);
  run("COMMIT");
  sqlite3_close(db);
  return 0;
}
