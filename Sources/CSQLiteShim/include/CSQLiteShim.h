#ifndef MESHAUDIT_CSQLITESHIM_H
#define MESHAUDIT_CSQLITESHIM_H

struct sqlite3;

/// Switches a connection to its strictest settings: defensive, no trusted schema, no extensions, no
/// double-quoted strings, no triggers of the schema. `sqlite3_db_config` is variadic, which Swift cannot call.
/// Returns the first result code that is not SQLITE_OK.
int meshaudit_sqlite_lock_down(struct sqlite3 *connection);

#endif
