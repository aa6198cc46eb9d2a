/*
 * practice_journal.c - see practice_journal.h.
 */
#include "gateway/practice_journal.h"

#include "base/log.h"
#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS account(id INTEGER PRIMARY KEY, user_id TEXT NOT NULL,"
    " api_key TEXT NOT NULL, points INTEGER NOT NULL, UNIQUE(user_id, api_key));"
    "CREATE TABLE IF NOT EXISTS request(mid INTEGER PRIMARY KEY, account_id INTEGER NOT NULL,"
    " accepted_at INTEGER NOT NULL, due_at INTEGER NOT NULL, cancelled_at INTEGER NOT NULL,"
    " sender TEXT NOT NULL, template_code TEXT NOT NULL, first_body TEXT NOT NULL,"
    " results TEXT NOT NULL, asked INTEGER NOT NULL, unit INTEGER NOT NULL,"
    " failover INTEGER NOT NULL, receivers BLOB NOT NULL);"
    "CREATE INDEX IF NOT EXISTS request_history ON request(account_id, mid);"
    "CREATE TABLE IF NOT EXISTS call(id INTEGER PRIMARY KEY, at INTEGER NOT NULL,"
    " endpoint TEXT NOT NULL, user_id TEXT NOT NULL, outcome TEXT NOT NULL,"
    " bytes INTEGER NOT NULL, code INTEGER NOT NULL, mid INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS wish(id INTEGER PRIMARY KEY, endpoint TEXT NOT NULL,"
    " fault TEXT NOT NULL, rate REAL NOT NULL);"
    "CREATE TABLE IF NOT EXISTS template(id INTEGER PRIMARY KEY, sender_key TEXT NOT NULL,"
    " code TEXT NOT NULL, due_at INTEGER NOT NULL, deleted INTEGER NOT NULL, text TEXT NOT NULL,"
    " image BLOB NOT NULL, UNIQUE(sender_key, code));"
    "CREATE TABLE IF NOT EXISTS channel(id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL,"
    " channel TEXT NOT NULL, phone TEXT NOT NULL, sender_key TEXT NOT NULL,"
    " category TEXT NOT NULL, asked_at INTEGER NOT NULL, added_at INTEGER NOT NULL,"
    " UNIQUE(account_id, channel));"
    "CREATE TABLE IF NOT EXISTS total(one INTEGER PRIMARY KEY CHECK (one = 1),"
    " requests INTEGER NOT NULL, messages INTEGER NOT NULL);"
    "INSERT OR IGNORE INTO total VALUES(1, 0, 0);";

enum statement {
    BEGIN,
    COMMIT,
    ROLLBACK,
    ACCOUNT_ADD,
    ACCOUNT_FIND,
    POINTS_ADD,
    POINTS_SET,
    REQUEST_ADD,
    REQUEST_COUNT,
    REQUEST_FIND,
    REQUEST_CANCEL,
    HISTORY,
    HISTORY_COUNT,
    REQUESTS_AFTER,
    CALL_ADD,
    CALLS_AFTER,
    TOTALS,
    WISH_ADD,
    WISH_REMOVE,
    WISH_REMOVE_LIKE,
    WISH_CLEAR,
    WISHES,
    TEMPLATE_NUMBER,
    TEMPLATE_PUT,
    TEMPLATE_IMAGE_PUT,
    TEMPLATE_FIND,
    TEMPLATES,
    TEMPLATE_IMAGE,
    CHANNEL_PUT,
    CHANNELS,
    STATEMENTS,
};

/* The columns take_request() reads, in its order. */
#define REQUEST_COLUMNS                                                                            \
    "SELECT mid, account_id, accepted_at, due_at, cancelled_at, sender, template_code,"            \
    " first_body, results, asked, unit, failover, user_id"
#define REQUEST_TABLES " FROM request r JOIN account a ON a.id = r.account_id "

