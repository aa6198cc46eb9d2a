/*
 * sqlite.c - the embedded engine: WAL, synchronous=FULL (what was answered for is on the disk), one
 * writer at a time (store.c queues them). See engine.h.
 */
#include "base/log.h"
#include "store/engine.h"
#include "store/sqlite_bulk.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>

/* Other processes (sendingo verify, a backup) may hold the lock for a moment. */
#define BUSY_MS 10000

struct sqlite_conn {
    sqlite3 *db;
    struct sqlite_bulk bulk;
    struct statement_cache cache;
};

static const char *const pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                                   "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"
                                   "PRAGMA cache_size=-32768; PRAGMA trusted_schema=OFF;";

static bool report(struct sqlite_conn *c, const char *doing)
{
    log_warnx("sqlite: %s: %s", doing, sqlite3_errmsg(c->db));
    return false;
}

static bool sqlite_script(void *conn, const char *sql)
{
    struct sqlite_conn *c = conn;
    return sqlite3_exec(c->db, sql, NULL, NULL, NULL) == SQLITE_OK || report(c, "script");
}

static void sqlite_disconnect(void *conn)
{
    struct sqlite_conn *c = conn;
    for (size_t i = 0; i < STATEMENTS_MAX; i++)
        sqlite3_finalize(c->cache.statement[i]);
    sqlite3_close(c->db);
    free(c);
}

static void *sqlite_connect(const char *url)
{
    struct sqlite_conn *c = calloc(1, sizeof *c);
    if (!c)
        fatal("sqlite_connect");
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(url, &c->db, flags, NULL) != SQLITE_OK) {
        log_warnx("sqlite: cannot open %s: %s", url, sqlite3_errmsg(c->db));
        sqlite_disconnect(c);
        return NULL;
    }
    sqlite3_busy_timeout(c->db, BUSY_MS);
    if (!sqlite_script(c, pragmas) || !sqlite_bulk_register(c->db, &c->bulk)) {
        sqlite_disconnect(c);
        return NULL;
    }
    return c;
}

static bool sqlite_usable(void *conn)
{
    (void)conn;
    return true;
}

/* The prepared statement of `sql`, reset and with its parameters bound, or NULL. */
static sqlite3_stmt *prepared(struct sqlite_conn *c, const char *sql, const struct db_value *args,
                              size_t n)
{
    size_t slot = statement_slot(&c->cache, sql);
    if (!c->cache.sql[slot]) {
        sqlite3_stmt *made;
        if (sqlite3_prepare_v3(c->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &made, NULL) !=
            SQLITE_OK) {
            report(c, sql);
            return NULL;
        }
        c->cache.sql[slot] = sql;
        c->cache.statement[slot] = made;
    }
    sqlite3_stmt *s = c->cache.statement[slot];
    sqlite3_reset(s);
    for (size_t i = 0; i < n; i++) {
        /* $1 is a name to SQLite: its index is the order of first appearance. */
        char name[24] = "$";
        int digits = 1 + (i + 1 >= 10) + (i + 1 >= 100);
        for (size_t rest = i + 1, at = (size_t)digits; at > 0; at--, rest /= 10)
            name[at] = (char)('0' + rest % 10);
        int index = sqlite3_bind_parameter_index(s, name);
        assert(index > 0 && n < 1000); /* a parameter that the SQL does not use */
        if (args[i].type == DB_I64)
            sqlite3_bind_int64(s, index, args[i].i64);
        else if (args[i].type == DB_TEXT)
            sqlite3_bind_text64(s, index, args[i].text.ptr ? args[i].text.ptr : "",
                                args[i].text.len, SQLITE_TRANSIENT, SQLITE_UTF8);
        else
            sqlite3_bind_null(s, index);
    }
    return s;
}

static int64_t run(struct sqlite_conn *c, const char *sql, const struct db_value *args, size_t n)
{
    sqlite3_stmt *s = prepared(c, sql, args, n);
    if (!s)
        return -1;
    int got;
    do
        got = sqlite3_step(s);
    while (got == SQLITE_ROW);
    int64_t changed = sqlite3_changes64(c->db);
    if (got != SQLITE_DONE) {
        report(c, sql);
        changed = -1;
    }
    sqlite3_reset(s);
    return changed;
}

static int64_t sqlite_exec(void *conn, const char *sql, const struct db_value *args, size_t n)
{
    return run(conn, sql, args, n);
}

static bool sqlite_begin(void *conn)
{
    return run(conn, "BEGIN IMMEDIATE", NULL, 0) >= 0;
}

static bool sqlite_commit(void *conn)
{
    return run(conn, "COMMIT", NULL, 0) >= 0;
}

static void sqlite_rollback(void *conn)
{
    struct sqlite_conn *c = conn;
    if (!sqlite3_get_autocommit(c->db)) /* a full disk may have rolled back by itself */
        run(c, "ROLLBACK", NULL, 0);
}

static void *sqlite_query(void *conn, const char *sql, const struct db_value *args, size_t n)
{
    return prepared(conn, sql, args, n);
}

static int sqlite_step(void *conn, void *rows, int64_t at)
{
    (void)at;
    int got = sqlite3_step(rows);
    if (got == SQLITE_ROW)
        return 1;
    if (got != SQLITE_DONE)
        report(conn, sqlite3_sql(rows));
    return got == SQLITE_DONE ? 0 : -1;
}

static bool sqlite_is_null(void *rows, int64_t at, int column)
{
    (void)at;
    return sqlite3_column_type(rows, column) == SQLITE_NULL;
}

static int64_t sqlite_i64(void *rows, int64_t at, int column)
{
    (void)at;
    return sqlite3_column_int64(rows, column);
}

static struct str sqlite_text(void *rows, int64_t at, int column)
{
    (void)at;
    const char *text = (const char *)sqlite3_column_text(rows, column);
    return str_n(text, (size_t)sqlite3_column_bytes(rows, column));
}

static void sqlite_close(void *rows)
{
    sqlite3_reset(rows);
}

static bool sqlite_batch_begin(void *conn, const char *sql)
{
    (void)conn, (void)sql;
    return true;
}

static bool sqlite_batch_run(void *conn, const char *sql, const struct db_value *args, size_t n)
{
    return run(conn, sql, args, n) >= 0;
}

static bool sqlite_batch_end(void *conn)
{
    (void)conn;
    return true;
}

static bool sqlite_grown(void *conn, const char *table)
{
    (void)conn, (void)table; /* plans do not depend on sizes here */
    return true;
}

static bool sqlite_bulk(void *conn, const struct db_bulk_row *rows, size_t count)
{
    struct sqlite_conn *c = conn;
    c->bulk = (struct sqlite_bulk){rows, count};
    return true;
}

const struct engine engine_sqlite = {
    .id = STORE_SQLITE,
    .connect = sqlite_connect,
    .disconnect = sqlite_disconnect,
    .usable = sqlite_usable,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .script = sqlite_script,
    .exec = sqlite_exec,
    .query = sqlite_query,
    .step = sqlite_step,
    .is_null = sqlite_is_null,
    .i64 = sqlite_i64,
    .text = sqlite_text,
    .close = sqlite_close,
    .batch_begin = sqlite_batch_begin,
    .batch_run = sqlite_batch_run,
    .batch_end = sqlite_batch_end,
    .grown = sqlite_grown,
    .bulk = sqlite_bulk,
};
