/*
 * practice.c - the practice gateway's front: which call it is, whose, what shall go wrong, and the
 * one transaction around it. See practice.h.
 */
#include "gateway/practice.h"

#include "base/log.h"
#include "gateway/form.h"
#include "gateway/practice_call.h"
#include "gateway/practice_faults.h"
#include "gateway/practice_templates.h"

#include <stddef.h>
#include <stdlib.h>

/* ---- small things ---- */

/* splitmix64's finisher: every bit of the input moves every bit of the output. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

uint64_t practice_hash(uint64_t seed, struct str text)
{
    uint64_t h = mix(seed + UINT64_C(0x9e3779b97f4a7c15));
    for (size_t i = 0; i < text.len; i++)
        h = mix(h + (unsigned char)text.ptr[i] + UINT64_C(0x9e3779b97f4a7c15));
    return h;
}

double practice_draw(uint64_t seed, struct str text)
{
    return (double)(practice_hash(seed, text) >> 11) / 9007199254740992.0; /* 2^53 */
}

struct str practice_sender_key(struct arena *a, struct str user_id)
{
    uint64_t one = practice_hash(1, user_id), two = practice_hash(2, user_id);
    uint64_t three = practice_hash(3, user_id) >> 32;
    return str_printf(a, "%016llx%016llx%08llx", (unsigned long long)one, (unsigned long long)two,
                      (unsigned long long)three);
}

void practice_begin(struct practice_call *c, int64_t code, struct str message)
{
    c->code = code;
    json_begin_object(&c->json);
    json_put_i64(&c->json, "code", code);
    json_put_str(&c->json, "message", message);
}

void practice_refuse(struct practice_call *c, int64_t code, struct str message)
{
    practice_begin(c, code, message);
}

void practice_refuse_missing(struct practice_call *c, const char *name)
{
    practice_refuse(c, -99, str_printf(c->a, "파라메더 정보가 전달되지 않았습니다. (=%s)", name));
}

bool practice_needs(struct practice_call *c, const struct practice_need *needs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (needs[i].value.len > 0)
            continue;
        practice_refuse_missing(c, needs[i].name);
        return false;
    }
    return true;
}

bool practice_own_profile(struct practice_call *c)
{
    if (str_eq(c->form.sender_key, practice_sender_key(c->a, c->form.user_id)) ||
        practice_channel_owns(c, c->form.sender_key))
        return true;
    practice_refuse(c, -99, STR("등록되지 않은 발신프로필 키입니다."));
    return false;
}

/* ---- the form ---- */

struct form_field {
    struct str name;
    size_t offset;
};

static const struct form_field fields[] = {
    {STR_INIT("apikey"), offsetof(struct practice_form, api_key)},
    {STR_INIT("userid"), offsetof(struct practice_form, user_id)},
    {STR_INIT("senderkey"), offsetof(struct practice_form, sender_key)},
    {STR_INIT("tpl_code"), offsetof(struct practice_form, template_code)},
    {STR_INIT("sender"), offsetof(struct practice_form, sender)},
    {STR_INIT("senddate"), offsetof(struct practice_form, send_date)},
    {STR_INIT("failover"), offsetof(struct practice_form, failover)},
    {STR_INIT("testMode"), offsetof(struct practice_form, test_mode)},
    {STR_INIT("mid"), offsetof(struct practice_form, mid)},
    {STR_INIT("page"), offsetof(struct practice_form, page)},
    {STR_INIT("limit"), offsetof(struct practice_form, limit)},
    {STR_INIT("startdate"), offsetof(struct practice_form, start_date)},
    {STR_INIT("enddate"), offsetof(struct practice_form, end_date)},
    {STR_INIT("tpl_name"), offsetof(struct practice_form, name)},
    {STR_INIT("tpl_content"), offsetof(struct practice_form, content)},
    {STR_INIT("tpl_button"), offsetof(struct practice_form, buttons)},
    {STR_INIT("tpl_secure"), offsetof(struct practice_form, secure)},
    {STR_INIT("tpl_type"), offsetof(struct practice_form, type)},
    {STR_INIT("tpl_emtype"), offsetof(struct practice_form, emphasis)},
    {STR_INIT("tpl_title"), offsetof(struct practice_form, title)},
    {STR_INIT("tpl_stitle"), offsetof(struct practice_form, subtitle)},
    {STR_INIT("tpl_extra"), offsetof(struct practice_form, extra)},
    {STR_INIT("tpl_advert"), offsetof(struct practice_form, advert)},
    {STR_INIT("plusid"), offsetof(struct practice_form, channel)},
    {STR_INIT("phonenumber"), offsetof(struct practice_form, phone)},
    {STR_INIT("authnum"), offsetof(struct practice_form, auth_number)},
    {STR_INIT("categorycode"), offsetof(struct practice_form, category)},
};

