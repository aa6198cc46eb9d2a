/*
 * postgresql.c - the shared engine, through libpq. Statements are prepared on first use; numbers
 * and texts travel in text format; batches use pipeline mode. See engine.h.
 *
 * Text may not hold NUL bytes here; what comes from outside is checked where it comes in.
 */
#include "base/buf.h"
#include "base/log.h"
#include "store/engine.h"

#include <assert.h>
#include <libpq-fe.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#define ARGS_MAX 72 /* parameters of a statement: the ids of domain/contact_row.h and a few */
/* Batched statements sent before their answers are read, so that neither side's buffer fills up. */
#define PIPELINE_MAX 400

struct pg_conn {
    PGconn *pg;
    struct statement_cache cache; /* statement: non-NULL once prepared */
    int pipelined;
    bool pipeline_failed;
};

static void report(struct pg_conn *c, const char *doing)
{
    /* Only the first line: the following ones may quote values. */
    const char *text = PQerrorMessage(c->pg);
    log_warnx("postgresql: %s: %.*s", doing, (int)strcspn(text, "\n"), text);
}

static void quiet(void *arg, const char *message)
{
    (void)arg, (void)message; /* notices such as "relation already exists, skipping" */
}

static void pg_disconnect(void *conn)
{
    struct pg_conn *c = conn;
    PQfinish(c->pg);
    free(c);
}

static bool simple(struct pg_conn *c, const char *sql)
{
    PGresult *r = PQexec(c->pg, sql);
    bool ok = PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK;
    if (!ok)
        report(c, "statement");
    PQclear(r);
    return ok;
}

static void *pg_connect(const char *url)
{
    struct pg_conn *c = calloc(1, sizeof *c);
    if (!c)
        fatal("pg_connect");
    c->pg = PQconnectdb(url);
    if (PQstatus(c->pg) != CONNECTION_OK) {
        report(c, "connect");
        pg_disconnect(c);
        return NULL;
    }
    PQsetNoticeProcessor(c->pg, quiet, NULL);
    /* A process that stands still inside a transaction must not hold its rows from the others. */
    /* Compiling a statement costs more than any of ours takes. */
    if (!simple(c, "SET client_encoding='UTF8'; SET synchronous_commit=on; SET jit=off;"
                   "SET idle_in_transaction_session_timeout='10s'; SET lock_timeout='30s'")) {
        pg_disconnect(c);
        return NULL;
    }
    return c;
}

static bool pg_usable(void *conn)
{
    struct pg_conn *c = conn;
    if (PQstatus(c->pg) != CONNECTION_OK || PQtransactionStatus(c->pg) != PQTRANS_IDLE)
        return false;
    /* An idle connection that has something to say is saying good-bye. */
    struct pollfd said = {.fd = PQsocket(c->pg), .events = POLLIN};
    return poll(&said, 1, 0) == 0;
}

static bool pg_begin(void *conn)
{
    return simple(conn, "BEGIN");
}

static bool pg_commit(void *conn)
{
    return simple(conn, "COMMIT");
}

static void pg_rollback(void *conn)
{
    struct pg_conn *c = conn;
    if (PQstatus(c->pg) == CONNECTION_OK && PQtransactionStatus(c->pg) != PQTRANS_IDLE)
        simple(c, "ROLLBACK");
}

static bool pg_script(void *conn, const char *sql)
{
    return simple(conn, sql);
}

/* The SQL with its comments that start with `*pg ` opened. The caller frees. */
static char *uncomment(const char *sql)
{
    BUF(out, (size_t)64 << 10);
    struct str rest = str_c(sql);
    for (ptrdiff_t at; (at = str_find(rest, STR("/*pg "), 0)) >= 0;) {
        ptrdiff_t end = str_find(rest, STR("*/"), (size_t)at);
        assert(end > at);
        buf_str(&out, str_slice(rest, 0, (size_t)at));
        struct str inside = str_slice(rest, (size_t)at + 5, (size_t)end);
        rest = str_slice(rest, (size_t)end + 2, rest.len);
        buf_str(&out, inside);
    }
    buf_str(&out, rest);
    buf_char(&out, '\0');
    assert(!out.failed);
    char *text = out.ptr;
    out.ptr = NULL;
    return text;
}

