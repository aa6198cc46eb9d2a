/*
 * store.h - where the truth is kept: one SQL text, two engines.
 *
 * SQLite lives in the data folder; PostgreSQL is reached through libpq. Callers write SQL that both
 * understand: parameters $1, $2 …, columns of type bigint and text, and the few clauses only
 * PostgreSQL needs in a comment that starts with `*pg ` (such as FOR UPDATE: SQLite has one writer
 * at a time and needs none). SQL is always a string literal: statements are prepared once per
 * connection and found again by the literal's address.
 *
 * Errors are sticky on the connection: a failed statement makes every later one of the same
 * transaction fail, tx_commit() answers false and nothing of it has happened. So verbs of the
 * domain are straight lines that check once at the end.
 *
 * A `struct db` is one connection and belongs to one thread at a time. When the database server has
 * closed it, the next transaction makes a new one.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/str.h"

struct store;
struct db;

/* A parameter. Made by the macros below, checked by the compiler. */
struct db_value {
    enum {
        DB_NULL,
        DB_I64,
        DB_TEXT,
    } type;
    int64_t i64;
    struct str text;
};

#define DB_N(n) ((struct db_value){.type = DB_I64, .i64 = (n)})
#define DB_S(s) ((struct db_value){.type = DB_TEXT, .text = (s)})
/* NULL when ptr is NULL, NULL when n is 0. */
#define DB_S_OR_NULL(s) db_text_or_null(s)
#define DB_N_OR_NULL(n) db_i64_or_null(n)
#define DB_NULL_VALUE   ((struct db_value){.type = DB_NULL})
/* The parameters of one statement: DB_ARGS(DB_N(company), DB_S(name)). */
#define DB_ARGS(...)                                                                               \
    (const struct db_value[]){__VA_ARGS__},                                                        \
        sizeof((const struct db_value[]){__VA_ARGS__}) / sizeof(struct db_value)
#define DB_NO_ARGS NULL, 0

static inline struct db_value db_text_or_null(struct str s)
{
    return s.ptr ? DB_S(s) : DB_NULL_VALUE;
}

static inline struct db_value db_i64_or_null(int64_t n)
{
    return n ? DB_N(n) : DB_NULL_VALUE;
}

/* ---- the store ---- */

enum store_engine {
    STORE_SQLITE,
    STORE_POSTGRESQL,
};

/* Opens "postgresql://…" or the path of an SQLite file (made when absent). NULL with the reason
 * logged (the password of a URL never is). */
struct store *store_open(const char *url) MUST_CHECK;
void store_close(struct store **s);
enum store_engine store_engine(const struct store *s);

/* Brings the schema up to date, each migration in a transaction of its own; forward only. Several
 * processes may call it at once. False with the reason logged, also when the database is newer than
 * this program. */
bool store_migrate(struct store *s) MUST_CHECK;
/* Version the database has, 0 when empty, -1 when it cannot be asked. */
int64_t store_version(struct store *s);
/* Version this program brings. */
int64_t store_version_wanted(void);

/* A connection from the pool (opened when none is idle), or NULL with the reason logged when the
 * database cannot be reached. Give it back with store_return, which also rolls back what is open.
 */
struct db *store_borrow(struct store *s) MUST_CHECK;
void store_return(struct db **db);

/* ---- statements ---- */

/* Runs a statement and returns how many rows it changed, or -1. */
int64_t db_exec(struct db *db, const char *sql, const struct db_value *args, size_t n);

/* Rows of an answer. Texts are copied into the arena when read. */
struct db_rows {
    struct db *db;
    void *engine; /* the engine's own */
    int64_t at;
};

#define DB_ROWS(name) struct db_rows name CLEANUP(db_close) = {0}

/* Starts a query; then db_next until false, and db_close (DB_ROWS does it). Only one query with the
 * same SQL may be open on a connection. */
void db_query(struct db *db, struct db_rows *rows, const char *sql, const struct db_value *args,
              size_t n);
bool db_next(struct db_rows *rows);
void db_close(struct db_rows *rows);
int64_t db_i64(const struct db_rows *rows, int column);                      /* NULL: 0 */
struct str db_text(const struct db_rows *rows, int column, struct arena *a); /* NULL: ptr NULL */
bool db_is_null(const struct db_rows *rows, int column);

/* The first column of the first row, or `otherwise` when there is none or it is NULL. */
int64_t db_get_i64(struct db *db, int64_t otherwise, const char *sql, const struct db_value *args,
                   size_t n);
struct str db_get_text(struct db *db, struct arena *a, const char *sql, const struct db_value *args,
                       size_t n);

/* Many times the same statement inside one transaction, pipelined on PostgreSQL: begin, run any
 * number of times, end. No rows come back and no other statement may run in between. */
void db_batch_begin(struct db *db, const char *sql);
void db_batch_run(struct db *db, const struct db_value *args, size_t n);
void db_batch_end(struct db *db);

/* ---- rows by the thousand ---- */

#define DB_BULK_NUMBERS 3
#define DB_BULK_TEXTS   4

/* One row of the table `bulk`: columns n1 to n3 (bigint) and t1 to t4 (text; ptr NULL is NULL). */
struct db_bulk_row {
    int64_t n[DB_BULK_NUMBERS];
    struct str t[DB_BULK_TEXTS];
};

/* Makes `rows` the content of the table `bulk`, for the statements of this transaction that follow
 * and until the next db_bulk: INSERT INTO contact SELECT … FROM bulk. SQLite reads the caller's
 * memory, which must stay as it is; PostgreSQL gets a temporary table by COPY. Either costs a
 * fraction of a statement a row. Inside a transaction. */
void db_bulk(struct db *db, const struct db_bulk_row *rows, size_t count);

/* Says that a table holds several times the rows it held: PostgreSQL has made plans for a small one
 * and keeps them until its statistics are renewed, which is done here. Outside a transaction; the
 * name is a literal. */
void db_grown(struct db *db, const char *table);

/* True once anything failed since the connection was borrowed or the last rollback. */
bool db_failed(const struct db *db);
enum store_engine db_engine(const struct db *db);

/* ---- transactions ---- */

struct tx {
    struct db *db;
    const char *file;
    int line;
    bool open;
};

/* A write transaction that rolls back at the end of the block unless committed:
 *     TX(tx, db); … if (!tx_commit(&tx)) return PROBLEM_STORE;
 * They do not nest: beginning one inside another ends the program and names both places. */
#define TX(name, connection)                                                                       \
    struct tx name CLEANUP(tx_end) = tx_begin((connection), __FILE__, __LINE__)

struct tx tx_begin(struct db *db, const char *file, int line);
/* Makes it durable. False when anything in it failed: nothing of it has happened, and the
 * connection is usable again. */
bool tx_commit(struct tx *tx) MUST_CHECK;
void tx_end(struct tx *tx);

/* `count` consecutive numbers of the company's sequence `name`, the first of them returned (from
 * 1); inside a transaction. */
int64_t db_next_id(struct db *db, int64_t company, const char *name, int64_t count);

#endif
