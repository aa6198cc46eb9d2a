/*
 * contact.c - see contact.h.
 */
#include "domain/contact.h"
#include "domain/company.h"
#include "domain/contact_action.h"
#include "domain/contact_index.h"
#include "domain/group.h"
#include "domain/phone.h"
#include "domain/text.h"

#include <assert.h>

/* ---- checking ---- */

/* What is stored of a form. */
struct checked {
    struct str name, email, attributes;
    struct phone phone;
};

static void name_check(struct scope *s, struct str given, struct str *name)
{
    *name = text_line(s->arena, given);
    if (name->len == 0)
        scope_field_error(s, "name", "required", "이름을 넣어 주세요.", "Please enter a name.");
    else if (utf8_count(*name) > CONTACT_NAME_MAX)
        scope_field_error(s, "name", "too_long", "이름은 100자까지 쓸 수 있습니다.",
                          "The name may have at most 100 characters.");
}

static void phone_check(struct scope *s, struct str given, struct phone *phone)
{
    *phone = phone_read(given);
    if (phone->verdict != PHONE_ERROR)
        return;
    struct str word = phone_reason_word(phone->reason);
    scope_field_error(s, "phone", str_z(s->arena, text_email(s->arena, word)),
                      str_z(s->arena, phone_reason_text(word, false)),
                      str_z(s->arena, phone_reason_text(word, true)));
}

static void email_check(struct scope *s, struct str given, struct str *email)
{
    *email = text_email(s->arena, given);
    if (email->len == 0)
        *email = (struct str){NULL, 0};
    else if (!text_email_ok(*email))
        scope_field_error(s, "email", "invalid", "이메일 주소가 올바르지 않습니다.",
                          "The e-mail address is not valid.");
}

static bool attribute_ok(struct str name, const json_t *value)
{
    return name.len > 0 && json_is_string(value) &&
           utf8_count(name) <= CONTACT_ATTRIBUTE_NAME_MAX &&
           json_string_length(value) <= (size_t)CONTACT_ATTRIBUTE_VALUE_MAX * 4;
}

static void attributes_check(struct scope *s, const json_t *given, struct str *text)
{
    BUF(out, CONTACT_ATTRIBUTES_TEXT_MAX);
    struct json j;
    json_init(&j, &out);
    json_begin_object(&j);
    bool ok = json_is_object(given) && json_object_size(given) <= CONTACT_ATTRIBUTES_MAX;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)given, key, value)
    {
        struct str name = text_line(s->arena, str_c(key));
        ok = ok && attribute_ok(name, value);
        if (ok)
            json_put_str(&j, str_z(s->arena, name),
                         str_n(json_string_value(value), json_string_length(value)));
    }
    json_end_object(&j);
    *text = str_dup(s->arena, buf_view(&out));
    if (!ok || out.failed)
        scope_field_error(s, "attributes", "invalid",
                          "속성은 이름과 글로 이루어져야 하고, 너무 많거나 길 수 없습니다.",
                          "Attributes are texts with a name; not too many and not too long.");
}

static void form_check(struct scope *s, const struct contact_form *form, struct checked *out)
{
    *out = (struct checked){.attributes = STR_INIT("{}")};
    if (form->name.ptr)
        name_check(s, form->name, &out->name);
    if (form->phone.ptr)
        phone_check(s, form->phone, &out->phone);
    if (form->email_given)
        email_check(s, form->email.ptr ? form->email : STR(""), &out->email);
    if (form->attributes)
        attributes_check(s, form->attributes, &out->attributes);
}

/* Nobody but `except` may have the number. */
static enum problem phone_free(struct scope *s, const struct phone *phone, int64_t except)
{
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT id, name FROM contact WHERE company_id = $1 AND phone = $2 AND id <> $3",
             DB_ARGS(DB_N(s->company), DB_S(str_c(phone->digits)), DB_N(except)));
    if (!db_next(&rows))
        return PROBLEM_NONE;
    s->problem_contact = db_i64(&rows, 0);
    return scope_fail(s, PROBLEM_PHONE_TAKEN, db_text(&rows, 1, s->arena));
}

/* ---- changing ---- */