/* Name of the prepared statement of `sql`, preparing it when new; false on failure. */
static bool prepared(struct pg_conn *c, const char *sql, char name[32])
{
    size_t slot = statement_slot(&c->cache, sql);
    snprintf(name, 32, "s%zu", slot);
    if (c->cache.sql[slot])
        return true;
    char *text = uncomment(sql);
    PGresult *r = PQprepare(c->pg, name, text, 0, NULL);
    bool ok = PQresultStatus(r) == PGRES_COMMAND_OK;
    if (!ok)
        report(c, sql);
    else
        c->cache.sql[slot] = sql;
    PQclear(r);
    free(text);
    return ok;
}

/* Parameters in libpq's shape. Numbers and terminated copies of texts live in `a`. */
struct pg_args {
    const char *values[ARGS_MAX];
    int lengths[ARGS_MAX];
};

static void convert(struct pg_args *out, const struct db_value *args, size_t n, struct arena *a)
{
    assert(n <= ARGS_MAX);
    for (size_t i = 0; i < n; i++) {
        out->lengths[i] = 0;
        if (args[i].type == DB_I64)
            out->values[i] = str_printf(a, "%lld", (long long)args[i].i64).ptr;
        else if (args[i].type == DB_TEXT)
            out->values[i] = str_z(a, args[i].text);
        else
            out->values[i] = NULL;
    }
}

static PGresult *execute(struct pg_conn *c, const char *sql, const struct db_value *args, size_t n)
{
    char name[32];
    struct pg_args pg;
    ARENA(scratch, ARENA_MAX_DEFAULT);
    if (!prepared(c, sql, name))
        return NULL;
    convert(&pg, args, n, &scratch);
    PGresult *r = PQexecPrepared(c->pg, name, (int)n, pg.values, pg.lengths, NULL, 0);
    ExecStatusType status = PQresultStatus(r);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return r;
    report(c, sql);
    PQclear(r);
    return NULL;
}

static int64_t pg_exec(void *conn, const char *sql, const struct db_value *args, size_t n)
{
    PGresult *r = execute(conn, sql, args, n);
    if (!r)
        return -1;
    int64_t changed = 0;
    if (!str_i64(str_c(PQcmdTuples(r)), 0, INT64_MAX, &changed))
        changed = 0;
    PQclear(r);
    return changed;
}

static void *pg_query(void *conn, const char *sql, const struct db_value *args, size_t n)
{
    return execute(conn, sql, args, n);
}

static int pg_step(void *conn, void *rows, int64_t at)
{
    (void)conn;
    return at < PQntuples(rows);
}

static bool pg_is_null(void *rows, int64_t at, int column)
{
    return PQgetisnull(rows, (int)at, column);
}

static struct str pg_text(void *rows, int64_t at, int column)
{
    return str_n(PQgetvalue(rows, (int)at, column), (size_t)PQgetlength(rows, (int)at, column));
}

static int64_t pg_i64(void *rows, int64_t at, int column)
{
    int64_t n = 0;
    if (!pg_is_null(rows, at, column) &&
        !str_i64(pg_text(rows, at, column), INT64_MIN, INT64_MAX, &n))
        fatalx("postgresql: column %d is no whole number", column);
    return n;
}

static void pg_close(void *rows)
{
    PQclear(rows);
}

static bool pg_batch_begin(void *conn, const char *sql)
{
    struct pg_conn *c = conn;
    char name[32];
    c->pipelined = 0;
    c->pipeline_failed = false;
    return prepared(c, sql, name) && PQenterPipelineMode(c->pg) == 1;
}

/* Reads the answers of what was sent so far. */
static void pipeline_drain(struct pg_conn *c)
{
    if (PQpipelineSync(c->pg) != 1) {
        c->pipeline_failed = true;
        return;
    }
    for (bool synced = false; !synced;) {
        PGresult *r = PQgetResult(c->pg);
        if (!r) {
            if (PQstatus(c->pg) != CONNECTION_OK)
                break;
            continue; /* end of one statement's results */
        }
        ExecStatusType status = PQresultStatus(r);
        synced = status == PGRES_PIPELINE_SYNC;
        if (!synced && status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
            if (!c->pipeline_failed)
                report(c, "batch");
            c->pipeline_failed = true;
        }
        PQclear(r);
    }
    c->pipelined = 0;
}

static bool pg_batch_run(void *conn, const char *sql, const struct db_value *args, size_t n)
{
    struct pg_conn *c = conn;
    char name[32];
    struct pg_args pg;
    ARENA(scratch, ARENA_MAX_DEFAULT);
    bool known = prepared(c, sql, name);
    assert(known); /* batch_begin prepared it */
    convert(&pg, args, n, &scratch);
    if (PQsendQueryPrepared(c->pg, name, (int)n, pg.values, pg.lengths, NULL, 0) != 1) {
        report(c, "batch");
        return false;
    }
    if (++c->pipelined >= PIPELINE_MAX)
        pipeline_drain(c);
    return !c->pipeline_failed;
}

