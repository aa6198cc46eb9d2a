/*
 * aligo.c - the driver for Aligo's AlimTalk API (kakaoapi.aligo.in) and everything that speaks it.
 *
 * A call is written as a form, posted once, and its answer read by aligo_answer.c. A send, and
 * whatever else changes something, uses a connection of its own and is on the wire at most once;
 * reads may keep theirs. Called by the sender's threads and by those that answer the API, each with
 * its own `struct gateway`. It never decides to repeat anything. Templates and channels are in
 * aligo_desk.c.
 * Facts: smartsms.aligo.in/alimapi.html.
 */
#include "gateway/aligo_call.h"
#include "gateway/form.h"

#include "base/json.h"
#include <assert.h>
#include <ctype.h>

/* ---- the call ---- */

struct buf *aligo_begin(struct gateway *g)
{
    buf_clear(&g->form);
    buf_clear(&g->piece);
    form_put(&g->form, "apikey", g->account.api_key);
    form_put(&g->form, "userid", g->account.user_id);
    return &g->form;
}

enum gateway_answer aligo_post(struct gateway *g, const struct aligo_call *call, struct arena *a,
                               struct aligo_reply *reply, struct gateway_fault *fault)
{
    struct gateway_timeouts t = gateway_timeouts_get();
    struct str url = str_printf(a, "%.*s%s", STR_ARG(g->account.base_url), call->path);
    struct wire_call wire_call = {
        .url = url.ptr,
        .body = buf_view(&g->form),
        .parts = call->parts,
        .part_count = call->part_count,
        .once = call->once,
        .connect_ms = t.connect_ms,
        .total_ms = call->once ? t.send_ms : t.read_ms,
    };
    struct wire_answer answer;
    if (g->form.failed || g->piece.failed) {
        *fault = (struct gateway_fault){.class = GATEWAY_CLASS_REJECTED,
                                        .message = STR("the request is too large to be sent")};
        return GATEWAY_REFUSED;
    }
    switch (wire_post(g->wire, &wire_call, &answer)) {
    case WIRE_ANSWERED:
        *reply = (struct aligo_reply){.status = answer.status, .body = answer.body};
        return GATEWAY_OK;
    case WIRE_UNREACHED:
        *fault = (struct gateway_fault){.message = str_dup(a, str_c(answer.what))};
        return GATEWAY_UNREACHED;
    case WIRE_BROKEN:
        break;
    }
    *fault = (struct gateway_fault){.message = str_dup(a, str_c(answer.what))};
    return GATEWAY_UNKNOWN;
}

enum gateway_answer aligo_post_form(struct gateway *g, const char *path, bool once, struct arena *a,
                                    struct aligo_reply *reply, struct gateway_fault *fault)
{
    const struct aligo_call call = {.path = path, .once = once};
    return aligo_post(g, &call, a, reply, fault);
}

/* ---- send ---- */

/* An empty name, or one that is a lone punctuation mark, was reported to be refused. */
static bool name_is_sendable(struct str name)
{
    return name.len > 1 || (name.len == 1 && isalnum((unsigned char)name.ptr[0]));
}

static void put_link(struct json *j, const char *key, struct str link)
{
    if (link.len)
        json_put_str(j, key, link);
}

