/*
 * store.c - see store.h: the pool, sticky errors, transactions, migrations. What differs between
 * engines is behind engine.h.
 */
#include "store/store.h"
#include "base/log.h"
#include "store/engine.h"

#include <assert.h>
#include <stdlib.h>

/* Idle connections kept; busy ones are bounded by the threads that borrow them. */
#define POOL_IDLE_MAX 32

struct store {
    const struct engine *engine;
    char *url;
    pthread_mutex_t lock; /* guards idle, idle_count */
    /* SQLite has one writer. Its busy handler sleeps, and a mutex may be taken again by whoever
     * just gave it back: here they take turns, so that nobody waits for more than those before him.
     */
    pthread_mutex_t turn_lock; /* guards the two numbers */
    pthread_cond_t turn_over;
    uint64_t turn, turns_given;
    struct db *idle[POOL_IDLE_MAX];
    size_t idle_count;
};

struct db {
    struct store *store;
    const struct engine *engine;
    void *conn;
    const char *tx_file; /* where the open transaction began; NULL: none is open */
    int tx_line;
    const char *batch; /* SQL of the batch under way */
    bool failed;
};

struct store *store_open(const char *url)
{
    struct store *s = calloc(1, sizeof *s);
    if (!s)
        fatal("store");
    bool shared =
        str_starts(str_c(url), STR("postgresql://")) || str_starts(str_c(url), STR("postgres://"));
    s->engine = shared ? &engine_postgresql : &engine_sqlite;
    s->url = strdup(url);
    pthread_mutex_init(&s->lock, NULL);
    pthread_mutex_init(&s->turn_lock, NULL);
    pthread_cond_init(&s->turn_over, NULL);
    struct db *first = store_borrow(s); /* so that a wrong address is told at once */
    if (!first) {
        store_close(&s);
        return NULL;
    }
    store_return(&first);
    return s;
}

static void db_free(struct db *db)
{
    db->engine->disconnect(db->conn);
    free(db);
}

void store_close(struct store **sp)
{
    struct store *s = *sp;
    if (!s)
        return;
    for (size_t i = 0; i < s->idle_count; i++)
        db_free(s->idle[i]);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->turn_over);
    pthread_mutex_destroy(&s->turn_lock);
    free(s->url);
    free(s);
    *sp = NULL;
}

enum store_engine store_engine(const struct store *s)
{
    return s->engine->id;
}

struct db *store_borrow(struct store *s)
{
    for (;;) {
        pthread_mutex_lock(&s->lock);
        struct db *idle = s->idle_count ? s->idle[--s->idle_count] : NULL;
        pthread_mutex_unlock(&s->lock);
        if (!idle)
            break;
        if (idle->engine->usable(idle->conn))
            return idle;
        db_free(idle); /* the server has closed it meanwhile */
    }
    void *conn = s->engine->connect(s->url);
    if (!conn)
        return NULL;
    struct db *db = calloc(1, sizeof *db);
    if (!db)
        fatal("store_borrow");
    *db = (struct db){.store = s, .engine = s->engine, .conn = conn};
    return db;
}

void store_return(struct db **dbp)
{
    struct db *db = *dbp;
    *dbp = NULL;
    if (!db)
        return;
    assert(!db->tx_file && !db->batch);
    struct store *s = db->store;
    db->failed = false;
    bool keep = db->engine->usable(db->conn);
    pthread_mutex_lock(&s->lock);
    keep = keep && s->idle_count < POOL_IDLE_MAX;
    if (keep)
        s->idle[s->idle_count++] = db;
    pthread_mutex_unlock(&s->lock);
    if (!keep)
        db_free(db);
}

bool db_failed(const struct db *db)
{
    return db->failed;
}

enum store_engine db_engine(const struct db *db)
{
    return db->engine->id;
}

/* ---- statements ---- */

int64_t db_exec(struct db *db, const char *sql, const struct db_value *args, size_t n)
{
    assert(!db->batch);
    if (db->failed)
        return -1;
    int64_t changed = db->engine->exec(db->conn, sql, args, n);
    db->failed = changed < 0;
    return changed;
}

void db_query(struct db *db, struct db_rows *rows, const char *sql, const struct db_value *args,
              size_t n)
{
    assert(!db->batch);
    *rows = (struct db_rows){.db = db, .at = -1};
    if (db->failed)
        return;
    rows->engine = db->engine->query(db->conn, sql, args, n);
    db->failed = !rows->engine;
}