static const char *const texts[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [ACCOUNT_ADD] = "INSERT INTO account(user_id, api_key, points) VALUES(?, ?, ?)"
                    " ON CONFLICT DO NOTHING",
    [ACCOUNT_FIND] = "SELECT id, points FROM account WHERE user_id = ? AND api_key = ?",
    [POINTS_ADD] = "UPDATE account SET points = points + ?2 WHERE id = ?1",
    [POINTS_SET] = "UPDATE account SET points = ?2 WHERE user_id = ?1",
    /* The first mid looks like one of Aligo's; the others follow. */
    [REQUEST_ADD] = "INSERT INTO request VALUES((SELECT coalesce(max(mid), 612345678) + 1"
                    " FROM request), ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?)",
    [REQUEST_COUNT] = "UPDATE total SET requests = requests + 1, messages = messages + ?",
    [REQUEST_FIND] =
        REQUEST_COLUMNS ", receivers" REQUEST_TABLES "WHERE account_id = ? AND mid = ?",
    [REQUEST_CANCEL] = "UPDATE request SET cancelled_at = ?2 WHERE mid = ?1",
    [HISTORY] = REQUEST_COLUMNS REQUEST_TABLES
    "WHERE account_id = ? AND accepted_at >= ? AND accepted_at < ?"
    " ORDER BY mid DESC LIMIT ? OFFSET ?",
    [HISTORY_COUNT] = "SELECT count(*) FROM request"
                      " WHERE account_id = ? AND accepted_at >= ? AND accepted_at < ?",
    [REQUESTS_AFTER] =
        REQUEST_COLUMNS ", receivers" REQUEST_TABLES "WHERE mid > ? ORDER BY mid LIMIT ?",
    [CALL_ADD] = "INSERT INTO call(at, endpoint, user_id, outcome, bytes, code, mid)"
                 " VALUES(?, ?, ?, ?, ?, ?, ?)",
    [CALLS_AFTER] = "SELECT id, at, bytes, code, mid, endpoint, user_id, outcome FROM call"
                    " WHERE id > ? ORDER BY id LIMIT ?",
    [TOTALS] = "SELECT (SELECT coalesce(max(id), 0) FROM call), requests, messages FROM total",
    [WISH_ADD] = "INSERT INTO wish(endpoint, fault, rate) VALUES(?, ?, ?)",
    [WISH_REMOVE] = "DELETE FROM wish WHERE id = ?",
    [WISH_REMOVE_LIKE] = "DELETE FROM wish WHERE endpoint = ? AND fault = ? AND rate > 0",
    [WISH_CLEAR] = "DELETE FROM wish",
    [WISHES] = "SELECT id, endpoint, fault, rate FROM wish"
               " WHERE ?1 = '' OR endpoint = ?1 OR endpoint = '*' ORDER BY rate > 0, id",
    [TEMPLATE_NUMBER] = "SELECT coalesce(max(id), 0) + 1 FROM template",
    [TEMPLATE_PUT] = "INSERT INTO template(sender_key, code, due_at, deleted, text, image)"
                     " VALUES(?, ?, ?, ?, ?, x'') ON CONFLICT(sender_key, code) DO UPDATE"
                     " SET due_at = excluded.due_at, deleted = excluded.deleted,"
                     " text = excluded.text",
    [TEMPLATE_IMAGE_PUT] = "UPDATE template SET image = ? WHERE sender_key = ? AND code = ?",
    [TEMPLATE_FIND] = "SELECT sender_key, code, due_at, deleted, text FROM template"
                      " WHERE sender_key = ? AND code = ?",
    [TEMPLATES] = "SELECT sender_key, code, due_at, deleted, text FROM template"
                  " WHERE sender_key = ? AND deleted = 0 ORDER BY id LIMIT ?",
    [TEMPLATE_IMAGE] = "SELECT image FROM template WHERE sender_key = ? AND code = ?",
    [CHANNEL_PUT] = "INSERT INTO channel(account_id, channel, phone, sender_key, category,"
                    " asked_at, added_at) VALUES(?, ?, ?, ?, ?, ?, ?)"
                    " ON CONFLICT(account_id, channel) DO UPDATE SET phone = excluded.phone,"
                    " sender_key = excluded.sender_key, category = excluded.category,"
                    " asked_at = excluded.asked_at, added_at = excluded.added_at",
    [CHANNELS] = "SELECT account_id, asked_at, added_at, channel, phone, sender_key, category"
                 " FROM channel WHERE account_id = ? ORDER BY id LIMIT ?",
};

