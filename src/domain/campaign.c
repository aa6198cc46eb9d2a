/*
 * campaign.c - see campaign.h: the row of a campaign and its changes of state. What a check does to
 * each recipient is in campaign_check.c.
 */
#include "domain/campaign.h"
#include "base/crash.h"
#include "domain/campaign_row.h"
#include "domain/company.h"
#include "domain/cursor.h"
#include "domain/suppression.h"

#include <assert.h>

#define VALUES_JSON_MAX ((size_t)256 << 10)

/* ---- values as JSON ---- */

static const struct str source_words[] = {
    [VALUE_NAME] = STR_INIT("name"),           [VALUE_PHONE] = STR_INIT("phone"),
    [VALUE_EMAIL] = STR_INIT("email"),         [VALUE_TEXT] = STR_INIT("text"),
    [VALUE_ATTRIBUTE] = STR_INIT("attribute"),
};

bool value_source_find(struct str word, enum value_source *out)
{
    for (size_t i = 0; i < COUNT_OF(source_words); i++)
        if (str_eq(source_words[i], word)) {
            *out = (enum value_source)i;
            return true;
        }
    return false;
}

static struct str values_text(struct scope *s, const struct campaign_draft *d)
{
    BUF(out, VALUES_JSON_MAX);
    struct json j;
    json_init(&j, &out);
    json_begin_object(&j);
    for (size_t i = 0; i < d->value_count; i++) {
        const struct campaign_value *v = &d->values[i];
        json_key(&j, str_z(s->arena, v->variable));
        json_begin_object(&j);
        json_put_str(&j, "source", source_words[v->source]);
        if (v->source == VALUE_ATTRIBUTE)
            json_put_str(&j, "key", v->text);
        if (v->source == VALUE_TEXT)
            json_put_str(&j, "text", v->text);
        json_end_object(&j);
    }
    json_end_object(&j);
    return str_dup(s->arena, buf_view(&out));
}

size_t campaign_values_read(struct arena *a, struct str text,
                            struct campaign_value list[TEMPLATE_VARIABLES_MAX])
{
    json_t *tree = json_parse(text, a, NULL);
    size_t n = 0;
    const char *variable;
    json_t *v;
    json_object_foreach(tree, variable, v)
    {
        struct campaign_value *out = &list[n];
        if (n == TEMPLATE_VARIABLES_MAX ||
            !value_source_find(json_get_str(v, "source"), &out->source))
            continue;
        out->variable = str_dup(a, str_c(variable));
        struct str text_or_key = json_get_str(v, out->source == VALUE_ATTRIBUTE ? "key" : "text");
        out->text = str_dup(a, text_or_key);
        n++;
    }
    json_decref(tree);
    return n;
}

/* ---- the draft ---- */

static bool url_valid(struct str url)
{
    bool scheme = str_starts(url, STR("http://")) || str_starts(url, STR("https://"));
    struct str host = str_slice(url, str_starts(url, STR("https://")) ? 8 : 7, url.len);
    if (!scheme || host.len == 0 || host.ptr[0] == '/' || url.len > CAMPAIGN_URL_MAX ||
        !utf8_valid(url))
        return false;
    for (size_t i = 0; i < url.len; i++)
        if ((unsigned char)url.ptr[i] <= ' ' || url.ptr[i] == '"' || url.ptr[i] == '<' ||
            url.ptr[i] == '>' || url.ptr[i] == '\\')
            return false;
    return true;
}

static enum problem links_check(struct scope *s, const struct template *t,
                                const struct campaign_draft *d)
{
    for (size_t i = 0; i < d->link_count; i++) {
        int64_t button = d->links[i].button;
        if (button < 1 || (size_t)button > t->button_count ||
            !button_tracked(&t->buttons[button - 1])) {
            scope_field_error(s, "links", "unknown_button", "추적하는 버튼이 아닙니다.",
                              "This is not a tracked button.");
            return scope_invalid(s);
        }
        if (!url_valid(d->links[i].url))
            return scope_fail(s, PROBLEM_LINK_INVALID, t->buttons[button - 1].name);
    }
    return PROBLEM_NONE;
}