static const struct form_field receiver_fields[] = {
    {STR_INIT("receiver"), offsetof(struct practice_receiver, phone)},
    {STR_INIT("recvname"), offsetof(struct practice_receiver, name)},
    {STR_INIT("subject"), offsetof(struct practice_receiver, subject)},
    {STR_INIT("message"), offsetof(struct practice_receiver, body)},
    {STR_INIT("emtitle"), offsetof(struct practice_receiver, title)},
    {STR_INIT("button"), offsetof(struct practice_receiver, buttons)},
    {STR_INIT("fsubject"), offsetof(struct practice_receiver, fallback_subject)},
    {STR_INIT("fmessage"), offsetof(struct practice_receiver, fallback_body)},
};

static bool set_field(const struct form_field *list, size_t count, void *to, struct str name,
                      struct str value)
{
    for (size_t i = 0; i < count; i++) {
        if (!str_eq(list[i].name, name))
            continue;
        memcpy((char *)to + list[i].offset, &value, sizeof value);
        return true;
    }
    return false;
}

/* "message_12" */
static void set_receiver_field(struct practice_form *f, struct arena *a, struct str name,
                               struct str value)
{
    struct str number = name, base;
    struct practice_receiver beyond = {0};
    int64_t n;
    if (!str_split(&number, '_', &base) || !number.ptr || !str_i64(number, 1, INT32_MAX, &n))
        return;
    if (!f->receivers)
        f->receivers = arena_array(a, GATEWAY_BATCH_MAX, sizeof *f->receivers);
    struct practice_receiver *r = n <= GATEWAY_BATCH_MAX ? &f->receivers[n - 1] : &beyond;
    if (set_field(receiver_fields, COUNT_OF(receiver_fields), r, base, value) && n > f->last)
        f->last = n;
}

static void read_form(struct practice_form *f, struct arena *a, struct str body)
{
    struct str name, value;
    *f = (struct practice_form){0};
    while (form_next(a, &body, &name, &value)) {
        if (str_eq(name, STR("image"))) { /* the one that is no text */
            f->image = value;
            continue;
        }
        if (!utf8_valid(value) || (value.len && memchr(value.ptr, '\0', value.len)))
            f->broken = true;
        if (!set_field(fields, COUNT_OF(fields), f, name, value))
            set_receiver_field(f, a, name, value);
    }
}

/* ---- who calls ---- */

static bool is_listed(const struct practice_call *c)
{
    struct str rest = c->p->options.accounts, pair;
    struct str own =
        str_printf(c->a, "%.*s:%.*s", STR_ARG(c->form.user_id), STR_ARG(c->form.api_key));
    if (rest.len == 0)
        return true;
    while (str_split(&rest, ',', &pair))
        if (str_eq(pair, own))
            return true;
    return false;
}

static bool authenticate(struct practice_call *c)
{
    if (c->form.api_key.len == 0) {
        practice_refuse_missing(c, "apikey");
    } else if (c->form.user_id.len == 0) {
        practice_refuse_missing(c, "userid");
    } else if (!is_listed(c)) {
        practice_refuse(c, -99, STR("등록되지 않은 인증키입니다."));
    } else if (c->form.broken) {
        practice_refuse(c, -99, STR("문자 인코딩이 올바르지 않습니다."));
    } else {
        c->account = journal_account(c->p->journal, c->form.user_id, c->form.api_key,
                                     c->p->options.points_thousandth);
        return true;
    }
    return false;
}

/* ---- the answer ---- */

static const char page[] = "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>"
                           "<body><h1>502 Bad Gateway</h1></body></html>\n";

/* The other way to spell the same JSON: "/" as "\/", everything beyond ASCII as \uXXXX. */
static struct str spell_like_php(struct arena *a, struct str json)
{
    BUF(out, PRACTICE_ANSWER_MAX * 3);
    for (size_t i = 0; i < json.len;) {
        uint32_t c = utf8_next(json, &i);
        if (c == '/')
            buf_lit(&out, "\\/");
        else if (c < 0x80)
            buf_char(&out, (char)c);
        else if (c < 0x10000)
            buf_printf(&out, "\\u%04x", c);
        else
            buf_printf(&out, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10),
                       0xdc00 + ((c - 0x10000) & 0x3ff));
    }
    return out.failed ? json : str_dup(a, buf_view(&out));
}