struct journal {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
    bool failed; /* a statement since journal_begin */
};

/* ---- statements ---- */

static void note_failure(struct journal *j)
{
    if (!j->failed)
        log_warnx("practice gateway's file: %s", sqlite3_errmsg(j->db));
    j->failed = true;
}

/* One value for a parameter: a number, a text, a decimal. */
struct value {
    enum {
        NUMBER,
        TEXT,
        BLOB,
        REAL
    } kind;
    int64_t number;
    struct str text;
    double real;
};
#define N(n)   ((struct value){.kind = NUMBER, .number = (n)})
#define T(s)   ((struct value){.kind = TEXT, .text = (s)})
#define B(s)   ((struct value){.kind = BLOB, .text = (s)})
#define R(x)   ((struct value){.kind = REAL, .real = (x)})
#define V(...) ((const struct value[]){__VA_ARGS__})
#define NONE   NULL

/* The texts are not copied: they outlive the step, and the reset lets go of them. */
static int bind_value(sqlite3_stmt *s, int at, const struct value *v)
{
    const char *text = v->text.ptr ? v->text.ptr : "";
    switch (v->kind) {
    case NUMBER:
        return sqlite3_bind_int64(s, at, v->number);
    case TEXT:
        return sqlite3_bind_text64(s, at, text, v->text.len, SQLITE_STATIC, SQLITE_UTF8);
    case BLOB:
        return sqlite3_bind_blob64(s, at, text, v->text.len, SQLITE_STATIC);
    case REAL:
        break;
    }
    return sqlite3_bind_double(s, at, v->real);
}

static sqlite3_stmt *start(struct journal *j, enum statement which, const struct value *values)
{
    sqlite3_stmt *s = j->statements[which];
    for (int i = 0; i < sqlite3_bind_parameter_count(s); i++)
        if (bind_value(s, i + 1, &values[i]) != SQLITE_OK)
            note_failure(j);
    return s;
}

/* The next row; false at the end (or on failure), and the statement is ready for another use. */
static bool next(struct journal *j, sqlite3_stmt *s)
{
    int code = sqlite3_step(s);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        note_failure(j);
    sqlite3_reset(s);
    sqlite3_clear_bindings(s);
    return false;
}

static void run(struct journal *j, enum statement which, const struct value *values)
{
    sqlite3_stmt *s = start(j, which, values);
    while (next(j, s))
        ;
}

static struct str column(sqlite3_stmt *s, int at, struct arena *a)
{
    const char *bytes = sqlite3_column_blob(s, at);
    return str_dup(a, str_n(bytes ? bytes : "", (size_t)sqlite3_column_bytes(s, at)));
}

/* ---- the file ---- */

struct journal *journal_open(const char *path)
{
    struct journal *j = calloc(1, sizeof *j);
    if (!j)
        fatalx("out of memory");
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    bool open = sqlite3_open_v2(path, &j->db, flags, NULL) == SQLITE_OK &&
                sqlite3_busy_timeout(j->db, 5000) == SQLITE_OK &&
                sqlite3_exec(j->db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;", NULL, NULL,
                             NULL) == SQLITE_OK &&
                sqlite3_exec(j->db, schema, NULL, NULL, NULL) == SQLITE_OK;
    for (size_t i = 0; open && i < STATEMENTS; i++)
        open = sqlite3_prepare_v3(j->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &j->statements[i],
                                  NULL) == SQLITE_OK;
    if (open)
        return j;
    log_warnx("practice gateway's file %s: %s", path, sqlite3_errmsg(j->db));
    journal_close(&j);
    return NULL;
}

