/*
 * previews.c - a message as one of the recipients would get it, while it is composed.
 */
#include "api/handlers.h"
#include "domain/message.h"
#include "domain/preview.h"

/* ---- reading ---- */

struct body {
    int64_t template_id, position;
    struct str jump;
    const json_t *recipients, *values, *known;
};

static const struct api_field fields[] = {
    API_FIELD(struct body, template_id, API_NUMBER, .required = true),
    API_FIELD(struct body, recipients, API_OBJECT, .required = true),
    API_FIELD(struct body, values, API_OBJECT),
    API_FIELD(struct body, position, API_NUMBER),
    API_FIELD(struct body, jump, API_TEXT, .max = 20),
    API_FIELD(struct body, known, API_OBJECT),
};

struct known {
    int64_t contact_id, position, total;
};

static const struct api_field known_fields[] = {
    API_FIELD(struct known, contact_id, API_NUMBER, .required = true),
    API_FIELD(struct known, position, API_NUMBER, .required = true),
    API_FIELD(struct known, total, API_NUMBER, .required = true),
};

static void known_read(struct http_exchange *x, const json_t *object, struct preview_place *place)
{
    struct known k = {0};
    api_object(x, object, known_fields, COUNT_OF(known_fields), &k, NULL);
    if (k.contact_id < 1 || k.position < 1 || k.total < k.position)
        scope_field_error(api_scope(x), "known", "range", "앞의 답에 있던 값을 그대로 보내 주세요.",
                          "Pass on what the answer before said.");
    *place = (struct preview_place){k.contact_id, k.position, k.total};
}

static void jump_read(struct http_exchange *x, struct str word, enum preview_jump *jump)
{
    static const struct str words[] = {
        [PREVIEW_LONGEST] = STR_INIT("longest"),
        [PREVIEW_MISSING] = STR_INIT("missing"),
    };
    for (size_t i = PREVIEW_LONGEST; i < COUNT_OF(words); i++)
        if (str_eq(words[i], word)) {
            *jump = (enum preview_jump)i;
            return;
        }
    scope_field_error(api_scope(x), "jump", "unknown", "longest와 missing 가운데 하나입니다.",
                      "This is longest or missing.");
}

static void wish_read(struct http_exchange *x, const struct body *b, struct preview_wish *wish)
{
    wish->template = b->template_id;
    wish->position = b->position;
    wish->form.tracking_base = str_printf(&x->arena, "%s/r/", api_app(x)->public_url);
    recipients_choice_read(x, b->recipients, &wish->who);
    campaign_values_take(x, json_object_get(x->request.json, "values"), &wish->form.values,
                         &wish->form.value_count);
    if (b->jump.ptr)
        jump_read(x, b->jump, &wish->jump);
    if (b->known)
        known_read(x, b->known, &wish->known);
}

/* ---- writing ---- */

static void text_write(struct json *j, const char *key, const struct preview_text *text)
{
    static const struct str kinds[] = {
        [PREVIEW_FIXED] = STR_INIT("fixed"),
        [PREVIEW_VALUE] = STR_INIT("value"),
        [PREVIEW_NOTHING] = STR_INIT("missing"),
    };
    json_key(j, key);
    json_begin_array(j);
    for (size_t i = 0; i < text->count; i++) {
        json_begin_object(j);
        json_put_str(j, "text", text->pieces[i].text);
        json_put_str(j, "kind", kinds[text->pieces[i].kind]);
        json_end_object(j);
    }
    json_end_array(j);
}

static void texts_write(struct json *j, const char *key, const struct str *list, size_t count)
{
    json_key(j, key);
    json_begin_array(j);
    for (size_t i = 0; i < count; i++)
        json_str(j, list[i]);
    json_end_array(j);
}

static void contact_write(struct json *j, const struct preview *p)
{
    json_key(j, "contact");
    if (p->place.position == 0) {
        json_null_value(j);
        return;
    }
    json_begin_object(j);
    json_put_i64(j, "id", p->who.contact);
    json_put_str(j, "name", p->who.name);
    json_put_str(j, "phone", p->who.phone);
    json_end_object(j);
}

static void fallback_write(struct json *j, const struct sms *sms)
{
    json_key(j, "fallback");
    json_begin_object(j);
    json_put_str(j, "kind", sms->kind);
    json_put_i64(j, "bytes", sms->bytes);
    json_put_i64(j, "limit", sms->limit);
    texts_write(j, "lost", sms->lost, sms->lost_count);
    json_end_object(j);
}

static void preview_write(struct http_exchange *x, const struct preview *p)
{
    struct json j = http_json(x);
    struct str problem = message_reason_text(p->reason, api_english(x), &x->arena);
    json_begin_object(&j);
    json_put_i64(&j, "position", p->place.position);
    json_put_i64(&j, "total", p->place.total);
    contact_write(&j, p);
    text_write(&j, "title", &p->title);
    text_write(&j, "body", &p->body);
    json_key(&j, "buttons");
    json_begin_array(&j);
    for (size_t i = 0; i < p->button_count; i++)
        template_button_put(&j, &p->buttons[i], (int64_t)i + 1, p->tracked[i]);
    json_end_array(&j);
    texts_write(&j, "missing", p->missing, p->missing_count);
    json_put_i64(&j, "length", (int64_t)p->length);
    json_put_i64(&j, "limit", (int64_t)p->limit);
    json_put_i64(&j, "title_length", (int64_t)p->title_length);
    fallback_write(&j, &p->fallback);
    json_put_str_or_null(&j, "problem", p->reason.len ? problem : (struct str){NULL, 0});
    json_end_object(&j);
}

int preview_post(struct http_exchange *x)
{
    struct body b = {0};
    struct preview_wish wish = {.jump = PREVIEW_AT};
    struct preview preview;
    int status = api_body(x, fields, COUNT_OF(fields), &b, NULL);
    if (status)
        return status;
    wish_read(x, &b, &wish);
    enum problem p = scope_invalid(api_scope(x));
    if (!p)
        p = preview_make(api_scope(x), &wish, &preview);
    if (p)
        return api_problem(x, p);
    preview_write(x, &preview);
    return 200;
}
