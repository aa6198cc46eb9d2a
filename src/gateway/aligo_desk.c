/*
 * aligo_desk.c - the second half of the Aligo driver (see aligo.c): templates and channels.
 *
 * template/add and template/modify call a button's links linkM, linkP, linkI and linkA, which all
 * other calls do not. A body is multipart/form-data only when an image goes with it. What changes
 * something is on the wire at most once.
 */
#include "gateway/aligo_call.h"
#include "gateway/form.h"

#include "base/json.h"
#include <assert.h>

/* ---- templates ---- */

enum gateway_answer aligo_templates(struct gateway *g, struct arena *a,
                                    const struct gateway_template **list, size_t *count,
                                    struct gateway_fault *fault)
{
    form_put(aligo_begin(g), "senderkey", g->account.sender_key);
    struct aligo_reply reply;
    enum gateway_answer answer =
        aligo_post_form(g, "/akv10/template/list/", false, a, &reply, fault);
    return answer == GATEWAY_OK ? aligo_read_templates(&reply, a, list, count, fault) : answer;
}

/* The fields of one template, named as Aligo does. */
#define FIELDS_MAX 16

struct fields {
    struct wire_part list[FIELDS_MAX];
    size_t count;
};

static void put(struct fields *f, const char *name, struct str value)
{
    assert(f->count < FIELDS_MAX);
    if (value.len > 0)
        f->list[f->count++] = (struct wire_part){.name = name, .value = value};
}

static void put_link(struct json *j, const char *key, struct str link)
{
    if (link.len)
        json_put_str(j, key, link);
}