static void answer_page(struct practice_answer *answer, int status)
{
    answer->http_status = status;
    answer->content_type = "text/html; charset=utf-8";
    answer->body = STR(page);
}

static void answer_json(struct practice_call *c, struct practice_answer *answer)
{
    json_end_object(&c->json);
    answer->http_status = 200;
    /* Aligo says JSON in its documentation and text/html on the wire. */
    answer->content_type =
        c->turn % 4 ? "application/json;charset=UTF-8" : "text/html; charset=UTF-8";
    answer->body = str_dup(c->a, buf_view(&c->out));
    if (c->turn % 2)
        answer->body = spell_like_php(c->a, answer->body);
}

/* ---- one call ---- */

struct endpoint {
    struct str path, name;
    practice_action *action;
};

static const struct endpoint endpoints[] = {
    {STR_INIT("/akv10/alimtalk/send"), STR_INIT("send"), practice_send},
    {STR_INIT("/akv10/history/list"), STR_INIT("list"), practice_list},
    {STR_INIT("/akv10/history/detail"), STR_INIT("detail"), practice_detail},
    {STR_INIT("/akv10/heartinfo"), STR_INIT("balance"), practice_balance},
    {STR_INIT("/akv10/cancel"), STR_INIT("cancel"), practice_cancel},
    {STR_INIT("/akv10/template/list"), STR_INIT("templates"), practice_template_list},
    {STR_INIT("/akv10/template/add"), STR_INIT("template-add"), practice_template_add},
    {STR_INIT("/akv10/template/modify"), STR_INIT("template-modify"), practice_template_modify},
    {STR_INIT("/akv10/template/del"), STR_INIT("template-delete"), practice_template_delete},
    {STR_INIT("/akv10/template/request"), STR_INIT("template-request"), practice_template_request},
    {STR_INIT("/akv10/profile/list"), STR_INIT("profiles"), practice_profile_list},
    {STR_INIT("/akv10/profile/auth"), STR_INIT("channel-auth"), practice_channel_auth},
    {STR_INIT("/akv10/profile/add"), STR_INIT("channel-add"), practice_channel_add},
    {STR_INIT("/akv10/category"), STR_INIT("categories"), practice_category_list},
};

static const struct {
    struct str path;
    practice_admin *action;
} admin_endpoints[] = {
    {STR_INIT("/practice/journal"), practice_admin_journal},
    {STR_INIT("/practice/calls"), practice_admin_calls},
    {STR_INIT("/practice/faults"), practice_admin_faults},
    {STR_INIT("/practice/points"), practice_admin_points},
    {STR_INIT("/practice/status"), practice_admin_status},
    {STR_INIT("/practice/templates"), practice_admin_templates},
};

/* Carries out the call, unless its fault says that it never came so far, and notes it. */
static void act(struct practice_call *c, const struct endpoint *e, size_t bytes, struct str outcome,
                const struct practice_fault *fault)
{
    if (fault->refuse)
        practice_refuse(c, fault->code, fault->text);
    else if (!fault->before && authenticate(c))
        e->action(c);
    journal_call_add(c->p->journal, &(struct journal_call){
                                        .at = c->now,
                                        .endpoint = e->name,
                                        .user_id = c->form.user_id,
                                        .outcome = outcome,
                                        .bytes = (int64_t)bytes,
                                        .code = c->code,
                                        .mid = c->mid,
                                    });
}

static void answer_call(struct practice_call *c, const struct practice_fault *fault,
                        struct practice_answer *answer)
{
    if (fault->html)
        answer_page(answer, fault->http_status ? fault->http_status : 200);
    else if (!fault->before || fault->refuse)
        answer_json(c, answer);
    else
        *answer = (struct practice_answer){.http_status = 200, .body = STR("")};
    answer->cut = fault->cut;
    answer->delay_ms = c->p->options.answer_delay_ms + fault->delay_ms;
}

static void handle_call(struct practice_call *c, const struct endpoint *e, struct str body,
                        struct practice_answer *answer)
{
    struct practice *p = c->p;
    struct practice_fault fault;
    read_form(&c->form, c->a, body);
    pthread_mutex_lock(&p->lock);
    c->turn = ++p->turn;
    c->now = clock_now(&p->options.clock);
    journal_begin(p->journal);
    struct str turn = str_printf(c->a, "%lld", (long long)c->turn);
    struct str outcome =
        practice_fault_take(p->journal, e->name, practice_draw(p->options.seed, turn), c->a);
    if (!practice_fault_parse(outcome, &fault))
        fault = (struct practice_fault){0};
    act(c, e, body.len, outcome, &fault);
    bool kept = journal_commit(p->journal);
    pthread_mutex_unlock(&p->lock);
    if (kept)
        answer_call(c, &fault, answer);
    else
        answer_page(answer, 500);
}