static bool pg_batch_end(void *conn)
{
    struct pg_conn *c = conn;
    if (PQpipelineStatus(c->pg) == PQ_PIPELINE_OFF)
        return false;
    pipeline_drain(c);
    if (PQexitPipelineMode(c->pg) != 1)
        c->pipeline_failed = true;
    return !c->pipeline_failed;
}

static bool pg_grown(void *conn, const char *table)
{
    ARENA(scratch, ARENA_MAX_DEFAULT);
    return simple(conn, str_printf(&scratch, "ANALYZE %s", table).ptr);
}

/* ---- bulk ---- */

#define BULK_PIECE ((size_t)256 << 10) /* handed to libpq at a time */

/* A text in COPY's text format: what ends a field or a line is escaped. */
static void bulk_text(struct buf *out, struct str s)
{
    static const char special[256] = {['\\'] = '\\', ['\t'] = 't', ['\n'] = 'n', ['\r'] = 'r',
                                      ['\b'] = 'b',  ['\f'] = 'f', ['\v'] = 'v'};
    size_t from = 0;
    for (size_t i = 0; i < s.len; i++) {
        char as = special[(unsigned char)s.ptr[i]];
        if (!as)
            continue;
        buf_append(out, s.ptr + from, i - from);
        buf_char(out, '\\');
        buf_char(out, as);
        from = i + 1;
    }
    buf_append(out, s.ptr + from, s.len - from);
}

static void bulk_line(struct buf *out, const struct db_bulk_row *row)
{
    for (size_t i = 0; i < DB_BULK_NUMBERS; i++) {
        buf_i64(out, row->n[i]);
        buf_char(out, '\t');
    }
    for (size_t i = 0; i < DB_BULK_TEXTS; i++) {
        if (row->t[i].ptr)
            bulk_text(out, row->t[i]);
        else
            buf_lit(out, "\\N");
        buf_char(out, i + 1 < DB_BULK_TEXTS ? '\t' : '\n');
    }
}

static bool bulk_send(struct pg_conn *c, struct buf *out)
{
    bool sent =
        !out->failed && out->len <= INT_MAX && PQputCopyData(c->pg, out->ptr, (int)out->len) == 1;
    buf_clear(out);
    return sent;
}

static bool bulk_copy(struct pg_conn *c, const struct db_bulk_row *rows, size_t count)
{
    BUF(out, (size_t)64 << 20);
    bool ok = true;
    for (size_t i = 0; i < count && ok; i++) {
        bulk_line(&out, &rows[i]);
        if (out.len >= BULK_PIECE)
            ok = bulk_send(c, &out);
    }
    return ok && (out.len == 0 || bulk_send(c, &out));
}

static bool pg_bulk(void *conn, const struct db_bulk_row *rows, size_t count)
{
    struct pg_conn *c = conn;
    if (!simple(c, "CREATE TEMPORARY TABLE IF NOT EXISTS bulk (n1 bigint, n2 bigint, n3 bigint,"
                   " t1 text, t2 text, t3 text, t4 text) ON COMMIT DELETE ROWS;"
                   " TRUNCATE bulk"))
        return false;
    PGresult *r = PQexec(c->pg, "COPY bulk FROM STDIN");
    bool ok = PQresultStatus(r) == PGRES_COPY_IN;
    PQclear(r);
    if (!ok) {
        report(c, "bulk");
        return false;
    }
    ok = bulk_copy(c, rows, count);
    ok = PQputCopyEnd(c->pg, ok ? NULL : "given up") == 1 && ok;
    while ((r = PQgetResult(c->pg))) {
        ok = PQresultStatus(r) == PGRES_COMMAND_OK && ok;
        PQclear(r);
    }
    if (!ok)
        report(c, "bulk");
    return ok;
}

const struct engine engine_postgresql = {
    .id = STORE_POSTGRESQL,
    .connect = pg_connect,
    .disconnect = pg_disconnect,
    .usable = pg_usable,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .script = pg_script,
    .exec = pg_exec,
    .query = pg_query,
    .step = pg_step,
    .is_null = pg_is_null,
    .i64 = pg_i64,
    .text = pg_text,
    .close = pg_close,
    .batch_begin = pg_batch_begin,
    .batch_run = pg_batch_run,
    .batch_end = pg_batch_end,
    .grown = pg_grown,
    .bulk = pg_bulk,
};
