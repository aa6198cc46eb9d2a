/*
 * practice_read.c - the reading calls of the practice gateway about what was sent: history, detail,
 * balance, spelled the way Aligo spells them.
 */
#include "gateway/practice_call.h"

#define PAGE_DEFAULT 50
#define PAGE_MAX     500

/* ---- pages ---- */

struct page {
    int64_t number, size;
};

static struct page page_of(const struct practice_call *c)
{
    struct page page = {1, PAGE_DEFAULT};
    if (!str_i64(c->form.page, 1, INT32_MAX, &page.number))
        page.number = 1;
    if (c->p->options.page_size > 0)
        page.size = c->p->options.page_size < PAGE_MAX ? c->p->options.page_size : PAGE_MAX;
    else if (!str_i64(c->form.limit, PAGE_DEFAULT, PAGE_MAX, &page.size))
        page.size = PAGE_DEFAULT;
    return page;
}

void practice_put_text_number(struct practice_call *c, const char *key, int64_t n)
{
    json_put_str(&c->json, key, str_printf(c->a, "%lld", (long long)n));
}

/* A number that is a text every other time. */
static void put_either(struct practice_call *c, const char *key, int64_t n)
{
    if (c->turn % 2)
        json_put_i64(&c->json, key, n);
    else
        practice_put_text_number(c, key, n);
}

static void end_pages(struct practice_call *c, const struct page *page, int64_t total)
{
    practice_put_text_number(c, "currentPage", page->number);
    practice_put_text_number(c, "totalPage", (total + page->size - 1) / page->size);
    practice_put_text_number(c, "totalCount", total);
}

/* A time, or nothing for one that has not come. */
static void put_time(struct practice_call *c, const char *key, int64_t ms, bool come)
{
    json_put_str(&c->json, key, come ? kst_format(c->a, ms) : STR(""));
}

/* ---- history/list ---- */

/* "YYYYMMDD" as the start of that day in Seoul. */
static bool parse_day(struct practice_call *c, struct str day, int64_t *ms)
{
    int64_t number;
    if (day.len != 8 || !str_i64(day, 0, 99999999, &number))
        return false;
    return kst_parse(str_printf(c->a, "%.4s-%.2s-%.2s 00:00:00", day.ptr, day.ptr + 4, day.ptr + 6),
                     ms);
}

static struct str reserve_state(const struct practice_call *c, const struct journal_request *r)
{
    if (r->cancelled_at)
        return STR("예약취소");
    return r->due_at > c->now ? STR("예약대기중") : STR("전송완료");
}

/* "YYYYMMDDHHMMSS" */
static struct str reserve_date(const struct practice_call *c, const struct journal_request *r)
{
    const char *t = kst_format(c->a, r->due_at).ptr;
    return str_printf(c->a, "%.4s%.2s%.2s%.2s%.2s%.2s", t, t + 5, t + 8, t + 11, t + 14, t + 17);
}

static void put_history(struct practice_call *c, const struct journal_request *r)
{
    json_begin_object(&c->json);
    put_either(c, "mid", r->mid);
    json_put_str(&c->json, "type", STR("AT"));
    json_put_str(&c->json, "sender", r->sender);
    put_either(c, "msg_count", r->asked);
    json_put_str(&c->json, "mbody", r->first_body);
    json_put_str(&c->json, "reserve_date", reserve_date(c, r));
    json_put_str(&c->json, "reserve_state", reserve_state(c, r));
    put_time(c, c->turn % 5 ? "regdate" : "reg_date", r->accepted_at, true);
    json_end_object(&c->json);
}

void practice_list(struct practice_call *c)
{
    struct page page = page_of(c);
    int64_t from = 0, to = INT64_MAX, total, end;
    if (c->form.start_date.len && !parse_day(c, c->form.start_date, &from))
        from = 0;
    if (c->form.end_date.len && parse_day(c, c->form.end_date, &end))
        to = end + DAY_MS;
    /* What came in just now does not stand in the list yet. */
    int64_t visible = c->now - c->p->options.history_lag_ms + 1;
    struct journal_request *list;
    size_t n = journal_history(c->p->journal, c->account.id, from, to < visible ? to : visible,
                               page.size, (page.number - 1) * page.size, c->a, &list, &total);
    practice_begin(c, 0, STR("성공적으로 호출하였습니다."));
    json_key(&c->json, "list");
    json_begin_array(&c->json);
    for (size_t i = 0; i < n; i++)
        put_history(c, &list[i]);
    json_end_array(&c->json);
    end_pages(c, &page, total);
}

/* ---- history/detail ---- */

/* One receiver as it looks now. */
struct view {
    const struct journal_request *request;
    struct journal_receiver receiver;
    char letter;
    bool listed, sent, finished;
    int64_t result_at;
};

