/*
 * sqlite_bulk.c - see sqlite_bulk.h. Only whole scans in the order of the array: that is what
 * INSERT … SELECT and UPDATE … FROM ask for.
 */
#include "store/sqlite_bulk.h"

#include <stdlib.h>

/* What makes SQLite begin every statement with it: without statistics it thinks that a company has
 * a handful of contacts, and would scan the whole array for each of a million. */
#define COST 1e9

/* SQLite's structs come first: it hands out pointers to them, and they are ours. */
struct table {
    sqlite3_vtab base;
    const struct sqlite_bulk *content;
};

struct cursor {
    sqlite3_vtab_cursor base;
    size_t at;
};

static const struct sqlite_bulk *content_of(const sqlite3_vtab_cursor *c)
{
    return ((const struct table *)c->pVtab)->content;
}

static int table_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                         sqlite3_vtab **out, char **error)
{
    (void)argc, (void)argv, (void)error;
    struct table *t = calloc(1, sizeof *t);
    if (!t)
        return SQLITE_NOMEM;
    t->content = aux;
    *out = &t->base;
    return sqlite3_declare_vtab(db, "CREATE TABLE bulk (n1 bigint, n2 bigint, n3 bigint,"
                                    " t1 text, t2 text, t3 text, t4 text)");
}

static int table_disconnect(sqlite3_vtab *t)
{
    free(t);
    return SQLITE_OK;
}

static int table_best_index(sqlite3_vtab *t, sqlite3_index_info *info)
{
    (void)t;
    info->estimatedRows = 1;
    info->estimatedCost = COST;
    return SQLITE_OK;
}

static int cursor_open(sqlite3_vtab *t, sqlite3_vtab_cursor **out)
{
    (void)t;
    struct cursor *c = calloc(1, sizeof *c);
    if (!c)
        return SQLITE_NOMEM;
    *out = &c->base;
    return SQLITE_OK;
}

static int cursor_close(sqlite3_vtab_cursor *c)
{
    free(c);
    return SQLITE_OK;
}

static int cursor_filter(sqlite3_vtab_cursor *c, int index, const char *name, int argc,
                         sqlite3_value **argv)
{
    (void)index, (void)name, (void)argc, (void)argv;
    ((struct cursor *)c)->at = 0;
    return SQLITE_OK;
}

static int cursor_next(sqlite3_vtab_cursor *c)
{
    ((struct cursor *)c)->at++;
    return SQLITE_OK;
}

static int cursor_eof(sqlite3_vtab_cursor *c)
{
    return ((const struct cursor *)c)->at >= content_of(c)->count;
}

static int cursor_column(sqlite3_vtab_cursor *c, sqlite3_context *out, int column)
{
    const struct db_bulk_row *row = &content_of(c)->rows[((const struct cursor *)c)->at];
    if (column < DB_BULK_NUMBERS) {
        sqlite3_result_int64(out, row->n[column]);
        return SQLITE_OK;
    }
    struct str text = row->t[column - DB_BULK_NUMBERS];
    if (text.ptr)
        sqlite3_result_text64(out, text.ptr, text.len, SQLITE_STATIC, SQLITE_UTF8);
    else
        sqlite3_result_null(out);
    return SQLITE_OK;
}

static int cursor_rowid(sqlite3_vtab_cursor *c, sqlite3_int64 *id)
{
    *id = (sqlite3_int64)((const struct cursor *)c)->at;
    return SQLITE_OK;
}

/* Without xCreate the table exists by itself and cannot be made or dropped. */
static const sqlite3_module module = {
    .xConnect = table_connect,
    .xBestIndex = table_best_index,
    .xDisconnect = table_disconnect,
    .xOpen = cursor_open,
    .xClose = cursor_close,
    .xFilter = cursor_filter,
    .xNext = cursor_next,
    .xEof = cursor_eof,
    .xColumn = cursor_column,
    .xRowid = cursor_rowid,
};

bool sqlite_bulk_register(sqlite3 *db, const struct sqlite_bulk *content)
{
    union {
        const struct sqlite_bulk *in;
        void *out;
    } aux = {.in = content}; /* SQLite's type; it is only handed back */
    return sqlite3_create_module(db, "bulk", &module, aux.out) == SQLITE_OK;
}
