// The system's SQLite, with the calls that Swift cannot make wrapped as plain functions: variadic ones, those that take
// the constant SQLITE_TRANSIENT, a cast integer that is not imported, and on Linux statfs, which no module has.
#pragma once
#include <sqlite3.h>
#ifdef __linux__
#include <sys/vfs.h>

// The type (its magic number) and the mount flags of the file system at a path.
static inline int orch_statfs(const char *path, unsigned int *type, unsigned long *flags) {
  struct statfs status;
  if (statfs(path, &status) != 0) return -1;
  *type = (unsigned int)status.f_type;
  *flags = (unsigned long)status.f_flags;
  return 0;
}
#endif

static inline int orch_sqlite3_db_config(sqlite3 *db, int option, int value, int *out) {
  return sqlite3_db_config(db, option, value, out);
}

static inline int orch_sqlite3_config_memory_status(int on) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, on); }

static inline int orch_sqlite3_bind_text(sqlite3_stmt *statement, int index, const char *bytes, int count) {
  return sqlite3_bind_text(statement, index, bytes, count, SQLITE_TRANSIENT);
}

static inline int orch_sqlite3_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int count) {
  return sqlite3_bind_blob(statement, index, bytes, count, SQLITE_TRANSIENT);
}