static void handle_admin(struct practice_call *c, practice_admin *action, struct str body,
                         struct practice_answer *answer)
{
    pthread_mutex_lock(&c->p->lock);
    c->now = clock_now(&c->p->options.clock);
    journal_begin(c->p->journal);
    answer->http_status = action(c, body);
    if (!journal_commit(c->p->journal) || c->out.failed)
        answer->http_status = 500;
    pthread_mutex_unlock(&c->p->lock);
    answer->content_type = "application/json; charset=utf-8";
    answer->body = str_dup(c->a, buf_view(&c->out));
}

static void handle_image(struct practice_call *c, struct str query, struct practice_answer *answer)
{
    pthread_mutex_lock(&c->p->lock);
    journal_begin(c->p->journal);
    practice_answer_image(c, query, answer);
    if (!journal_commit(c->p->journal))
        answer->http_status = 500;
    pthread_mutex_unlock(&c->p->lock);
}

void practice_handle(struct practice *p, struct str path, struct str body, struct arena *a,
                     struct practice_answer *answer)
{
    struct practice_call *c = arena_new(a, struct practice_call);
    c->p = p;
    c->a = a;
    buf_init(&c->out, PRACTICE_ANSWER_MAX);
    json_init(&c->json, &c->out);
    *answer = (struct practice_answer){.http_status = 404, .body = STR("{}")};
    answer->content_type = "application/json; charset=utf-8";
    if (str_ends(path, STR("/")))
        path.len--;
    for (size_t i = 0; i < COUNT_OF(endpoints); i++)
        if (str_eq(endpoints[i].path, path))
            handle_call(c, &endpoints[i], body, answer);
    for (size_t i = 0; i < COUNT_OF(admin_endpoints); i++)
        if (str_eq(admin_endpoints[i].path, path))
            handle_admin(c, admin_endpoints[i].action, body, answer);
    if (str_eq(path, STR("/practice/image")))
        handle_image(c, body, answer);
    buf_free(&c->out);
}

void practice_url_set(struct practice *p, struct str url)
{
    pthread_mutex_lock(&p->lock);
    p->url = str_dup(&p->arena, url);
    pthread_mutex_unlock(&p->lock);
}

bool practice_wish(struct practice *p, struct str spec)
{
    pthread_mutex_lock(&p->lock);
    journal_begin(p->journal);
    bool understood = practice_fault_spec(p->journal, spec);
    bool kept = journal_commit(p->journal);
    pthread_mutex_unlock(&p->lock);
    return understood && kept;
}

/* ---- life ---- */

struct practice_options practice_options_default(void)
{
    return (struct practice_options){
        .clock = clock_system,
        .seed = 1,
        .link_scheme = STR("http"),
        .accounts = STR(""),
        .result_delay_ms = 3000,
        .detail_lag_ms = 1000,
        .history_lag_ms = 1000,
        .inspection_delay_ms = 10000,
        .page_size = 50,
        .points_thousandth = INT64_C(6500000000),
        .unit_thousandth = 6500,
    };
}

struct practice *practice_open(const struct practice_options *options)
{
    struct journal *journal = journal_open(options->path);
    if (!journal)
        return NULL;
    struct practice *p = calloc(1, sizeof *p);
    if (!p)
        fatalx("out of memory");
    arena_init(&p->arena, (size_t)1 << 20);
    p->options = *options;
    if (!p->options.clock.now)
        p->options.clock = clock_system;
    p->options.link_scheme = str_dup(&p->arena, options->link_scheme);
    p->options.accounts = str_dup(&p->arena, options->accounts);
    p->options.path = NULL;
    p->journal = journal;
    p->templates = practice_templates(&p->arena, p->options.link_scheme, &p->template_count);
    p->url = STR("http://127.0.0.1");
    p->turn = journal_totals(journal).calls;
    pthread_mutex_init(&p->lock, NULL);
    return p;
}

void practice_close(struct practice **p)
{
    struct practice *gone = *p;
    *p = NULL;
    if (!gone)
        return;
    journal_close(&gone->journal);
    pthread_mutex_destroy(&gone->lock);
    arena_free(&gone->arena);
    free(gone);
}
