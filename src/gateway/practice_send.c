/*
 * practice_send.c - /akv10/alimtalk/send/ and /akv10/cancel/ of the practice gateway.
 *
 * What is refused is refused as a whole and nothing is stored. What is accepted has its fate
 * decided here, one letter for each receiver; only the time until it shows is left open.
 */
#include "gateway/practice_shelf.h"
#include "gateway/practice_templates.h"

#include <ctype.h>

#define BODY_MAX         1000 /* characters */
#define TITLE_MAX        50
#define CANCEL_BEFORE_MS (5 * MINUTE_MS)

/* ---- what becomes of a receiver ---- */

/* Fates by phone number, so that a test or a curious user can choose; the first row that fits. */
static const struct {
    struct str ending;
    char letter;
} fates[] = {
    {STR_INIT("01000009901"), PRACTICE_NEVER},
    {STR_INIT("01000009902"), PRACTICE_ABSENT},
    {STR_INIT("01000009903"), 'I'},
    {STR_INIT("01000009904"), '5'},
    {STR_INIT("0001"), 'A'},
    {STR_INIT("0002"), 'B'},
    {STR_INIT("0003"), '9'},
};

static const struct {
    char letter;
    struct str text;
} words[] = {
    {'A', STR_INIT("카카오톡 미사용자")},
    {'B', STR_INIT("알림톡 차단을 선택한 사용자")},
    {'9', STR_INIT("최근 카카오톡을 미사용자")},
    {'8', STR_INIT("메시지를 전송할 수 없는 상태")},
    {'5', STR_INIT("메시지 발송 후 수신여부 불투명")},
    {'I', STR_INIT("전화번호 오류")},
    {'L', STR_INIT("메시지 길이 제한 오류")},
    {'U', STR_INIT("메시지가 템플릿과 일치하지않음")},
};

struct str practice_result_text(char letter)
{
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (words[i].letter == letter)
            return words[i].text;
    return STR("");
}

char practice_result(const struct practice *p, struct str phone)
{
    static const char failures[] = "AB98";
    for (size_t i = 0; i < COUNT_OF(fates); i++)
        if (str_ends(phone, fates[i].ending))
            return fates[i].letter;
    if (practice_draw(p->options.seed, phone) >= p->options.failure_rate)
        return '0';
    return failures[practice_hash(p->options.seed + 1, phone) % (sizeof failures - 1)];
}

static char decide(const struct practice_call *c, const struct gateway_template *t,
                   const struct practice_receiver *r)
{
    struct str title = r->title.ptr ? r->title : STR("");
    struct str buttons = r->buttons.ptr ? r->buttons : STR("");
    if (utf8_count(r->body) > BODY_MAX || utf8_count(title) > TITLE_MAX)
        return 'L';
    if (!practice_message_matches(t, r->body, title, buttons))
        return 'U';
    return practice_result(c->p, r->phone);
}

/* ---- what is refused ---- */

static bool is_digits(struct str s, size_t min, size_t max)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return s.len >= min && s.len <= max;
}

static bool is_mobile(struct str phone)
{
    return is_digits(phone, 10, 11) && str_starts(phone, STR("01"));
}

static bool is_yes(struct str flag)
{
    return str_eq(flag, STR("Y"));
}

/* Nothing, or a lone punctuation mark: reported to be refused by the real one. */
static bool is_bad_name(struct str name)
{
    return name.ptr && (name.len == 0 || (name.len == 1 && !isalnum((unsigned char)name.ptr[0])));
}

/* The fields that each receiver must have. */
static bool receiver_is_whole(struct practice_call *c, int64_t n, const struct practice_receiver *r)
{
    bool failover = is_yes(c->form.failover);
    const struct {
        const char *name;
        struct str value;
        bool needed;
    } fields[] = {
        {"receiver", r->phone, true},
        {"subject", r->subject, true},
        {"message", r->body, true},
        {"fsubject", r->fallback_subject, failover},
        {"fmessage", r->fallback_body, failover},
    };
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        if (!fields[i].needed || fields[i].value.len > 0)
            continue;
        struct str name = str_printf(c->a, "%s_%lld", fields[i].name, (long long)n);
        practice_refuse_missing(c, name.ptr);
        return false;
    }
    if (is_bad_name(r->name)) {
        practice_refuse(c, -99, STR("수신자명이 올바르지 않습니다."));
        return false;
    }
    return true;
}