static enum problem draft_check(struct scope *s, const struct campaign_draft *d, struct template *t)
{
    struct str name = str_trim(d->name);
    if (name.len == 0)
        scope_field_error(s, "name", "required", "발송 이름을 넣어 주세요.",
                          "Please enter a name.");
    if (utf8_count(name) > CAMPAIGN_NAME_MAX)
        scope_field_error(s, "name", "too_long", "발송 이름은 100자까지입니다.",
                          "A name has at most 100 characters.");
    if (template_get(s, d->template, t) != PROBLEM_NONE)
        scope_field_error(s, "template_id", "not_found", "템플릿을 골라 주세요.",
                          "Please choose a template.");
    recipients_check(s, &d->recipients);
    if (db_failed(s->db))
        return PROBLEM_STORE;
    enum problem p = scope_invalid(s);
    return p ? p : links_check(s, t, d);
}

static void links_write(struct scope *s, int64_t id, const struct campaign_draft *d)
{
    db_exec(s->db, "DELETE FROM campaign_link WHERE company_id = $1 AND campaign_id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id)));
    for (size_t i = 0; i < d->link_count; i++)
        db_exec(
            s->db,
            "INSERT INTO campaign_link (company_id, campaign_id, button, url)"
            " VALUES ($1, $2, $3, $4) ON CONFLICT (company_id, campaign_id, button)"
            " DO UPDATE SET url = excluded.url",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_N(d->links[i].button), DB_S(d->links[i].url)));
}

