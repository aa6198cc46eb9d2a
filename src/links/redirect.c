/*
 * redirect.c - see redirect.h.
 *
 * Two tables: token -> message and button, and campaign's button -> address (a few addresses serve
 * very many tokens). A place in either is overwritten by whatever comes to it next; that bounds
 * them without any bookkeeping.
 */
#include "links/redirect.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/token.h"
#include "links/classifier.h"

#include <pthread.h>
#include <stdlib.h>

#define TOKEN_PLACES  ((size_t)1 << 16) /* 3 MiB */
#define TARGET_PLACES ((size_t)1 << 10)
#define TARGET_MAX    2048 /* bytes of an address; browsers take as much */

struct place {
    char token[TOKEN_LENGTH];
    unsigned char button; /* 0: the place is free */
    int64_t company, campaign, ordinal;
};

struct target {
    int64_t company, campaign;
    int button; /* 0: the place is free */
    char *url;  /* NUL-terminated, as link_target made it */
};

struct links {
    struct store *store;
    struct click_journal *journal;
    pthread_mutex_t lock; /* guards both tables */
    struct place *places;
    struct target *targets;
};

struct links *links_open(struct store *store, struct click_journal *journal)
{
    struct links *l = calloc(1, sizeof *l);
    if (!l || !(l->places = calloc(TOKEN_PLACES, sizeof *l->places)) ||
        !(l->targets = calloc(TARGET_PLACES, sizeof *l->targets)))
        fatal("links");
    l->store = store;
    l->journal = journal;
    pthread_mutex_init(&l->lock, NULL);
    return l;
}

void links_close(struct links **lp)
{
    struct links *l = *lp;
    *lp = NULL;
    if (!l)
        return;
    for (size_t i = 0; i < TARGET_PLACES; i++)
        free(l->targets[i].url);
    free(l->targets);
    free(l->places);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

/* ---- targets ---- */

struct str link_target(struct str url, struct arena *a)
{
    static const struct str schemes[] = {STR_INIT("http://"), STR_INIT("https://")};
    size_t host = 0;
    for (size_t i = 0; i < COUNT_OF(schemes); i++)
        if (str_eq_nocase(str_slice(url, 0, schemes[i].len), schemes[i]))
            host = schemes[i].len;
    if (host == 0 || url.len == host || url.len > TARGET_MAX || strchr("/?#:@", url.ptr[host]))
        return (struct str){NULL, 0};
    BUF(out, (size_t)TARGET_MAX * 3);
    for (size_t i = 0; i < url.len; i++) {
        unsigned char c = (unsigned char)url.ptr[i];
        if (c <= ' ' || c == 0x7f || c == '\\' || c == '"' || c == '<' || c == '>')
            return (struct str){NULL, 0};
        if (c < 0x80)
            buf_char(&out, (char)c);
        else
            buf_printf(&out, "%%%02X", (unsigned)c);
    }
    return str_dup(a, buf_view(&out));
}

/* ---- what is remembered ---- */

static uint64_t mix(uint64_t n)
{
    n *= 0x9E3779B97F4A7C15u;
    return n ^ n >> 32;
}

/* Tokens are random: some of their bytes are as good as a digest. */
static struct place *place_of(struct links *l, struct str token)
{
    uint64_t n;
    memcpy(&n, token.ptr + TOKEN_LENGTH - sizeof n, sizeof n);
    return &l->places[mix(n) % TOKEN_PLACES];
}

static struct target *target_of(struct links *l, const struct click *of)
{
    uint64_t n = mix((uint64_t)of->company);
    n = mix(n ^ (uint64_t)of->campaign);
    n = mix(n ^ (uint64_t)of->button);
    return &l->targets[n % TARGET_PLACES];
}

static bool recall(struct links *l, struct str token, struct arena *a, struct click *of,
                   struct str *url)
{
    pthread_mutex_lock(&l->lock);
    const struct place *p = place_of(l, token);
    bool found = p->button && memcmp(p->token, token.ptr, TOKEN_LENGTH) == 0;
    if (found) {
        *of = (struct click){.company = p->company,
                             .campaign = p->campaign,
                             .ordinal = p->ordinal,
                             .button = p->button};
        const struct target *t = target_of(l, of);
        found = t->button == of->button && t->campaign == of->campaign && t->company == of->company;
        if (found)
            *url = str_dup(a, str_c(t->url));
    }
    pthread_mutex_unlock(&l->lock);
    return found;
}

static void remember(struct links *l, struct str token, const struct click *of, struct str url)
{
    char *copy = strndup(url.ptr, url.len);
    if (!copy)
        fatal("links");
    pthread_mutex_lock(&l->lock);
    struct place *p = place_of(l, token);
    *p = (struct place){.button = (unsigned char)of->button,
                        .company = of->company,
                        .campaign = of->campaign,
                        .ordinal = of->ordinal};
    memcpy(p->token, token.ptr, TOKEN_LENGTH);
    struct target *t = target_of(l, of);
    free(t->url);
    *t = (struct target){
        .company = of->company, .campaign = of->campaign, .button = of->button, .url = copy};
    pthread_mutex_unlock(&l->lock);
}

/* ---- looking up and following ---- */

static enum link_answer look_up(struct links *l, struct db *db, struct str token, struct arena *a,
                                struct click *of, struct str *url)
{
    DB_ROWS(rows);
    db_query(db, &rows,
             "SELECT l.company_id, l.campaign_id, l.ordinal, l.button, t.url, c.started_at"
             " FROM link l JOIN campaign c ON c.company_id = l.company_id AND c.id = l.campaign_id"
             " JOIN campaign_link t ON t.company_id = l.company_id"
             " AND t.campaign_id = l.campaign_id AND t.button = l.button WHERE l.token = $1",
             DB_ARGS(DB_S(token)));
    if (!db_next(&rows))
        return db_failed(db) ? LINK_UNAVAILABLE : LINK_UNKNOWN;
    *of = (struct click){.company = db_i64(&rows, 0),
                         .campaign = db_i64(&rows, 1),
                         .ordinal = db_i64(&rows, 2),
                         .button = (int)db_i64(&rows, 3)};
    *url = link_target(db_text(&rows, 4, a), a);
    if (!url->ptr)
        return LINK_UNKNOWN;
    /* Until it has started, a campaign's links and targets may be made anew, and whoever follows
     * one looks at a preview of our own. */
    if (db_is_null(&rows, 5))
        return LINK_PREVIEWED;
    remember(l, token, of, *url);
    return LINK_FOUND;
}

enum link_answer links_resolve(struct links *l, struct str token, struct arena *a, struct click *of,
                               struct str *url)
{
    if (!token_shaped(token))
        return LINK_UNKNOWN;
    if (recall(l, token, a, of, url))
        return LINK_FOUND;
    struct db *db = store_borrow(l->store);
    if (!db)
        return LINK_UNAVAILABLE;
    enum link_answer answer = look_up(l, db, token, a, of, url);
    store_return(&db);
    return answer;
}

enum link_answer links_follow(struct links *l, const struct link_visit *visit, struct arena *a,
                              struct str *url)
{
    struct click click;
    enum link_answer answer = links_resolve(l, visit->token, a, &click, url);
    if (answer == LINK_PREVIEWED)
        return LINK_FOUND;
    if (answer != LINK_FOUND)
        return answer;
    struct click_class class = click_classify(visit->user_agent, visit->head);
    click.kind = class.kind;
    click.agent = class.agent;
    click.at = visit->at;
    return click_journal_append(l->journal, &click) == CLICK_KEPT ? LINK_FOUND : LINK_UNAVAILABLE;
}
