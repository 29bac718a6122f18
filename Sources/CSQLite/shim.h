// The system's SQLite, with the variadic calls that Swift cannot make wrapped as plain functions.
#pragma once
#include <sqlite3.h>

static inline int orch_sqlite3_db_config(sqlite3 *db, int option, int value, int *out) {
  return sqlite3_db_config(db, option, value, out);
}