enum problem campaign_create(struct scope *s, const struct campaign_draft *d, int64_t *id)
{
    struct template t;
    enum problem p = draft_check(s, d, &t);
    if (p)
        return p;
    TX(tx, s->db);
    *id = db_next_id(s->db, s->company, "campaign", 1);
    db_exec(s->db,
            "INSERT INTO campaign (company_id, id, name, state, profile_id, template_id, version,"
            " except_days, field_values, created_by, created_at, changed_at, clicked, claimed_at)"
            " VALUES ($1, $2, $3, 'draft', $4, $5, $6, $7, $8, $9, $10, $10, 0, 0)",
            DB_ARGS(DB_N(s->company), DB_N(*id), DB_S(str_trim(d->name)), DB_N(t.profile),
                    DB_N(t.id), DB_N(t.version), DB_N(d->recipients.except_days),
                    DB_S(values_text(s, d)), DB_N(s->user), DB_N(scope_now(s))));
    recipients_write(s, *id, &d->recipients);
    links_write(s, *id, d);
    company_campaigns_add(s, 1);
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

/* ---- states ---- */

struct str campaign_state_lock(struct scope *s, int64_t id)
{
    struct str state = db_get_text(
        s->db, s->arena,
        "SELECT state FROM campaign WHERE company_id = $1 AND id = $2 /*pg FOR UPDATE*/",
        DB_ARGS(DB_N(s->company), DB_N(id)));
    return state.ptr ? state : STR("");
}

void campaign_state_set(struct scope *s, int64_t id, struct str state)
{
    db_exec(s->db,
            "UPDATE campaign SET state = $3, changed_at = $4, pause_code = NULL, pause_text = NULL"
            " WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_S(state), DB_N(scope_now(s))));
}

enum problem campaign_wrong_state(struct scope *s, struct str state)
{
    if (db_failed(s->db))
        return PROBLEM_STORE;
    return state.len ? scope_fail(s, PROBLEM_CAMPAIGN_STATE, state) : PROBLEM_NOT_FOUND;
}

bool campaign_editable(struct str state)
{
    return str_eq(state, STR("draft")) || str_eq(state, STR("checked"));
}

void campaign_messages_clear(struct scope *s, int64_t id)
{
    static const char *const deletions[] = {
        "DELETE FROM message WHERE company_id = $1 AND campaign_id = $2",
        "DELETE FROM message_content WHERE company_id = $1 AND campaign_id = $2",
        "DELETE FROM campaign_count WHERE company_id = $1 AND campaign_id = $2",
        "DELETE FROM link WHERE company_id = $1 AND campaign_id = $2",
        /* a preview of a link that was looked at before sending */
        "DELETE FROM click WHERE company_id = $1 AND campaign_id = $2",
    };
    for (size_t i = 0; i < COUNT_OF(deletions); i++)
        db_exec(s->db, deletions[i], DB_ARGS(DB_N(s->company), DB_N(id)));
    db_exec(s->db,
            "UPDATE campaign SET confirmation = NULL, checked_at = NULL, clicked = 0"
            " WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id)));
}

enum problem campaign_change(struct scope *s, int64_t id, const struct campaign_draft *d)
{
    struct template t;
    enum problem p = draft_check(s, d, &t);
    if (p)
        return p;
    TX(tx, s->db);
    struct str state = campaign_state_lock(s, id);
    if (!campaign_editable(state))
        return campaign_wrong_state(s, state);
    campaign_messages_clear(s, id);
    db_exec(s->db,
            "UPDATE campaign SET name = $3, profile_id = $4, template_id = $5, version = $6,"
            " except_days = $7, field_values = $8 WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_S(str_trim(d->name)), DB_N(t.profile),
                    DB_N(t.id), DB_N(t.version), DB_N(d->recipients.except_days),
                    DB_S(values_text(s, d))));
    recipients_write(s, id, &d->recipients);
    links_write(s, id, d);
    campaign_state_set(s, id, STR("draft"));
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

enum problem campaign_delete(struct scope *s, int64_t id)
{
    TX(tx, s->db);
    struct str state = campaign_state_lock(s, id);
    if (!campaign_editable(state))
        return campaign_wrong_state(s, state);
    campaign_messages_clear(s, id);
    recipients_forget(s, id);
    db_exec(s->db, "DELETE FROM campaign_link WHERE company_id = $1 AND campaign_id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id)));
    db_exec(s->db, "DELETE FROM campaign WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id)));
    company_campaigns_add(s, -1);
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

static int64_t campaign_count(struct scope *s, int64_t id, enum message_state state)
{
    return db_get_i64(s->db, 0,
                      "SELECT n FROM campaign_count WHERE company_id = $1 AND campaign_id = $2"
                      " AND state = $3",
                      DB_ARGS(DB_N(s->company), DB_N(id), DB_N(state)));
}

/* Whether the template may be sent as it was checked; `changed` when it has another version now. */
static enum problem template_still(struct scope *s, int64_t id, enum problem changed)
{
    struct template t;
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT template_id, version FROM campaign WHERE company_id = $1 AND id = $2",
             DB_ARGS(DB_N(s->company), DB_N(id)));
    if (!db_next(&rows))
        return db_failed(s->db) ? PROBLEM_STORE : PROBLEM_NOT_FOUND;
    int64_t template = db_i64(&rows, 0), version = db_i64(&rows, 1);
    db_close(&rows);
    enum problem p = template_get(s, template, &t);
    if (!p)
        p = template_problem(&t);
    return p || t.version == version ? p : changed;
}

enum problem campaign_send(struct scope *s, int64_t id, struct str confirmation, int64_t count)
{
    TX(tx, s->db);
    struct str state = campaign_state_lock(s, id);
    if (!str_eq(state, STR("checked")))
        return campaign_wrong_state(s, state);
    struct str have = db_get_text(
        s->db, s->arena, "SELECT confirmation FROM campaign WHERE company_id = $1 AND id = $2",
        DB_ARGS(DB_N(s->company), DB_N(id)));
    int64_t queued = campaign_count(s, id, MESSAGE_QUEUED);
    /* Who was suppressed after the check was not left out by it. */
    bool waits = suppression_waits(s, id);
    if (db_failed(s->db))
        return PROBLEM_STORE;
    if (!have.len || !str_eq(have, confirmation) || waits)
        return PROBLEM_CONFIRMATION_STALE;
    enum problem p = template_still(s, id, PROBLEM_TEMPLATE_CHANGED);
    if (p)
        return p;
    if (queued == 0)
        return PROBLEM_CAMPAIGN_EMPTY;
    if (queued != count)
        return scope_fail(s, PROBLEM_COUNT_MISMATCH,
                          str_printf(s->arena, "%lld", (long long)queued));
    campaign_state_set(s, id, STR("sending"));
    db_exec(s->db, "UPDATE campaign SET started_at = $3 WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_N(scope_now(s))));
    crash_point("send");
    bool done = tx_commit(&tx);
    crash_point("send-committed");
    return done ? PROBLEM_NONE : PROBLEM_STORE;
}

void campaign_pause_by_system(struct scope *s, int64_t id, struct str code, struct str text)
{
    db_exec(s->db,
            "UPDATE campaign SET state = 'paused', pause_code = $3, pause_text = $4,"
            " changed_at = $5 WHERE company_id = $1 AND id = $2 AND state = 'sending'",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_S(code), DB_S(text), DB_N(scope_now(s))));
}

/* The next campaign behind `after` whose template is not any more what it was checked with. */
static int64_t outdated_next(struct scope *s, int64_t profile, int64_t after)
{
    return db_get_i64(s->db, 0,
                      "SELECT c.id FROM campaign c JOIN template t ON t.company_id = c.company_id"
                      " AND t.id = c.template_id WHERE c.company_id = $1 AND c.profile_id = $2"
                      " AND c.state = 'sending' AND c.id > $3 AND (t.version <> c.version"
                      " OR t.present = 0 OR t.inspection <> 'approved'"
                      " OR t.status IN ('stopped', 'dormant')) ORDER BY c.id LIMIT 1",
                      DB_ARGS(DB_N(s->company), DB_N(profile), DB_N(after)));
}

int64_t campaign_pause_outdated(struct scope *s, int64_t profile)
{
    int64_t paused = 0;
    for (int64_t id = 0; (id = outdated_next(s, profile, id)) > 0;) {
        TX(tx, s->db);
        struct str state = campaign_state_lock(s, id);
        enum problem p = str_eq(state, STR("sending"))
                             ? template_still(s, id, PROBLEM_TEMPLATE_CHANGED_PAUSED)
                             : PROBLEM_NONE;
        /* What a call carries now may come back. */
        if (p && campaign_count(s, id, MESSAGE_QUEUED) + campaign_count(s, id, MESSAGE_SENDING)) {
            campaign_pause_by_system(s, id, STR("template"),
                                     template_problem_word(p).ptr ? template_problem_word(p)
                                                                  : STR("changed"));
            paused++;
        }
        if (!tx_commit(&tx))
            break;
    }
    return paused;
}

enum problem campaign_pause(struct scope *s, int64_t id)
{
    TX(tx, s->db);
    struct str state = campaign_state_lock(s, id);
    if (!str_eq(state, STR("sending")))
        return campaign_wrong_state(s, state);
    campaign_pause_by_system(s, id, STR("user"), STR(""));
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

enum problem campaign_resume(struct scope *s, int64_t id)
{
    TX(tx, s->db);
    struct str state = campaign_state_lock(s, id);
    if (!str_eq(state, STR("paused")))
        return campaign_wrong_state(s, state);
    /* With nothing left to send it only waits for results. */
    if (campaign_count(s, id, MESSAGE_QUEUED) > 0) {
        enum problem p = template_still(s, id, PROBLEM_TEMPLATE_CHANGED_PAUSED);
        if (p)
            return p;
    }
    campaign_state_set(s, id, STR("sending"));
    campaign_finish_if_settled(s, id);
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

enum problem campaign_cancel(struct scope *s, int64_t id)
{
    TX(tx, s->db);
    struct str state = campaign_state_lock(s, id);
    if (!str_eq(state, STR("sending")) && !str_eq(state, STR("paused")))
        return campaign_wrong_state(s, state);
    message_move(s, &(struct message_selection){.campaign = id},
                 &(struct message_change){.from = MESSAGE_QUEUED, .to = MESSAGE_CANCELLED});
    campaign_state_set(s, id, STR("cancelled"));
    db_exec(s->db, "UPDATE campaign SET finished_at = $3 WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_N(scope_now(s))));
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

void campaign_sweep_if_cancelled(struct scope *s, int64_t id)
{
    if (db_get_i64(s->db, 0,
                   "SELECT 1 FROM campaign WHERE company_id = $1 AND id = $2"
                   " AND state = 'cancelled'",
                   DB_ARGS(DB_N(s->company), DB_N(id))))
        message_move(s, &(struct message_selection){.campaign = id},
                     &(struct message_change){.from = MESSAGE_QUEUED, .to = MESSAGE_CANCELLED});
}

void campaign_finish_if_settled(struct scope *s, int64_t id)
{
    db_exec(s->db,
            "UPDATE campaign SET state = 'finished', finished_at = $3, changed_at = $3"
            " WHERE company_id = $1 AND id = $2 AND state = 'sending' AND NOT EXISTS"
            " (SELECT 1 FROM campaign_count n WHERE n.company_id = $1 AND n.campaign_id = $2"
            " AND n.state IN ($4, $5, $6, $7) AND n.n > 0)",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_N(scope_now(s)), DB_N(MESSAGE_QUEUED),
                    DB_N(MESSAGE_SENDING), DB_N(MESSAGE_ACCEPTED), DB_N(MESSAGE_UNKNOWN)));
}

enum problem campaign_requeue_unsent(struct scope *s, int64_t id, int64_t count)
{
    TX(tx, s->db);
    struct str state = campaign_state_lock(s, id);
    if (!str_eq(state, STR("sending")) && !str_eq(state, STR("paused")) &&
        !str_eq(state, STR("finished")))
        return campaign_wrong_state(s, state);
    /* A click proves that a message arrived, whatever history said. */
    int64_t moved =
        message_move(s, &(struct message_selection){.campaign = id, .not_clicked = true},
                     &(struct message_change){
                         .from = MESSAGE_UNSENT, .to = MESSAGE_QUEUED, .request = -1, .hour = -1});
    if (moved != count && !db_failed(s->db))
        return scope_fail(s, PROBLEM_COUNT_MISMATCH,
                          str_printf(s->arena, "%lld", (long long)moved));
    if (str_eq(state, STR("finished"))) {
        campaign_state_set(s, id, STR("sending"));
        campaign_finish_if_settled(s, id);
    }
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

/* ---- reading ---- */

#define CAMPAIGN_COLUMNS                                                                           \
    "SELECT c.id, c.template_id, c.version, c.profile_id, c.except_days, c.name, c.state,"         \
    " c.pause_code, c.pause_text, t.code, t.name, c.field_values,"                                 \
    " c.clicked, coalesce(c.unit_price, p.unit_price), c.confirmation, c.created_at, "             \
    "c.checked_at, c.started_at,"                                                                  \
    " c.finished_at, c.changed_at FROM campaign c"                                                 \
    " JOIN template t ON t.company_id = c.company_id AND t.id = c.template_id"                     \
    " LEFT JOIN sender_profile p ON p.company_id = c.company_id AND p.id = c.profile_id"

static void campaign_read(struct scope *s, const struct db_rows *rows, struct campaign *c)
{
    *c = (struct campaign){
        .id = db_i64(rows, 0),
        .template = db_i64(rows, 1),
        .version = db_i64(rows, 2),
        .profile = db_i64(rows, 3),
        .recipients.except_days = db_i64(rows, 4),
        .name = db_text(rows, 5, s->arena),
        .state = db_text(rows, 6, s->arena),
        .pause_code = db_text(rows, 7, s->arena),
        .pause_text = db_text(rows, 8, s->arena),
        .template_code = db_text(rows, 9, s->arena),
        .template_name = db_text(rows, 10, s->arena),
        .values = db_text(rows, 11, s->arena),
        .clicked = db_i64(rows, 12),
        .unit_price = db_text(rows, 13, s->arena),
        .confirmation = db_text(rows, 14, s->arena),
        .created_at = db_i64(rows, 15),
        .checked_at = db_i64(rows, 16),
        .started_at = db_i64(rows, 17),
        .finished_at = db_i64(rows, 18),
        .changed_at = db_i64(rows, 19),
    };
}

/* Counters, recipients and links, which are rows of their own. */
static void campaign_parts_read(struct scope *s, struct campaign *c)
{
    DB_ROWS(counts);
    db_query(s->db, &counts,
             "SELECT state, n FROM campaign_count WHERE company_id = $1 AND campaign_id = $2",
             DB_ARGS(DB_N(s->company), DB_N(c->id)));
    while (db_next(&counts)) {
        int64_t state = db_i64(&counts, 0);
        assert(state > 0 && state < MESSAGE_STATES);
        c->counts[state] = db_i64(&counts, 1);
        c->total += c->counts[state];
    }
    recipients_read(s, c->id, &c->recipients);
    DB_ROWS(links);
    db_query(s->db, &links,
             "SELECT button, url FROM campaign_link WHERE company_id = $1 AND campaign_id = $2"
             " ORDER BY button",
             DB_ARGS(DB_N(s->company), DB_N(c->id)));
    while (c->link_count < BUTTONS_MAX && db_next(&links))
        c->links[c->link_count++] =
            (struct campaign_link){db_i64(&links, 0), db_text(&links, 1, s->arena)};
}

enum problem campaign_get(struct scope *s, int64_t id, struct campaign *out)
{
    DB_ROWS(rows);
    db_query(s->db, &rows, CAMPAIGN_COLUMNS " WHERE c.company_id = $1 AND c.id = $2",
             DB_ARGS(DB_N(s->company), DB_N(id)));
    if (!db_next(&rows))
        return db_failed(s->db) ? PROBLEM_STORE : PROBLEM_NOT_FOUND;
    campaign_read(s, &rows, out);
    db_close(&rows);
    campaign_parts_read(s, out);
    return scope_store(s);
}

enum problem campaign_list(struct scope *s, struct str state, const struct page *page,
                           const struct campaign **list, size_t *count, struct str *next)
{
    struct campaign *all = arena_array(s->arena, (size_t)page->limit + 1, sizeof *all);
    int64_t before = cursor_i64(page->cursor);
    size_t n = 0;
    DB_ROWS(rows);
    db_query(s->db, &rows,
             CAMPAIGN_COLUMNS " WHERE c.company_id = $1 AND c.id < $2"
                              " AND (CAST($3 AS text) = '' OR c.state = $3)"
                              " ORDER BY c.id DESC LIMIT $4",
             DB_ARGS(DB_N(s->company), DB_N(before ? before : INT64_MAX), DB_S(state),
                     DB_N(page->limit + 1)));
    while (db_next(&rows))
        campaign_read(s, &rows, &all[n++]);
    db_close(&rows);
    bool more = n > (size_t)page->limit;
    n -= more;
    for (size_t i = 0; i < n; i++)
        campaign_parts_read(s, &all[i]);
    *next = more ? cursor_from_i64(s->arena, all[n - 1].id) : (struct str){NULL, 0};
    *list = all;
    *count = n;
    return scope_store(s);
}

enum problem campaign_refusals(struct scope *s, int64_t id, struct campaign_refusal *list,
                               size_t *count, int64_t *longest)
{
    size_t n = 0;
    DB_ROWS(rows);
    db_query(
        s->db, &rows,
        "SELECT reason, count(*) AS n FROM message WHERE company_id = $1 AND campaign_id = $2"
        " AND state = $3 GROUP BY reason ORDER BY n DESC, reason LIMIT $4",
        DB_ARGS(DB_N(s->company), DB_N(id), DB_N(MESSAGE_SKIPPED), DB_N(CAMPAIGN_REFUSALS_MAX)));
    while (db_next(&rows))
        list[n++] = (struct campaign_refusal){db_text(&rows, 0, s->arena), db_i64(&rows, 1)};
    *count = n;
    *longest = db_get_i64(s->db, 0,
                          "SELECT c.ordinal FROM message_content c JOIN message m"
                          " ON m.company_id = c.company_id AND m.campaign_id = c.campaign_id"
                          " AND m.ordinal = c.ordinal AND m.state = $3"
                          " WHERE c.company_id = $1 AND c.campaign_id = $2"
                          " ORDER BY length(c.body) DESC, c.ordinal LIMIT 1",
                          DB_ARGS(DB_N(s->company), DB_N(id), DB_N(MESSAGE_QUEUED)));
    return scope_store(s);
}