/* button_N: {"button":[{"name":…,"linkType":…,"linkTypeName":…, links that are used}]} */
static void write_buttons(struct buf *out, const struct gateway_message *m)
{
    struct json j;
    buf_clear(out);
    json_init(&j, out);
    json_begin_object(&j);
    json_key(&j, "button");
    json_begin_array(&j);
    for (size_t i = 0; i < m->button_count; i++) {
        const struct gateway_button *b = &m->buttons[i];
        json_begin_object(&j);
        json_put_str(&j, "name", b->name);
        json_put_str(&j, "linkType", b->type);
        json_put_str(&j, "linkTypeName", b->type_name);
        put_link(&j, "linkMo", b->mobile);
        put_link(&j, "linkPc", b->pc);
        put_link(&j, "linkIos", b->ios);
        put_link(&j, "linkAnd", b->android);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
}

static void put_message(struct gateway *g, size_t n, const struct gateway_message *m)
{
    assert(m->subject.len > 0 && m->button_count <= GATEWAY_BUTTONS_MAX);
    form_put_nth(&g->form, "receiver", n, m->phone);
    if (name_is_sendable(m->name))
        form_put_nth(&g->form, "recvname", n, m->name);
    form_put_nth(&g->form, "subject", n, m->subject);
    form_put_nth(&g->form, "message", n, m->body);
    if (m->title.len)
        form_put_nth(&g->form, "emtitle", n, m->title);
    if (m->button_count == 0)
        return;
    write_buttons(&g->piece, m);
    form_put_nth(&g->form, "button", n, buf_view(&g->piece));
    g->form.failed |= g->piece.failed;
}

static enum gateway_answer aligo_send(struct gateway *g, const struct gateway_batch *batch,
                                      struct arena *a, struct gateway_receipt *receipt,
                                      struct gateway_fault *fault)
{
    assert(batch->count >= 1 && batch->count <= GATEWAY_BATCH_MAX);
    struct buf *form = aligo_begin(g);
    form_put(form, "senderkey", g->account.sender_key);
    form_put(form, "tpl_code", batch->template_code);
    form_put(form, "sender", g->account.sender);
    for (size_t i = 0; i < batch->count; i++)
        put_message(g, i + 1, &batch->messages[i]);
    struct aligo_reply reply;
    enum gateway_answer answer =
        aligo_post_form(g, "/akv10/alimtalk/send/", true, a, &reply, fault);
    return answer == GATEWAY_OK ? aligo_read_send(&reply, a, receipt, fault) : answer;
}

/* ---- what became of it ---- */

/* The most rows a page may hold; Aligo may ignore it, so callers go by the number of pages. */
#define PAGE_LIMIT 500

static void put_page(struct buf *form, struct arena *a, int64_t page)
{
    form_put(form, "page", str_printf(a, "%lld", (long long)page));
    form_put(form, "limit", str_printf(a, "%d", PAGE_LIMIT));
}

static enum gateway_answer aligo_history(struct gateway *g, struct str from, struct str to,
                                         int64_t page, struct arena *a,
                                         const struct gateway_history **list, size_t *count,
                                         int64_t *pages, struct gateway_fault *fault)
{
    struct buf *form = aligo_begin(g);
    form_put(form, "startdate", from);
    form_put(form, "enddate", to);
    put_page(form, a, page);
    struct aligo_reply reply;
    enum gateway_answer answer =
        aligo_post_form(g, "/akv10/history/list/", false, a, &reply, fault);
    return answer == GATEWAY_OK ? aligo_read_history(&reply, a, list, count, pages, fault) : answer;
}

static enum gateway_answer aligo_detail(struct gateway *g, struct str mid, int64_t page,
                                        struct arena *a, const struct gateway_detail **list,
                                        size_t *count, int64_t *pages, struct gateway_fault *fault)
{
    struct buf *form = aligo_begin(g);
    form_put(form, "mid", mid);
    put_page(form, a, page);
    struct aligo_reply reply;
    enum gateway_answer answer =
        aligo_post_form(g, "/akv10/history/detail/", false, a, &reply, fault);
    return answer == GATEWAY_OK ? aligo_read_detail(&reply, a, list, count, pages, fault) : answer;
}

/* ---- balance ---- */

static enum gateway_answer aligo_balance(struct gateway *g, struct arena *a,
                                         struct gateway_balance *balance,
                                         struct gateway_fault *fault)
{
    aligo_begin(g);
    struct aligo_reply reply;
    enum gateway_answer answer = aligo_post_form(g, "/akv10/heartinfo/", false, a, &reply, fault);
    return answer == GATEWAY_OK ? aligo_read_balance(&reply, a, balance, fault) : answer;
}

const struct gateway_driver gateway_aligo = {
    .name = "aligo",
    .send = aligo_send,
    .history = aligo_history,
    .detail = aligo_detail,
    .templates = aligo_templates,
    .balance = aligo_balance,
    .profiles = aligo_profiles,
    .template_save = aligo_template_save,
    .template_delete = aligo_template_delete,
    .template_request = aligo_template_request,
    .channel_auth = aligo_channel_auth,
    .categories = aligo_categories,
    .channel_add = aligo_channel_add,
};