bool db_next(struct db_rows *rows)
{
    if (!rows->engine || rows->db->failed)
        return false;
    int got = rows->db->engine->step(rows->db->conn, rows->engine, ++rows->at);
    rows->db->failed = got < 0;
    if (got <= 0)
        db_close(rows);
    return got > 0;
}

void db_close(struct db_rows *rows)
{
    if (rows->engine)
        rows->db->engine->close(rows->engine);
    rows->engine = NULL;
}

int64_t db_i64(const struct db_rows *rows, int column)
{
    return rows->db->engine->i64(rows->engine, rows->at, column);
}

bool db_is_null(const struct db_rows *rows, int column)
{
    return rows->db->engine->is_null(rows->engine, rows->at, column);
}

struct str db_text(const struct db_rows *rows, int column, struct arena *a)
{
    if (db_is_null(rows, column))
        return (struct str){NULL, 0};
    return str_dup(a, rows->db->engine->text(rows->engine, rows->at, column));
}

int64_t db_get_i64(struct db *db, int64_t otherwise, const char *sql, const struct db_value *args,
                   size_t n)
{
    DB_ROWS(rows);
    db_query(db, &rows, sql, args, n);
    return db_next(&rows) && !db_is_null(&rows, 0) ? db_i64(&rows, 0) : otherwise;
}

struct str db_get_text(struct db *db, struct arena *a, const char *sql, const struct db_value *args,
                       size_t n)
{
    DB_ROWS(rows);
    db_query(db, &rows, sql, args, n);
    return db_next(&rows) ? db_text(&rows, 0, a) : (struct str){NULL, 0};
}

void db_batch_begin(struct db *db, const char *sql)
{
    assert(db->tx_file && !db->batch);
    db->batch = sql;
    if (!db->failed)
        db->failed = !db->engine->batch_begin(db->conn, sql);
}

void db_batch_run(struct db *db, const struct db_value *args, size_t n)
{
    assert(db->batch);
    if (!db->failed)
        db->failed = !db->engine->batch_run(db->conn, db->batch, args, n);
}

void db_batch_end(struct db *db)
{
    assert(db->batch);
    db->batch = NULL;
    /* Always told, so that a pipeline that failed is left as well. */
    if (!db->engine->batch_end(db->conn))
        db->failed = true;
}

void db_grown(struct db *db, const char *table)
{
    assert(!db->tx_file);
    if (!db->engine->grown(db->conn, table))
        log_warnx("the statistics of %s are old", table);
}

void db_bulk(struct db *db, const struct db_bulk_row *rows, size_t count)
{
    assert(db->tx_file && !db->batch);
    if (!db->failed)
        db->failed = !db->engine->bulk(db->conn, rows, count);
}

/* ---- transactions ---- */

static void writer_lock(struct db *db)
{
    struct store *s = db->store;
    if (db->engine->id != STORE_SQLITE)
        return;
    pthread_mutex_lock(&s->turn_lock);
    uint64_t mine = s->turns_given++;
    while (s->turn != mine)
        pthread_cond_wait(&s->turn_over, &s->turn_lock);
    pthread_mutex_unlock(&s->turn_lock);
}

static void writer_unlock(struct db *db)
{
    struct store *s = db->store;
    if (db->engine->id != STORE_SQLITE)
        return;
    pthread_mutex_lock(&s->turn_lock);
    s->turn++;
    pthread_cond_broadcast(&s->turn_over);
    pthread_mutex_unlock(&s->turn_lock);
}

/* A thread that keeps its connection for long must survive the death of the server it led to. */
static void connection_renew(struct db *db)
{
    if (db->engine->usable(db->conn))
        return;
    void *conn = db->engine->connect(db->store->url);
    if (!conn)
        return;
    db->engine->disconnect(db->conn);
    db->conn = conn;
}

struct tx tx_begin(struct db *db, const char *file, int line)
{
    if (db->tx_file)
        fatalx("%s:%d begins a transaction inside that of %s:%d", file, line, db->tx_file,
               db->tx_line);
    writer_lock(db);
    db->tx_file = file;
    db->tx_line = line;
    connection_renew(db);
    db->failed = !db->engine->begin(db->conn);
    return (struct tx){.db = db, .file = file, .line = line, .open = true};
}

static void tx_close(struct tx *tx)
{
    tx->open = false;
    tx->db->tx_file = NULL;
    writer_unlock(tx->db);
}