enum problem contact_create(struct scope *s, const struct contact_form *form, int64_t *id)
{
    struct checked c;
    form_check(s, form, &c);
    TX(tx, s->db);
    company_lock(s);
    group_ids_check(s, form->group_ids, form->group_count);
    if (s->error_count)
        return PROBLEM_INVALID;
    enum problem p = phone_free(s, &c.phone, 0);
    if (p)
        return p;
    *id = db_next_id(s->db, s->company, "contact", 1);
    db_exec(s->db,
            "INSERT INTO contact (company_id, id, name, phone, email, attributes, created_at,"
            " updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
            DB_ARGS(DB_N(s->company), DB_N(*id), DB_S(c.name), DB_S(str_c(c.phone.digits)),
                    DB_S_OR_NULL(c.email), DB_S(c.attributes), DB_N(scope_now(s))));
    company_counts_add(s, 1, 0);
    contact_index_name(s, *id, c.name);
    contact_index_note(s, *id, *id);
    group_contact_set(s, *id, form->group_ids, form->group_count);
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

enum problem contact_update(struct scope *s, int64_t id, const struct contact_form *form)
{
    struct checked c;
    struct contact old;
    form_check(s, form, &c);
    TX(tx, s->db);
    company_lock(s);
    enum problem p = contact_get(s, id, &old);
    if (p)
        return p;
    group_ids_check(s, form->group_ids, form->group_count);
    if (s->error_count)
        return PROBLEM_INVALID;
    if (form->phone.ptr && (p = phone_free(s, &c.phone, id)))
        return p;
    if (form->name.ptr)
        contact_index_forget(s, id, id);
    db_exec(s->db,
            "UPDATE contact SET name = $3, phone = $4, email = $5, attributes = $6,"
            " updated_at = $7 WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_S(form->name.ptr ? c.name : old.name),
                    DB_S(form->phone.ptr ? str_c(c.phone.digits) : old.phone),
                    DB_S_OR_NULL(form->email_given ? c.email : old.email),
                    DB_S(form->attributes ? c.attributes : old.attributes), DB_N(scope_now(s))));
    if (form->phone.ptr && !str_eq(old.phone, str_c(c.phone.digits)))
        db_exec(s->db, /* by which its messages are found, see contact_history.h */
                "INSERT INTO contact_past_phone (company_id, contact_id, phone) VALUES ($1, $2, $3)"
                " ON CONFLICT (company_id, contact_id, phone) DO NOTHING",
                DB_ARGS(DB_N(s->company), DB_N(id), DB_S(old.phone)));
    if (form->name.ptr)
        contact_index_name(s, id, c.name);
    contact_index_note(s, id, id);
    if (form->groups_given)
        group_contact_set(s, id, form->group_ids, form->group_count);
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

enum problem contact_delete(struct scope *s, int64_t id)
{
    struct contact_action_result r;
    const struct contact_action action = {.kind = CONTACT_DELETE,
                                          .selection = {.ids = &id, .count = 1},
                                          .expected_count = CONTACT_COUNT_ANY};
    return contact_act(s, &action, &r);
}

/* ---- attributes ---- */

static void attributes_take(json_t *into, const json_t *from, bool over)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)from, key, value)
    {
        bool there = json_object_get(into, key) != NULL;
        if (there ? over : json_object_size(into) < CONTACT_ATTRIBUTES_MAX)
            json_object_set(into, key, value);
    }
}

struct str contact_attributes_merge(struct arena *a, struct str old, struct str more, bool over)
{
    if (str_eq(old, STR("{}")) || str_eq(old, more))
        return more;
    if (str_eq(more, STR("{}")))
        return old;
    struct str why;
    json_t *into = json_parse(old, a, &why), *from = json_parse(more, a, &why);
    assert(into && from); /* both are our own */
    attributes_take(into, from, over);
    BUF(out, CONTACT_ATTRIBUTES_TEXT_MAX * 2);
    struct json j;
    json_init(&j, &out);
    json_begin_object(&j);
    const char *key;
    json_t *value;
    json_object_foreach(into, key, value)
    {
        json_put_str(&j, key, str_n(json_string_value(value), json_string_length(value)));
    }
    json_end_object(&j);
    json_decref(into);
    json_decref(from);
    assert(!out.failed); /* at most so many of such length */
    return str_dup(a, buf_view(&out));
}