static bool receivers_are_whole(struct practice_call *c)
{
    if (c->form.last > GATEWAY_BATCH_MAX) {
        practice_refuse(c, -99, STR("수신번호는 한 번에 500개까지 가능합니다."));
        return false;
    }
    if (c->form.last == 0) {
        practice_refuse_missing(c, "receiver_1");
        return false;
    }
    for (int64_t n = 1; n <= c->form.last; n++)
        if (!receiver_is_whole(c, n, &c->form.receivers[n - 1]))
            return false;
    return true;
}

/* The template to send with; false when the request was refused. */
static bool take_template(struct practice_call *c, struct gateway_template *t)
{
    if (!practice_shelf_find(c, c->form.sender_key, c->form.template_code, t))
        practice_refuse(c, -99, STR("템플릿코드가 존재하지 않습니다."));
    else if (t->dormant)
        practice_refuse(c, -99, STR("휴면 상태의 템플릿코드입니다."));
    else if (!practice_template_sendable(t))
        practice_refuse(c, -99, STR("발송할 수 없는 상태의 템플릿코드입니다."));
    else
        return true;
    return false;
}

static bool head_is_whole(struct practice_call *c)
{
    const struct practice_need needs[] = {
        {"senderkey", c->form.sender_key},
        {"tpl_code", c->form.template_code},
        {"sender", c->form.sender},
    };
    if (!practice_needs(c, needs, COUNT_OF(needs)))
        return false;
    if (is_digits(c->form.sender, 8, 12))
        return practice_own_profile(c);
    practice_refuse(c, -99, STR("등록되지 않은 발신번호입니다."));
    return false;
}

/* ---- booked time ---- */

/* "YYYYMMDDHHMMSS" of Seoul. */
static bool parse_date(struct practice_call *c, struct str s, int64_t *ms)
{
    if (!is_digits(s, 14, 14))
        return false;
    struct str text = str_printf(c->a, "%.4s-%.2s-%.2s %.2s:%.2s:%.2s", s.ptr, s.ptr + 4, s.ptr + 6,
                                 s.ptr + 8, s.ptr + 10, s.ptr + 12);
    return kst_parse(text, ms);
}

/* ---- accepting ---- */

/* The receivers taken, packed, and their fates. */
struct taken {
    struct buf packed;
    char results[GATEWAY_BATCH_MAX];
    size_t count;
    bool mismatch;
};

static bool phone_stands_before(const struct practice_form *f, int64_t n)
{
    for (int64_t i = 1; i < n; i++)
        if (str_eq(f->receivers[i - 1].phone, f->receivers[n - 1].phone))
            return true;
    return false;
}

static void take_receivers(struct practice_call *c, const struct gateway_template *t,
                           struct taken *taken)
{
    for (int64_t n = 1; n <= c->form.last; n++) {
        const struct practice_receiver *r = &c->form.receivers[n - 1];
        if (!is_mobile(r->phone) || phone_stands_before(&c->form, n))
            continue;
        char letter = decide(c, t, r);
        taken->mismatch |= letter == 'U' || letter == 'L';
        taken->results[taken->count++] = letter;
        receivers_pack(&taken->packed, &(struct journal_receiver){
                                           .number = n,
                                           .phone = r->phone,
                                           .name = r->name,
                                           .subject = r->subject,
                                           .body = r->body,
                                           .title = r->title,
                                           .buttons = r->buttons,
                                       });
    }
}

/* A price that is a number today and a text tomorrow. */
static void put_won(struct practice_call *c, const char *key, int64_t thousandths)
{
    double won = (double)thousandths / 1000;
    if (c->turn % 3 == 0)
        json_put_str(&c->json, key, str_printf(c->a, "%.1f", won));
    else
        json_put_real(&c->json, key, won);
}

static void answer_accepted(struct practice_call *c, int64_t mid, const struct taken *taken)
{
    int64_t price = c->p->options.unit_thousandth;
    int64_t total = price * (int64_t)taken->count;
    practice_begin(c, 0, STR("성공적으로 전송요청 하였습니다."));
    json_key(&c->json, "info");
    json_begin_object(&c->json);
    json_put_str(&c->json, "type", STR("AT"));
    if (mid % 2)
        json_put_i64(&c->json, "mid", mid);
    else
        json_put_str(&c->json, "mid", str_printf(c->a, "%lld", (long long)mid));
    put_won(c, "current", c->account.points - total);
    put_won(c, "unit", price);
    put_won(c, "total", total);
    json_put_i64(&c->json, "scnt", (int64_t)taken->count);
    json_put_i64(&c->json, "fcnt", c->form.last - (int64_t)taken->count);
    json_end_object(&c->json);
}