bool tx_commit(struct tx *tx)
{
    assert(tx->open && !tx->db->batch);
    bool done = !tx->db->failed && tx->db->engine->commit(tx->db->conn);
    if (!done)
        tx->db->engine->rollback(tx->db->conn);
    tx->db->failed = false;
    tx_close(tx);
    return done;
}

void tx_end(struct tx *tx)
{
    if (!tx->open)
        return;
    if (tx->db->batch)
        db_batch_end(tx->db);
    tx->db->engine->rollback(tx->db->conn);
    tx->db->failed = false;
    tx_close(tx);
}

int64_t db_next_id(struct db *db, int64_t company, const char *name, int64_t count)
{
    assert(db->tx_file && count > 0);
    int64_t next =
        db_get_i64(db, 0,
                   "INSERT INTO sequence (company_id, name, next) VALUES ($1, $2, $3 + 1)"
                   " ON CONFLICT (company_id, name) DO UPDATE"
                   " SET next = sequence.next + $3 RETURNING next",
                   DB_ARGS(DB_N(company), DB_S(str_c(name)), DB_N(count)));
    return next - count;
}

/* ---- migrations ---- */

#define SQL_VERSION "SELECT max(version) FROM schema_version"

int64_t store_version_wanted(void)
{
    return migrations[migration_count - 1].version;
}

/* PostgreSQL's IF NOT EXISTS fails when two processes make the table at once; the number of the
 * lock is any, the same for all. */
static bool version_table_make(struct db *db)
{
    TX(tx, db);
    db_get_i64(db, 0, "SELECT 1 /*pg FROM pg_advisory_xact_lock(7236463)*/", DB_NO_ARGS);
    db_exec(db,
            "CREATE TABLE IF NOT EXISTS schema_version (version bigint PRIMARY KEY,"
            " name text NOT NULL)",
            DB_NO_ARGS);
    return tx_commit(&tx);
}

/* One migration in one transaction; `done` when another process was faster. */
static bool migrate_one(struct db *db, const struct migration *m)
{
    TX(tx, db);
    if (db->engine->id == STORE_POSTGRESQL) /* processes that start together take turns here */
        db_exec(db, "LOCK TABLE schema_version IN EXCLUSIVE MODE", DB_NO_ARGS);
    if (db_get_i64(db, 0, SQL_VERSION, DB_NO_ARGS) >= m->version)
        return tx_commit(&tx);
    if (!db_failed(db) && !db->engine->script(db->conn, m->sql))
        db->failed = true;
    db_exec(db, "INSERT INTO schema_version (version, name) VALUES ($1, $2)",
            DB_ARGS(DB_N(m->version), DB_S(str_c(m->name))));
    if (!tx_commit(&tx)) {
        log_warnx("migration %lld (%s) failed; the database is as before", (long long)m->version,
                  m->name);
        return false;
    }
    log_info("schema is now version %lld (%s)", (long long)m->version, m->name);
    return true;
}

bool store_migrate(struct store *s)
{
    struct db *db = store_borrow(s);
    if (!db)
        return false;
    bool ok = version_table_make(db);
    int64_t have = ok ? db_get_i64(db, 0, SQL_VERSION, DB_NO_ARGS) : -1;
    if (have > store_version_wanted()) {
        log_warnx("the database has schema version %lld, this program knows %lld: use a newer"
                  " program",
                  (long long)have, (long long)store_version_wanted());
        ok = false;
    }
    for (size_t i = 0; ok && i < migration_count; i++)
        if (migrations[i].version > have)
            ok = migrate_one(db, &migrations[i]);
    store_return(&db);
    return ok;
}

int64_t store_version(struct store *s)
{
    struct db *db = store_borrow(s);
    if (!db)
        return -1;
    int64_t version = db_get_i64(db, 0, SQL_VERSION, DB_NO_ARGS);
    if (db_failed(db))
        version = 0; /* no such table: an empty database */
    store_return(&db);
    return version;
}

size_t statement_slot(struct statement_cache *cache, const char *sql)
{
    size_t slot = ((uintptr_t)sql >> 3) * 0x9E3779B97F4A7C15u >> 55; /* 9 bits */
    _Static_assert(STATEMENTS_MAX == 1u << 9, "the shift above gives 9 bits");
    for (size_t tries = 0; tries < STATEMENTS_MAX; tries++) {
        if (!cache->sql[slot] || cache->sql[slot] == sql)
            return slot;
        slot = (slot + 1) % STATEMENTS_MAX;
    }
    fatalx("more than %d statements on a connection: is SQL made at run time?", STATEMENTS_MAX);
}