/* tpl_button: {"button":[{"name":…,"linkType":…, links that are used}]}; empty without buttons. */
static struct str write_buttons(struct buf *out, const struct gateway_template_form *form)
{
    struct json j;
    assert(form->button_count <= GATEWAY_BUTTONS_MAX);
    if (form->button_count == 0)
        return STR("");
    json_init(&j, out);
    json_begin_object(&j);
    json_key(&j, "button");
    json_begin_array(&j);
    for (size_t i = 0; i < form->button_count; i++) {
        const struct gateway_button *b = &form->buttons[i];
        json_begin_object(&j);
        json_put_str(&j, "name", b->name);
        json_put_str(&j, "linkType", b->type);
        put_link(&j, "linkM", b->mobile);
        put_link(&j, "linkP", b->pc);
        put_link(&j, "linkI", b->ios);
        put_link(&j, "linkA", b->android);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    return buf_view(out);
}

static void put_image(struct fields *f, struct str image)
{
    bool png = str_starts(image, STR("\x89PNG"));
    assert(f->count < FIELDS_MAX);
    f->list[f->count++] = (struct wire_part){
        .name = "image",
        .value = image,
        .file = png ? "template.png" : "template.jpg",
        .type = png ? "image/png" : "image/jpeg",
    };
}

/* What is optional is left out when it is empty. */
static void put_template(struct gateway *g, const struct gateway_template_form *form,
                         struct fields *f)
{
    put(f, "senderkey", g->account.sender_key);
    put(f, "tpl_code", form->code);
    put(f, "tpl_name", form->name);
    put(f, "tpl_content", form->content);
    put(f, "tpl_secure", form->secure ? STR("Y") : STR("N"));
    put(f, "tpl_type", form->type);
    put(f, "tpl_emtype", form->emphasis);
    put(f, "tpl_title", form->title);
    put(f, "tpl_stitle", form->subtitle);
    put(f, "tpl_extra", form->extra);
    put(f, "tpl_advert", form->advert);
    put(f, "tpl_button", write_buttons(&g->piece, form));
}

enum gateway_answer aligo_template_save(struct gateway *g, const struct gateway_template_form *form,
                                        struct arena *a, struct str *code,
                                        struct gateway_fault *fault)
{
    struct fields f = {.count = 0};
    struct buf *plain = aligo_begin(g);
    struct aligo_call call = {
        .path = form->code.len ? "/akv10/template/modify/" : "/akv10/template/add/",
        .once = true,
    };
    if (form->image.len > 0) {
        put(&f, "apikey", g->account.api_key);
        put(&f, "userid", g->account.user_id);
    }
    put_template(g, form, &f);
    if (form->image.len > GATEWAY_IMAGE_MAX) {
        plain->failed = true; /* refused like every form that is too large */
    } else if (form->image.len > 0) {
        put_image(&f, form->image);
        call.parts = f.list;
        call.part_count = f.count;
    } else {
        for (size_t i = 0; i < f.count; i++)
            form_put(plain, f.list[i].name, f.list[i].value);
    }
    struct aligo_reply reply;
    enum gateway_answer answer = aligo_post(g, &call, a, &reply, fault);
    return answer == GATEWAY_OK ? aligo_read_saved(&reply, form->code, a, code, fault) : answer;
}

static enum gateway_answer change_template(struct gateway *g, const char *path, struct str code,
                                           struct arena *a, struct gateway_fault *fault)
{
    struct buf *form = aligo_begin(g);
    form_put(form, "senderkey", g->account.sender_key);
    form_put(form, "tpl_code", code);
    struct aligo_reply reply;
    enum gateway_answer answer = aligo_post_form(g, path, true, a, &reply, fault);
    return answer == GATEWAY_OK ? aligo_read_done(&reply, a, fault) : answer;
}

enum gateway_answer aligo_template_delete(struct gateway *g, struct str code, struct arena *a,
                                          struct gateway_fault *fault)
{
    return change_template(g, "/akv10/template/del/", code, a, fault);
}

enum gateway_answer aligo_template_request(struct gateway *g, struct str code, struct arena *a,
                                           struct gateway_fault *fault)
{
    return change_template(g, "/akv10/template/request/", code, a, fault);
}

/* ---- channels ---- */

enum gateway_answer aligo_profiles(struct gateway *g, struct arena *a,
                                   const struct gateway_profile **list, size_t *count,
                                   struct gateway_fault *fault)
{
    aligo_begin(g);
    struct aligo_reply reply;
    enum gateway_answer answer =
        aligo_post_form(g, "/akv10/profile/list/", false, a, &reply, fault);
    return answer == GATEWAY_OK ? aligo_read_profiles(&reply, a, list, count, fault) : answer;
}

enum gateway_answer aligo_channel_auth(struct gateway *g, struct str channel, struct str phone,
                                       struct arena *a, struct gateway_fault *fault)
{
    struct buf *form = aligo_begin(g);
    form_put(form, "plusid", channel);
    form_put(form, "phonenumber", phone);
    struct aligo_reply reply;
    enum gateway_answer answer = aligo_post_form(g, "/akv10/profile/auth/", true, a, &reply, fault);
    return answer == GATEWAY_OK ? aligo_read_done(&reply, a, fault) : answer;
}

enum gateway_answer aligo_categories(struct gateway *g, struct arena *a,
                                     const struct gateway_category **list, size_t *count,
                                     struct gateway_fault *fault)
{
    aligo_begin(g);
    struct aligo_reply reply;
    enum gateway_answer answer = aligo_post_form(g, "/akv10/category/", false, a, &reply, fault);
    return answer == GATEWAY_OK ? aligo_read_categories(&reply, a, list, count, fault) : answer;
}

enum gateway_answer aligo_channel_add(struct gateway *g, const struct gateway_channel_form *form,
                                      struct arena *a, struct gateway_profile *added,
                                      struct gateway_fault *fault)
{
    struct buf *body = aligo_begin(g);
    form_put(body, "plusid", form->channel);
    form_put(body, "phonenumber", form->phone);
    form_put(body, "authnum", form->auth_number);
    form_put(body, "categorycode", form->category);
    struct aligo_reply reply;
    enum gateway_answer answer = aligo_post_form(g, "/akv10/profile/add/", true, a, &reply, fault);
    return answer == GATEWAY_OK ? aligo_read_added(&reply, a, added, fault) : answer;
}
