/*
 * engine.h - what a database engine does for store.c: two constants of this struct exist, one in
 * sqlite.c and one in postgresql.c. Nobody else includes this file.
 */
#ifndef STORE_ENGINE_H
#define STORE_ENGINE_H

#include "store/store.h"

#include <pthread.h>

struct engine {
    enum store_engine id;
    /* Connects; NULL with the reason logged. */
    void *(*connect)(const char *url);
    void (*disconnect)(void *conn);
    /* True when the connection can be used again after use (PostgreSQL may have gone away). */
    bool (*usable)(void *conn);
    bool (*begin)(void *conn);
    bool (*commit)(void *conn);
    void (*rollback)(void *conn);
    /* Runs SQL text of several statements without parameters (migrations). */
    bool (*script)(void *conn, const char *sql);
    int64_t (*exec)(void *conn, const char *sql, const struct db_value *args, size_t n);
    /* Starts a query; NULL on failure. */
    void *(*query)(void *conn, const char *sql, const struct db_value *args, size_t n);
    /* Moves to row `at` (0-based, called in order): 1 a row, 0 the end, -1 failure. */
    int (*step)(void *conn, void *rows, int64_t at);
    bool (*is_null)(void *rows, int64_t at, int column);
    int64_t (*i64)(void *rows, int64_t at, int column);
    struct str (*text)(void *rows, int64_t at, int column); /* valid until the next step */
    void (*close)(void *rows);
    bool (*batch_begin)(void *conn, const char *sql);
    bool (*batch_run)(void *conn, const char *sql, const struct db_value *args, size_t n);
    bool (*batch_end)(void *conn);
    bool (*grown)(void *conn, const char *table);
    bool (*bulk)(void *conn, const struct db_bulk_row *rows, size_t count);
};

extern const struct engine engine_sqlite, engine_postgresql;

/* Prepared statements of one connection, found by the address of the SQL literal. */
#define STATEMENTS_MAX 512

struct statement_cache {
    const char *sql[STATEMENTS_MAX]; /* open addressing; NULL: free */
    void *statement[STATEMENTS_MAX];
    size_t count;
};

/* Slot of `sql`, either holding it or free for it. Ends the program when the cache is full: SQL
 * that is not a literal is a programming error. */
size_t statement_slot(struct statement_cache *cache, const char *sql);

/* Migrations (generated from schema/NNN-name.sql), ascending. */
struct migration {
    int64_t version;
    const char *name;
    const char *sql;
};
extern const struct migration migrations[];
extern const size_t migration_count;

#endif