void journal_close(struct journal **j)
{
    struct journal *gone = *j;
    *j = NULL;
    if (!gone)
        return;
    for (size_t i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(gone->statements[i]);
    sqlite3_close(gone->db);
    free(gone);
}

void journal_begin(struct journal *j)
{
    j->failed = false;
    run(j, BEGIN, NONE);
}

bool journal_commit(struct journal *j)
{
    if (!j->failed)
        run(j, COMMIT, NONE);
    if (j->failed && !sqlite3_get_autocommit(j->db))
        run(j, ROLLBACK, NONE);
    return !j->failed;
}

/* ---- accounts ---- */

struct journal_account journal_account(struct journal *j, struct str user_id, struct str api_key,
                                       int64_t points)
{
    struct journal_account found = {0};
    for (int attempt = 0; attempt < 2 && found.id == 0; attempt++) {
        if (attempt > 0)
            run(j, ACCOUNT_ADD, V(T(user_id), T(api_key), N(points)));
        sqlite3_stmt *s = start(j, ACCOUNT_FIND, V(T(user_id), T(api_key)));
        while (next(j, s))
            found = (struct journal_account){.id = sqlite3_column_int64(s, 0),
                                             .points = sqlite3_column_int64(s, 1)};
    }
    return found;
}

void journal_points_add(struct journal *j, int64_t account_id, int64_t points)
{
    run(j, POINTS_ADD, V(N(account_id), N(points)));
}

void journal_points_set(struct journal *j, struct str user_id, int64_t points)
{
    run(j, POINTS_SET, V(T(user_id), N(points)));
}

/* ---- requests ---- */

int64_t journal_request_add(struct journal *j, const struct journal_request *r)
{
    run(j, REQUEST_ADD,
        V(N(r->account_id), N(r->accepted_at), N(r->due_at), T(r->sender), T(r->template_code),
          T(r->first_body), T(r->results), N(r->asked), N(r->unit), N(r->failover),
          B(r->receivers)));
    int64_t mid = sqlite3_last_insert_rowid(j->db);
    run(j, REQUEST_COUNT, V(N((int64_t)r->results.len)));
    return mid;
}

static struct journal_request take_request(sqlite3_stmt *s, struct arena *a, bool receivers)
{
    return (struct journal_request){
        .mid = sqlite3_column_int64(s, 0),
        .account_id = sqlite3_column_int64(s, 1),
        .accepted_at = sqlite3_column_int64(s, 2),
        .due_at = sqlite3_column_int64(s, 3),
        .cancelled_at = sqlite3_column_int64(s, 4),
        .sender = column(s, 5, a),
        .template_code = column(s, 6, a),
        .first_body = column(s, 7, a),
        .results = column(s, 8, a),
        .asked = sqlite3_column_int64(s, 9),
        .unit = sqlite3_column_int64(s, 10),
        .failover = sqlite3_column_int(s, 11) != 0,
        .user_id = column(s, 12, a),
        .receivers = receivers ? column(s, 13, a) : STR(""),
    };
}

/* Collects at most `limit` rows of a started statement. */
static size_t take_requests(struct journal *j, sqlite3_stmt *s, int64_t limit, bool receivers,
                            struct arena *a, struct journal_request **list)
{
    size_t n = 0;
    *list = arena_array(a, (size_t)limit, sizeof **list);
    while (next(j, s)) {
        assert(n < (size_t)limit);
        (*list)[n++] = take_request(s, a, receivers);
    }
    return n;
}

bool journal_request_find(struct journal *j, int64_t account_id, int64_t mid, struct arena *a,
                          struct journal_request *r)
{
    struct journal_request *list;
    sqlite3_stmt *s = start(j, REQUEST_FIND, V(N(account_id), N(mid)));
    if (take_requests(j, s, 1, true, a, &list) == 0)
        return false;
    *r = list[0];
    return true;
}

void journal_request_cancel(struct journal *j, int64_t mid, int64_t at)
{
    run(j, REQUEST_CANCEL, V(N(mid), N(at)));
}

size_t journal_history(struct journal *j, int64_t account_id, int64_t from, int64_t to,
                       int64_t limit, int64_t offset, struct arena *a,
                       struct journal_request **list, int64_t *total)
{
    *total = 0;
    sqlite3_stmt *count = start(j, HISTORY_COUNT, V(N(account_id), N(from), N(to)));
    while (next(j, count))
        *total = sqlite3_column_int64(count, 0);
    sqlite3_stmt *s = start(j, HISTORY, V(N(account_id), N(from), N(to), N(limit), N(offset)));
    return take_requests(j, s, limit, false, a, list);
}

size_t journal_requests_after(struct journal *j, int64_t mid, int64_t limit, struct arena *a,
                              struct journal_request **list)
{
    sqlite3_stmt *s = start(j, REQUESTS_AFTER, V(N(mid), N(limit)));
    return take_requests(j, s, limit, true, a, list);
}

/* ---- calls ---- */

int64_t journal_call_add(struct journal *j, const struct journal_call *c)
{
    run(j, CALL_ADD,
        V(N(c->at), T(c->endpoint), T(c->user_id), T(c->outcome), N(c->bytes), N(c->code),
          N(c->mid)));
    return sqlite3_last_insert_rowid(j->db);
}

size_t journal_calls_after(struct journal *j, int64_t id, int64_t limit, struct arena *a,
                           struct journal_call **list)
{
    size_t n = 0;
    *list = arena_array(a, (size_t)limit, sizeof **list);
    sqlite3_stmt *s = start(j, CALLS_AFTER, V(N(id), N(limit)));
    while (next(j, s))
        (*list)[n++] = (struct journal_call){
            .id = sqlite3_column_int64(s, 0),
            .at = sqlite3_column_int64(s, 1),
            .bytes = sqlite3_column_int64(s, 2),
            .code = sqlite3_column_int64(s, 3),
            .mid = sqlite3_column_int64(s, 4),
            .endpoint = column(s, 5, a),
            .user_id = column(s, 6, a),
            .outcome = column(s, 7, a),
        };
    return n;
}

struct journal_totals journal_totals(struct journal *j)
{
    struct journal_totals t = {0};
    sqlite3_stmt *s = start(j, TOTALS, NONE);
    while (next(j, s))
        t = (struct journal_totals){.calls = sqlite3_column_int64(s, 0),
                                    .requests = sqlite3_column_int64(s, 1),
                                    .messages = sqlite3_column_int64(s, 2)};
    return t;
}

/* ---- wishes ---- */

void journal_wish_add(struct journal *j, const struct journal_wish *w)
{
    if (w->rate != 0)
        run(j, WISH_REMOVE_LIKE, V(T(w->endpoint), T(w->fault)));
    if (w->rate >= 0)
        run(j, WISH_ADD, V(T(w->endpoint), T(w->fault), R(w->rate)));
}

void journal_wish_remove(struct journal *j, int64_t id)
{
    run(j, WISH_REMOVE, V(N(id)));
}

void journal_wishes_clear(struct journal *j)
{
    run(j, WISH_CLEAR, NONE);
}

size_t journal_wishes(struct journal *j, struct str endpoint, struct arena *a,
                      struct journal_wish **list)
{
    size_t n = 0, room = 16;
    *list = arena_array(a, room, sizeof **list);
    sqlite3_stmt *s = start(j, WISHES, V(T(endpoint)));
    while (next(j, s)) {
        if (n == room) {
            struct journal_wish *more = arena_array(a, room *= 2, sizeof *more);
            memcpy(more, *list, n * sizeof *more);
            *list = more;
        }
        (*list)[n++] = (struct journal_wish){.id = sqlite3_column_int64(s, 0),
                                             .endpoint = column(s, 1, a),
                                             .fault = column(s, 2, a),
                                             .rate = sqlite3_column_double(s, 3)};
    }
    return n;
}

/* ---- templates ---- */

int64_t journal_template_number(struct journal *j)
{
    int64_t n = 0;
    sqlite3_stmt *s = start(j, TEMPLATE_NUMBER, NONE);
    while (next(j, s))
        n = sqlite3_column_int64(s, 0);
    return n;
}

void journal_template_put(struct journal *j, const struct journal_template *t)
{
    run(j, TEMPLATE_PUT, V(T(t->sender_key), T(t->code), N(t->due_at), N(t->deleted), T(t->text)));
}

void journal_template_image_put(struct journal *j, struct str sender_key, struct str code,
                                struct str image)
{
    run(j, TEMPLATE_IMAGE_PUT, V(B(image), T(sender_key), T(code)));
}

/* Collects at most `limit` rows of a started statement. */
static size_t take_templates(struct journal *j, sqlite3_stmt *s, int64_t limit, struct arena *a,
                             struct journal_template **list)
{
    size_t n = 0;
    *list = arena_array(a, (size_t)limit, sizeof **list);
    while (next(j, s)) {
        assert(n < (size_t)limit);
        (*list)[n++] = (struct journal_template){
            .sender_key = column(s, 0, a),
            .code = column(s, 1, a),
            .due_at = sqlite3_column_int64(s, 2),
            .deleted = sqlite3_column_int(s, 3) != 0,
            .text = column(s, 4, a),
        };
    }
    return n;
}

bool journal_template_find(struct journal *j, struct str sender_key, struct str code,
                           struct arena *a, struct journal_template *t)
{
    struct journal_template *list;
    sqlite3_stmt *s = start(j, TEMPLATE_FIND, V(T(sender_key), T(code)));
    if (take_templates(j, s, 1, a, &list) == 0)
        return false;
    *t = list[0];
    return true;
}

size_t journal_templates(struct journal *j, struct str sender_key, int64_t limit, struct arena *a,
                         struct journal_template **list)
{
    sqlite3_stmt *s = start(j, TEMPLATES, V(T(sender_key), N(limit)));
    return take_templates(j, s, limit, a, list);
}

struct str journal_template_image(struct journal *j, struct str sender_key, struct str code,
                                  struct arena *a)
{
    struct str image = STR("");
    sqlite3_stmt *s = start(j, TEMPLATE_IMAGE, V(T(sender_key), T(code)));
    while (next(j, s))
        image = column(s, 0, a);
    return image;
}

/* ---- channels ---- */

void journal_channel_put(struct journal *j, const struct journal_channel *c)
{
    run(j, CHANNEL_PUT,
        V(N(c->account_id), T(c->channel), T(c->phone), T(c->sender_key), T(c->category),
          N(c->asked_at), N(c->added_at)));
}

size_t journal_channels(struct journal *j, int64_t account_id, int64_t limit, struct arena *a,
                        struct journal_channel **list)
{
    size_t n = 0;
    *list = arena_array(a, (size_t)limit, sizeof **list);
    sqlite3_stmt *s = start(j, CHANNELS, V(N(account_id), N(limit)));
    while (next(j, s))
        (*list)[n++] = (struct journal_channel){
            .account_id = sqlite3_column_int64(s, 0),
            .asked_at = sqlite3_column_int64(s, 1),
            .added_at = sqlite3_column_int64(s, 2),
            .channel = column(s, 3, a),
            .phone = column(s, 4, a),
            .sender_key = column(s, 5, a),
            .category = column(s, 6, a),
        };
    return n;
}

/* ---- receivers ---- */

static void pack(struct buf *out, struct str text)
{
    buf_str(out, text);
    buf_char(out, '\0');
}

void receivers_pack(struct buf *out, const struct journal_receiver *r)
{
    buf_i64(out, r->number);
    buf_char(out, '\0');
    pack(out, r->phone);
    pack(out, r->name);
    pack(out, r->subject);
    pack(out, r->body);
    pack(out, r->title);
    pack(out, r->buttons);
}

bool receivers_next(struct str *rest, struct journal_receiver *r)
{
    struct str number;
    if (rest->len == 0)
        return false;
    return str_split(rest, '\0', &number) && str_i64(number, 1, INT32_MAX, &r->number) &&
           str_split(rest, '\0', &r->phone) && str_split(rest, '\0', &r->name) &&
           str_split(rest, '\0', &r->subject) && str_split(rest, '\0', &r->body) &&
           str_split(rest, '\0', &r->title) && str_split(rest, '\0', &r->buttons);
}