static struct view view_of(const struct practice_call *c, const struct journal_request *request,
                           const struct journal_receiver *receiver, char letter)
{
    const struct practice_options *o = &c->p->options;
    bool running = !request->cancelled_at;
    bool late = practice_hash(o->seed + (uint64_t)request->mid, receiver->phone) % 8 == 0;
    struct view v = {.request = request, .receiver = *receiver, .letter = letter};
    v.result_at = request->due_at + o->result_delay_ms;
    v.sent = running && c->now >= request->due_at;
    v.finished = running && letter != PRACTICE_NEVER && c->now >= v.result_at;
    v.listed = letter != PRACTICE_ABSENT &&
               (v.finished || !late || c->now >= request->due_at + o->detail_lag_ms);
    return v;
}

static void put_result(struct practice_call *c, const struct view *v)
{
    json_put_str(&c->json, "rslt", v->finished ? str_n(&v->letter, 1) : STR(""));
    json_put_str(&c->json, "rslt_message", v->finished ? practice_result_text(v->letter) : STR(""));
    bool fell_back = v->finished && v->letter != '0' && v->request->failover;
    practice_put_text_number(c, "smid", fell_back ? v->request->mid + 1000000000 : 0);
}

static void put_detail(struct practice_call *c, const struct view *v)
{
    const struct journal_request *r = v->request;
    json_begin_object(&c->json);
    json_put_str(&c->json, "msgid",
                 str_printf(c->a, "%s%lld%03lld", v->finished ? "" : "Q", (long long)r->mid,
                            (long long)v->receiver.number));
    json_put_str(&c->json, "type", STR("AT"));
    json_put_str(&c->json, "sender", r->sender);
    json_put_str(&c->json, "phone", v->receiver.phone);
    put_either(c, "status", v->letter == 'I' ? 2 : 3);
    put_time(c, "reqdate", r->accepted_at, true);
    put_time(c, "sentdate", r->due_at, v->sent);
    put_time(c, "rsltdate", v->result_at, v->finished);
    put_time(c, "reportdate", v->result_at, v->finished);
    put_result(c, v);
    json_put_str(&c->json, "message", v->receiver.body);
    json_put_str(&c->json, "button_json",
                 v->receiver.buttons.len ? v->receiver.buttons : STR("{}"));
    json_put_str(&c->json, "tpl_code", r->template_code);
    json_put_str(&c->json, "senderKey", practice_sender_key(c->a, c->form.user_id));
    json_end_object(&c->json);
}

void practice_detail(struct practice_call *c)
{
    struct page page = page_of(c);
    struct journal_request r;
    int64_t mid;
    if (c->form.mid.len == 0) {
        practice_refuse_missing(c, "mid");
        return;
    }
    if (!str_i64(c->form.mid, 1, INT64_MAX, &mid) ||
        !journal_request_find(c->p->journal, c->account.id, mid, c->a, &r)) {
        practice_refuse(c, -99, STR("전송내역이 존재하지 않습니다."));
        return;
    }
    int64_t listed = 0, first = (page.number - 1) * page.size;
    struct str rest = r.receivers;
    struct journal_receiver receiver;
    practice_begin(c, 0, STR("성공적으로 호출하였습니다."));
    json_key(&c->json, "list");
    json_begin_array(&c->json);
    for (size_t i = 0; i < r.results.len && receivers_next(&rest, &receiver); i++) {
        struct view v = view_of(c, &r, &receiver, r.results.ptr[i]);
        if (!v.listed)
            continue;
        if (listed >= first && listed < first + page.size)
            put_detail(c, &v);
        listed++;
    }
    json_end_array(&c->json);
    end_pages(c, &page, listed);
}

/* ---- balance ---- */

/* What one text message of a kind costs, in thousandths of a won. */
static const struct {
    const char *key;
    int64_t price;
} kinds[] = {{"SMS_CNT", 8400}, {"LMS_CNT", 25900}, {"MMS_CNT", 60000}};

void practice_balance(struct practice_call *c)
{
    int64_t points = c->account.points > 0 ? c->account.points : 0;
    bool flat = c->turn % 3 == 0; /* the page's table is flat, its sample has a list */
    if (flat) {
        json_begin_object(&c->json);
        json_put_i64(&c->json, "result_code", 1);
        json_put_str(&c->json, "message", STR(""));
    } else {
        practice_begin(c, c->turn % 2, STR(""));
        json_key(&c->json, "list");
        json_begin_object(&c->json);
    }
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        put_either(c, kinds[i].key, points / kinds[i].price);
    int64_t price = c->p->options.unit_thousandth;
    put_either(c, "ALT_CNT", price > 0 ? points / price : points);
    if (!flat)
        json_end_object(&c->json);
}
