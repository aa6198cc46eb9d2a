/*
 * sqlite_bulk.h - the table `bulk` of an SQLite connection: the caller's array, read in place.
 *
 * A virtual table (sqlite.org/vtab.html) that exists on every connection without being created. One
 * statement over it runs its program once for thousands of rows, with its cursors left open at the
 * place of the last row, where a statement a row would begin anew each time. Used by sqlite.c.
 */
#ifndef STORE_SQLITE_BULK_H
#define STORE_SQLITE_BULK_H

#include "store/store.h"

#include <sqlite3.h>

/* What the table holds now; the connection's. */
struct sqlite_bulk {
    const struct db_bulk_row *rows;
    size_t count;
};

/* Makes `bulk` known to the connection; it reads `content`, which must outlive the connection. */
bool sqlite_bulk_register(sqlite3 *db, const struct sqlite_bulk *content) MUST_CHECK;

#endif
