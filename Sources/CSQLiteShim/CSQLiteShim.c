#include "CSQLiteShim.h"

#include <sqlite3.h>
#include <stddef.h>

// https://www.sqlite.org/c3ref/c_dbconfig_defensive.html
int meshaudit_sqlite_lock_down(struct sqlite3 *connection) {
  static const struct {
    int option;
    int value;
  } settings[] = {
      {SQLITE_DBCONFIG_DEFENSIVE, 1},
      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
      {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
      {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
      {SQLITE_DBCONFIG_DQS_DML, 0},
      {SQLITE_DBCONFIG_DQS_DDL, 0},
  };
  for (size_t index = 0; index < sizeof settings / sizeof settings[0]; index++) {
    int code =
        sqlite3_db_config(connection, settings[index].option, settings[index].value, (int *)NULL);
    if (code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}