static int64_t store(struct practice_call *c, const struct taken *taken, int64_t due_at)
{
    int64_t total = c->p->options.unit_thousandth * (int64_t)taken->count;
    journal_points_add(c->p->journal, c->account.id, -total);
    return journal_request_add(c->p->journal, &(struct journal_request){
                                                  .account_id = c->account.id,
                                                  .accepted_at = c->now,
                                                  .due_at = due_at,
                                                  .sender = c->form.sender,
                                                  .template_code = c->form.template_code,
                                                  .first_body = c->form.receivers[0].body,
                                                  .results = str_n(taken->results, taken->count),
                                                  .receivers = buf_view(&taken->packed),
                                                  .asked = c->form.last,
                                                  .unit = c->p->options.unit_thousandth,
                                                  .failover = is_yes(c->form.failover),
                                              });
}

/* Test mode answers like a send and leaves nothing behind; its ids are far from the real ones. */
#define TEST_MID_BASE INT64_C(900000000)

static void accept_taken(struct practice_call *c, struct taken *taken, int64_t due_at)
{
    bool test = is_yes(c->form.test_mode);
    int64_t total = c->p->options.unit_thousandth * (int64_t)taken->count;
    if (taken->count == 0) {
        practice_refuse(c, -99, STR("유효한 수신번호가 없습니다."));
    } else if (c->p->options.strict && taken->mismatch) {
        practice_refuse(c, -99, STR("메시지가 템플릿과 일치하지 않습니다."));
    } else if (!test && c->account.points < total) {
        practice_refuse(c, -99, STR("포인트가 부족합니다."));
    } else {
        int64_t mid = test ? TEST_MID_BASE + c->turn : store(c, taken, due_at);
        c->mid = test ? 0 : mid;
        answer_accepted(c, mid, taken);
    }
}

static bool pace_is_kept(struct practice_call *c)
{
    struct practice *p = c->p;
    if (p->second != c->now / SECOND_MS) {
        p->second = c->now / SECOND_MS;
        p->sends = 0;
    }
    if (p->options.sends_per_second == 0 || p->sends++ < p->options.sends_per_second)
        return true;
    practice_refuse(c, -99, STR("초당 발송 한도를 초과했습니다."));
    return false;
}

void practice_send(struct practice_call *c)
{
    int64_t due_at = c->now;
    if (!pace_is_kept(c) || !head_is_whole(c))
        return;
    struct gateway_template t;
    if (!take_template(c, &t) || !receivers_are_whole(c))
        return;
    if (c->form.send_date.len > 0 && !parse_date(c, c->form.send_date, &due_at)) {
        practice_refuse(c, -99, STR("예약일시 형식이 올바르지 않습니다."));
        return;
    }
    struct taken *taken = arena_new(c->a, struct taken);
    buf_init(&taken->packed, PRACTICE_ANSWER_MAX);
    take_receivers(c, &t, taken);
    accept_taken(c, taken, due_at > c->now ? due_at : c->now);
    buf_free(&taken->packed);
}

/* ---- cancelling ---- */

void practice_cancel(struct practice_call *c)
{
    struct journal_request r;
    int64_t mid;
    if (c->form.mid.len == 0) {
        practice_refuse_missing(c, "mid");
    } else if (!str_i64(c->form.mid, 1, INT64_MAX, &mid) ||
               !journal_request_find(c->p->journal, c->account.id, mid, c->a, &r) ||
               r.due_at == r.accepted_at || r.cancelled_at) {
        practice_refuse(c, -99, STR("취소할 예약이 없습니다."));
    } else if (c->now > r.due_at - CANCEL_BEFORE_MS) {
        practice_refuse(c, -99, STR("발송 5분전까지만 취소가 가능합니다."));
    } else {
        journal_request_cancel(c->p->journal, mid, c->now);
        journal_points_add(c->p->journal, c->account.id, r.unit * (int64_t)r.results.len);
        practice_begin(c, c->turn % 2, STR("")); /* the page says 1, older samples 0 */
    }
}
