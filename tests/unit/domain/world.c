/*
 * world.c - see world.h.
 */
#include "world.h"
#include "domain/request.h"
#include "domain/verify.h"

#include <ftw.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static const char *postgres_server(void)
{
    return getenv("SENDINGO_POSTGRES");
}

bool world_has_postgresql(void)
{
    if (postgres_server())
        return true;
    printf("1..0 # skip no PostgreSQL: SENDINGO_POSTGRES is not set\n");
    return false;
}

static int64_t world_now(void *ctx)
{
    return *(int64_t *)ctx;
}

static void server_exec(const char *sql)
{
    struct store *server = store_open(postgres_server());
    assert_non_null(server);
    struct db *db = store_borrow(server);
    assert_non_null(db);
    assert_true(db_exec(db, sql, DB_NO_ARGS) >= 0);
    store_return(&db);
    store_close(&server);
}

static void file_copy(const char *from, const char *to)
{
    char bytes[65536];
    size_t n;
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    assert_true(in && out);
    while ((n = fread(bytes, 1, sizeof bytes, in)))
        assert_int_equal(fwrite(bytes, 1, n, out), n);
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

static void postgres_name(const struct world *w, char name[64])
{
    snprintf(name, 64, "world_%s", strrchr(w->folder, '-') + 1);
    for (char *c = name; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    snprintf(name + strlen(name), 64 - strlen(name), "_%d", (int)getpid());
}

/* Everything but the database's content; `like`: the database to copy, or NULL. */
static void world_make(struct world *w, enum store_engine engine, const struct world *like)
{
    *w = (struct world){.engine = engine, .now = INT64_C(1795000000000)};
    w->clock = (struct clock){.now = world_now, .ctx = &w->now};
    arena_init(&w->arena, ARENA_MAX_DEFAULT);
    snprintf(w->folder, sizeof w->folder, "/tmp/sendingo-test-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    if (engine == STORE_POSTGRESQL) {
        char name[64], template[64] = "template1", sql[256];
        postgres_name(w, name);
        if (like)
            postgres_name(like, template);
        snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE %s", name, template);
        server_exec(sql);
        const char *server = postgres_server(), *slash = strrchr(server, '/');
        snprintf(w->url, sizeof w->url, "%.*s/%s", (int)(slash - server), server, name);
    } else {
        snprintf(w->url, sizeof w->url, "%s/test.db", w->folder);
        if (like)
            file_copy(like->url, w->url);
    }
    w->store = store_open(w->url);
    assert_non_null(w->store);
}

void world_begin(struct world *w, enum store_engine engine)
{
    world_make(w, engine, NULL);
    assert_true(store_migrate(w->store));
}

void world_copy(struct world *w, struct world *from)
{
    store_close(&from->store);
    world_make(w, from->engine, from);
    w->now = from->now;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

void world_end(struct world *w)
{
    store_close(&w->store);
    if (w->engine == STORE_POSTGRESQL) {
        char name[64], sql[128];
        postgres_name(w, name);
        snprintf(sql, sizeof sql, "DROP DATABASE %s WITH (FORCE)", name);
        server_exec(sql);
    }
    nftw(w->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    arena_free(&w->arena);
}

int64_t world_exec(struct world *w, const char *sql, const struct db_value *args, size_t n)
{
    struct db *db = store_borrow(w->store);
    assert_non_null(db);
    int64_t changed;
    {
        TX(tx, db);
        changed = db_exec(db, sql, args, n);
        assert_true(tx_commit(&tx));
    }
    store_return(&db);
    return changed;
}

int64_t world_get(struct world *w, const char *sql, const struct db_value *args, size_t n)
{
    struct db *db = store_borrow(w->store);
    assert_non_null(db);
    int64_t value = db_get_i64(db, -1, sql, args, n);
    assert_false(db_failed(db));
    store_return(&db);
    return value;
}

void world_company(struct world *w, int64_t id)
{
    world_exec(w,
               "INSERT INTO company (id, name, created_at, contact_count, group_count)"
               " VALUES ($1, 'company', 0, 0, 1)",
               DB_ARGS(DB_N(id)));
    world_exec(w,
               "INSERT INTO contact_group (company_id, id, name, description, is_default,"
               " member_count, created_at) VALUES ($1, 1, 'nobody else''s', '', 1, 0, 0)",
               DB_ARGS(DB_N(id)));
    world_exec(w, "INSERT INTO sequence (company_id, name, next) VALUES ($1, 'contact_group', 2)",
               DB_ARGS(DB_N(id)));
}

struct str world_token(struct arena *a, int64_t campaign, int64_t ordinal)
{
    return str_printf(a, "T%04" PRId64 "%06" PRId64, campaign, ordinal);
}

static void campaign_rows(struct world *w, int64_t company, int64_t id)
{
    world_exec(w,
               "INSERT INTO campaign (company_id, id, name, state, profile_id, template_id,"
               " version, field_values, created_by, created_at, started_at, changed_at,"
               " clicked, claimed_at)"
               " VALUES ($1, $2, 'campaign', 'sending', 1, 1, 1, '{}', 0, $3, $3, $3, 0, 0)",
               DB_ARGS(DB_N(company), DB_N(id), DB_N(w->now)));
    world_exec(w, "UPDATE company SET campaign_count = campaign_count + 1 WHERE id = $1",
               DB_ARGS(DB_N(company)));
    world_exec(w,
               "INSERT INTO sequence (company_id, name, next) VALUES ($1, 'campaign', $2)"
               " ON CONFLICT (company_id, name) DO UPDATE SET next = excluded.next",
               DB_ARGS(DB_N(company), DB_N(id + 1)));
    world_exec(w,
               "INSERT INTO campaign_link (company_id, campaign_id, button, url)"
               " VALUES ($1, $2, 1, 'https://shop.example/sale')",
               DB_ARGS(DB_N(company), DB_N(id)));
}

static void message_rows(struct world *w, int64_t company, int64_t campaign, int64_t ordinal,
                         bool tracked)
{
    struct db *db = store_borrow(w->store);
    TX(tx, db);
    struct db_value key[] = {DB_N(company), DB_N(campaign), DB_N(ordinal), DB_N(tracked)};
    db_exec(db,
            "INSERT INTO message (company_id, campaign_id, ordinal, contact_id, phone, name, state,"
            " tracked, click_count) VALUES ($1, $2, $3, 0, '010' || CAST($3 AS bigint), 'name', 1,"
            " $4, 0)",
            key, 4);
    db_exec(db,
            "INSERT INTO message_content (company_id, campaign_id, ordinal, title, body, buttons)"
            " VALUES ($1, $2, $3, '', '', '[]')",
            key, 3);
    key[3] = DB_S(world_token(&w->arena, campaign, ordinal));
    if (tracked)
        db_exec(db,
                "INSERT INTO link (company_id, campaign_id, ordinal, token, button)"
                " VALUES ($1, $2, $3, $4, 1)",
                key, 4);
    assert_true(tx_commit(&tx));
    store_return(&db);
}

void world_campaign(struct world *w, int64_t company, int64_t id, int64_t count, bool tracked)
{
    campaign_rows(w, company, id);
    for (int64_t ordinal = 1; ordinal <= count; ordinal++)
        message_rows(w, company, id, ordinal, tracked);
    world_exec(w,
               "INSERT INTO campaign_count (company_id, campaign_id, state, n)"
               " VALUES ($1, $2, 1, $3)",
               DB_ARGS(DB_N(company), DB_N(id), DB_N(count)));
}

void world_change(struct world *w, int64_t company, const struct message_selection *which,
                  const struct message_change *change)
{
    struct scope s = {
        .company = company, .arena = &w->arena, .clock = &w->clock, .db = store_borrow(w->store)};
    assert_non_null(s.db);
    {
        TX(tx, s.db);
        message_move(&s, which, change);
        assert_true(tx_commit(&tx));
    }
    store_return(&s.db);
}

void world_call(struct world *w, int64_t company, int64_t campaign, int64_t request, int64_t first,
                int64_t last)
{
    world_exec(w,
               "INSERT INTO request (company_id, id, campaign_id, profile_id, node, state,"
               " fingerprint, first_ordinal, last_ordinal, message_count, started_at, looks)"
               " VALUES ($1, $2, $3, 1, 'node', $4, '', $5, $6, $7, $8, 0)",
               DB_ARGS(DB_N(company), DB_N(request), DB_N(campaign), DB_N(REQUEST_CALLING),
                       DB_N(first), DB_N(last), DB_N(last - first + 1), DB_N(w->now)));
    world_exec(w,
               "INSERT INTO sequence (company_id, name, next) VALUES ($1, 'request', $2)"
               " ON CONFLICT (company_id, name) DO UPDATE SET next = excluded.next",
               DB_ARGS(DB_N(company), DB_N(request + 1)));
    world_change(w, company,
                 &(struct message_selection){.campaign = campaign, .first = first, .last = last},
                 &(struct message_change){.from = MESSAGE_QUEUED,
                                          .to = MESSAGE_SENDING,
                                          .request = request,
                                          .hour = hour_start(w->now)});
}

void world_move(struct world *w, int64_t company, int64_t campaign, int64_t request, int64_t first,
                int64_t last, enum message_state from, enum message_state to)
{
    world_change(w, company,
                 &(struct message_selection){
                     .campaign = campaign, .request = request, .first = first, .last = last},
                 &(struct message_change){.from = from, .to = to});
}

void world_request_state(struct world *w, int64_t company, int64_t request, int64_t state)
{
    world_exec(w, "UPDATE request SET state = $3 WHERE company_id = $1 AND id = $2",
               DB_ARGS(DB_N(company), DB_N(request), DB_N(state)));
}

void world_verify(struct world *w)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    bool good = verify_all(w->store, out);
    fclose(out);
    if (!good)
        print_message("%s", text);
    free(text);
    assert_true(good);
}

/* ---- lots ---- */

static uint64_t state_of_lots = 1;

void world_seed(void)
{
    const char *seed = getenv("SENDINGO_SEED");
    state_of_lots = seed ? strtoull(seed, NULL, 10) : 1;
    printf("# seed %" PRIu64 "\n", state_of_lots);
    state_of_lots = state_of_lots * 2 + 1;
}

uint64_t world_lot(uint64_t below)
{
    /* splitmix64 */
    uint64_t z = state_of_lots += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (z ^ z >> 31) % below;
}
